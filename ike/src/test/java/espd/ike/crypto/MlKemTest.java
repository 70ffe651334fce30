package espd.ike.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import espd.ike.message.Bytes;
import espd.spd.KeyMaterial;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import javax.crypto.KEM;
import org.bouncycastle.crypto.digests.SHAKEDigest;
import org.bouncycastle.crypto.params.MLKEMParameters;
import org.bouncycastle.crypto.params.MLKEMPrivateKeyParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// FIPS 203: the answers of the accumulated vectors of C2SP's CCTV (ML-KEM), the JDK as a second
/// implementation, and the checks of what comes from the other end.
final class MlKemTest {

  private static final SecureRandom RANDOM = new SecureRandom();

  /// Gives what it is told, for what is random in encapsulation.
  private static final class Told extends SecureRandom {
    private static final long serialVersionUID = 1;
    private byte[] next = {};

    @Override
    public void nextBytes(byte[] bytes) {
      System.arraycopy(next, 0, bytes, 0, bytes.length);
    }
  }

  /// Each round takes d, z, m and a ciphertext that nobody made from a SHAKE128 stream of nothing,
  /// and gives ek, dk, the ciphertext, its secret and the secret of the other ciphertext to a
  /// second one.
  @ParameterizedTest
  @CsvSource({
    "ML_KEM_512, 100, 449120c6e320ef3e9fbfa2316e5f2d2e1e6dd37d8ff5d086d5d2db7d42aff0a1",
    "ML_KEM_768, 100, 8d65b902f28edc683cebee2872962fd165a4d197c9e24ec74caa4470270df0b7",
    "ML_KEM_1024, 100, c3ffe9ebecfa479c142656cbfbc6417efa05b77e994fe538eef4daed166363df",
    "ML_KEM_768, 10000, f959d18d3d1180121433bf0e05f11e7908cf9d03edc150b2b07cb90bef5bc1c1"
  })
  void givesTheAccumulatedVectors(KeyExchangeMethod method, int rounds, String expected)
      throws InvalidPublicValueException {
    SHAKEDigest drawn = new SHAKEDigest(128);
    SHAKEDigest told = new SHAKEDigest(128);
    Told random = new Told();
    for (int i = 0; i < rounds; i++) {
      byte[] seed = next(drawn, 64);
      random.next = next(drawn, 32);
      Bytes stray = Bytes.of(next(drawn, method.responseOctets()));
      try (MlKemKeyPair pair = MlKemKeyPair.of(method, seed)) {
        KeyExchangeMethod.Answer answer = method.answer(pair.publicValue(), random);
        update(told, pair.publicValue().toArray());
        update(told, expanded(method, seed));
        update(told, answer.data().toArray());
        update(told, octets(answer.secret()));
        assertEquals(hex(answer.secret()), hex(pair.agree(answer.data())));
        update(told, octets(pair.agree(stray)));
      }
    }
    assertEquals(expected, Bytes.of(next(told, 32)).toString());
  }

  private static byte[] next(SHAKEDigest digest, int octets) {
    byte[] next = new byte[octets];
    digest.doOutput(next, 0, octets);
    return next;
  }

  private static void update(SHAKEDigest digest, byte[] octets) {
    digest.update(octets, 0, octets.length);
  }

  private static byte[] expanded(KeyExchangeMethod method, byte[] seed) {
    return new MLKEMPrivateKeyParameters(parameters(method), seed)
        .withPreferredFormat(MLKEMPrivateKeyParameters.EXPANDED_KEY)
        .getEncoded();
  }

  private static MLKEMParameters parameters(KeyExchangeMethod method) {
    return method == KeyExchangeMethod.ML_KEM_512
        ? MLKEMParameters.ml_kem_512
        : method == KeyExchangeMethod.ML_KEM_768
            ? MLKEMParameters.ml_kem_768
            : MLKEMParameters.ml_kem_1024;
  }

  @ParameterizedTest
  @EnumSource(names = {"ML_KEM_512", "ML_KEM_768", "ML_KEM_1024"})
  void agreesWithTheJdkAsResponder(KeyExchangeMethod method) throws Exception {
    try (EphemeralKeyPair pair = method.generate(RANDOM)) {
      byte[] encoded = spki(method, pair.publicValue().toArray());
      PublicKey key =
          KeyFactory.getInstance("ML-KEM").generatePublic(new X509EncodedKeySpec(encoded));
      KEM.Encapsulated encapsulated = KEM.getInstance("ML-KEM").newEncapsulator(key).encapsulate();
      assertEquals(
          Bytes.of(encapsulated.key().getEncoded()).toString(),
          hex(pair.agree(Bytes.of(encapsulated.encapsulation()))));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"ML_KEM_512", "ML_KEM_768", "ML_KEM_1024"})
  void agreesWithTheJdkAsInitiator(KeyExchangeMethod method) throws Exception {
    KeyPair pair = jdkPair(method);
    byte[] encoded = pair.getPublic().getEncoded();
    byte[] raw =
        Arrays.copyOfRange(encoded, encoded.length - method.requestOctets(), encoded.length);
    KeyExchangeMethod.Answer answer = method.answer(Bytes.of(raw), RANDOM);
    byte[] secret =
        KEM.getInstance("ML-KEM")
            .newDecapsulator(pair.getPrivate())
            .decapsulate(answer.data().toArray())
            .getEncoded();
    assertEquals(Bytes.of(secret).toString(), hex(answer.secret()));
  }

  private static KeyPair jdkPair(KeyExchangeMethod method) throws GeneralSecurityException {
    return KeyPairGenerator.getInstance(method.name().replace('_', '-')).generateKeyPair();
  }

  /// The JDK's encoding of a key around `raw`: that of another key, with its last octets replaced.
  private static byte[] spki(KeyExchangeMethod method, byte[] raw) throws GeneralSecurityException {
    byte[] encoded = jdkPair(method).getPublic().getEncoded();
    System.arraycopy(raw, 0, encoded, encoded.length - raw.length, raw.length);
    return encoded;
  }

  /// FIPS 203 §7.2, the modulus check: a coefficient of q or more is refused, wherever it stands.
  @ParameterizedTest
  @EnumSource(names = {"ML_KEM_512", "ML_KEM_768", "ML_KEM_1024"})
  void refusesCoefficientsAboveTheModulus(KeyExchangeMethod method) {
    try (EphemeralKeyPair pair = method.generate(RANDOM)) {
      int polynomials = method.requestOctets() - 32;
      for (int at : new int[] {0, 3, 384, polynomials - 3}) {
        for (int coefficient : new int[] {3329, 3330, 4095}) {
          byte[] octets = pair.publicValue().toArray();
          octets[at] = (byte) coefficient;
          octets[at + 1] = (byte) ((octets[at + 1] & 0xf0) | (coefficient >>> 8));
          assertThrows(
              InvalidPublicValueException.class, () -> method.answer(Bytes.of(octets), RANDOM));
        }
      }
    }
  }

  /// FIPS 203 §7.3: a ciphertext that was not made for this key gives a secret that nobody shares,
  /// always the same, and no error that would tell.
  @Test
  void anotherCiphertextGivesASecretThatNobodyShares() throws InvalidPublicValueException {
    KeyExchangeMethod method = KeyExchangeMethod.ML_KEM_768;
    try (EphemeralKeyPair pair = method.generate(RANDOM)) {
      KeyExchangeMethod.Answer answer = method.answer(pair.publicValue(), RANDOM);
      byte[] changed = answer.data().toArray();
      changed[0] ^= 1;
      String secret = hex(pair.agree(Bytes.of(changed)));
      assertNotEquals(hex(answer.secret()), secret);
      assertEquals(secret, hex(pair.agree(Bytes.of(changed))));
    }
  }

  private static byte[] octets(KeyMaterial secret) {
    return secret.use(byte[]::clone);
  }

  private static String hex(KeyMaterial secret) {
    return Bytes.of(octets(secret)).toString();
  }
}
