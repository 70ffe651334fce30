package espd.daemon.cli;

import picocli.CommandLine.Option;

/// The option of every command whose output programs may want to read.
final class Json {

  @Option(names = "--json", description = "As JSON, for programs; values are strings.")
  private boolean wanted;

  /// Made by picocli.
  Json() {}

  boolean isWanted() {
    return wanted;
  }
}
