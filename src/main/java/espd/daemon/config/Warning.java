package espd.daemon.config;

/// What is used, but not quite as the file says, or should not be used for long.
///
/// @param place where
/// @param text what and why; never a secret
public record Warning(Place place, String text) {

  /// {@return `FILE:LINE:COLUMN: warning: …`}
  @Override
  public String toString() {
    return place + ": warning: " + text;
  }
}
