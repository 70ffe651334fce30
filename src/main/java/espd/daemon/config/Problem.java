package espd.daemon.config;

/// Why a configuration cannot be used.
///
/// @param place where
/// @param read what stands there; never a secret
/// @param expected what could stand there
public record Problem(Place place, String read, String expected) {

  /// {@return `FILE:LINE:COLUMN: read …, expected …`}
  @Override
  public String toString() {
    return place + ": read " + read + ", expected " + expected;
  }
}
