package espd.ike.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import espd.ike.message.Bytes;
import espd.spd.Encryption;
import espd.spd.EspSuite;
import espd.spd.Integrity;
import espd.spd.KeyMaterial;
import org.junit.jupiter.api.Test;

/// RFC 7296 §2.14, §2.17, §2.18 with the known answers of NIST's CAVP (IKEv2 KDF).
class IkeKeysTest {

  private static final Bytes NI = Bytes.ofHex("32b50d5f4a3763f3");
  private static final Bytes NR = Bytes.ofHex("9206a04b26564cb1");
  private static final KeyInputs INPUTS =
      new KeyInputs(NI, NR, 0x34c9e7c188868785L, 0x3ff77d760d2b2199L);
  private static final IkeSuite SHA1 =
      new IkeSuite(
          Encryption.AES_CBC,
          128,
          Integrity.HMAC_SHA1_96,
          Prf.HMAC_SHA1,
          KeyExchangeMethod.MODP_2048);
  private static final String G_IR =
      "4b2c1f971981a8ad8d0abeafabf38cf75fc8349c148142465ed9c8b516b8be52";
  private static final String G_IR_NEW =
      "863f3c9d06efd39d2b907b97f8699e5dd5251ef64a2a176f36ee40c87d4f9330";
  private static final String DKM =
      "a14293677cc80ff8f9cc0eee30d895da9d8f405666e30ef0dfcb63c634a46002a2a63080e514a062768b76606f9"
          + "fa5e992204fc5a670bde3f10d6b027113936a5c55b648a194ae587b0088d52204b702c979fa280870d2ed"
          + "41efa9c549fd11198af1670b143d384bd275c5f594cf266b05ebadca855e4249520a441a81157435a7a5"
          + "6cc4";
  private static final String DKM_CHILD =
      "8059e3ee8810e6c3a91bc8bcd2a7a41151b8d0e6ae239c7b38093ad85ef4c5811a8e7b5d1cdabd9560b2d5e092d1"
          + "f24e2d4b85eccdf0ad0dc9abd94b51ee71814ca6dbc8bb51b630";
  private static final String DKM_CHILD_DH =
      "bb43244c1860ad65ee1e211ffe8bb3661750c8f89cb9f547df7f4fa61d37301628190e38c66232eab4b3ab14c400"
          + "a5197dd3730ed4820a8a10394d51e1c0400052f63ebd36b0e7ef";

  @Test
  void derivesTheKeysOfAnIkeSaInTheirOrder() {
    // RFC 7296 §2.14; the known answer is longer than these seven keys.
    try (IkeKeys keys = keys()) {
      assertEquals(DKM.substring(0, 40), hex(keys.skD()));
      assertEquals(DKM.substring(40, 80), hex(keys.skA(Role.INITIATOR)));
      assertEquals(DKM.substring(80, 120), hex(keys.skA(Role.RESPONDER)));
      assertEquals(DKM.substring(120, 152), hex(keys.skE(Role.INITIATOR)));
      assertEquals(DKM.substring(152, 184), hex(keys.skE(Role.RESPONDER)));
      assertEquals(DKM.substring(184, 224), hex(keys.skP(Role.INITIATOR)));
      assertEquals(DKM.substring(224, 264), hex(keys.skP(Role.RESPONDER)));
    }
  }

  @Test
  void derivesTheKeysOfAChildSaFromTheInitiatorOn() {
    // RFC 7296 §2.17.
    try (IkeKeys keys = keys();
        ChildKeys child = keys.child(aesCbc(), NI, NR)) {
      assertEquals(DKM_CHILD.substring(0, 32), hex(child.encryption(Role.INITIATOR)));
      assertEquals(DKM_CHILD.substring(32, 72), hex(child.integrity(Role.INITIATOR)));
      assertEquals(DKM_CHILD.substring(72, 104), hex(child.encryption(Role.RESPONDER)));
      assertEquals(DKM_CHILD.substring(104, 144), hex(child.integrity(Role.RESPONDER)));
    }
  }

  @Test
  void derivesTheKeysOfAChildSaWithItsOwnKeyExchange() {
    // RFC 7296 §2.17 with g^ir (new); an AEAD draws its salt behind its key (RFC 4106 §8.1).
    EspSuite gcm = new EspSuite(Encryption.AES_GCM_16, 256, Integrity.NONE);
    try (IkeKeys keys = keys();
        ChildKeys child = keys.child(gcm, secret(G_IR_NEW), NI, NR)) {
      assertEquals(DKM_CHILD_DH.substring(0, 72), hex(child.encryption(Role.INITIATOR)));
      assertEquals(DKM_CHILD_DH.substring(72, 144), hex(child.encryption(Role.RESPONDER)));
      assertEquals(0, child.integrity(Role.INITIATOR).length());
    }
  }

  @Test
  void rekeysWithTheOldSkDAndTheOldPrf() {
    // RFC 7296 §2.18: SKEYSEED = 63e81194… by CAVP; the new prf makes the keys from it.
    IkeSuite sha256 =
        new IkeSuite(
            Encryption.AES_GCM_16,
            128,
            Integrity.NONE,
            Prf.HMAC_SHA2_256,
            KeyExchangeMethod.CURVE_25519);
    byte[] skeyseed = Bytes.ofHex("63e81194946ebd05df7df5ebf5d8750056bf1f1d").toArray();
    String expected =
        Bytes.of(Prf.HMAC_SHA2_256.prfPlus(skeyseed, INPUTS.noncesAndSpis(), 3 * 32 + 2 * 20))
            .toString();
    try (IkeKeys old = keys();
        IkeKeys keys = old.rekey(sha256, INPUTS, secret(G_IR_NEW))) {
      assertEquals(expected.substring(0, 64), hex(keys.skD()));
      assertEquals(0, keys.skA(Role.INITIATOR).length());
      assertEquals(expected.substring(64, 104), hex(keys.skE(Role.INITIATOR)));
      assertEquals(expected.substring(208, 272), hex(keys.skP(Role.RESPONDER)));
    }
  }

  @Test
  void showsNoSecretAndIsWiped() {
    IkeKeys keys = keys();
    assertEquals("<keys of AES_CBC_128/HMAC_SHA1_96/PRF_HMAC_SHA1/MODP_2048, redacted>", "" + keys);
    ChildKeys child = keys.child(aesCbc(), NI, NR);
    assertFalse(child.toString().contains("8059"));
    keys.close();
    child.close();
    assertThrows(IllegalStateException.class, () -> hex(keys.skD()));
    assertThrows(IllegalStateException.class, () -> hex(keys.skP(Role.RESPONDER)));
    assertThrows(IllegalStateException.class, () -> hex(child.integrity(Role.RESPONDER)));
  }

  @Test
  void hasOneCipherForEachEnd() {
    try (IkeKeys keys = keys()) {
      assertSame(keys.cipher(Role.INITIATOR), keys.cipher(Role.INITIATOR));
      assertFalse(keys.cipher(Role.INITIATOR) == keys.cipher(Role.INITIATOR.other()));
    }
  }

  private static IkeKeys keys() {
    return IkeKeys.derive(SHA1, INPUTS, secret(G_IR));
  }

  private static EspSuite aesCbc() {
    return new EspSuite(Encryption.AES_CBC, 128, Integrity.HMAC_SHA1_96);
  }

  private static KeyMaterial secret(String hex) {
    return KeyMaterial.copyOf(Bytes.ofHex(hex).toArray());
  }

  /// RFC 5723 §5.1; the known answer by Python's hmac, SKEYSEED =
  /// f1ca21ed6c1cc20e9677ceff6e0cd6e3d73503c3663ae4a33902d5720b13f386 by OpenSSL's as well.
  @Test
  void derivesTheKeysOfAnIkeSaThatATicketResumes() {
    IkeSuite gcm =
        new IkeSuite(
            Encryption.AES_GCM_16,
            128,
            Integrity.NONE,
            Prf.HMAC_SHA2_256,
            KeyExchangeMethod.CURVE_25519);
    KeyInputs inputs =
        new KeyInputs(
            Bytes.ofHex("aa".repeat(16)),
            Bytes.ofHex("bb".repeat(16)),
            0x0102030405060708L,
            0x1112131415161718L);
    byte[] old = new byte[32];
    for (int i = 0; i < old.length; i++) {
      old[i] = (byte) i;
    }
    try (IkeKeys keys = IkeKeys.resume(gcm, KeyMaterial.copyOf(old), inputs)) {
      assertEquals(
          "fdc20003a3be2f81af97436c2b2b7be909936447229e81625b572a4cd0483cb6", hex(keys.skD()));
      assertEquals("af79112dc20b3f338b42c1431b6f2863138d1db6", hex(keys.skE(Role.INITIATOR)));
      assertEquals("77c03a223007134ca5083458f042f3f03cdab54c", hex(keys.skE(Role.RESPONDER)));
      assertEquals(
          "5af6173e720f125bab5f0ae2c62c2a02d74a95f2e74963ed645c6a7e1026cd35",
          hex(keys.skP(Role.INITIATOR)));
      assertEquals(
          "92a046d475ddd28b7d8227a5d3209188cc30924a255231c9b2b9a85a4db2a4ef",
          hex(keys.skP(Role.RESPONDER)));
    }
  }

  private static String hex(KeyMaterial key) {
    return key.use(octets -> Bytes.of(octets).toString());
  }
}
