package espd.ike.driver;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor.DiscardPolicy;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The scheduler of a running program: the thread `ike`, and workers `ike-dh`, one less than there
/// are cores, at least one. What comes after [#close()] is not done.
public final class ThreadScheduler implements IkeScheduler {

  private static final Logger LOG = LoggerFactory.getLogger(ThreadScheduler.class);

  private final InstantSource clock;
  private final ScheduledThreadPoolExecutor loop;
  private final ExecutorService workers;

  /// @param clock tells the time
  public ThreadScheduler(InstantSource clock) {
    this.clock = clock;
    this.loop = new ScheduledThreadPoolExecutor(1, daemon("ike"), new DiscardPolicy());
    this.loop.setRemoveOnCancelPolicy(true);
    this.loop.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    int cores = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
    this.workers =
        new ThreadPoolExecutor(
            cores,
            cores,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            daemon("ike-dh"),
            new DiscardPolicy());
  }

  private static ThreadFactory daemon(String name) {
    return Thread.ofPlatform().name(name).daemon().factory();
  }

  @Override
  public Instant now() {
    return clock.instant();
  }

  @Override
  public void execute(Runnable task) {
    loop.execute(guarded(task));
  }

  @Override
  public Runnable schedule(Instant at, Runnable task) {
    long nanos = Math.max(0, Duration.between(now(), at).toNanos());
    Future<?> future = loop.schedule(guarded(task), nanos, TimeUnit.NANOSECONDS);
    return () -> future.cancel(false);
  }

  @Override
  public void compute(Runnable task) {
    workers.execute(guarded(task));
  }

  /// One task's fault is no other's.
  private static Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException | Error e) {
        // Nobody else would hear of it: the executors keep what a task throws.
        LOG.error("a fault of ours", e);
      }
    };
  }

  @Override
  public void close() {
    workers.shutdownNow();
    loop.shutdown();
  }
}
