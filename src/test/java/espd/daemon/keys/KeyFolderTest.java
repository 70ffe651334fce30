package espd.daemon.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyFolderTest {

  private static final String FIRST = "\"IPv6\",\"a\",\"b\",\"0x1\",\"X\",\"0x00\",\"NULL\",\"\"\n";
  private static final String SECOND =
      "\"IPv6\",\"a\",\"b\",\"0x2\",\"X\",\"0x00\",\"NULL\",\"\"\n";

  @TempDir Path temporary;

  private Path path() {
    return temporary.resolve("keys");
  }

  private static KeyLine line(String text) {
    return KeyLine.of(Table.ESP_SA, text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private static void mode(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  @Test
  void isItsOwnersOnlyAndTellsWiresharkToDecrypt() throws IOException {
    try (KeyFolder _ = KeyFolder.open(path())) {
      assertEquals("rwx------", mode(path()));
      for (Table table : Table.OF_WIRESHARK) {
        assertEquals("rw-------", mode(path().resolve(table.file())), table.file());
      }
      assertEquals("rw-------", mode(path().resolve("preferences")));
      assertEquals(
          "esp.enable_encryption_decode: TRUE\n", Files.readString(path().resolve("preferences")));
    }
  }

  @Test
  void appendsALineOnceHoweverOftenItIsOpened() throws IOException {
    try (KeyFolder folder = KeyFolder.open(path())) {
      assertTrue(folder.append(line(FIRST)));
      assertFalse(folder.append(line(FIRST)));
    }
    Files.writeString(path().resolve("preferences"), "mine\n");
    try (KeyFolder folder = KeyFolder.open(path())) {
      assertFalse(folder.append(line(FIRST)));
      assertTrue(folder.append(line(SECOND)));
    }
    assertEquals(FIRST + SECOND, Files.readString(path().resolve("esp_sa")));
    assertEquals("mine\n", Files.readString(path().resolve("preferences")));
  }

  private void assertRefused(String why) {
    IOException refusal = assertThrows(IOException.class, () -> KeyFolder.open(path()).close());
    assertTrue(String.valueOf(refusal.getMessage()).contains(why), refusal.toString());
  }

  @Test
  void refusesWhatOthersMayReadOrChange() throws IOException {
    KeyFolder.open(path()).close();
    mode(path().resolve("esp_sa"), "rw-r-----");
    assertRefused("chmod 600");
    mode(path().resolve("esp_sa"), "rw-------");
    mode(path(), "rwxrwx---");
    assertRefused("chmod 700");
  }

  @Test
  void followsNoSymbolicLink() throws IOException {
    Path elsewhere = Files.createFile(temporary.resolve("elsewhere"));
    mode(elsewhere, "rw-------");
    KeyFolder.open(path()).close();
    Files.delete(path().resolve("esp_sa"));
    Files.createSymbolicLink(path().resolve("esp_sa"), elsewhere);
    assertRefused("no regular file");
    Files.move(path(), temporary.resolve("real"));
    Files.createSymbolicLink(path(), temporary.resolve("real"));
    assertRefused("no folder itself");
  }

  @Test
  void refusesAFileOfAnotherUser() throws IOException {
    assumeTrue("root".equals(System.getProperty("user.name")), "only root can give a file away");
    KeyFolder.open(path()).close();
    Files.setAttribute(path().resolve("esp_sa"), "unix:uid", 65_534);
    assertRefused("another user's");
  }

  @Test
  void saysWhereThereIsNoRoomForAFolder() {
    assertThrows(IOException.class, () -> KeyFolder.open(path().resolve("deeper")).close());
  }
}
