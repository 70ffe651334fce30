package espd.ike.v1.crypto;

import espd.ike.crypto.SignatureScheme;
import espd.ike.message.Bytes;
import espd.ike.v1.message.AuthenticationMethod;
import espd.ike.v1.message.Signature;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.RSAKey;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Cipher;

/// SIG_I and SIG_R: what HASH_I and HASH_R are signed with (RFC 2409 §5.1, RFC 4754). RSA encrypts
/// the hash as it is, padded as PKCS #1 does it with a private key and without the name of the
/// hash's algorithm; ECDSA hashes it once more.
public final class PhaseOneSignature {

  private static final String RSA = "RSA/ECB/PKCS1Padding";

  private PhaseOneSignature() {}

  /// {@return the method that a key is for, if there is one}
  public static Optional<AuthenticationMethod> method(Key key) {
    return Arrays.stream(AuthenticationMethod.values())
        .filter(method -> fits(method, key))
        .findFirst();
  }

  /// {@return whether a key can sign or be verified with a method}
  public static boolean fits(AuthenticationMethod method, Key key) {
    return ecdsa(method)
        .map(scheme -> scheme.fits(key))
        .orElse(method == AuthenticationMethod.RSA_SIGNATURES && key instanceof RSAKey);
  }

  /// {@return the signature}
  ///
  /// @param method that the key is for
  /// @param hash HASH_I or HASH_R
  /// @param random for ECDSA
  /// @throws GeneralSecurityException when the key cannot sign
  public static Signature sign(
      AuthenticationMethod method, PrivateKey key, Bytes hash, SecureRandom random)
      throws GeneralSecurityException {
    Optional<SignatureScheme> ecdsa = ecdsa(method);
    if (ecdsa.isPresent()) {
      return new Signature(ecdsa.get().sign(key, hash.toArray(), random));
    }
    Cipher rsa = Cipher.getInstance(RSA);
    rsa.init(Cipher.ENCRYPT_MODE, key);
    return new Signature(Bytes.of(rsa.doFinal(hash.toArray())));
  }

  /// {@return whether this is `key`'s signature of `hash`, its encoding exact to the last octet}
  ///
  /// @param method that the key is for; with any other it is none
  /// @param hash HASH_I or HASH_R
  public static boolean verifies(
      AuthenticationMethod method, PublicKey key, Bytes hash, Signature signature) {
    if (!fits(method, key)) {
      return false;
    }
    return ecdsa(method)
        .map(scheme -> scheme.verifies(key, hash.toArray(), signature.data()))
        .orElseGet(() -> verifiesRsa(key, hash, signature));
  }

  private static boolean verifiesRsa(PublicKey key, Bytes hash, Signature signature) {
    try {
      Cipher rsa = Cipher.getInstance(RSA);
      rsa.init(Cipher.DECRYPT_MODE, key);
      return MessageDigest.isEqual(rsa.doFinal(signature.data().toArray()), hash.toArray());
    } catch (GeneralSecurityException e) {
      return false; // What is no signature at all verifies nothing.
    }
  }

  private static Optional<SignatureScheme> ecdsa(AuthenticationMethod method) {
    return switch (method) {
      case PRE_SHARED_KEY, RSA_SIGNATURES -> Optional.empty();
      case ECDSA_256 -> Optional.of(SignatureScheme.ECDSA_256);
      case ECDSA_384 -> Optional.of(SignatureScheme.ECDSA_384);
      case ECDSA_521 -> Optional.of(SignatureScheme.ECDSA_521);
    };
  }
}
