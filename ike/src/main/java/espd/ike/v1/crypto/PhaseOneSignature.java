package espd.ike.v1.crypto;

import espd.ike.crypto.SignatureScheme;
import espd.ike.v1.message.AuthenticationMethod;
import java.security.Key;
import java.util.Arrays;
import java.util.Optional;

/// SIG_I and SIG_R: how HASH_I and HASH_R are signed (RFC 2409 §5.1, RFC 4754 §5). The hash is
/// signed as it is: RSA pads it without the name of an algorithm, ECDSA takes it for the digest.
public final class PhaseOneSignature {

  private PhaseOneSignature() {}

  /// {@return the method that a key is for, if there is one}
  public static Optional<AuthenticationMethod> method(Key key) {
    return Arrays.stream(AuthenticationMethod.values())
        .filter(AuthenticationMethod::signs)
        .filter(method -> scheme(method).fits(key))
        .findFirst();
  }

  /// {@return how a method signs}
  ///
  /// @throws IllegalArgumentException when it does not
  public static SignatureScheme scheme(AuthenticationMethod method) {
    return switch (method) {
      case PRE_SHARED_KEY -> throw new IllegalArgumentException(method + " signs nothing");
      case RSA_SIGNATURES -> SignatureScheme.RSA_EMSA_PKCS1_NULL;
      case ECDSA_256 -> SignatureScheme.ECDSA_256_NULL;
      case ECDSA_384 -> SignatureScheme.ECDSA_384_NULL;
      case ECDSA_521 -> SignatureScheme.ECDSA_521_NULL;
    };
  }
}
