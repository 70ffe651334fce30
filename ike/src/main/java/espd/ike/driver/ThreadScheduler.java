package espd.ike.driver;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/// The scheduler of a running program: the thread `ike`, and workers `ike-dh`, one less than there
/// are cores, at least one.
public final class ThreadScheduler implements IkeScheduler {

  private final InstantSource clock;
  private final ScheduledThreadPoolExecutor loop;
  private final ExecutorService workers;

  /// @param clock tells the time
  public ThreadScheduler(InstantSource clock) {
    this.clock = clock;
    this.loop = new ScheduledThreadPoolExecutor(1, daemon("ike"));
    this.loop.setRemoveOnCancelPolicy(true);
    this.loop.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    int cores = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
    this.workers = Executors.newFixedThreadPool(cores, daemon("ike-dh"));
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
    if (!loop.isShutdown()) {
      loop.execute(task);
    }
  }

  @Override
  public Runnable schedule(Instant at, Runnable task) {
    if (loop.isShutdown()) {
      return () -> {};
    }
    long nanos = Math.max(0, Duration.between(now(), at).toNanos());
    Future<?> future = loop.schedule(task, nanos, TimeUnit.NANOSECONDS);
    return () -> future.cancel(false);
  }

  @Override
  public void compute(Runnable task) {
    if (!workers.isShutdown()) {
      workers.execute(task);
    }
  }

  @Override
  public void close() {
    workers.shutdownNow();
    loop.shutdown();
  }
}
