package espd.daemon.cli;

/// In whose words the daemon tells what it does.
public enum Voice {
  /// Its own.
  ESPD,
  /// racoon's.
  RACOON
}
