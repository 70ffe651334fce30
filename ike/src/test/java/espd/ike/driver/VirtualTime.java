package espd.ike.driver;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/// A scheduler whose time passes only when it is told to, in one thread, always in the same order.
final class VirtualTime implements IkeScheduler {

  private static final class Task {
    private final Instant at;
    private final long number;
    private final Runnable work;
    private boolean cancelled;

    private Task(Instant at, long number, Runnable work) {
      this.at = at;
      this.number = number;
      this.work = work;
    }
  }

  private final PriorityQueue<Task> tasks =
      new PriorityQueue<>(
          Comparator.comparing((Task task) -> task.at).thenComparingLong(task -> task.number));
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private long number;

  @Override
  public Instant now() {
    return now;
  }

  @Override
  public void execute(Runnable task) {
    schedule(now, task);
  }

  @Override
  public Runnable schedule(Instant at, Runnable work) {
    Task task = new Task(at.isBefore(now) ? now : at, number++, work);
    tasks.add(task);
    return () -> task.cancelled = true;
  }

  /// Computation takes ten milliseconds.
  @Override
  public void compute(Runnable task) {
    schedule(now.plusMillis(10), task);
  }

  @Override
  public void close() {}

  /// Lets time pass.
  void pass(Duration duration) {
    Instant end = now.plus(duration);
    while (!tasks.isEmpty() && !tasks.peek().at.isAfter(end)) {
      Task task = tasks.remove();
      if (!task.cancelled) {
        now = task.at;
        task.work.run();
      }
    }
    now = end;
  }
}
