package espd.daemon;

import espd.daemon.cli.Espd;

/// The program's entry point: `espd COMMAND …`, see `espd --help`.
public final class Main {

  private Main() {}

  /// Runs one command and ends the JVM with its exit code.
  public static void main(String[] arguments) {
    System.exit(Espd.commandLine(new Program()).execute(arguments));
  }
}
