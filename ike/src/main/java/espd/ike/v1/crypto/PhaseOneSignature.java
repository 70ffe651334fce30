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

/// SIG_I and SIG_R: what HASH_I and HASH_R are signed with (RFC 2409 §5.1, RFC 4754). The hash is
/// signed as it is: RSA encrypts it, padded as PKCS #1 does with a private key, without the name of
/// an algorithm; ECDSA takes it for the digest of the message.
public final class PhaseOneSignature {

  private static final String RSA = "RSA/ECB/PKCS1Padding";
  private static final String ECDSA = "NONEwithECDSAinP1363Format";

  private PhaseOneSignature() {}

  /// {@return the method that a key is for, if there is one}
  public static Optional<AuthenticationMethod> method(Key key) {
    return Arrays.stream(AuthenticationMethod.values())
        .filter(method -> fits(method, key))
        .findFirst();
  }

  /// {@return whether a key can sign or be verified with a method}
  public static boolean fits(AuthenticationMethod method, Key key) {
    return switch (method) {
      case PRE_SHARED_KEY -> false;
      case RSA_SIGNATURES -> key instanceof RSAKey;
      case ECDSA_256 -> SignatureScheme.ECDSA_256.fits(key);
      case ECDSA_384 -> SignatureScheme.ECDSA_384.fits(key);
      case ECDSA_521 -> SignatureScheme.ECDSA_521.fits(key);
    };
  }

  /// {@return the signature}
  ///
  /// @param key that [#method] knows
  /// @param hash HASH_I or HASH_R
  /// @param random for ECDSA
  /// @throws GeneralSecurityException when the key cannot sign
  public static Signature sign(PrivateKey key, Bytes hash, SecureRandom random)
      throws GeneralSecurityException {
    if (key instanceof RSAKey) {
      Cipher rsa = Cipher.getInstance(RSA);
      rsa.init(Cipher.ENCRYPT_MODE, key);
      return new Signature(Bytes.of(rsa.doFinal(hash.toArray())));
    }
    java.security.Signature ecdsa = java.security.Signature.getInstance(ECDSA);
    ecdsa.initSign(key, random);
    ecdsa.update(hash.toArray());
    return new Signature(Bytes.of(ecdsa.sign()));
  }

  /// {@return whether this is `key`'s signature of `hash`, its encoding exact to the last octet}
  ///
  /// @param method that was negotiated; a key that is not for it verifies nothing
  /// @param hash HASH_I or HASH_R
  public static boolean verifies(
      AuthenticationMethod method, PublicKey key, Bytes hash, Signature signature) {
    try {
      return fits(method, key) && verifies(key, hash.toArray(), signature.data().toArray());
    } catch (GeneralSecurityException e) {
      return false; // What is no signature at all verifies nothing.
    }
  }

  private static boolean verifies(PublicKey key, byte[] hash, byte[] signature)
      throws GeneralSecurityException {
    if (key instanceof RSAKey) {
      Cipher rsa = Cipher.getInstance(RSA);
      rsa.init(Cipher.DECRYPT_MODE, key);
      return MessageDigest.isEqual(rsa.doFinal(signature), hash);
    }
    java.security.Signature ecdsa = java.security.Signature.getInstance(ECDSA);
    ecdsa.initVerify(key);
    ecdsa.update(hash);
    return ecdsa.verify(signature);
  }
}
