package espd.ike.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.message.Authentication;
import espd.ike.message.Bytes;
import espd.ike.pki.Authority;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Signatures of AUTH: what is taken, and what only looks like one.
final class SignatureSchemeTest {

  private static final byte[] OCTETS = "what is signed".getBytes(StandardCharsets.UTF_8);
  private static final String SHA256 = "3031300d060960864801650304020105000420";

  private final KeyPair rsa = Authority.key("2048");

  /// {@return a key whose public exponent is 3, where what is not compared can be had by a root}
  private static KeyPair cubic() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(new RSAKeyGenParameterSpec(2048, RSAKeyGenParameterSpec.F0));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static Bytes signed(KeyPair key, byte[] block) {
    RSAPrivateKey own = (RSAPrivateKey) key.getPrivate();
    return signature(new BigInteger(1, block).modPow(own.getPrivateExponent(), own.getModulus()));
  }

  private static Bytes signature(BigInteger number) {
    return Bytes.of(Octets.of(number, 256));
  }

  /// `00 01 FF… 00`, then these octets, which end the block but for `after`.
  private static byte[] block(byte[] info, int after) {
    byte[] block = new byte[256];
    int end = 256 - after;
    Arrays.fill(block, 2, end - info.length - 1, (byte) 0xff);
    block[1] = 1;
    System.arraycopy(info, 0, block, end - info.length, info.length);
    return block;
  }

  private static byte[] hash() {
    try {
      return MessageDigest.getInstance("SHA-256").digest(OCTETS);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /// DigestInfo, as this says it begins.
  private static byte[] info(String hex) {
    return Bytes.ofHex(hex + Bytes.of(hash())).toArray();
  }

  private static byte[] changed(byte[] block, int at, int octet) {
    byte[] other = block.clone();
    other[at] = (byte) octet;
    return other;
  }

  /// RFC 8017 §8.2.2: the whole encoded block is compared. Leniency lets signatures be forged where
  /// the exponent is low (CVE-2006-4339), and has done so in IKE daemons: garbage in the padding
  /// (CVE-2018-15836), after the hash, in the algorithm's name (CVE-2018-16151) and in its
  /// parameters (CVE-2018-16152).
  @Test
  void paddingIsExact() {
    byte[] right = block(info(SHA256), 0);
    Map<String, byte[]> wrong = new LinkedHashMap<>();
    wrong.put("an octet after the hash", block(info(SHA256), 1));
    wrong.put("as many as fit after the hash", block(info(SHA256), 256 - 11 - info(SHA256).length));
    wrong.put("no padding but garbage after the hash", block(info(SHA256), 202));
    wrong.put("another octet in the padding", changed(right, 10, 0x55));
    wrong.put("a zero in the padding", changed(right, 10, 0));
    wrong.put("the first octet of the padding", changed(right, 2, 0xfe));
    wrong.put("no zero after the padding", changed(right, 256 - info(SHA256).length - 1, 0xff));
    wrong.put("block type 0", changed(right, 1, 0));
    wrong.put("block type 2", changed(right, 1, 2));
    wrong.put("a first octet that is not 0", changed(right, 0, 1));
    wrong.put("the hash alone", block(hash(), 0));
    wrong.put("another hash's name", block(info("3031300d060960864801650304020205000420"), 0));
    wrong.put(
        "parameters that are none",
        block(info("3035301106096086480165030402010404deadbeef0420"), 0));
    wrong.put("a longer name", block(info("3033300f060b6086480165030402010a0a05000420"), 0));
    wrong.put(
        "a longer form of a length", block(info("308131300d060960864801650304020105000420"), 0));
    wrong.put("zeros", new byte[256]);
    for (KeyPair key : List.of(rsa, cubic())) {
      assertTrue(verifies(key, signed(key, right)));
      wrong.forEach((what, block) -> assertFalse(verifies(key, signed(key, block)), what));
    }
  }

  private static boolean verifies(KeyPair key, Bytes signature) {
    return SignatureScheme.RSA_EMSA_PKCS1_SHA2_256.verifies(key.getPublic(), OCTETS, signature);
  }

  /// CVE-2006-4339: with exponent 3 a cube root makes a block that begins as it should, without the
  /// private key. IKEv1's signatures have no DigestInfo (RFC 2409 §5.1), and no more leniency.
  @Test
  void aCubeRootIsNoSignature() {
    KeyPair key = cubic();
    byte[] hash = hash();
    assertFalse(verifies(key, signature(cubeRoot(beginning(info(SHA256))))));
    assertFalse(
        SignatureScheme.RSA_EMSA_PKCS1_NULL.verifies(
            key.getPublic(), hash, signature(cubeRoot(beginning(hash)))));
    assertTrue(
        SignatureScheme.RSA_EMSA_PKCS1_NULL.verifies(
            key.getPublic(), hash, signed(key, block(hash, 0))));
  }

  /// The block after which garbage follows, with as little padding as may be.
  private static BigInteger beginning(byte[] info) {
    byte[] block = new byte[256];
    block[1] = 1;
    Arrays.fill(block, 2, 10, (byte) 0xff);
    System.arraycopy(info, 0, block, 11, info.length);
    return new BigInteger(1, block);
  }

  /// {@return the least number whose cube is not below `block`, which has the same first octets}
  private static BigInteger cubeRoot(BigInteger block) {
    BigInteger below = BigInteger.ZERO;
    BigInteger above = BigInteger.ONE.shiftLeft(700);
    while (above.subtract(below).compareTo(BigInteger.ONE) > 0) {
      BigInteger middle = below.add(above).shiftRight(1);
      if (middle.pow(3).compareTo(block) < 0) {
        below = middle;
      } else {
        above = middle;
      }
    }
    String root = new BigInteger(1, above.pow(3).toByteArray()).toString(16);
    assertEquals(block.toString(16).substring(0, 120), root.substring(0, 120));
    return above;
  }

  /// RFC 8017 §5.2.2, §8.2.2: a signature has as many octets as the modulus and is below it.
  @Test
  void aNumberHasOneSignature() {
    Bytes right = signed(rsa, block(info(SHA256), 0));
    BigInteger modulus = ((RSAPublicKey) rsa.getPublic()).getModulus();
    BigInteger more = new BigInteger(1, right.toArray()).add(modulus);
    assertTrue(verifies(rsa, right));
    for (Bytes other :
        List.of(
            Bytes.EMPTY,
            Bytes.of(new byte[256]),
            Bytes.of(Octets.of(modulus, 256)),
            Bytes.of(Octets.of(more, 257)),
            Bytes.ofHex("00" + right),
            Bytes.ofHex(right.toString().substring(2)))) {
      assertFalse(verifies(rsa, other), other.toString());
    }
  }

  /// RFC 7296 §3.8, RFC 7427 appendix A.4: the salt is as long as the hash.
  @Test
  void anotherSaltIsNoSignature() throws Exception {
    Signature pss = Signature.getInstance("RSASSA-PSS");
    pss.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 0, 1));
    pss.initSign(rsa.getPrivate());
    pss.update(OCTETS);
    Bytes signature = Bytes.of(pss.sign());
    assertFalse(SignatureScheme.RSA_EMSA_PSS_SHA2_256.verifies(rsa.getPublic(), OCTETS, signature));
  }

  /// RFC 8032 §5.1.7: S is below the order, so that nobody makes a second signature of one.
  @Test
  void anEdwardsSignatureIsInRange() throws Exception {
    KeyPair ed = Authority.key("Ed25519");
    Bytes right = SignatureScheme.ED25519.sign(ed.getPrivate(), OCTETS, new SecureRandom());
    assertTrue(SignatureScheme.ED25519.verifies(ed.getPublic(), OCTETS, right));
    byte[] octets = right.toArray();
    BigInteger order =
        new BigInteger("1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed", 16);
    byte[] s = Arrays.copyOfRange(octets, 32, 64);
    BigInteger more = new BigInteger(1, reversed(s)).add(order);
    System.arraycopy(reversed(Octets.of(more, 32)), 0, octets, 32, 32);
    assertFalse(SignatureScheme.ED25519.verifies(ed.getPublic(), OCTETS, Bytes.of(octets)));
    assertFalse(SignatureScheme.ED25519.verifies(ed.getPublic(), OCTETS, Bytes.of(new byte[64])));
    assertFalse(SignatureScheme.ED25519.verifies(ed.getPublic(), OCTETS, Bytes.EMPTY));
  }

  private static byte[] reversed(byte[] octets) {
    byte[] other = new byte[octets.length];
    for (int i = 0; i < octets.length; i++) {
      other[i] = octets[octets.length - 1 - i];
    }
    return other;
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

  /// RFC 3279 §2.2.3: nothing follows, and the length of r and s is that of the curve (RFC 4754
  /// §7).
  @Test
  void anEllipticSignatureIsExact() throws Exception {
    KeyPair ec = Authority.key("secp256r1");
    SecureRandom random = new SecureRandom();
    Bytes der = SignatureScheme.ECDSA_WITH_SHA256_DER.sign(ec.getPrivate(), OCTETS, random);
    Bytes flat = SignatureScheme.ECDSA_256.sign(ec.getPrivate(), OCTETS, random);
    assertTrue(SignatureScheme.ECDSA_WITH_SHA256_DER.verifies(ec.getPublic(), OCTETS, der));
    assertTrue(SignatureScheme.ECDSA_256.verifies(ec.getPublic(), OCTETS, flat));
    for (Bytes other : List.of(Bytes.ofHex(der + "00"), flat, Bytes.EMPTY, Bytes.ofHex("3000"))) {
      assertFalse(SignatureScheme.ECDSA_WITH_SHA256_DER.verifies(ec.getPublic(), OCTETS, other));
    }
    for (Bytes other : List.of(Bytes.ofHex(flat + "00"), Bytes.ofHex("00" + flat), Bytes.EMPTY)) {
      assertFalse(SignatureScheme.ECDSA_256.verifies(ec.getPublic(), OCTETS, other));
    }
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
