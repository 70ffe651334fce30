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
import espd.spd.OuterTraffic;
import espd.spd.SaParameters;
import espd.spd.Selector;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// ESP packets whose octets others have published, before every engine.
class KnownAnswerTest {

  private static final String AUTH_KEY = "0b".repeat(32);

  static Stream<Arguments> aead() throws IOException {
    return EngineUnderTest.withRowsOf("aead.csv");
  }

  static Stream<Arguments> cbc() throws IOException {
    return EngineUnderTest.withRowsOf("cbc.csv");
  }

  /// draft-mcgrew-gcm-test-01 §4: the first has an extended number, whose high half is in the AAD
  /// only (RFC 4106 §5). RFC 7634 Appendix A is the last.
  @ParameterizedTest(name = "{0} {1} {2}")
  @MethodSource("aead")
  void opensWhatOthersSealed(
      EngineUnderTest engine,
      Encryption encryption,
      int bits,
      String key,
      String number,
      String packet,
      String plain) {
    EspSuite suite = new EspSuite(encryption, bits, Integrity.NONE);
    long whole = Long.parseUnsignedLong(number, 16);
    SaParameters sa = parameters(suite, key, whole > 0xffff_ffffL || whole < 0);
    assertEquals(plain, open(engine, sa, whole, packet));
    assertFalse(isAuthentic(engine, sa, whole + (1L << 32), packet) && sa.esn());
  }

  /// RFC 3602 §4, cases 5 to 8. They have no ICV of their own; HMAC-SHA2-256-128 is put behind them
  /// (RFC 4868), computed here by itself.
  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("cbc")
  void opensTheCbcCasesOfRfc3602(
      EngineUnderTest engine, int number, String key, String packet, String plain)
      throws GeneralSecurityException {
    EspSuite suite = new EspSuite(Encryption.AES_CBC, 128, Integrity.HMAC_SHA2_256_128);
    SaParameters sa = parameters(suite, key, false);
    assertEquals(plain, open(engine, sa, number, packet + icv(packet, "")));
  }

  /// With ESN the high half of the number is under the HMAC, behind the packet, though it does not
  /// travel (RFC 4303 §2.2.1).
  @ParameterizedTest
  @EnumSource
  void theHighHalfOfTheNumberIsAuthenticated(EngineUnderTest engine)
      throws GeneralSecurityException {
    EspSuite suite = new EspSuite(Encryption.AES_CBC, 128, Integrity.HMAC_SHA2_256_128);
    SaParameters sa = parameters(suite, "90d382b410eeba7ad938c46cec1a82bf", true);
    String packet =
        "000043210000000869d08df7d203329db093fc4924e5bd80"
            + "f51995881ec4e0c4488987ce742e8109689bb379d2d750c0d915dca346a89f75";
    String sealed = packet + icv(packet, "00000007");
    assertTrue(isAuthentic(engine, sa, 0x7_0000_0008L, sealed));
    assertFalse(isAuthentic(engine, sa, 0x8_0000_0008L, sealed));
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
        OuterTraffic.DEFAULT,
        List.of(Selector.between(AddressRange.ANY, AddressRange.ANY)),
        Instant.EPOCH);
  }

  private static boolean isAuthentic(
      EngineUnderTest engine, SaParameters sa, long number, String packet) {
    return !open(engine, sa, number, packet).isEmpty();
  }

  /// The decrypted part, nothing when the ICV was wrong.
  private static String open(EngineUnderTest engine, SaParameters sa, long number, String packet) {
    byte[] octets = HexFormat.of().parseHex(packet);
    try (Arena arena = Arena.ofConfined();
        EspCipher cipher = engine.of(sa.suite()).opening(sa)) {
      MemorySegment memory = arena.allocate(octets.length);
      MemorySegment.copy(octets, 0, memory, ValueLayout.JAVA_BYTE, 0, octets.length);
      EspRun run = new EspRun(1);
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
