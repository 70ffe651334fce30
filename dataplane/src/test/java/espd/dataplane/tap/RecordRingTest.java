package espd.dataplane.tap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class RecordRingTest {

  private static final int SNAP = 2048;

  /// Every octet would take its time.
  private static final int STEP = 61;

  private final RecordRing ring = new RecordRing(SNAP);

  /// Octets that tell which packet they are of.
  private boolean write(int number, int octets) {
    ring.now(number);
    int at = ring.claim(octets);
    if (at == RecordRing.FULL) {
      return false;
    }
    for (int i = 0; i < ring.kept(); i += STEP) {
      ring.memory().set(ValueLayout.JAVA_BYTE, at + i, (byte) (number + i));
    }
    ring.publish(number);
    return true;
  }

  private void assertNext(int number, int octets) {
    assertTrue(ring.hasPacket());
    assertEquals(number, ring.timeNanos());
    assertEquals(number, ring.spi());
    assertEquals(octets, ring.originalOctets());
    assertEquals(Math.min(octets, SNAP), ring.capturedOctets());
    for (int i = 0; i < ring.capturedOctets(); i += STEP) {
      assertEquals(
          (byte) (number + i), ring.memory().get(ValueLayout.JAVA_BYTE, ring.offset() + i));
    }
    ring.next();
  }

  private static int octets(int number) {
    return 1 + number % 3000 * 7919 % 3000;
  }

  @Test
  void givesPacketsOfAnyLengthInOrderManyTimesAround() {
    int read = 0;
    for (int number = 0; number < 20_000; number++) {
      assertTrue(write(number, octets(number)), "number " + number);
      if (number % 50 == 49) {
        while (read <= number - 3) {
          assertNext(read, octets(read));
          read++;
        }
      }
    }
    assertEquals(0, ring.dropped());
  }

  @Test
  void countsWhatFindsNoRoomAndKeepsWhatItHas() {
    int kept = 0;
    while (write(kept, 1000)) {
      kept++;
    }
    assertNotEquals(0, kept);
    assertFalse(write(kept, 1000));
    assertEquals(2, ring.dropped());
    for (int number = 0; number < kept; number++) {
      assertNext(number, 1000);
    }
    assertFalse(ring.hasPacket());
    assertTrue(write(7, 1000));
    assertNext(7, 1000);
  }

  @Test
  @Timeout(60)
  void losesNothingBetweenTwoThreadsBesideWhatItCounts() throws InterruptedException {
    int all = 300_000;
    Thread writer = Thread.ofPlatform().start(() -> writeAll(all));
    int got = 0;
    long last = -1;
    while (writer.isAlive() || ring.hasPacket()) {
      while (ring.hasPacket()) {
        assertTrue(ring.spi() > last, "in order");
        last = ring.spi();
        assertNext(ring.spi(), octets(ring.spi()));
        got++;
      }
    }
    writer.join();
    assertEquals(all, got + ring.dropped());
  }

  private void writeAll(int count) {
    for (int number = 0; number < count; number++) {
      write(number, octets(number));
    }
  }
}
