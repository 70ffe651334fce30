package espd.ike.crypto;

/// A peer's public value that is none of the group's, or that would make the shared secret known
/// (RFC 6989 §2, RFC 8031 §2). The peer's fault; answered with INVALID_SYNTAX. Carries no stack
/// trace.
public final class InvalidPublicValueException extends Exception {

  InvalidPublicValueException(String reason) {
    super(reason, null, false, false);
  }
}
