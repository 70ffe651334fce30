package espd.ike.driver;

import java.time.Instant;

/// Time and threads: one event loop, and workers for what takes long.
public interface IkeScheduler extends AutoCloseable {

  /// {@return the time now}
  Instant now();

  /// Has the event loop run `task`, after all it was given before. Any thread.
  void execute(Runnable task);

  /// Has the event loop run `task` once it is `at`. Any thread.
  ///
  /// @return takes the task back, if it has not begun
  Runnable schedule(Instant at, Runnable task);

  /// Has a worker run `task`. Any thread.
  void compute(Runnable task);

  /// Ends the threads; tasks that have not begun are dropped.
  @Override
  void close();
}
