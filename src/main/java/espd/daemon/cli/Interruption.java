package espd.daemon.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// SIGINT or SIGTERM to a command that goes on: it is asked to end, has a while to do so, and that
/// it was asked is no failure.
final class Interruption implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 5;

  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread hook = new Thread(this::interrupted, "interruption");
  private volatile boolean wanted;

  /// From now on.
  Interruption() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void interrupted() {
    wanted = true;
    try {
      if (closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        // Without this the exit code would be the signal's.
        Runtime.getRuntime().halt(Exit.DONE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// {@return whether the command is to end}
  boolean isWanted() {
    return wanted;
  }

  /// The command has ended.
  @Override
  public void close() {
    if (!wanted) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // It was asked at this very moment.
      }
    }
    closed.countDown();
  }
}
