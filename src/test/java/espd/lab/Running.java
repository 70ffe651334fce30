package espd.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// A program that runs beside the test and writes a log.
public final class Running implements AutoCloseable {

  private static final Duration GRACE = Duration.ofSeconds(20);
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final Process process;
  private final Path log;

  private Running(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /// Starts a program whose both outputs go to a file.
  static Running start(List<String> command, Path log) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      process.getOutputStream().close();
      return new Running(process, log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Runs a program to its end, at most 60 s.
  static Output run(List<String> command) {
    return run(command, Map.of());
  }

  /// Runs a program to its end, at most 60 s.
  ///
  /// @param environment added to our own
  static Output run(List<String> command, Map<String, String> environment) {
    try {
      Path out = Files.createTempFile("espd-out", "");
      Path err = Files.createTempFile("espd-err", "");
      ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command));
      builder.redirectOutput(out.toFile()).redirectError(err.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      process.getOutputStream().close();
      boolean ended = process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
      process.destroyForcibly().waitFor();
      int exit = ended ? process.exitValue() : 124;
      Output output = new Output(command, exit, Files.readString(out), Files.readString(err));
      Files.delete(out);
      Files.delete(err);
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// Waits until something holds.
  ///
  /// @throws AssertionError when it does not within `limit`
  public static void await(String what, Duration limit, BooleanSupplier holds) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within " + limit.toSeconds() + " s: " + what);
      }
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  /// {@return the number of its process, which is that of the program when all before it became it}
  public long pid() {
    return process.pid();
  }

  /// {@return whether it has not ended}
  public boolean isAlive() {
    return process.isAlive();
  }

  /// {@return what it has written so far}
  public String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Waits until the log has `words`.
  public void awaitLog(String words, Duration limit) {
    await("\"" + words + "\" in " + log, limit, () -> log().contains(words) || !isAlive());
    if (!log().contains(words)) {
      throw new AssertionError("ended without \"" + words + "\":\n" + log());
    }
  }

  /// Asks it to end (SIGTERM) and waits.
  ///
  /// @return its exit status
  public int terminate() {
    process.destroy();
    return awaitEnd();
  }

  /// Interrupts it (SIGINT) and waits: many programs print their results then.
  public void interrupt() {
    signal("INT");
    awaitEnd();
  }

  /// Tells it to read its files again (SIGHUP).
  public void hangUp() {
    signal("HUP");
  }

  private void signal(String name) {
    run(List.of("kill", "-" + name, "" + process.pid())).succeeded();
  }

  /// Ends it without a chance to clean up (SIGKILL).
  public void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  /// Waits for its end.
  ///
  /// @return its exit status
  /// @throws AssertionError when it does not end in time; it is killed then
  public int awaitEnd() {
    try {
      if (!process.waitFor(GRACE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        throw new AssertionError("had to be killed: " + process.info().commandLine());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(GRACE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
