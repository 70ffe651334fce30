package espd.lab;

import espd.Sources;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Somebody's terminal on a host: one shell, root's, into which commands are typed one after
/// another. It has an `/etc` and a `/run` of its own, our program is in its `PATH`, and in its
/// first directory are our `scripts`.
public final class Terminal implements AutoCloseable {

  private static final Duration SOON = Duration.ofSeconds(20);

  private final Host host;
  private final Path directory;
  private final Process shell;
  private int typed;

  private Terminal(Host host, Path directory) throws IOException {
    this.host = host;
    this.directory = directory;
    Espd.install(directory.resolve("espd"));
    Path home = Files.createDirectory(directory.resolve("home"));
    Files.createSymbolicLink(home.resolve("scripts"), Sources.root().resolve("scripts"));
    Path script = Files.writeString(directory.resolve("terminal.sh"), Resource.text("terminal.sh"));
    this.shell =
        new ProcessBuilder(host.here("bash", script.toString(), directory.toString()))
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("terminal.log").toFile())
            .start();
  }

  /// Opens a terminal.
  ///
  /// @param lab that closes it after the test
  public static Terminal open(Lab lab, Host host) {
    try {
      Path directory = Files.createDirectory(host.directory().resolve("terminal"));
      return lab.closing(new Terminal(host, directory));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A command that was typed.
  ///
  /// @param out the file of all that it prints
  /// @param exit the file of its exit code, there when the shell waits for the next command
  public record Typed(Path out, Path exit) {

    /// {@return what it has printed so far}
    public String printed() {
      try {
        return Files.exists(out) ? Files.readString(out) : "";
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /// Waits until the shell waits for the next command.
    ///
    /// @return the exit code
    /// @throws AssertionError when that takes longer than `limit`
    public int awaitExit(Duration limit) {
      Running.await("the shell has done a command", limit, () -> Files.exists(exit));
      try {
        return Integer.parseInt(Files.readString(exit).trim());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /// Types a command, of one line or of several.
  public Typed type(String command) {
    typed++;
    try {
      OutputStream keyboard = shell.getOutputStream();
      keyboard.write((command + "\0").getBytes(StandardCharsets.UTF_8));
      keyboard.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Typed(directory.resolve(typed + ".log"), directory.resolve(typed + ".exit"));
  }

  /// Makes a file as an editor makes it, with mode 0644, and the folders it is in.
  public void edit(String file, String text) {
    Path copy = directory.resolve("edited");
    try {
      Files.writeString(copy, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Typed done = type("mkdir -p \"$(dirname '%1$s')\" && cat '%2$s' >'%1$s'".formatted(file, copy));
    if (done.awaitExit(SOON) != 0) {
      throw new AssertionError("cannot make " + file + ": " + done.printed());
    }
  }

  /// Asks all that runs on the host to end (SIGTERM).
  public void hangUp() {
    signal("-TERM");
  }

  private void signal(String signal) {
    for (String pid : pids()) {
      Running.run(List.of("kill", signal, pid)); // It may have ended by itself.
    }
  }

  private List<String> pids() {
    return Running.run(List.of("ip", "netns", "pids", host.namespace())).out().lines().toList();
  }

  /// Waits until nothing runs on the host any more.
  ///
  /// @throws AssertionError when something does not end
  public void awaitEnd() {
    Running.await("all programs of " + host.name() + " end", SOON, () -> pids().isEmpty());
  }

  /// Ends all that runs on the host, by force what does not end when asked.
  @Override
  public void close() {
    hangUp();
    try {
      awaitEnd();
    } catch (AssertionError e) {
      signal("-KILL");
    }
  }
}
