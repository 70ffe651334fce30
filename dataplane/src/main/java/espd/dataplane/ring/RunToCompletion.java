package espd.dataplane.ring;

/// A pipeline without threads of its own: the reader processes and writes each slot itself before
/// it reads the next. There is one slot, which never leaves the processor's cache, and nobody is
/// woken for it.
///
/// @param <S> the slot
public final class RunToCompletion<S> implements Pipeline<S> {

  private final S slot;
  private final Step<S> worker;
  private final Step<S> writer;
  private volatile boolean closed;
  private volatile int used;

  /// @param plan of one worker
  public RunToCompletion(Plan<S> plan) {
    this.slot = plan.slot().get();
    this.worker = plan.workers().getFirst();
    this.writer = plan.writer();
  }

  @Override
  public void start() {}

  @Override
  public boolean claim() {
    return !closed;
  }

  @Override
  public S claimed() {
    return slot;
  }

  @Override
  public void publish() throws Exception {
    used = 1;
    worker.take(slot);
    writer.take(slot);
    used = 0;
  }

  @Override
  public int used() {
    return used;
  }

  /// {@inheritDoc} Never: who reads has written.
  @Override
  public long full() {
    return 0;
  }

  @Override
  public int capacity() {
    return 1;
  }

  @Override
  public void close() {
    closed = true;
  }

  /// {@inheritDoc} There are none: the reader is the caller's to wait for.
  @Override
  public boolean join() {
    return true;
  }
}
