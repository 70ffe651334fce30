package espd.spd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A reader beside the writer (RFC 4303 §3.4.3, the check before decryption).
class ReplayWindowStressTest {

  private static final int STEPS = 1_000_000;

  /// One thread asks, another records behind it: what is recorded as new was never refused before.
  @ParameterizedTest
  @ValueSource(ints = {64, 128, 1024})
  void neverRefusesBeforehandWhatIsRecordedAfterwards(int size) throws InterruptedException {
    long[] numbers = numbers(size);
    boolean[] admitted = new boolean[STEPS];
    AtomicInteger asked = new AtomicInteger();
    AtomicInteger recorded = new AtomicInteger();
    ReplayWindow window = new ReplayWindow(size, true);
    Thread reader =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (int i = 0; i < STEPS; i++) {
                    for (int n = 0; i - recorded.getAcquire() > 2 * size; n++) {
                      pause(n);
                    }
                    admitted[i] = window.admits(numbers[i]);
                    asked.setRelease(i + 1);
                  }
                });
    int fresh = 0;
    int wrong = 0;
    for (int i = 0; i < STEPS; i++) {
      for (int n = 0; asked.getAcquire() <= i; n++) {
        pause(n);
      }
      if (window.record(numbers[i])) {
        fresh++;
        wrong += admitted[i] ? 0 : 1;
      }
      recorded.setRelease(i + 1);
    }
    reader.join();
    assertEquals(0, wrong, "refused before, new afterwards");
    assertTrue(fresh > STEPS / 10, "new: " + fresh);
  }

  /// Spins, but leaves the processor to others when the other thread has none.
  private static void pause(int times) {
    if (times < 1000) {
      Thread.onSpinWait();
    } else {
      LockSupport.parkNanos(1000);
    }
  }

  /// Ascending, out of order within a window, some twice, with jumps over the whole ring.
  private static long[] numbers(int size) {
    Random random = new Random(size);
    long[] numbers = new long[STEPS];
    long top = 1;
    for (int i = 0; i < STEPS; i++) {
      top += random.nextInt(200) == 0 ? random.nextInt(4 * size) : 1;
      numbers[i] = Math.max(1, top - random.nextInt(size));
    }
    return numbers;
  }
}
