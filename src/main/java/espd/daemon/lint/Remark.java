package espd.daemon.lint;

/// What should be thought over.
///
/// @param subject the connection or the file it is about
/// @param text what and why, with what to do; never a secret
public record Remark(String subject, String text) {

  /// {@return `SUBJECT: warning: TEXT`}
  @Override
  public String toString() {
    return subject + ": warning: " + text;
  }
}
