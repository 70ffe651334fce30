package espd.ike.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;

import espd.ike.message.Bytes;
import espd.ike.v1.message.Recording;
import espd.spd.Encryption;
import espd.spd.EspSuite;
import espd.spd.Integrity;
import espd.spd.KeyMaterial;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// RFC 7296 §2.14, §2.17 and §2.18 with the known answers that NIST has published for SHA-2: all
/// keys of an IKE SA, of its Child SAs with and without a key exchange, and of its successor.
final class KeyDerivationTest {

  /// What AES-CBC-256 with HMAC-SHA2-256-128 takes for each direction.
  private static final EspSuite CHILD =
      new EspSuite(Encryption.AES_CBC, 256, Integrity.HMAC_SHA2_256_128);

  private static IkeSuite suite(Prf prf) {
    return new IkeSuite(
        CHILD.encryption(), CHILD.keyBits(), CHILD.integrity(), prf, KeyExchangeMethod.CURVE_25519);
  }

  @ParameterizedTest
  @CsvSource({
    "nist-cavs-sha256, HMAC_SHA2_256",
    "nist-cavs-sha384, HMAC_SHA2_384",
    "nist-cavs-sha512, HMAC_SHA2_512",
    "nist-acvp-sha256, HMAC_SHA2_256",
    "nist-acvp-sha512, HMAC_SHA2_512"
  })
  void givesThePublishedAnswers(String answers, Prf prf) {
    Recording nist = Recording.of("ikev2", answers);
    KeyInputs inputs =
        new KeyInputs(
            nist.first("nInit"),
            nist.first("nResp"),
            nist.first("spiInit").toLong(),
            nist.first("spiResp").toLong());
    try (IkeKeys keys = IkeKeys.derive(suite(prf), inputs, nist.secret("gir"));
        ChildKeys child = keys.child(CHILD, inputs.ni(), inputs.nr());
        ChildKeys exchanged = keys.child(CHILD, nist.secret("girNew"), inputs.ni(), inputs.nr());
        IkeKeys successor = keys.rekey(suite(prf), inputs, nist.secret("girNew"))) {
      assertBegins(nist, "derivedKeyingMaterial", all(keys));
      assertBegins(nist, "derivedKeyingMaterialChild", all(child));
      assertBegins(nist, "derivedKeyingMaterialDh", all(exchanged));
      assertEquals(ofSeed(prf, nist.first("sKeySeed"), inputs), all(keys));
      assertEquals(ofSeed(prf, nist.first("sKeySeedReKey"), inputs), all(successor));
    }
  }

  /// What is published is longer than the keys here, or shorter; of each there is one at least.
  private static void assertBegins(Recording nist, String name, String keys) {
    for (Bytes answer : nist.all(name)) {
      int both = Math.min(keys.length(), answer.toString().length());
      assertEquals(answer.toString().substring(0, both), keys.substring(0, both), name);
    }
  }

  /// `prf+ (SKEYSEED, Ni | Nr | SPIi | SPIr)`, as long as all keys of an IKE SA.
  private static String ofSeed(Prf prf, Bytes skeyseed, KeyInputs inputs) {
    int length = 3 * prf.outputOctets() + 2 * (32 + 32);
    return Bytes.of(prf.prfPlus(skeyseed.toArray(), inputs.noncesAndSpis(), length)).toString();
  }

  private static String all(IkeKeys keys) {
    return hex(
        keys.skD(),
        keys.skA(Role.INITIATOR),
        keys.skA(Role.RESPONDER),
        keys.skE(Role.INITIATOR),
        keys.skE(Role.RESPONDER),
        keys.skP(Role.INITIATOR),
        keys.skP(Role.RESPONDER));
  }

  private static String all(ChildKeys keys) {
    return hex(
        keys.encryption(Role.INITIATOR),
        keys.integrity(Role.INITIATOR),
        keys.encryption(Role.RESPONDER),
        keys.integrity(Role.RESPONDER));
  }

  private static String hex(KeyMaterial... keys) {
    return Stream.of(keys)
        .map(key -> key.use(octets -> Bytes.of(octets).toString()))
        .collect(Collectors.joining());
  }
}
