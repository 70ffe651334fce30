package espd.ike.v1.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.crypto.SignatureScheme;
import espd.ike.message.Bytes;
import espd.ike.v1.message.AuthenticationMethod;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// RFC 2409 §5.1 and RFC 4754 §5; signatures of another implementation are in
/// [RecordedExchangesTest].
class PhaseOneSignatureTest {

  private static final byte[] HASH = new byte[20];

  @Test
  void rsaPadsTheHashWithoutTheNameOfAnAlgorithm() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    KeyPair pair = generator.generateKeyPair();
    AuthenticationMethod method = PhaseOneSignature.method(pair.getPublic()).orElseThrow();
    assertEquals(AuthenticationMethod.RSA_SIGNATURES, method);
    SignatureScheme scheme = PhaseOneSignature.scheme(method);
    Bytes signature = scheme.sign(pair.getPrivate(), HASH, new SecureRandom());
    RSAPublicKey key = (RSAPublicKey) pair.getPublic();
    BigInteger padded =
        new BigInteger(1, signature.toArray()).modPow(key.getPublicExponent(), key.getModulus());
    // PKCS #1, block type 1: 01 ff … ff 00, then the hash alone.
    assertEquals("1" + "ff".repeat(233) + "00" + "00".repeat(20), padded.toString(16));
    assertTrue(scheme.verifies(key, HASH, signature));
    assertFalse(scheme.verifies(key, new byte[32], signature));
    assertFalse(scheme.verifies(key, HASH, Bytes.of(new byte[256])));
    assertFalse(scheme.verifies(key, HASH, Bytes.EMPTY));
  }

  @ParameterizedTest
  @CsvSource({"secp256r1, ECDSA_256, 64", "secp384r1, ECDSA_384, 96", "secp521r1, ECDSA_521, 132"})
  void ecdsaTakesTheHashForTheDigest(String curve, AuthenticationMethod method, int octets)
      throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec(curve));
    KeyPair pair = generator.generateKeyPair();
    assertEquals(Optional.of(method), PhaseOneSignature.method(pair.getPrivate()));
    SignatureScheme scheme = PhaseOneSignature.scheme(method);
    Bytes signature = scheme.sign(pair.getPrivate(), HASH, new SecureRandom());
    assertEquals(octets, signature.length(), "r and s, each as long as the field");
    assertTrue(scheme.verifies(pair.getPublic(), HASH, signature));
    assertFalse(scheme.verifies(pair.getPublic(), new byte[19], Bytes.of(new byte[octets])));
  }

  @Test
  void aSharedSecretSignsNothing() throws GeneralSecurityException {
    assertThrows(
        IllegalArgumentException.class,
        () -> PhaseOneSignature.scheme(AuthenticationMethod.PRE_SHARED_KEY));
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    assertEquals(Optional.empty(), PhaseOneSignature.method(pair.getPublic()));
  }
}
