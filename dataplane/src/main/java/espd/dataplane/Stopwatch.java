package espd.dataplane;

import espd.dataplane.ring.Pipeline;

/// Times the batch of one slot on its way through the stages, when it is one of those that are
/// timed ([StageTimes]). It belongs to the thread that holds the slot.
final class Stopwatch {

  private final StageTimes times;
  private boolean running;
  private int inFlight;
  private long readNanos;
  private long publishedNanos;
  private long takenNanos;
  private long processedNanos;
  private long writingNanos;

  /// @param times of the direction
  Stopwatch(StageTimes times) {
    this.times = times;
  }

  /// The batch has been read.
  void read() {
    running = times.isDue();
    if (running) {
      readNanos = System.nanoTime();
    }
  }

  /// The reader is about to publish it.
  void publishing(Pipeline<?> pipeline) {
    times.published();
    if (running) {
      inFlight = pipeline.used() + 1;
      publishedNanos = System.nanoTime();
    }
  }

  /// A worker begins.
  void taken() {
    if (running) {
      takenNanos = System.nanoTime();
    }
  }

  /// The worker is through.
  void processed() {
    if (running) {
      processedNanos = System.nanoTime();
    }
  }

  /// The writer begins.
  void writing() {
    if (running) {
      writingNanos = System.nanoTime();
    }
  }

  /// The writer is through: all that is known is counted, by one thread.
  void written() {
    if (running) {
      long waitNanos = takenNanos - publishedNanos + (writingNanos - processedNanos);
      times.of(Stage.CLASSIFY).record(publishedNanos - readNanos);
      times.of(Stage.WAIT).record(waitNanos);
      times.of(Stage.CRYPTO).record(processedNanos - takenNanos);
      times.of(Stage.SEND).record(System.nanoTime() - writingNanos);
      times.inFlight().record(inFlight);
    }
  }
}
