package espd.dataplane;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/// How long the stages of one direction took for the batches that were timed: one in [#ONE_IN], the
/// first included. Its writer is the thread of the last stage.
final class StageTimes {

  /// Reading the clock takes some 25 ns, six times for a batch. Spread over sixteen that adds 14 ns
  /// to each (measured), of which the two system calls of a single packet take some thousand.
  static final int ONE_IN = 16;

  /// From 1 µs to 100 ms.
  private static final long[] NANOS = {
    1_000,
    2_500,
    5_000,
    10_000,
    25_000,
    50_000,
    100_000,
    250_000,
    500_000,
    1_000_000,
    2_500_000,
    5_000_000,
    10_000_000,
    25_000_000,
    50_000_000,
    100_000_000
  };

  private final Map<Stage, Histogram> stages = new EnumMap<>(Stage.class);
  private final Histogram inFlight = new Histogram(1, 2, 4, 8, 16);

  // The reader's alone.
  private int published;

  StageTimes() {
    for (Stage stage : Stage.values()) {
      stages.put(stage, new Histogram(NANOS));
    }
  }

  /// {@return whether the next batch is to be timed}; the reader's
  boolean isDue() {
    return published % ONE_IN == 0;
  }

  /// A batch went on. The reader's.
  void published() {
    published++;
  }

  /// {@return the times of a stage, in nanoseconds}
  Histogram of(Stage stage) {
    return Objects.requireNonNull(stages.get(stage));
  }

  /// {@return how many batches were in flight when one was published, itself included}
  Histogram inFlight() {
    return inFlight;
  }
}
