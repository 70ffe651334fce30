package espd.daemon.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.daemon.keys.Sas;
import espd.dataplane.tap.RecordRing;
import espd.dataplane.tap.Recording;
import espd.dataplane.tap.Side;
import espd.dataplane.tap.Wish;
import espd.spd.Direction;
import espd.spd.Encryption;
import espd.spd.EspSuite;
import espd.spd.Integrity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaptureFileTest {

  private static final EspSuite GCM = new EspSuite(Encryption.AES_GCM_16, 128, Integrity.NONE);
  private static final Wish ALL = new Wish(Optional.empty(), EnumSet.allOf(Side.class), Wish.WHOLE);

  @TempDir Path folder;
  private final Recording recording = new Recording(ALL, () -> {});

  private void pass(Side side, int octets) {
    RecordRing ring = Objects.requireNonNull(recording.ring(side, Direction.OUTBOUND));
    ring.claim(octets);
    ring.publish(0xcafebabe);
  }

  private CaptureStream stream(long count, Duration duration) {
    return new CaptureStream(
        recording,
        new CaptureRequest(ALL, count, duration),
        () -> List.of(Sas.outbound(0xcafebabe, GCM)),
        "espd test");
  }

  /// The types of the blocks, whose lengths stand before and behind each.
  private static List<Integer> blocks(byte[] file) {
    List<Integer> types = new ArrayList<>();
    ByteBuffer octets = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < file.length; at += octets.getInt(at + 4)) {
      types.add(octets.getInt(at));
      int length = octets.getInt(at + 4);
      assertEquals(0, length % 4);
      assertEquals(length, octets.getInt(at + length - 4));
    }
    return types;
  }

  @Test
  void isMadeOfWholeBlocksAndEndsWithWhatWasCounted() throws Exception {
    Path path = folder.resolve("x.pcapng");
    CaptureStream stream = stream(0, Duration.ZERO);
    try (CaptureFile file = CaptureFile.create(path)) {
      for (int octets = 40; octets < 80; octets++) {
        pass(Side.INNER, octets);
        pass(Side.OUTER, octets + 54);
      }
      Thread.sleep(20);
      file.write(stream.next());
      file.ended(stream.progress());
      assertEquals(new Progress(40, 0, 40, 0), file.progress());
    }
    List<Integer> blocks = blocks(Files.readAllBytes(path));
    assertEquals(List.of(0x0a0d0d0a, 1, 1, 6), blocks.subList(0, 4));
    assertEquals(List.of(6, 5, 5), blocks.subList(82, 85));
    assertTrue(Files.readString(path, StandardCharsets.ISO_8859_1).contains("net, SPI 0xcafebabe"));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
  }

  @Test
  void endsAtItsCountOrWhenItsTimeIsOver() throws Exception {
    CaptureStream counted = stream(3, Duration.ZERO);
    for (int i = 0; i < 5; i++) {
      pass(Side.INNER, 100);
    }
    Thread.sleep(20);
    assertFalse(counted.isOver());
    assertEquals(List.of(0x0a0d0d0a, 1, 1, 6, 6, 6), blocks(counted.next()));
    assertTrue(counted.isOver());
    CaptureStream timed = stream(0, Duration.ofMillis(5));
    Thread.sleep(10);
    assertTrue(timed.isOver());
  }

  @Test
  void doesNotOverwriteAndLeavesNothingWhereNothingCame() throws IOException {
    Path path = folder.resolve("x.pcapng");
    CaptureFile.create(path).close();
    assertFalse(Files.exists(path));
    Files.createSymbolicLink(path, folder.resolve("elsewhere"));
    assertThrows(IOException.class, () -> CaptureFile.create(path).close());
    assertFalse(Files.exists(folder.resolve("elsewhere")));
  }
}
