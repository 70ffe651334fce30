package espd.spd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The anti-replay window (RFC 4303 §3.4.3, RFC 6479).
class ReplayWindowTest {

  private static final long SPAN = 1L << 32;

  private ReplayWindow window = new ReplayWindow(64, true);

  /// The numbered table: what arrives, in order, and what becomes of it.
  @ParameterizedTest
  @ValueSource(ints = {64, 65, 100, 128, 1024, 8192, 65_536, 1 << 20})
  void acceptsEachNumberOfTheTableOnceAndNoneThatIsTooOld(int size) {
    window = new ReplayWindow(size, true);
    refuses(0); // never sent
    accepts(1); // the first number
    refuses(1); // seen
    accepts(9);
    accepts(8); // late but inside
    accepts(7);
    refuses(7);
    refuses(8);
    refuses(9);
    accepts(size); // the window is 1 … size
    accepts(size - 1);
    refuses(size - 1);
    accepts(2); // second from the bottom
    refuses(2);
    accepts(size + 1); // the window is 2 … size + 1
    refuses(1); // too old
    refuses(2); // seen
    accepts(3);
    accepts(size + 17);
    refuses(3); // too old, and seen
    refuses(17); // just below the bottom, never seen
    accepts(18); // the bottom
    refuses(size + 17);
    accepts(4L * size); // a jump that leaves nothing of the old window
    accepts(3L * size + 1); // the bottom
    refuses(3L * size); // below it
    refuses(18);
    refuses(0);
    accepts(4L * size - 1);
    accepts(4L * size + 1);
    refuses(3L * size + 1); // now too old
    accepts(3L * size + 2);
    assertEquals(4L * size + 1, window.top());
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 65, 100, 128, 1024, 8192, 65_536})
  void acceptsAWholeWindowBackwards(int size) {
    window = new ReplayWindow(size, false);
    for (long number = 3L * size; number > 2L * size; number--) {
      accepts(number);
    }
    refuses(2L * size);
    for (long number = 3L * size; number > 0; number--) {
      refuses(number);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 65, 100, 128, 1024, 8192, 65_536})
  void acceptsThreeWindowsForwardsEachOnce(int size) {
    window = new ReplayWindow(size, false);
    for (long number = 1; number <= 3L * size; number++) {
      accepts(number);
      refuses(number);
    }
  }

  /// Without ESN the number does not cycle (RFC 4303 §3.3.3): the wire's 0 and 1 are old numbers.
  @ParameterizedTest
  @ValueSource(ints = {64, 1024, 8192, 65_536})
  void goesToTheLastNumberOf32Bits(int size) {
    window = new ReplayWindow(size, false);
    acceptsOnWire(0xffff_fffe);
    acceptsOnWire(0xffff_ffff);
    refusesOnWire(0xffff_ffff); // seen
    acceptsOnWire(-size); // the bottom
    refusesOnWire(-size - 1); // below it
    refusesOnWire(0); // never sent
    refusesOnWire(1); // too old
    assertEquals(SPAN - 1, window.top());
  }

  /// With ESN the same numbers on the wire are of the next span (RFC 4303 Appendix A2.2).
  @ParameterizedTest
  @ValueSource(ints = {64, 1024, 8192, 65_536})
  void goesOnAcross32Bits(int size) {
    window = new ReplayWindow(size, true);
    acceptsOnWire(0xffff_fffe);
    acceptsOnWire(0xffff_ffff);
    refusesOnWire(0xffff_ffff); // seen
    acceptsOnWire(0); // 2^32
    refusesOnWire(0); // seen
    acceptsOnWire(10);
    assertEquals(SPAN + 10, window.top());
    acceptsOnWire(0xffff_fffd); // overtaken, of the span before
    refusesOnWire(0xffff_fffe); // seen, there
    acceptsOnWire(11 - size); // the bottom
    refuses(SPAN + 10 - size); // below it
    acceptsOnWire(size);
    acceptsOnWire(1); // the bottom is within the new span
    refuses(SPAN); // now too old
    assertEquals(SPAN + size, window.top());
  }

  private void acceptsOnWire(int low) {
    accepts(window.infer(low));
  }

  private void refusesOnWire(int low) {
    refuses(window.infer(low));
  }

  @Test
  void goesToTheLastNumberOf64Bits() {
    accepts(1);
    accepts(-65L);
    accepts(-1L);
    refuses(-1L);
    accepts(-64L);
    refuses(-65L);
    refuses(1);
    assertEquals(-1L, window.top());
  }

  @Test
  void recordsNothingThatWasOnlyAskedFor() {
    assertTrue(window.admits(1000));
    assertTrue(window.admits(1000));
    assertEquals(0, window.top());
    accepts(1);
  }

  @Test
  void checksNothingWithoutAWindow() {
    window = new ReplayWindow(0, false);
    assertTrue(window.record(5));
    assertTrue(window.record(5));
    assertTrue(window.admits(1));
    assertTrue(window.record(1));
    assertEquals(5, window.top());
    assertEquals(0, window.size());
  }

  /// RFC 4303 §3.4.3: a window is at least 32, here 64.
  @Test
  void holdsAtLeast64Numbers() {
    assertEquals(64, new ReplayWindow(1, false).size());
    assertEquals(64, new ReplayWindow(32, false).size());
    assertThrows(IllegalArgumentException.class, () -> new ReplayWindow(-1, false));
    assertThrows(IllegalArgumentException.class, () -> new ReplayWindow((1 << 20) + 1, false));
  }

  /// 10^6 steps beside the simplest model there is: the set of all numbers seen.
  @ParameterizedTest
  @CsvSource({"64,1", "100,2", "128,3", "1024,4", "8192,5", "65536,6"})
  void agreesWithASetOfTheNumbersSeen(int size, long seed) {
    Random random = new Random(seed);
    window = new ReplayWindow(size, true);
    TreeSet<Long> seen = new TreeSet<>();
    long top = 0;
    for (int step = 0; step < 1_000_000; step++) {
      long number = Math.max(0, top + jump(random, size));
      boolean isNew = number > top || (number > top - size && !seen.contains(number));
      boolean expected = number != 0 && isNew;
      if (window.admits(number) != expected || window.record(number) != expected) {
        throw new AssertionError("step " + step + ": " + number + " at " + top);
      }
      if (expected) {
        seen.add(number);
        top = Math.max(top, number);
        seen.headSet(top - size, true).clear();
      }
    }
    assertEquals(top, window.top());
    assertTrue(top > SPAN, "crossed 2^32: " + top);
  }

  /// Mostly near the top, now and then far ahead or too old.
  private static long jump(Random random, int size) {
    return switch (random.nextInt(100)) {
      case 0 -> random.nextLong(4L * size);
      case 1 -> random.nextInt(1000) == 0 ? random.nextLong(SPAN) : size;
      case 2 -> -random.nextLong(4L * size);
      case 3 -> random.nextLong(4 * 64) - 2 * 64;
      default -> 3 - random.nextLong(size + 5L);
    };
  }

  private void accepts(long number) {
    assertTrue(window.admits(number), () -> "admits " + number);
    assertTrue(window.record(number), () -> "records " + number);
  }

  private void refuses(long number) {
    assertFalse(window.admits(number), () -> "admits " + number);
    assertFalse(window.record(number), () -> "records " + number);
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 100, 1024})
  void countsTheNumbersOfTheWindowThatWereNotSeen(int size) {
    window = new ReplayWindow(size, true);
    assertEquals(0, window.unseen(), "nothing has come, nothing is missing");
    accepts(1);
    assertEquals(0, window.unseen());
    accepts(5);
    assertEquals(3, window.unseen());
    accepts(3);
    assertEquals(2, window.unseen());
    accepts(size + 3); // the window is 4 … size + 3, and has 5 and its top
    assertEquals(size - 2, window.unseen());
    accepts(SPAN + size); // a jump
    assertEquals(size - 1, window.unseen());
  }

  @Test
  void countsWhatASlowComparisonCounts() {
    Random random = new Random(7);
    window = new ReplayWindow(200, false);
    TreeSet<Long> seen = new TreeSet<>();
    long top = 0;
    for (int i = 0; i < 5_000; i++) {
      long number = Math.max(1, top + random.nextInt(-150, 20));
      if (window.record(number)) {
        seen.add(number);
      }
      top = window.top();
      long bottom = Math.max(1, top - 200 + 1);
      assertEquals(top - bottom + 1 - seen.tailSet(bottom).size(), window.unseen());
    }
  }

  @Test
  void aWindowThatChecksNothingMissesNothing() {
    window = new ReplayWindow(0, false);
    accepts(9);
    assertEquals(0, window.unseen());
  }
}
