package espd.daemon;

import espd.daemon.cli.Espd;

/// The program's entry point: `espd COMMAND …`, see `espd --help`.
public final class Main {

  private Main() {}

  /// Runs one command and ends the JVM with its exit code.
  public static void main(String[] arguments) {
    // Program has a logger, whose level the command line sets: it is made only when `run` is read.
    System.exit(Espd.commandLine(options -> new Program().run(options)).execute(arguments));
  }
}
