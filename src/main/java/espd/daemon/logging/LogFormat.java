package espd.daemon.logging;

/// How log lines look.
public enum LogFormat {
  /// For people; with the journal's priorities where the journal reads them.
  TEXT,
  /// One JSON object a line, for programs.
  JSON
}
