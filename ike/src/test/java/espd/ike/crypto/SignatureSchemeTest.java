package espd.ike.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.message.Authentication;
import espd.ike.message.Bytes;
import espd.ike.pki.Authority;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.interfaces.RSAPrivateKey;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Signatures of AUTH: what is taken, and what only looks like one.
final class SignatureSchemeTest {

  private static final byte[] OCTETS = "what is signed".getBytes(StandardCharsets.UTF_8);
  private static final String SHA256 = "3031300d060960864801650304020105000420";

  private final KeyPair rsa = Authority.key("2048");

  private Bytes signed(byte[] block) {
    RSAPrivateKey key = (RSAPrivateKey) rsa.getPrivate();
    byte[] power =
        new BigInteger(1, block).modPow(key.getPrivateExponent(), key.getModulus()).toByteArray();
    byte[] whole = new byte[256];
    int length = Math.min(256, power.length);
    System.arraycopy(power, power.length - length, whole, 256 - length, length);
    return Bytes.of(whole);
  }

  /// `00 01 FF… 00 DigestInfo`, then octets that do not belong there.
  private byte[] block(int after) throws Exception {
    byte[] info = Bytes.ofHex(SHA256).toArray();
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(OCTETS);
    byte[] block = new byte[256];
    Arrays.fill(block, 2, 256, (byte) 0xff);
    block[1] = 1;
    int end = 256 - after;
    System.arraycopy(hash, 0, block, end - hash.length, hash.length);
    System.arraycopy(info, 0, block, end - hash.length - info.length, info.length);
    block[end - hash.length - info.length - 1] = 0;
    return block;
  }

  private boolean verifies(byte[] block) {
    return SignatureScheme.RSA_EMSA_PKCS1_SHA2_256.verifies(rsa.getPublic(), OCTETS, signed(block));
  }

  /// RFC 8017 §8.2.2: the whole encoded block is compared; leniency lets signatures be forged.
  @Test
  void paddingIsExact() throws Exception {
    assertTrue(verifies(block(0)));
    assertFalse(verifies(block(8)), "octets after the hash");
    byte[] padding = block(0);
    padding[10] = 0x55;
    assertFalse(verifies(padding), "another octet in the padding");
    byte[] type = block(0);
    type[1] = 2;
    assertFalse(verifies(type), "another block type");
    assertFalse(
        SignatureScheme.RSA_EMSA_PKCS1_SHA2_256.verifies(
            rsa.getPublic(), OCTETS, Bytes.of(new byte[256])),
        "zeros");
  }

  /// CVE-2022-21449: r = s = 0 signs nothing, in either encoding.
  @Test
  void zerosAreNoSignature() {
    KeyPair ec = Authority.key("secp256r1");
    assertFalse(SignatureScheme.ECDSA_256.verifies(ec.getPublic(), OCTETS, Bytes.of(new byte[64])));
    assertFalse(
        SignatureScheme.ECDSA_WITH_SHA256_DER.verifies(
            ec.getPublic(), OCTETS, Bytes.ofHex("3006020100020100")));
  }

  /// RFC 7427 §3: what names no algorithm that we know, or is too short, is no signature.
  @Test
  void whatNamesNoAlgorithmIsNoSignature() {
    for (String data : List.of("", "ff00", "02300000", "00")) {
      Authentication auth = new Authentication(Authentication.DIGITAL_SIGNATURE, Bytes.ofHex(data));
      assertEquals(Optional.empty(), AuthSignature.in(auth), data);
    }
  }

  /// RFC 8247 §3.1: short keys prove nothing.
  @Test
  void shortKeysAreNotTaken() {
    assertTrue(SignatureScheme.unfit(Authority.key("1024").getPublic()).isPresent());
    assertTrue(SignatureScheme.unfit(rsa.getPublic()).isEmpty());
  }
}
