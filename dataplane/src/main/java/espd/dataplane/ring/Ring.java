package espd.dataplane.ring;

import com.lmax.disruptor.EventHandler;
import com.lmax.disruptor.ExceptionHandler;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.dsl.Disruptor;
import com.lmax.disruptor.dsl.ProducerType;
import espd.tun.PacketThread;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

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
public final class Ring<S> implements Pipeline<S> {

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
  private final AtomicLong full = new AtomicLong();
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

  @Override
  public void start() {
    disruptor.start();
  }

  @Override
  public boolean claim() throws InterruptedException {
    if (claimed != NONE) {
      return !closed;
    }
    if (!isFree()) {
      full.lazySet(full.getPlain() + 1); // the reader is its only writer
      gates.awaitFreed(free);
    }
    if (closed) {
      return false;
    }
    claimed = buffer.next();
    return true;
  }

  private boolean isFree() {
    return closed || buffer.hasAvailableCapacity(1);
  }

  @Override
  public S claimed() {
    return buffer.get(claimed);
  }

  @Override
  public void publish() {
    long sequence = claimed;
    claimed = NONE;
    buffer.publish(sequence);
  }

  @Override
  public int used() {
    // What is written first: read the other way round, the writer might seem ahead of the reader.
    long done = written.get();
    return (int) Math.min(capacity(), buffer.getCursor() - done);
  }

  @Override
  public long full() {
    return full.get();
  }

  @Override
  public int capacity() {
    return buffer.getBufferSize();
  }

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

  @Override
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
              .unstarted(PacketThread.of(task));
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
