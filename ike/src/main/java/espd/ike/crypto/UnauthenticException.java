package espd.ike.crypto;

/// A message whose ICV is wrong: not from the peer, or changed on its way (RFC 7296 §2.21.2).
/// Answered with silence. Carries no stack trace.
public final class UnauthenticException extends Exception {

  UnauthenticException() {
    super("the ICV is wrong", null, false, false);
  }
}
