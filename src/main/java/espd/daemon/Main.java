package espd.daemon;

import espd.daemon.cli.Espd;

/// The program's entry point: `espd COMMAND …`, see `espd --help`.
public final class Main {

  private Main() {}

  /// Runs one command and ends the JVM with its exit code.
  public static void main(String[] arguments) {
    // A command that only asks the daemon has no use for what Program loads.
    System.exit(Espd.commandLine(options -> new Program().run(options)).execute(arguments));
  }
}
