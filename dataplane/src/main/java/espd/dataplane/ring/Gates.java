package espd.dataplane.ring;

import com.lmax.disruptor.AlertException;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.WaitStrategy;
import java.util.function.BooleanSupplier;

/// Where the threads of a ring sleep: the workers until a slot is published, the writer until the
/// workers are through with one, the reader until the writer has freed one.
///
/// The Disruptor's own blocking strategy lets whoever waits for another consumer spin; on a host of
/// few cores the writer would take from a worker the very core it waits for. Here the workers tell
/// the writer.
final class Gates implements WaitStrategy {

  private final Gate published = new Gate();
  private final Gate processed = new Gate();
  private final Gate freed = new Gate();

  @Override
  @SuppressWarnings("ReferenceEquality") // which sequence it is, not what it says
  public long waitFor(long sequence, Sequence cursor, Sequence dependent, SequenceBarrier barrier)
      throws AlertException, InterruptedException {
    long available = dependent.get();
    if (available >= sequence) {
      return available;
    }
    // Who depends on no other consumer waits for the reader's cursor itself.
    Gate gate = dependent == cursor ? published : processed;
    synchronized (gate) {
      while ((available = dependent.get()) < sequence) {
        barrier.checkAlert();
        gate.wait();
      }
    }
    return available;
  }

  @Override
  public void signalAllWhenBlocking() {
    published.open();
  }

  /// A worker is through with a slot.
  void processed() {
    processed.open();
  }

  /// The writer is through with a slot.
  void freed() {
    freed.open();
  }

  /// Wakes everybody to see that the ring is closed.
  void openAll() {
    published.open();
    processed.open();
    freed.open();
  }

  /// Waits until `free` holds.
  void awaitFreed(BooleanSupplier free) throws InterruptedException {
    synchronized (freed) {
      while (!free.getAsBoolean()) {
        freed.wait();
      }
    }
  }

  /// A monitor: waiting at one allocates nothing, unlike a lock's condition.
  private static final class Gate {
    synchronized void open() {
      notifyAll();
    }
  }
}
