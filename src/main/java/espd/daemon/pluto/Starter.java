package espd.daemon.pluto;

import espd.daemon.control.ControlClient;
import espd.daemon.control.Section;
import espd.daemon.pluto.WhackClient.Request;
import espd.daemon.pluto.WhackCommands.Verb;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `ipsec start`, `stop` and `reload`: runs the daemon in the background with the files of
/// `$IPSEC_CONFS`, or of `/etc`.
///
/// @param surroundings where it runs
record Starter(Surroundings surroundings) {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long PAUSE_MILLIS = 50;
  private static final int LAST_LINES = 20;

  /// What LSB init scripts answer where nothing runs.
  static final int NOT_RUNNING = 7;

  private static final int FAILED = 1;

  /// {@return the files that a daemon is started with}
  List<Path> files() {
    Path folder = Path.of(surroundings.environment().getOrDefault("IPSEC_CONFS", "/etc"));
    List<Path> files = new ArrayList<>();
    files.add(folder.resolve("ipsec.conf"));
    Path secrets = folder.resolve("ipsec.secrets");
    if (Files.exists(secrets)) {
      files.add(secrets);
    }
    return files;
  }

  /// {@return whether a daemon answers}
  boolean isRunning() {
    try (ControlClient _ = ControlClient.connect(surroundings.control())) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  int start() throws IOException, InterruptedException {
    surroundings.say("Starting espd %s IPsec [starter]...", surroundings.version());
    if (isRunning()) {
      surroundings.say(
          "espd is already running (%s exists) -- skipping daemon start", surroundings.control());
      return 0;
    }
    Path log = log();
    Process daemon =
        new ProcessBuilder(command())
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .redirectErrorStream(true)
            .start();
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (!isRunning()) {
      if (!daemon.isAlive() || System.nanoTime() > until) {
        surroundings.complain("espd has not started; %s ends with:", log);
        List<String> lines = Files.readAllLines(log);
        lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size())
            .forEach(line -> surroundings.complain("%s", line));
        return FAILED;
      }
      Thread.sleep(PAUSE_MILLIS);
    }
    return 0;
  }

  private Path log() {
    return Path.of(
        Optional.ofNullable(surroundings.environment().get("ESPD_LOG"))
            .orElse(surroundings.control().toString().replaceFirst("(\\.ctl)?$", ".log")));
  }

  /// In a session of its own, so that the end of this terminal does not reach it.
  private List<String> command() throws IOException {
    String program = surroundings.environment().get("ESPD_PROGRAM");
    if (program == null) {
      throw new IOException("no way to start a daemon: run scripts/espd or the installed espd");
    }
    List<String> command =
        new ArrayList<>(
            List.of("setsid", program, "--control", surroundings.control().toString(), "run"));
    files().forEach(file -> command.addAll(List.of("--config", file.toString())));
    return command;
  }

  int stop() throws IOException, InterruptedException {
    if (!isRunning()) {
      surroundings.say("Stopping espd IPsec failed: espd is not running");
      return NOT_RUNNING;
    }
    surroundings.say("Stopping espd IPsec...");
    Surroundings silent =
        new Surroundings(
            surroundings.control(),
            new PrintWriter(Writer.nullWriter()),
            surroundings.err(),
            surroundings.environment(),
            surroundings.version());
    new WhackClient(silent).ask(new Request(Verb.SHUTDOWN, Optional.empty(), false));
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (Files.exists(surroundings.control())) {
      if (System.nanoTime() > until) {
        surroundings.complain("espd has not stopped");
        return FAILED;
      }
      Thread.sleep(PAUSE_MILLIS);
    }
    return 0;
  }

  int restart() throws IOException, InterruptedException {
    if (isRunning()) {
      stop();
    }
    return start();
  }

  /// @param doing what it says about it
  int reload(String doing) throws IOException {
    if (!isRunning()) {
      surroundings.say("%s espd IPsec configuration failed: espd is not running", doing);
      return NOT_RUNNING;
    }
    surroundings.say("%s espd IPsec configuration...", doing);
    try (ControlClient daemon = ControlClient.connect(surroundings.control())) {
      Section answer = daemon.command("reload-settings", Section.EMPTY);
      boolean done = answer.text("success").orElse("").equals("yes");
      if (!done) {
        surroundings.complain("%s", answer.text("errmsg").orElse("failed"));
      }
      return done ? 0 : FAILED;
    }
  }
}
