package espd.ike.message;

/// Octets that are no IKE message (RFC 7296 §2.21): the peer's fault, answered with INVALID_SYNTAX
/// or silence. Carries no stack trace, so that refusing costs little.
public sealed class MalformedException extends Exception
    permits InvalidMajorVersionException, UnsupportedCriticalPayloadException {

  /// @param reason what was read and what was expected, for the log
  public MalformedException(String reason) {
    super(reason, null, false, false);
  }
}
