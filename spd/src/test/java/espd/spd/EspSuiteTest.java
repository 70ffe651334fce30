package espd.spd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The sizes of ESP packets (RFC 4303 §2) and of keys.
class EspSuiteTest {

  /// RFC 4106 §8.1, RFC 7634 §2, RFC 3602 §2, RFC 4868 §2.
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # cipher          , bits, integrity         , key, icv key, icv, prints
          AES_GCM_16        , 128 , NONE              , 20 , 0      , 16 , AES_GCM_16_128
          AES_GCM_16        , 192 , NONE              , 28 , 0      , 16 , AES_GCM_16_192
          AES_GCM_16        , 256 , NONE              , 36 , 0      , 16 , AES_GCM_16_256
          CHACHA20_POLY1305 , 256 , NONE              , 36 , 0      , 16 , CHACHA20_POLY1305
          AES_CBC           , 128 , HMAC_SHA1_96      , 16 , 20     , 12 , AES_CBC_128/HMAC_SHA1_96
          AES_CBC           , 256 , HMAC_SHA2_256_128 , 32 , 32     , 16 , AES_CBC_256/HMAC_SHA2_256_128
          AES_CBC           , 256 , HMAC_SHA2_384_192 , 32 , 48     , 24 , AES_CBC_256/HMAC_SHA2_384_192
          AES_CBC           , 256 , HMAC_SHA2_512_256 , 32 , 64     , 32 , AES_CBC_256/HMAC_SHA2_512_256
          """)
  void knowsItsKeysAndItsIcv(
      Encryption cipher, int bits, Integrity integrity, int key, int icvKey, int icv, String text) {
    EspSuite suite = new EspSuite(cipher, bits, integrity);
    assertEquals(key, suite.encryptionKeyOctets());
    assertEquals(icvKey, suite.integrity().keyOctets());
    assertEquals(icv, suite.icvOctets());
    assertEquals(text, suite.toString());
  }

  /// RFC 4303 §2.4: header, IV, payload with padding and trailer, ICV.
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # cipher          , bits, integrity         , payload, packet
          AES_GCM_16        , 128 , NONE              , 0      , 36
          AES_GCM_16        , 128 , NONE              , 2      , 36
          AES_GCM_16        , 128 , NONE              , 3      , 40
          AES_GCM_16        , 128 , NONE              , 1400   , 1436
          CHACHA20_POLY1305 , 256 , NONE              , 64     , 100
          AES_CBC           , 128 , HMAC_SHA1_96      , 0      , 52
          AES_CBC           , 128 , HMAC_SHA1_96      , 14     , 52
          AES_CBC           , 128 , HMAC_SHA1_96      , 15     , 68
          AES_CBC           , 256 , HMAC_SHA2_256_128 , 64     , 120
          """)
  void addsHeaderIvPaddingTrailerAndIcv(
      Encryption cipher, int bits, Integrity integrity, int payload, int packet) {
    assertEquals(packet, new EspSuite(cipher, bits, integrity).packetOctets(payload));
  }

  @ParameterizedTest
  @CsvSource({
    "AES_GCM_16,128,NONE",
    "CHACHA20_POLY1305,256,NONE",
    "AES_CBC,128,HMAC_SHA1_96",
    "AES_CBC,256,HMAC_SHA2_512_256"
  })
  void findsTheLargestPayloadOfAPacket(Encryption cipher, int bits, Integrity integrity) {
    EspSuite suite = new EspSuite(cipher, bits, integrity);
    for (int packet = 0; packet < suite.packetOctets(0); packet++) {
      assertTrue(suite.payloadOctets(packet) < 0, "not even an empty one in " + packet);
    }
    for (int packet = suite.packetOctets(0); packet <= 9100; packet++) {
      int payload = suite.payloadOctets(packet);
      assertTrue(suite.packetOctets(payload) <= packet, "fits into " + packet);
      assertTrue(suite.packetOctets(payload + 1) > packet, "is the largest for " + packet);
    }
    for (int payload = 0; payload <= 9000; payload++) {
      assertTrue(suite.payloadOctets(suite.packetOctets(payload)) >= payload);
    }
  }

  /// RFC 7296 §3.3.3: an AEAD goes without an integrity algorithm, others not.
  @Test
  void refusesPartsThatDoNotFitEachOther() {
    assertRefused(Encryption.AES_GCM_16, 128, Integrity.HMAC_SHA1_96);
    assertRefused(Encryption.AES_CBC, 128, Integrity.NONE);
    assertRefused(Encryption.AES_CBC, 129, Integrity.HMAC_SHA1_96);
    assertRefused(Encryption.CHACHA20_POLY1305, 128, Integrity.NONE);
  }

  private static void assertRefused(Encryption cipher, int bits, Integrity integrity) {
    assertThrows(IllegalArgumentException.class, () -> new EspSuite(cipher, bits, integrity));
  }
}
