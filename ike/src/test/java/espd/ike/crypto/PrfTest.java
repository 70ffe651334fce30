package espd.ike.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import espd.ike.message.Bytes;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// RFC 7296 §2.13 with the known answers of RFC 2202 §3, RFC 4231 §4 and NIST's CAVP (IKEv2 KDF).
class PrfTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          HMAC_SHA1     | b617318655057264e28bc0b6fb378c8ef146be00
          HMAC_SHA2_256 | b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7
          HMAC_SHA2_384 | afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59cfaea9ea9076ede7f4af152e8b2fa9cb6
          HMAC_SHA2_512 | 87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854
          """)
  void givesTheAnswersOfTestCase1(Prf prf, String expected) {
    byte[] key = Bytes.ofHex("0b".repeat(20)).toArray();
    assertEquals(expected, hex(prf.apply(key, ascii("Hi "), ascii("There"))));
    assertEquals(expected.length() / 2, prf.outputOctets());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          HMAC_SHA1     | effcdf6ae5eb2fa2d27416d5f184df9c259a7c79
          HMAC_SHA2_256 | 5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843
          HMAC_SHA2_384 | af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649
          HMAC_SHA2_512 | 164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737
          """)
  void givesTheAnswersOfTestCase2(Prf prf, String expected) {
    assertEquals(expected, hex(prf.apply(ascii("Jefe"), ascii("what do ya want for nothing?"))));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          HMAC_SHA1     | a9a7b222b59f8f48645f28a1db5b5f5d7479cba7 | 32b50d5f4a3763f39206a04b26564cb134c9e7c1888687853ff77d760d2b2199 | a14293677cc80ff8f9cc0eee30d895da9d8f405666e30ef0dfcb63c634a46002a2a63080e514a062768b76606f9fa5e992204fc5a670bde3f10d6b027113936a5c55b648a194ae587b0088d52204b702c979fa280870d2ed41efa9c549fd11198af1670b143d384bd275c5f594cf266b05ebadca855e4249520a441a81157435a7a56cc4
          HMAC_SHA2_256 | 5f00d1bd2c58ec224b1e6b71fa0f19a1faa7a193952c444411b47c1a9d8ba6fe | 3f302be1abcb28e18c332ee006064c9b40dac39e1e1a86408619a1cf9a6e4c07 | 0b137d669b0947d7d026d593f0305ad401ff0c471357d695778a9c7f4b4869ece98aca531188d16041b3bb936d2dbb3b4993a6e768a809160de45d0283f273a6cdf6854379e31be72b8d3d1fa990cf9c5b015ca9f918a7df6253c958114a09d4e1c19bdcd4db14b29d98db1a74ad405c588662c14a04d0d36aa4ab55e90f8986d12d4aad
          """)
  void prfPlusGivesTheAnswersOfCavp(Prf prf, String skeyseed, String seed, String expected) {
    byte[] key = Bytes.ofHex(skeyseed).toArray();
    byte[] s = Bytes.ofHex(seed).toArray();
    assertEquals(expected, hex(prf.prfPlus(key, s, expected.length() / 2)));
    assertEquals(expected.substring(0, 2), hex(prf.prfPlus(key, s, 1)));
    assertEquals("", hex(prf.prfPlus(key, s, 0)));
  }

  @Test
  void prfPlusEndsAfter255Blocks() {
    // RFC 7296 §2.13: the number of a block is one octet.
    byte[] key = new byte[20];
    assertEquals(255 * 20, Prf.HMAC_SHA1.prfPlus(key, key, 255 * 20).length);
    assertThrows(
        IllegalArgumentException.class, () -> Prf.HMAC_SHA1.prfPlus(key, key, 255 * 20 + 1));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String hex(byte[] octets) {
    return Bytes.of(octets).toString();
  }
}
