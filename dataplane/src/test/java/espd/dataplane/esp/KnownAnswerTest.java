package espd.dataplane.esp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.spd.AddressRange;
import espd.spd.Encryption;
import espd.spd.EspSuite;
import espd.spd.Integrity;
import espd.spd.Ipv6Address;
import espd.spd.KeyMaterial;
import espd.spd.Lifetime;
import espd.spd.Mode;
import espd.spd.SaParameters;
import espd.spd.Selector;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// ESP packets whose octets others have published.
class KnownAnswerTest {

  private static final String AUTH_KEY = "0b".repeat(32);

  /// draft-mcgrew-gcm-test-01 §4: the first has an extended number, whose high half is in the AAD
  /// only (RFC 4106 §5). RFC 7634 Appendix A is the last.
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      textBlock =
          """
          AES_GCM_16, 128, 4c80cdefbb5d10da906ac73c3613a6342e443b68, 8765432100000000, \
          00004321000000004956ed7e3b244cfe\
          fecf537e729d5b07dc30df528dd22b768d1b98736696a6fd348509fa13ceac34\
          cfa2436f14a3f3cf65925bf1f4a13c5d15b21e1884f5ff6247aeabb786b93bce\
          61bc17d768fd9732459018148f6cbe722fd04796562dfdb4, \
          45000048699a000080114db7c0a80102c0a801010a9bf15638d3010000010000\
          00000000045f736970045f756470037369700963796265726369747902646b00\
          0021000101020201
          AES_GCM_16, 192, feffe9928665731c6d6a8f9467308308feffe9928665731ccafebabe, a, \
          0000a5f80000000afacedbaddecaf888\
          a5b1f8066029aea40e598b8122de02420938b3ab33f828e687b8858b5bfbdbd0\
          315b27452144cc7795457b9652037f5318027b5b4cd7a636, \
          45000028a4ad4000400678800a01038f0a010612802306b8cb712602dd6bb03e\
          501016d075680001
          AES_GCM_16, 256, \
          abbccddef00112233445566778899aababbccddef00112233445566778899aab11223344, 2, \
          4a2cbfe3000000020102030405060708\
          ff425c9b724599df7a3bcd510194e00d6a78107f1b0b1cbf06efae9d65a5d763\
          748a637985771d347f0545659f14e99def842d8eb335f4eecfdbf831824b4c49\
          15956c96, \
          4500003069a6400080062690c0a801029389155e0a9e008b2dc57ee000000000\
          7002400020bf0000020405b40101040201020201
          CHACHA20_POLY1305, 256, \
          808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3, 5, \
          01020304000000051011121314151617\
          24039428b97f417e3c13753a4f05087b67c352e6a7fab1b982d466ef407ae5c6\
          14ee8099d52844eb61aa95dfab4c02f72aa71e7c4c4f64c9befe2facc638e8f3\
          cbec163fac469b502773f6fb94e664da9165b82829f641e076aaa8266b7fb0f7\
          b11b369907e1ad43, \
          45000054a6f200004001e778c6336405c000020508005b7a3a080000553bec10\
          0007362708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20212223\
          2425262728292a2b2c2d2e2f303132333435363701020204
          """)
  void opensWhatOthersSealed(
      Encryption encryption, int bits, String key, String number, String packet, String plain) {
    EspSuite suite = new EspSuite(encryption, bits, Integrity.NONE);
    long whole = Long.parseUnsignedLong(number, 16);
    SaParameters sa = parameters(suite, key, whole > 0xffff_ffffL || whole < 0);
    assertEquals(plain, open(sa, whole, packet));
    assertFalse(isAuthentic(sa, whole + (1L << 32), packet) && sa.esn());
  }

  /// RFC 3602 §4, cases 5 to 8. They have no ICV of their own; HMAC-SHA2-256-128 is put behind them
  /// (RFC 4868), computed here by itself.
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          1, 90d382b410eeba7ad938c46cec1a82bf, 0000432100000001e96e8c08ab465763fd098d45dd3ff893\
          f663c25d325c18c6a9453e194e120849a4870b66cc6b9965330013b4898dc856\
          a4699e523a55db080b59ec3a8e4b7e52775b07d1db34ed9c538ab50c551b874a\
          a269add047ad2d5913ac19b7cfbad4a6, \
          08000ebda70a00008e9c083db95b070008090a0b0c0d0e0f1011121314151617\
          18191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f3031323334353637\
          0102030405060708090a0b0c0d0e0e01
          8, 90d382b410eeba7ad938c46cec1a82bf, 000043210000000869d08df7d203329db093fc4924e5bd80\
          f51995881ec4e0c4488987ce742e8109689bb379d2d750c0d915dca346a89f75, \
          0800b5e8a80a0500a69c083d0b660e0077777777777777777777777701020201
          2, 0123456789abcdef0123456789abcdef, 0000876500000002f4e765244f6407adf13dc1380f673f37\
          773b5241a4c449225e4f3ce5ed611b0c237ca96cf74a93013c1b0ea1a0cf70f8\
          e4ecaec78ac53aad7a0f022b859243c647752e94a859352b8a4d4d2decd136e5\
          c177f132ad3fbfb2201ac9904c74ee0a109e0ca1e4dfe9d5a100b842f1c22f0d, \
          45000054090400004001f988c0a87b03c0a87bc808009f76a90a0100b49c083d\
          02a2040008090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20212223\
          2425262728292a2b2c2d2e2f30313233343536370102030405060708090a0a04
          5, 0123456789abcdef0123456789abcdef, 000087650000000585d47224b5f3dd5d2101d4ea8dffab22\
          15b92683819596a8047232cc00f7048fe45318e11f8a0f62ede3c3fc61203bb5\
          0f980a08c9843fd3a1b06d5c07ff9639b7eb7dfb3512e5de435e7207ed971ef3\
          d2726d9b5ef6affc6d17a0decbb13892, \
          45000044090c00004001f990c0a87b03c0a87bc80800d63caa0a0200c69c083d\
          a3de0300ffffffffffffffffffffffffffffffffffffffffffffffffffffffff\
          ffffffff0102030405060708090a0a04
          """)
  void opensTheCbcCasesOfRfc3602(int number, String key, String packet, String plain)
      throws GeneralSecurityException {
    EspSuite suite = new EspSuite(Encryption.AES_CBC, 128, Integrity.HMAC_SHA2_256_128);
    SaParameters sa = parameters(suite, key, false);
    assertEquals(plain, open(sa, number, packet + icv(packet, "")));
  }

  /// With ESN the high half of the number is under the HMAC, behind the packet, though it does not
  /// travel (RFC 4303 §2.2.1).
  @Test
  void theHighHalfOfTheNumberIsAuthenticated() throws GeneralSecurityException {
    EspSuite suite = new EspSuite(Encryption.AES_CBC, 128, Integrity.HMAC_SHA2_256_128);
    SaParameters sa = parameters(suite, "90d382b410eeba7ad938c46cec1a82bf", true);
    String packet =
        "000043210000000869d08df7d203329db093fc4924e5bd80"
            + "f51995881ec4e0c4488987ce742e8109689bb379d2d750c0d915dca346a89f75";
    String sealed = packet + icv(packet, "00000007");
    assertTrue(isAuthentic(sa, 0x7_0000_0008L, sealed));
    assertFalse(isAuthentic(sa, 0x8_0000_0008L, sealed));
  }

  private static String icv(String packet, String high) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(HexFormat.of().parseHex(AUTH_KEY), "HmacSHA256"));
    byte[] digest = mac.doFinal(HexFormat.of().parseHex(packet + high));
    return HexFormat.of().formatHex(digest, 0, 16);
  }

  private static SaParameters parameters(EspSuite suite, String key, boolean esn) {
    return new SaParameters(
        0x4321,
        "known",
        1,
        Mode.TUNNEL,
        Ipv6Address.UNSPECIFIED,
        Ipv6Address.UNSPECIFIED,
        Optional.empty(),
        suite,
        KeyMaterial.copyOf(HexFormat.of().parseHex(key)),
        suite.integrity() == Integrity.NONE
            ? KeyMaterial.none()
            : KeyMaterial.copyOf(HexFormat.of().parseHex(AUTH_KEY)),
        esn,
        0,
        Lifetime.UNLIMITED,
        List.of(Selector.between(AddressRange.ANY, AddressRange.ANY)),
        Instant.EPOCH);
  }

  private static boolean isAuthentic(SaParameters sa, long number, String packet) {
    return !open(sa, number, packet).isEmpty();
  }

  /// The decrypted part, nothing when the ICV was wrong.
  private static String open(SaParameters sa, long number, String packet) {
    byte[] octets = HexFormat.of().parseHex(packet);
    try (Arena arena = Arena.ofConfined();
        EspCipher cipher = new SunJce().opening(sa)) {
      MemorySegment memory = arena.allocate(octets.length);
      MemorySegment.copy(octets, 0, memory, ValueLayout.JAVA_BYTE, 0, octets.length);
      EspRun run = new EspRun(1, octets.length);
      run.begin(memory);
      run.add(0, octets.length, number);
      cipher.process(run);
      if (!run.authentic[0]) {
        return "";
      }
      int from = EspHeader.OCTETS + sa.suite().encryption().ivOctets();
      byte[] opened = memory.toArray(ValueLayout.JAVA_BYTE);
      return HexFormat.of().formatHex(opened, from, octets.length - sa.suite().icvOctets());
    }
  }
}
