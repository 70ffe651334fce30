package espd.ike.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import espd.ike.message.Bytes;
import espd.ike.message.Encrypted;
import espd.ike.message.Header;
import espd.ike.message.MalformedException;
import espd.ike.message.Message;
import espd.ike.message.Samples;
import espd.ike.message.Tshark;
import espd.ike.message.Unknown;
import espd.ike.message.UnsupportedCriticalPayloadException;
import espd.ike.message.VendorId;
import espd.spd.Encryption;
import espd.spd.Integrity;
import espd.spd.KeyMaterial;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// RFC 7296 §3.14, RFC 5282, RFC 7634: each suite, and an independent reader where there is one.
class IkeCipherTest {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Header HEADER =
      new Header(Samples.SPI_I, Samples.SPI_R, Header.INFORMATIONAL, Header.INITIATOR, 2);
  private static final int PREFIX = Header.OCTETS + 4;

  static Stream<IkeSuite> suites() {
    Stream<IkeSuite> cbc =
        Stream.of(128, 192, 256)
            .flatMap(
                bits ->
                    Stream.of(Integrity.values())
                        .filter(integrity -> integrity != Integrity.NONE)
                        .map(integrity -> suite(Encryption.AES_CBC, bits, integrity)));
    Stream<IkeSuite> gcm =
        Stream.of(128, 192, 256).map(bits -> suite(Encryption.AES_GCM_16, bits, Integrity.NONE));
    Stream<IkeSuite> chacha = Stream.of(suite(Encryption.CHACHA20_POLY1305, 256, Integrity.NONE));
    return Stream.of(cbc, gcm, chacha).flatMap(all -> all);
  }

  private static IkeSuite suite(Encryption encryption, int keyBits, Integrity integrity) {
    return new IkeSuite(
        encryption, keyBits, integrity, Prf.HMAC_SHA2_256, KeyExchangeMethod.CURVE_25519);
  }

  private static IkeKeys keys(IkeSuite suite) {
    KeyInputs inputs =
        new KeyInputs(
            Bytes.ofHex("0a".repeat(32)),
            Bytes.ofHex("0b".repeat(32)),
            Samples.SPI_I,
            Samples.SPI_R);
    return IkeKeys.derive(suite, inputs, KeyMaterial.copyOf(new byte[32]));
  }

  @ParameterizedTest
  @MethodSource("suites")
  void opensWhatItSealed(IkeSuite suite) throws MalformedException, UnauthenticException {
    IkeCipher cipher = keys(suite).cipher(Role.INITIATOR);
    for (Message message :
        List.of(Samples.ikeAuth(), Samples.ikeSaInit(), new Message(HEADER, List.of()))) {
      byte[] datagram = cipher.seal(message, RANDOM);
      Message outer = Message.read(datagram);
      assertTrue(outer.payloads().getFirst() instanceof Encrypted);
      assertEquals(message.header(), outer.header());
      assertEquals(message, cipher.open(datagram).read());
    }
  }

  /// RFC 7383 §2.5: each fragment is sealed for itself, its numbers too, and none is longer than
  /// asked for; the first one says what the message begins with.
  @ParameterizedTest
  @MethodSource("suites")
  void opensTheFragmentsThatItSealed(IkeSuite suite) throws Exception {
    IkeCipher cipher = keys(suite).cipher(Role.INITIATOR);
    for (int largest = 150; largest < 400; largest += 7) {
      List<OpenedFragment> opened = new ArrayList<>();
      List<byte[]> sealed = cipher.sealFragments(Samples.ikeAuth(), largest, RANDOM);
      for (byte[] datagram : sealed) {
        assertTrue(datagram.length <= largest, datagram.length + " > " + largest);
        opened.add(cipher.openFragment(datagram));
        assertEquals(opened.size(), opened.getLast().number());
        assertEquals(sealed.size(), opened.getLast().total());
        assertEquals(opened.size() == 1, opened.getLast().firstInner() != 0);
        byte[] renumbered = datagram.clone();
        renumbered[PREFIX + 3]++;
        assertThrows(UnauthenticException.class, () -> cipher.openFragment(renumbered));
      }
      assertEquals(Samples.ikeAuth(), OpenedFragment.joined(opened).read());
    }
  }

  /// However small they are to be, a message has no more fragments than are heeded.
  @Test
  void aMessageHasNoMoreFragmentsThanAreHeeded() throws Exception {
    IkeCipher cipher =
        keys(suite(Encryption.AES_GCM_16, 128, Integrity.NONE)).cipher(Role.INITIATOR);
    Message message = new Message(HEADER, List.of(new VendorId(Bytes.of(new byte[60_000]))));
    List<byte[]> sealed = cipher.sealFragments(message, 1, RANDOM);
    assertEquals(OpenedFragment.MAX_TOTAL, sealed.size());
  }

  @ParameterizedTest
  @MethodSource("suites")
  void sealsEveryLengthOfPayload(IkeSuite suite) throws MalformedException, UnauthenticException {
    IkeCipher cipher = keys(suite).cipher(Role.RESPONDER);
    for (int length = 0; length < 40; length++) {
      Message message = new Message(HEADER, List.of(new VendorId(Bytes.of(new byte[length]))));
      byte[] datagram = cipher.seal(message, RANDOM);
      int encrypted = ((Encrypted) Message.read(datagram).payloads().getFirst()).body().length();
      int icv =
          suite.encryption().isAead()
              ? suite.encryption().icvOctets()
              : suite.integrity().icvOctets();
      int ciphertext = encrypted - suite.encryption().ivOctets() - icv;
      assertEquals(
          suite.encryption().isAead() ? 4 + length + 1 : (4 + length) / 16 * 16 + 16, ciphertext);
      assertEquals(message, cipher.open(datagram).read());
    }
  }

  @ParameterizedTest
  @MethodSource("suites")
  void refusesEveryMessageWithABitChanged(IkeSuite suite) throws MalformedException {
    IkeCipher cipher = keys(suite).cipher(Role.INITIATOR);
    byte[] datagram = cipher.seal(Samples.ikeAuth(), RANDOM);
    for (int bit = 0; bit < 8 * datagram.length; bit++) {
      byte[] changed = datagram.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      try {
        cipher.open(changed);
        throw new AssertionError("bit " + bit + " of " + suite + " is not protected");
      } catch (MalformedException | UnauthenticException expected) {
        assertEquals(0, expected.getStackTrace().length);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("suites")
  void refusesWhatTheOtherEndSealed(IkeSuite suite) {
    // RFC 7296 §2.14: the keys of the two directions differ.
    IkeKeys keys = keys(suite);
    byte[] datagram = keys.cipher(Role.INITIATOR).seal(Samples.ikeAuth(), RANDOM);
    assertThrows(UnauthenticException.class, () -> keys.cipher(Role.RESPONDER).open(datagram));
  }

  @ParameterizedTest
  @MethodSource("suites")
  void refusesEveryLengthTooShort(IkeSuite suite) {
    IkeCipher cipher = keys(suite).cipher(Role.INITIATOR);
    for (int length = 0; length < 120; length++) {
      Message message = new Message(HEADER, List.of(new Encrypted(0, Bytes.of(new byte[length]))));
      byte[] datagram = message.write();
      Throwable refusal = assertThrows(Exception.class, () -> cipher.open(datagram));
      assertTrue(
          refusal instanceof MalformedException || refusal instanceof UnauthenticException,
          refusal.toString());
    }
  }

  @ParameterizedTest
  @MethodSource("suites")
  void neverUsesAnIvTwice(IkeSuite suite) {
    // RFC 5282 §3.1: the nonce of an AEAD must be unique; RFC 7296 §3.14: CBC's unpredictable.
    IkeCipher cipher = keys(suite).cipher(Role.INITIATOR);
    Bytes first = iv(suite, cipher.seal(Samples.ikeAuth(), RANDOM));
    Bytes second = iv(suite, cipher.seal(Samples.ikeAuth(), RANDOM));
    assertNotEquals(first, second);
    assertEquals(suite.encryption().isAead(), first.equals(Bytes.ofLong(1)));
  }

  private static Bytes iv(IkeSuite suite, byte[] datagram) {
    return Bytes.of(Arrays.copyOfRange(datagram, PREFIX, PREFIX + suite.encryption().ivOctets()));
  }

  @Test
  void tellsAnUnreadableInsideFromAnUnauthenticMessage()
      throws MalformedException, UnauthenticException {
    // RFC 7296 §2.21.3: what is authentic is answered.
    IkeCipher cipher =
        keys(suite(Encryption.AES_GCM_16, 128, Integrity.NONE)).cipher(Role.INITIATOR);
    byte[] datagram =
        cipher.seal(new Message(HEADER, List.of(new Unknown(200, true, Bytes.EMPTY))), RANDOM);
    OpenedMessage opened = cipher.open(datagram);
    assertEquals(HEADER, opened.header());
    assertThrows(UnsupportedCriticalPayloadException.class, opened::read);
  }

  @Test
  void refusesAMessageThatIsNotEncrypted() {
    IkeCipher cipher =
        keys(suite(Encryption.AES_GCM_16, 128, Integrity.NONE)).cipher(Role.INITIATOR);
    byte[] open = new Message(HEADER, List.of(new VendorId(Bytes.EMPTY))).write();
    byte[] empty = new Message(HEADER, List.of()).write();
    assertThrows(MalformedException.class, () -> cipher.open(open));
    assertThrows(MalformedException.class, () -> cipher.open(empty));
  }

  @Test
  void nothingElseComesOfRandomOctets() {
    Random random = new Random(7296);
    List<IkeSuite> suites = suites().toList();
    for (int i = 0; i < 20_000; i++) {
      IkeSuite suite = suites.get(i % suites.size());
      byte[] body = new byte[random.nextInt(200)];
      random.nextBytes(body);
      byte[] datagram = new Message(HEADER, List.of(new Encrypted(33, Bytes.of(body)))).write();
      assertThrows(Exception.class, () -> openExpecting(keys(suite), datagram));
    }
  }

  private static void openExpecting(IkeKeys keys, byte[] datagram) throws Exception {
    try {
      keys.cipher(Role.INITIATOR).open(datagram);
    } catch (RuntimeException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void isOfNoUseAfterTheKeysAreWiped() {
    IkeKeys keys = keys(suite(Encryption.AES_CBC, 128, Integrity.HMAC_SHA1_96));
    keys.close();
    assertThrows(
        IllegalStateException.class,
        () -> keys.cipher(Role.INITIATOR).seal(Samples.ikeAuth(), RANDOM));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          AES_CBC    | 128 | HMAC_SHA1_96      | AES-CBC-128 [RFC3602] | HMAC_SHA1_96 [RFC2404]
          AES_CBC    | 192 | HMAC_SHA2_384_192 | AES-CBC-192 [RFC3602] | HMAC_SHA2_384_192 [RFC4868]
          AES_CBC    | 256 | HMAC_SHA2_256_128 | AES-CBC-256 [RFC3602] | HMAC_SHA2_256_128 [RFC4868]
          AES_CBC    | 256 | HMAC_SHA2_512_256 | AES-CBC-256 [RFC3602] | HMAC_SHA2_512_256 [RFC4868]
          AES_GCM_16 | 128 | NONE | AES-GCM-128 with 16 octet ICV [RFC5282] | NONE [RFC4306]
          AES_GCM_16 | 256 | NONE | AES-GCM-256 with 16 octet ICV [RFC5282] | NONE [RFC4306]
          """)
  void isOpenedByAnIndependentReaderWithTheSameKeys(
      Encryption encryption, int keyBits, Integrity integrity, String cipher, String icv)
      throws IOException, InterruptedException {
    assumeTrue(Tshark.isInstalled());
    IkeKeys keys = keys(suite(encryption, keyBits, integrity));
    byte[] datagram = keys.cipher(Role.INITIATOR).seal(Samples.ikeAuth(), RANDOM);
    String table =
        String.join(
            ",",
            "uat:ikev2_decryption_table:%016x".formatted(Samples.SPI_I),
            "%016x".formatted(Samples.SPI_R),
            hex(keys.skE(Role.INITIATOR)),
            hex(keys.skE(Role.RESPONDER)),
            '"' + cipher + '"',
            hex(keys.skA(Role.INITIATOR)),
            hex(keys.skA(Role.RESPONDER)),
            '"' + icv + '"');
    String text = Tshark.dissect(datagram, "-o", table);
    assertTrue(text.contains("Payload: Traffic Selector - Responder"), text);
    assertTrue(text.contains("Shared Key Message Integrity Code (2)"), text);
    assertTrue(text.contains("USE_TRANSPORT_MODE"), text);
    assertTrue(text.contains("[correct]"), text);
    assertFalse(text.contains("Malformed"), text);
  }

  private static String hex(KeyMaterial key) {
    return key.use(octets -> Bytes.of(octets).toString());
  }
}
