package espd.ike.v1.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import espd.ike.crypto.IkeSuite;
import espd.ike.crypto.KeyExchangeMethod;
import espd.ike.crypto.KeyInputs;
import espd.ike.crypto.Prf;
import espd.ike.crypto.Role;
import espd.ike.message.Bytes;
import espd.ike.v1.message.Recording;
import espd.spd.Encryption;
import espd.spd.Integrity;
import espd.spd.KeyMaterial;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// RFC 2409 §5 and appendix B with published known answers.
class PhaseOneKeysTest {

  private static final IkeSuite SHA1 =
      new IkeSuite(
          Encryption.AES_CBC,
          128,
          Integrity.HMAC_SHA1_96,
          Prf.HMAC_SHA1,
          KeyExchangeMethod.MODP_1024);
  private static final IkeSuite MD5 =
      new IkeSuite(
          Encryption.TRIPLE_DES_CBC,
          192,
          Integrity.HMAC_MD5_96,
          Prf.HMAC_MD5,
          KeyExchangeMethod.MODP_1024);

  @ParameterizedTest
  @CsvSource({
    "nist-dsa-sha1, HMAC_SHA1",
    "nist-signatures-sha256, HMAC_SHA2_256",
    "nist-signatures-sha384, HMAC_SHA2_384",
    "nist-signatures-sha512, HMAC_SHA2_512"
  })
  void derivesTheKeysOfEndsThatSign(String answers, Prf prf) {
    // RFC 2409 §5.1, by NIST.
    Recording nist = Recording.of(answers);
    IkeSuite suite =
        new IkeSuite(
            SHA1.encryption(), SHA1.keyBits(), SHA1.integrity(), prf, KeyExchangeMethod.MODP_1024);
    PhaseOneInputs inputs = new PhaseOneInputs(exchanged(nist), Bytes.EMPTY, Bytes.EMPTY);
    try (PhaseOneKeys keys = PhaseOneKeys.withSignatures(suite, inputs, nist.secret("gxy"))) {
      assertSkeyids(nist, keys);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void derivesTheKeysAndProofsOfEndsThatShareASecret(int which) {
    // RFC 2409 §5.4, appendix B, by real exchanges.
    Recording bochum = Recording.of("bochum-psk-sha1");
    KeyMaterial psk = bochum.secret("psk");
    Recording exchange = bochum.from("ckyInit", which);
    KeyMaterial gXy = exchange.secret("gxy");
    try (PhaseOneKeys keys = PhaseOneKeys.withPreSharedKey(SHA1, inputs(exchange), psk, gXy)) {
      assertSkeyids(exchange, keys);
      assertEquals(exchange.first("ka"), octets(keys.encryptionKey()));
      assertEquals(exchange.first("iv"), keys.firstIv().octets());
      assertEquals(exchange.first("hashR"), responderProof(exchange, keys));
      if (which == 1) {
        int messageId = exchange.first("messageId").toInt();
        Iv informational = keys.firstIv(keys.firstIv(), messageId);
        assertEquals(exchange.first("informationalIv"), informational.octets());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void provesTheResponder(int which) {
    // RFC 2409 §5: HASH_R with MD5 and with SHA-1, by hashcat; it does not depend on g^xy.
    Recording hashcat = Recording.of("hashcat-psk");
    KeyMaterial psk = hashcat.secret("psk");
    Recording example = hashcat.from("gxr", which);
    IkeSuite suite = which == 0 ? MD5 : SHA1;
    try (PhaseOneKeys keys =
        PhaseOneKeys.withPreSharedKey(suite, inputs(example), psk, KeyMaterial.none())) {
      assertEquals(example.first("hashR"), responderProof(example, keys));
    }
  }

  @Test
  void aProofIsOfOneEndOnly() {
    // RFC 2409 §5: HASH_I has the values and cookies in the other order, so that nobody can
    // reflect.
    Recording exchange = Recording.of("bochum-psk-sha1");
    KeyMaterial psk = exchange.secret("psk");
    KeyMaterial gXy = exchange.secret("gxy");
    try (PhaseOneKeys keys = PhaseOneKeys.withPreSharedKey(SHA1, inputs(exchange), psk, gXy)) {
      Bytes i = keys.proof(Role.INITIATOR, exchange.first("sai"), exchange.first("idir"));
      assertFalse(i.equals(responderProof(exchange, keys)));
    }
  }

  @Test
  void wipesItsKeys() {
    Recording exchange = Recording.of("bochum-psk-sha1");
    KeyMaterial psk = exchange.secret("psk");
    PhaseOneKeys keys =
        PhaseOneKeys.withPreSharedKey(SHA1, inputs(exchange), psk, exchange.secret("gxy"));
    keys.close();
    assertThrows(IllegalStateException.class, () -> responderProof(exchange, keys));
    assertThrows(IllegalStateException.class, () -> keys.hash3(1, Bytes.EMPTY, Bytes.EMPTY));
    assertThrows(IllegalStateException.class, () -> octets(keys.encryptionKey()));
    assertEquals("<20 octets, redacted>", keys.skeyid().toString());
    assertEquals(
        "<keys of AES_CBC_128/HMAC_SHA1_96/PRF_HMAC_SHA1/MODP_1024, redacted>", keys.toString());
  }

  private static void assertSkeyids(Recording expected, PhaseOneKeys keys) {
    assertEquals(expected.first("sKeyId"), octets(keys.skeyid()));
    assertEquals(expected.first("sKeyIdD"), octets(keys.skeyidD()));
    assertEquals(expected.first("sKeyIdA"), octets(keys.skeyidA()));
    assertEquals(expected.first("sKeyIdE"), octets(keys.skeyidE()));
  }

  private static Bytes responderProof(Recording recording, PhaseOneKeys keys) {
    return keys.proof(Role.RESPONDER, recording.first("sai"), recording.first("idir"));
  }

  private static PhaseOneInputs inputs(Recording recording) {
    return new PhaseOneInputs(exchanged(recording), recording.first("gxi"), recording.first("gxr"));
  }

  private static KeyInputs exchanged(Recording recording) {
    return new KeyInputs(
        recording.first("nInit"),
        recording.first("nResp"),
        recording.first("ckyInit").toLong(),
        recording.first("ckyResp").toLong());
  }

  private static Bytes octets(KeyMaterial key) {
    return Bytes.ofHex(key.use(HexFormat.of()::formatHex));
  }
}
