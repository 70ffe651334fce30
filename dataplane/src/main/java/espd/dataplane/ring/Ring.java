package espd.dataplane.ring;

import com.lmax.disruptor.EventHandler;
import com.lmax.disruptor.ExceptionHandler;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.dsl.Disruptor;
import com.lmax.disruptor.dsl.ProducerType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// A bounded ring of preallocated slots that one reader fills, several workers take turns at, and
/// one writer empties in the order they were filled.
///
/// ```
///  reader ──claim, publish──▶ │ slot │ slot │ slot │ … ──▶ worker n takes slots n, n + N, …
///     ▲                                                          │ all of them in order
///     └───────────────── a slot is free again ◀──── writer ◀─────┘
/// ```
///
/// A full ring makes the reader wait in [#claim()]: that is the backpressure, and the ring never
/// grows. Nobody spins (see [Gates]).
///
/// @param <S> the slots
public final class Ring<S> implements AutoCloseable {

  /// What a worker or the writer does with a slot.
  public interface Step<S> {
    /// Takes the slot for the time of this call.
    ///
    /// @throws Exception when the thread, and with it all of the ring, has to end
    void take(S slot) throws Exception;
  }

  /// Who works at a ring.
  ///
  /// @param name of the threads: `NAME-crypto-0`, …, `NAME-write`
  /// @param slots a power of two
  /// @param slot makes the slots, all of them at once
  /// @param workers what each worker does
  /// @param writer what the writer does
  /// @param failure is told what ended a thread, perhaps more than once
  public record Plan<S>(
      String name,
      int slots,
      Supplier<S> slot,
      List<? extends Step<S>> workers,
      Step<S> writer,
      Consumer<Throwable> failure) {}

  private static final long DRAIN_MILLIS = 1000;
  private static final long PAUSE_NANOS = 100_000;
  private static final long NONE = -1;

  private final Gates gates = new Gates();
  private final Threads threads;
  private final Disruptor<S> disruptor;
  private final RingBuffer<S> buffer;
  private final Sequence written;
  // Made once: a method reference to this is an object.
  private final BooleanSupplier free = this::isFree;
  private volatile boolean closed;
  private volatile boolean broken;
  private long claimed = NONE;

  /// Makes the slots; the threads of workers and writer wait for [#start()].
  public Ring(Plan<S> plan) {
    threads = new Threads(plan);
    disruptor =
        new Disruptor<>(plan.slot()::get, plan.slots(), threads::next, ProducerType.SINGLE, gates);
    disruptor.setDefaultExceptionHandler(new Failure(plan.failure()));
    Last<S> last = new Last<>(plan.writer(), gates);
    disruptor.handleEventsWith(turns(plan.workers())).then(last);
    buffer = disruptor.getRingBuffer();
    written = last.reached;
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
  private EventHandler<S>[] turns(List<? extends Step<S>> workers) {
    EventHandler[] turns = new EventHandler[workers.size()];
    for (int i = 0; i < turns.length; i++) {
      turns[i] = new Turn<>(workers.get(i), gates, i, turns.length);
    }
    return turns;
  }

  /// Starts the threads of workers and writer.
  public void start() {
    disruptor.start();
  }

  /// Gives the reader a free slot, waiting while there is none; a slot that is claimed and not yet
  /// published stays claimed.
  ///
  /// @return whether there is one; false when the ring is closed
  public boolean claim() throws InterruptedException {
    if (claimed != NONE) {
      return !closed;
    }
    gates.awaitFreed(free);
    if (closed) {
      return false;
    }
    claimed = buffer.next();
    return true;
  }

  private boolean isFree() {
    return closed || buffer.hasAvailableCapacity(1);
  }

  /// {@return the slot that is claimed}
  public S claimed() {
    return buffer.get(claimed);
  }

  /// Passes the claimed slot on to its worker.
  public void publish() {
    long sequence = claimed;
    claimed = NONE;
    buffer.publish(sequence);
  }

  /// {@return how many slots are filled and not yet written; any thread may ask}
  public int used() {
    // What is written first: read the other way round, the writer might seem ahead of the reader.
    long done = written.get();
    return (int) Math.min(capacity(), buffer.getCursor() - done);
  }

  /// {@return how many slots there are}
  public int capacity() {
    return buffer.getBufferSize();
  }

  /// Lets what is published be written, as long as that goes on, then tells the threads to end. The
  /// reader must publish nothing any more.
  @Override
  public void close() {
    closed = true;
    gates.openAll();
    long start = System.nanoTime();
    while (used() > 0
        && !broken
        && System.nanoTime() - start < TimeUnit.MILLISECONDS.toNanos(DRAIN_MILLIS)) {
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    disruptor.halt();
    gates.openAll();
  }

  /// Waits for the threads to end after [#close()].
  ///
  /// @return whether they have
  public boolean join() throws InterruptedException {
    boolean ended = true;
    for (Thread thread : threads.all) {
      ended &= thread.join(Duration.ofMillis(DRAIN_MILLIS));
    }
    return ended;
  }

  /// A worker: one slot in N.
  private static final class Turn<S> implements EventHandler<S> {
    private final Step<S> step;
    private final Gates gates;
    private final int turn;
    private final int turns;
    private Sequence reached = new Sequence();

    Turn(Step<S> step, Gates gates, int turn, int turns) {
      this.step = step;
      this.gates = gates;
      this.turn = turn;
      this.turns = turns;
    }

    @Override
    public void setSequenceCallback(Sequence sequence) {
      reached = sequence;
    }

    @Override
    public void onEvent(S slot, long sequence, boolean endOfBatch) throws Exception {
      if (sequence % turns == turn) {
        step.take(slot);
      }
      reached.set(sequence);
      gates.processed();
    }
  }

  /// The writer: every slot.
  private static final class Last<S> implements EventHandler<S> {
    private final Step<S> step;
    private final Gates gates;
    private Sequence reached = new Sequence();

    Last(Step<S> step, Gates gates) {
      this.step = step;
      this.gates = gates;
    }

    @Override
    public void setSequenceCallback(Sequence sequence) {
      reached = sequence;
    }

    @Override
    public void onEvent(S slot, long sequence, boolean endOfBatch) throws Exception {
      step.take(slot);
      reached.set(sequence);
      gates.freed();
    }
  }

  private static final class Threads {
    private final Plan<?> plan;
    final List<Thread> all = new ArrayList<>();

    Threads(Plan<?> plan) {
      this.plan = plan;
    }

    Thread next(Runnable task) {
      int n = all.size();
      Thread thread =
          Thread.ofPlatform()
              .daemon()
              .name(plan.name() + (n < plan.workers().size() ? "-crypto-" + n : "-write"))
              .uncaughtExceptionHandler((ended, failure) -> plan.failure().accept(failure))
              .unstarted(task);
      all.add(thread);
      return thread;
    }
  }

  /// A step that throws has left its slot in an unknown state: the thread ends, and says so.
  /// Nothing gets past it any more, so nobody waits for that either.
  private final class Failure implements ExceptionHandler<S> {
    private final Consumer<Throwable> told;

    Failure(Consumer<Throwable> told) {
      this.told = told;
    }

    @Override
    public void handleEventException(Throwable failure, long sequence, S slot) {
      told.accept(failure);
      broken = true;
      closed = true;
      gates.openAll();
      throw new IllegalStateException("a thread of the ring has ended", failure);
    }

    @Override
    public void handleOnStartException(Throwable failure) {
      told.accept(failure);
    }

    @Override
    public void handleOnShutdownException(Throwable failure) {
      told.accept(failure);
    }
  }
}
