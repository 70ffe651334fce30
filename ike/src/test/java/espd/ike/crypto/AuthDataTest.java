package espd.ike.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.message.Bytes;
import espd.spd.Encryption;
import espd.spd.Integrity;
import espd.spd.Ipv6Address;
import espd.spd.KeyMaterial;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/// RFC 7296 §2.15 and §2.23, against the formulas written with the JDK's own functions.
class AuthDataTest {

  private static final SignedOctets SIGNED =
      new SignedOctets(
          Bytes.ofHex("00112233445566778899"),
          Bytes.ofHex("0b".repeat(32)),
          Bytes.ofHex("0200000061"));

  private static IkeKeys keys() {
    IkeSuite suite =
        new IkeSuite(
            Encryption.AES_GCM_16,
            128,
            Integrity.NONE,
            Prf.HMAC_SHA2_256,
            KeyExchangeMethod.ECP_256);
    KeyInputs inputs = new KeyInputs(Bytes.ofHex("0a"), Bytes.ofHex("0b"), 1, 2);
    return IkeKeys.derive(suite, inputs, KeyMaterial.copyOf(new byte[32]));
  }

  @Test
  void provesASharedSecretAsRfc7296Section215Says() throws GeneralSecurityException {
    IkeKeys keys = keys();
    byte[] skPi = keys.skP(Role.INITIATOR).use(byte[]::clone);
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    octets.writeBytes(SIGNED.realMessage().toArray());
    octets.writeBytes(SIGNED.otherNonce().toArray());
    octets.writeBytes(hmac(skPi, SIGNED.restOfIdPayload().toArray()));
    byte[] key = hmac(ascii("secret"), ascii("Key Pad for IKEv2"));
    Bytes expected = Bytes.of(hmac(key, octets.toByteArray()));
    assertEquals(expected, auth(keys, "secret", Role.INITIATOR));
  }

  /// RFC 5723 §4.3.3: SK_pi or SK_pr is the key itself, without the key pad.
  @Test
  void provesATicketAsRfc5723Section433Says() throws GeneralSecurityException {
    IkeKeys keys = keys();
    byte[] skPr = keys.skP(Role.RESPONDER).use(byte[]::clone);
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    octets.writeBytes(SIGNED.realMessage().toArray());
    octets.writeBytes(SIGNED.otherNonce().toArray());
    octets.writeBytes(hmac(skPr, SIGNED.restOfIdPayload().toArray()));
    Bytes expected = Bytes.of(hmac(skPr, octets.toByteArray()));
    assertEquals(expected, AuthData.ofTicket(keys, Role.RESPONDER, SIGNED));
  }

  @Test
  void anotherSecretOrRoleProvesNothing() {
    IkeKeys keys = keys();
    Bytes right = auth(keys, "secret", Role.INITIATOR);
    assertNotEquals(right, auth(keys, "Secret", Role.INITIATOR));
    assertNotEquals(right, auth(keys, "secret", Role.RESPONDER));
    assertTrue(AuthData.matches(right, auth(keys, "secret", Role.INITIATOR)));
    assertFalse(AuthData.matches(right, auth(keys, "", Role.INITIATOR)));
    assertFalse(AuthData.matches(right, Bytes.EMPTY));
  }

  private static Bytes auth(IkeKeys keys, String secret, Role signer) {
    return AuthData.ofSharedKey(KeyMaterial.copyOf(ascii(secret)), keys, signer, SIGNED);
  }

  @Test
  void hashesSpisAddressAndPortForNatDetection() throws GeneralSecurityException {
    // RFC 7296 §2.23.
    byte[] data =
        Bytes.ofHex("0102030405060708 0000000000000000 20010db8000100010000000000000001 1194")
            .toArray();
    assertEquals(
        Bytes.of(MessageDigest.getInstance("SHA-1").digest(data)),
        NatDetection.hash(0x0102030405060708L, 0, Ipv6Address.parse("2001:db8:1:1::1"), 4500));
  }

  private static byte[] hmac(byte[] key, byte[] data) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(data);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
