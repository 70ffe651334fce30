package espd.tun;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// A program of the host that changes what we have no call for.
///
/// It runs in the network namespace of the calling thread, and speaks English.
///
/// @param name its name, looked for along the search path, or its path
/// @param packageName the Debian package that has it
record HostProgram(String name, String packageName) {

  /// How a run ended.
  ///
  /// @param status 0 when it went well
  /// @param out what it printed
  /// @param errors what it complained of
  record Outcome(int status, String out, String errors) {}

  /// Runs it to its end.
  ///
  /// @param arguments what follows its name
  /// @param input what it reads
  /// @throws HostException when it cannot run, with what to do
  Outcome run(List<String> arguments, String input) throws HostException {
    List<String> command = new ArrayList<>(List.of(name));
    command.addAll(arguments);
    Process process;
    try {
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().put("LC_ALL", "C");
      process = builder.start();
    } catch (IOException e) {
      throw new HostException("cannot run \"" + name + "\"", e)
          .mendedBy("install " + packageName + " (Debian: apt install " + packageName + ")");
    }
    try {
      // However much it complains, it never waits for us while we wait for it.
      FutureTask<String> errors = new FutureTask<>(() -> text(process.getErrorStream()));
      Thread.ofVirtual().start(errors);
      try (OutputStream stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      }
      String out = text(process.getInputStream());
      return new Outcome(process.waitFor(), out, errors.get());
    } catch (IOException | ExecutionException e) {
      throw new HostException("\"" + String.join(" ", command) + "\" broke off", e);
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new HostException("\"" + String.join(" ", command) + "\" was interrupted", e);
    }
  }

  private static String text(InputStream stream) throws IOException {
    return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
  }
}
