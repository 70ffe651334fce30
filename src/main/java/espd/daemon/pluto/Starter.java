package espd.daemon.pluto;

import espd.daemon.control.Background;
import espd.daemon.control.ControlClient;
import espd.daemon.control.Section;
import espd.daemon.pluto.WhackClient.Request;
import espd.daemon.pluto.WhackCommands.Verb;
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
    return daemon().isRunning();
  }

  int start() throws IOException, InterruptedException {
    surroundings.say("Starting espd %s IPsec [starter]...", surroundings.version());
    if (isRunning()) {
      surroundings.say(
          "espd is already running (%s exists) -- skipping daemon start", surroundings.control());
      return 0;
    }
    List<String> arguments = new ArrayList<>(List.of("run"));
    files().forEach(file -> arguments.addAll(List.of("--config", file.toString())));
    Optional<String> failure = daemon().start(arguments);
    failure.ifPresent(why -> surroundings.complain("%s", why));
    return failure.isPresent() ? FAILED : 0;
  }

  private Background daemon() {
    return new Background(
        surroundings.control(),
        Background.logBeside(surroundings.control(), surroundings.environment()),
        surroundings.environment());
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
