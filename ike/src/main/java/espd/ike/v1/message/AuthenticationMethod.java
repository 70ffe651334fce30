package espd.ike.v1.message;

import java.util.Arrays;
import java.util.Optional;

/// How the ends of phase 1 prove who they are (RFC 2409 §5, appendix A; RFC 4754 §5), those we
/// have: both the same way. Encryption with a public key is none of them.
public enum AuthenticationMethod {
  /// A secret that both ends share (RFC 2409 §5.4).
  PRE_SHARED_KEY(1, "PSK"),
  /// RSA signatures (RFC 2409 §5.1).
  RSA_SIGNATURES(3, "RSA_SIG"),
  /// ECDSA with SHA2-256 on P-256 (RFC 4754 §5).
  ECDSA_256(9, "ECDSA_256"),
  /// ECDSA with SHA2-384 on P-384.
  ECDSA_384(10, "ECDSA_384"),
  /// ECDSA with SHA2-512 on P-521.
  ECDSA_521(11, "ECDSA_521");

  private final int id;
  private final String text;

  AuthenticationMethod(int id, String text) {
    this.id = id;
    this.text = text;
  }

  /// {@return its number, the value of [PhaseOneAttribute#AUTHENTICATION]}
  public int id() {
    return id;
  }

  /// {@return the method of a number, if we have it}
  public static Optional<AuthenticationMethod> of(long id) {
    return Arrays.stream(values()).filter(method -> method.id == id).findFirst();
  }

  /// {@return whether it proves with a signature}
  public boolean signs() {
    return this != PRE_SHARED_KEY;
  }

  /// {@return the short name for logs}
  @Override
  public String toString() {
    return text;
  }
}
