package espd.daemon.control;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A daemon that runs on when the command that has started it is done.
///
/// @param control the daemon's control socket
/// @param log what it says goes there
/// @param environment the variables of the shell: `ESPD_PROGRAM`
public record Background(Path control, Path log, Map<String, String> environment) {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long PAUSE_MILLIS = 50;
  private static final int LAST_LINES = 20;

  /// Copies the map.
  public Background {
    environment = Map.copyOf(environment);
  }

  /// {@return the log that a daemon has unless another one is named: `ESPD_LOG`, or beside the
  /// control socket}
  public static Path logBeside(Path control, Map<String, String> environment) {
    return Path.of(
        Optional.ofNullable(environment.get("ESPD_LOG"))
            .orElse(control.toString().replaceFirst("(\\.ctl)?$", ".log")));
  }

  /// {@return whether a daemon answers}
  public boolean isRunning() {
    try (ControlClient _ = ControlClient.connect(control)) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /// Starts it and waits until it answers.
  ///
  /// @param arguments of the program
  /// @return why it has not started, with the last lines of the log
  /// @throws IOException when the program cannot be started at all
  public Optional<String> start(List<String> arguments) throws IOException, InterruptedException {
    Process daemon =
        new ProcessBuilder(command(arguments))
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .redirectErrorStream(true)
            .start();
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (!isRunning()) {
      if (!daemon.isAlive() || System.nanoTime() > until) {
        List<String> lines = Files.readAllLines(log);
        return Optional.of(
            "espd has not started; "
                + log
                + " ends with:\n"
                + String.join(
                    "\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size())));
      }
      Thread.sleep(PAUSE_MILLIS);
    }
    return Optional.empty();
  }

  /// In a session of its own, so that the end of this terminal does not reach it.
  private List<String> command(List<String> arguments) throws IOException {
    String program = environment.get("ESPD_PROGRAM");
    if (program == null) {
      throw new IOException("no way to start a daemon: run scripts/espd or the installed espd");
    }
    List<String> command =
        new ArrayList<>(List.of("setsid", program, "--control", control.toString()));
    command.addAll(arguments);
    return command;
  }
}
