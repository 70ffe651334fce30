package espd.daemon.racoon;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import espd.daemon.config.Findings;
import espd.daemon.config.SharedSecret;
import espd.daemon.config.Warning;
import espd.ike.Identity;
import espd.ike.message.Bytes;
import espd.spd.Ipv6Address;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `psk.txt`.
class PskFileTest {

  @TempDir private Path folder;

  private final Findings findings = new Findings();

  private List<SharedSecret> read(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("psk.txt"), text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return PskFile.read(file, Files.readAllBytes(file), findings);
  }

  private static String key(SharedSecret secret) {
    return secret.secret().use(octets -> new String(octets, StandardCharsets.UTF_8));
  }

  private List<String> warnings() {
    return findings.warnings().stream()
        .map(Warning::toString)
        .map(text -> text.replace(folder + "/", ""))
        .toList();
  }

  @ParameterizedTest
  @CsvSource({
    "'2001:db8::1 secret', secret",
    "'2001:db8::1\tsecret', secret",
    "'2001:db8::1 \t  secret', secret",
    "'2001:db8::1 two  words', two  words",
    "'2001:db8::1 # no comment', # no comment",
    "'2001:db8::1 \"quoted\"', \"quoted\"",
    "'2001:db8::1 0x736563726574', secret",
    "'2001:db8::1 0x7365 6372\t6574', secret",
    "'2001:db8::1 0X736563726574', 0X736563726574",
  })
  void theKeyIsTheRestOfTheLine(String line, String key) throws IOException {
    for (String end : List.of("", "\n", "\n\n")) {
      List<SharedSecret> secrets = read(line + end);
      assertEquals(1, secrets.size());
      assertEquals(key, key(secrets.getFirst()));
    }
    assertEquals(List.of(), warnings());
  }

  @ParameterizedTest
  @CsvSource({"'2001:db8::1 secret '", "'2001:db8::1 secret\t \t'", "'2001:db8::1 secret\r'"})
  void blanksAtItsEndAreNotOfIt(String line) throws IOException {
    assertEquals("secret", key(read(line + "\n").getFirst()));
    assertEquals(
        List.of(
            "psk.txt:1:19: warning: blanks behind the key are left out, which racoon counts: remove"
                + " them, or write the key as 0x and hexadecimal digits if they belong to it"),
        warnings());
  }

  @Test
  void commentsAndEmptyLinesSayNothing() throws IOException {
    assertEquals(List.of(), read("# comment\n\n#2001:db8::1 secret\n"));
    assertEquals(List.of(), warnings());
  }

  @ParameterizedTest
  @CsvSource({
    "2001:db8::1, no key behind the name: the line says nothing",
    "' 2001:db8::1 secret', 'no name where the line begins: it says nothing, as in racoon'"
  })
  void linesThatSayNothingAreNamed(String line, String why) throws IOException {
    assertEquals(List.of(), read(line + "\n"));
    assertEquals(List.of("psk.txt:1:1: warning: " + why), warnings());
  }

  @Test
  void namesAreWhatPeersAre() throws IOException {
    List<SharedSecret> secrets =
        read("2001:DB8::1 a\n192.0.2.1 b\nmoon.example c\nme@example d\n* e\ncafe::no f\n");
    assertEquals(
        List.of(
            List.of(Optional.of(Identity.of(Ipv6Address.parse("2001:db8::1")))),
            List.of(Optional.of(new Identity(Identity.IPV4_ADDR, Bytes.ofHex("c0000201")))),
            List.of(Optional.of(octets("moon.example"))),
            List.of(Optional.of(octets("me@example"))),
            List.of(),
            List.of(Optional.of(octets("cafe::no")))),
        secrets.stream().map(SharedSecret::ids).toList());
  }

  private static Identity octets(String name) {
    return Identity.ofKeyId(name.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @CsvSource({"0x", "0x1", "0x12 3", "0xzz", "0x12g4"})
  void hexadecimalDigitsComeInPairs(String key) throws IOException {
    assertEquals(List.of(), read("2001:db8::1 " + key + "\n"));
    assertEquals(
        "psk.txt:1:13: read 0x and what is no hexadecimal, expected an even number of hexadecimal"
            + " digits, at least two",
        findings.problems().getFirst().toString().replace(folder + "/", ""));
  }

  @Test
  void octetsStayOctets() throws IOException {
    Path file = folder.resolve("psk.txt");
    byte[] text = HexFormat.of().parseHex("612000ff8041f0");
    Files.write(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    SharedSecret secret = PskFile.read(file, text, findings).getFirst();
    assertArrayEquals(HexFormat.of().parseHex("00ff8041f0"), secret.secret().use(byte[]::clone));
    assertArrayEquals(new byte[text.length], text); // What was read is wiped.
  }

  @Test
  void nobodyElseMayReadIt() throws IOException {
    Path file = Files.writeString(folder.resolve("psk.txt"), "2001:db8::1 secret\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    PskFile.read(file, Files.readAllBytes(file), findings);
    assertEquals(
        "%1$s: read \"%1$s\" has weak file permission, expected chmod 600 %1$s".formatted(file),
        findings.problems().getFirst().toString());
  }

  @Test
  void noMessageRepeatsAKey() throws IOException {
    List<SharedSecret> secrets =
        read("2001:db8::1 topsecret \n2001:db8::2 0xtopsecret\n topsecret\n");
    String said = secrets + " " + warnings() + findings.problems();
    assertFalse(said.contains("topsecret"), said);
  }
}
