package espd.ike.v1.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.message.MalformedException;
import espd.ike.message.Message;
import espd.ike.message.PayloadChain;
import espd.ike.message.Tshark;
import espd.ike.message.Writer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// RFC 2408 §3 and §5, RFC 2407 §4.6.
class IsakmpMessageTest {

  private static final Header HEADER =
      new Header(0x0102030405060708L, 0x1112131415161718L, Header.IDENTITY_PROTECTION, 0, 0);

  private static final String SA =
      "00000001 00000001 0000002c 01010001 00000024 01010000 80010007 800e0080 80020002 80040002"
          + "80030001 800b0001 800c7080";

  static Stream<String> exchanges() {
    return Recording.EXCHANGES.stream();
  }

  @ParameterizedTest
  @MethodSource("exchanges")
  void writesWhatAnotherImplementationSentAsTheSameOctets(String name) throws MalformedException {
    // RFC 2408 §3: header, generic header and each payload.
    for (Recording.Line line : Recording.of(name).messages()) {
      switch (IsakmpDatagram.read(line.datagram())) {
        case IsakmpMessage message -> assertArrayEquals(line.datagram(), message.write());
        case EncryptedMessage message -> assertArrayEquals(line.datagram(), message.write());
      }
      assertEquals(1, Header.majorVersion(line.datagram()));
    }
  }

  @Test
  void namesAMessageAsStrongSwanDoes() throws MalformedException {
    List<Recording.Line> messages = Recording.of("main-psk-aes-sha1").messages();
    assertEquals("ID_PROT request 0 [ SA V V V V V ]", clear(messages.get(0)).asRequest());
    assertEquals("ID_PROT response 0 [ SA V V V V ]", clear(messages.get(1)).asResponse());
    assertEquals("ID_PROT request 0 [ KE No NAT-D NAT-D ]", clear(messages.get(2)).asRequest());
    Recording aggressive = Recording.of("aggressive-psk-aes-sha256");
    assertEquals(
        "AGGRESSIVE response 0 [ SA KE No ID V V V V NAT-D NAT-D HASH ]",
        clear(aggressive.messages().get(1)).asResponse());
  }

  private static IsakmpMessage clear(Recording.Line line) throws MalformedException {
    return assertInstanceOf(IsakmpMessage.class, IsakmpDatagram.read(line.datagram()));
  }

  @Test
  void readsWhatItWrites() throws MalformedException {
    IsakmpMessage message = new IsakmpMessage(HEADER, everyPayload());
    assertEquals(message, IsakmpDatagram.read(message.write()));
    assertEquals(
        Optional.of(new Hash(octets(20))), message.first(Hash.class), "the first of a kind");
    assertEquals(2, message.all(Identification.class).size());
    assertEquals(message.payloads().subList(1, message.payloads().size()), message.afterFirst());
  }

  @Test
  void anotherReadsWhatItWrites() throws IOException, InterruptedException {
    assumeTrue(Tshark.isInstalled());
    String text = Tshark.dissect(new IsakmpMessage(HEADER, everyPayload()).write());
    for (String expected :
        new String[] {
          "Version: 1.0",
          "Identity Protection (Main Mode)",
          "Encryption-Algorithm: AES-CBC",
          "Key-Length: 128",
          "Life-Duration: 28800",
          "ID type: FQDN (2)",
          "ID type: IPV6_ADDR_SUBNET (6)",
          "Payload: NAT-D (RFC 3947) (20)",
          "Payload: NAT-OA (RFC 3947) (21)",
          "Notify Message Type: INITIAL-CONTACT",
          "RFC 3947 Negotiation of NAT-Traversal in the IKE"
        }) {
      assertTrue(text.contains(expected), expected + " not in\n" + text);
    }
    assertFalse(text.contains("Malformed Packet"), text);
  }

  @Test
  void refusesEveryPrefixAndOctetsBehind() {
    // RFC 2408 §5.1, §5.3: every length is exact.
    byte[] octets = new IsakmpMessage(HEADER, everyPayload()).write();
    for (int length = 0; length < octets.length; length++) {
      byte[] prefix = Arrays.copyOf(octets, length);
      assertThrows(MalformedException.class, () -> IsakmpDatagram.read(prefix));
      if (length >= Header.OCTETS) {
        prefix[26] = (byte) (length >>> 8);
        prefix[27] = (byte) length;
        assertThrows(MalformedException.class, () -> IsakmpDatagram.read(prefix));
      }
    }
    byte[] longer = Arrays.copyOf(octets, octets.length + 4);
    longer[27] += 4;
    assertThrows(MalformedException.class, () -> IsakmpDatagram.read(longer));
    assertThrows(MalformedException.class, () -> IsakmpDatagram.read(new byte[70_000]));
  }

  @ParameterizedTest
  @ValueSource(ints = {0x00, 0x11, 0x20, 0x1f})
  void refusesOtherVersions(int version) {
    // RFC 2408 §3.1, §5.2: neither another major nor a larger minor version.
    byte[] octets = new IsakmpMessage(HEADER, everyPayload()).write();
    octets[17] = (byte) version;
    assertThrows(MalformedException.class, () -> IsakmpDatagram.read(octets));
    assertEquals(version >>> 4, Header.majorVersion(octets));
    assertEquals(0, Header.majorVersion(new byte[Header.OCTETS - 1]));
  }

  @Test
  void leavesWhatIsEncryptedClosed() throws MalformedException {
    // RFC 2408 §3.1: the flag E; RFC 2409 appendix B: what is behind the payloads is padding.
    Header encrypted = new Header(1, 2, Header.QUICK_MODE, Header.ENCRYPTION, 0x80000001);
    EncryptedMessage message = new EncryptedMessage(encrypted, Hash.TYPE, octets(64));
    assertEquals(message, IsakmpDatagram.read(message.write()));
    byte[] inside = PayloadChain.write(List.of(new Hash(octets(16))));
    IsakmpMessage opened = message.inside(Arrays.copyOf(inside, inside.length + 12));
    assertEquals("QUICK_MODE request 2147483649 [ HASH ]", opened.asRequest());
    inside[3]++;
    assertThrows(MalformedException.class, () -> message.inside(inside));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          P and T stand in an SA only     | 2  | 00000000
          a type without meaning          | 14 | 00000000
          a private type                  | 130 | 00000000
          a nonce of 7 octets             | 10 | 00112233445566
          no public value                 | 4  |
          no hash                         | 8  |
          no signature                    | 9  |
          no vendor                       | 13 |
          no NAT-D                        | 20 |
          a certificate without encoding  | 6  |
          an IPv6 address of 15 octets    | 5  | 05000000 000102030405060708090a0b0c0d0e
          an IPv6 subnet of 17 octets     | 5  | 06000000 000102030405060708090a0b0c0d0e0f40
          an IPv4 address of 16 octets    | 5  | 01000000 000102030405060708090a0b0c0d0e0f
          an SPI of 17 octets in N        | 11 | 00000001 01110e00 0001020304050607080910111213141516
          no SPI in D                     | 12 | 00000001 03040000
          an SPI of ESP of 8 octets in D  | 12 | 00000001 03080001 0001020304050607
          an SPI of ISAKMP of 4 octets    | 12 | 00000001 01040001 00010203
          SPIs of no octets               | 12 | 00000001 09000001
          more SPIs than said             | 12 | 00000001 03040001 0001020304050607
          NAT-OA with a reserved field    | 21 | 05000100 000102030405060708090a0b0c0d0e0f
          NAT-OA of a name                | 21 | 02000000 6162
          NAT-OA of 4 octets of IPv6      | 21 | 05000000 01020304
          """)
  void refusesWhatIsNoPayload(String why, int type, String body) {
    byte[] octets = message(type, body == null ? "" : body);
    assertThrows(MalformedException.class, () -> IsakmpDatagram.read(octets), why);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          no proposal                           | 00000001 00000001
          reserved field of a proposal          | 00000001 00000001 0001000c 01010000
          reserved field of a transform         | 00000001 00000001 00000010 01010001 00010008 01010000
          reserved2 of a transform              | 00000001 00000001 00000010 01010001 00000008 01010001
          no transforms                         | 00000001 00000001 00000008 01010000
          fewer transforms than said            | 00000001 00000001 00000010 01010002 00000008 01010000
          more transforms than said             | 00000001 00000001 00000018 01010001 03000008 01010000 00000008 02010000
          a proposal announced, none there      | 00000001 00000001 02000010 01010001 00000008 01010000
          a transform announces a proposal      | 00000001 00000001 00000010 01010001 02000008 01010000
          a transform longer than its proposal  | 00000001 00000001 00000010 01010001 0000000c 01010000
          an SPI of ESP of 8 octets             | 00000001 00000001 00000018 01030801 0001020304050607 00000008 01030000
          an SPI of ISAKMP of 17 octets         | 00000001 00000001 00000021 01011101 0001020304050607080910111213141516 00000008 01010000
          an attribute longer than there is     | 00000001 00000001 00000014 01010001 0000000c 01010000 000c0004
          half an attribute                     | 00000001 00000001 00000012 01010001 0000000a 01010000 8001
          """)
  void refusesWhatIsNoSa(String why, String body) {
    byte[] octets = message(SecurityAssociation.TYPE, body);
    assertThrows(MalformedException.class, () -> IsakmpDatagram.read(octets), why);
  }

  @Test
  void refusesReservedBitsOfTheGenericHeader() {
    // RFC 2408 §5.3: zero, or the message is discarded; there is no critical bit.
    byte[] octets = message(Hash.TYPE, "0001020304050607");
    octets[Header.OCTETS + 1] = (byte) 0x80;
    assertThrows(MalformedException.class, () -> IsakmpDatagram.read(octets));
  }

  @Test
  void aDoiOrSituationOfOthersIsAnObjection() throws MalformedException {
    // RFC 2408 §5.4: DOI-NOT-SUPPORTED, SITUATION-NOT-SUPPORTED.
    assertEquals(OptionalInt.empty(), sa(SA).objection());
    assertEquals(OptionalInt.of(2), sa("00000002 abcdef").objection());
    assertEquals(OptionalInt.of(2), sa("00000000").objection());
    assertEquals(OptionalInt.of(3), sa("00000001 00000003 0000").objection());
    byte[] octets = message(SecurityAssociation.TYPE, "00000001");
    assertThrows(MalformedException.class, () -> IsakmpDatagram.read(octets));
  }

  private static SecurityAssociation sa(String body) throws MalformedException {
    IsakmpDatagram read = IsakmpDatagram.read(message(SecurityAssociation.TYPE, body));
    return ((IsakmpMessage) read).first(SecurityAssociation.class).orElseThrow();
  }

  @Test
  void payloadsProposalsTransformsAndAttributesAreBounded() {
    IsakmpPayload v = Vendor.STRONGSWAN.payload();
    assertReads(Collections.nCopies(PayloadChain.MAX_PAYLOADS, v));
    assertRefuses(Collections.nCopies(PayloadChain.MAX_PAYLOADS + 1, v));
    IsakmpTransform t = new IsakmpTransform(1, 1, List.of());
    assertReads(List.of(proposals(SecurityAssociation.MAX_PROPOSALS, List.of(t))));
    assertRefuses(List.of(proposals(SecurityAssociation.MAX_PROPOSALS + 1, List.of(t))));
    assertReads(List.of(proposals(2, Collections.nCopies(255, t))));
    assertRefuses(List.of(proposals(3, Collections.nCopies(255, t))));
    Attribute a = Attribute.of(11, 1);
    int most = IsakmpTransform.MAX_ATTRIBUTES;
    assertReads(
        List.of(proposals(1, List.of(new IsakmpTransform(1, 1, Collections.nCopies(most, a))))));
    assertRefuses(
        List.of(
            proposals(1, List.of(new IsakmpTransform(1, 1, Collections.nCopies(most + 1, a))))));
    Delete much =
        new Delete(1, IsakmpProposal.ESP, Collections.nCopies(Delete.MAX_SPIS, Bytes.ofInt(1)));
    assertReads(List.of(much));
    assertRefuses(
        List.of(
            new Delete(
                1,
                IsakmpProposal.ESP,
                Collections.nCopies(Delete.MAX_SPIS + 1, Bytes.ofInt(1)))));
    assertRefuses(List.of(new Nonce(octets(Nonce.MAX_OCTETS + 1))));
    assertReads(List.of(new Nonce(octets(Nonce.MAX_OCTETS)), new Nonce(octets(8))));
    IsakmpMessage tooLong =
        new IsakmpMessage(HEADER, List.of(new VendorId(octets(Message.MAX_OCTETS))));
    assertThrows(IllegalStateException.class, tooLong::write);
  }

  private static SecurityAssociation proposals(int count, List<IsakmpTransform> transforms) {
    IsakmpProposal proposal =
        new IsakmpProposal(1, IsakmpProposal.ISAKMP, Bytes.EMPTY, transforms);
    return SecurityAssociation.of(Collections.nCopies(count, proposal));
  }

  private static void assertReads(List<? extends IsakmpPayload> payloads) {
    IsakmpMessage message = new IsakmpMessage(HEADER, List.copyOf(payloads));
    try {
      assertEquals(message, IsakmpDatagram.read(message.write()));
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  private static void assertRefuses(List<? extends IsakmpPayload> payloads) {
    byte[] octets = new IsakmpMessage(HEADER, List.copyOf(payloads)).write();
    assertThrows(MalformedException.class, () -> IsakmpDatagram.read(octets));
  }

  @Test
  void attributesHaveTwoForms() throws MalformedException {
    // RFC 2408 §3.3; RFC 2407 §4.5 permits both for a duration.
    assertEquals(28_800, Attribute.of(12, 28_800).number().orElseThrow());
    assertTrue(Attribute.of(12, 65_535).basic());
    assertFalse(Attribute.of(12, 65_536).basic());
    assertEquals(65_536, Attribute.of(12, 65_536).number().orElseThrow());
    assertEquals(0xffff_ffffL, Attribute.of(12, 0xffff_ffffL).number().orElseThrow());
    IsakmpTransform both =
        sa("00000001 00000001 00000024 01010001 0000001c 01010000 800b0001 000c0004 00015180"
                + "800b0002 800c0bb8")
            .proposals()
            .getFirst()
            .transforms()
            .getFirst();
    Lifetimes lifetimes = Lifetimes.ofPhaseOne(both.attributes());
    assertEquals(86_400, lifetimes.seconds().orElseThrow());
    assertEquals(3_000, lifetimes.kilobytes().orElseThrow());
    assertTrue(new Attribute(12, false, octets(9)).number().isEmpty());
    assertTrue(new Attribute(12, false, Bytes.EMPTY).number().isEmpty());
    Bytes leadingZeros = Bytes.ofHex("000000000000000000000e10");
    assertEquals(3600, new Attribute(12, false, leadingZeros).number().orElseThrow());
    assertThrows(IllegalArgumentException.class, () -> new Attribute(1, true, octets(3)));
  }

  @Test
  void aResponderSaysItsLifetimes() throws MalformedException {
    // RFC 2407 §4.6.3.1: the attributes of phase 2.
    Lifetimes both = Lifetimes.of(Duration.ofHours(1), 4_000_000);
    assertEquals(
        "800100018002" + "0e10" + "800100028002" + "0f43", both.notified().toString());
    assertEquals(both, Lifetimes.ofNotified(both.notified()));
    assertEquals(Lifetimes.UNSAID, Lifetimes.ofNotified(Bytes.EMPTY));
    assertThrows(MalformedException.class, () -> Lifetimes.ofNotified(octets(3)));
  }

  @Test
  void aHashIsComparedWhole() {
    Hash hash = new Hash(octets(20));
    assertTrue(hash.proves(octets(20)));
    assertFalse(hash.proves(octets(19)));
    assertFalse(hash.proves(Bytes.EMPTY));
  }

  @Test
  void knowsVendors() {
    // RFC 3947 §3.1, RFC 3706 §5.1; FRAGMENTATION carries bits behind what it is known by.
    assertEquals(Optional.of(Vendor.NAT_TRAVERSAL), Vendor.of(Vendor.NAT_TRAVERSAL.payload()));
    assertEquals(
        Optional.of(Vendor.FRAGMENTATION),
        Vendor.of(new VendorId(Bytes.ofHex("4048b7d56ebce88525e7de7f00d6c2d380000000"))));
    assertEquals(Optional.empty(), Vendor.of(new VendorId(octets(16))));
    List<String> names = new ArrayList<>();
    Recording.of("main-psk-aes-sha1").messages().stream()
        .limit(1)
        .map(IsakmpMessageTest::unchecked)
        .flatMap(m -> m.all(VendorId.class).stream())
        .forEach(v -> names.add(Vendor.of(v).orElseThrow().toString()));
    assertEquals(
        List.of(
            "XAuth",
            "DPD",
            "FRAGMENTATION",
            "NAT-T (RFC 3947)",
            "draft-ietf-ipsec-nat-t-ike-02\\n"),
        names);
  }

  private static IsakmpMessage unchecked(Recording.Line line) {
    try {
      return clear(line);
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void notificationsHaveNames() {
    // RFC 2408 §3.14.1, RFC 2407 §4.6.3, RFC 3706 §5.
    assertEquals("NO-PROPOSAL-CHOSEN", NotificationType.name(14));
    assertEquals("R-U-THERE", NotificationType.name(36136));
    assertEquals("12345", NotificationType.name(12345));
    assertEquals("N(DPD_ACK)", Notification.ofIsakmp(HEADER, 36137, octets(4)).label());
    assertEquals("N(NO_PROP)", Notification.ofEsp(1, 14, Bytes.EMPTY).label());
    assertTrue(Notification.ofEsp(1, 14, Bytes.EMPTY).isError());
    assertFalse(Notification.ofIsakmp(HEADER, 24578, Bytes.EMPTY).isError());
    assertEquals(
        Bytes.ofHex("0102030405060708 1112131415161718"),
        Notification.ofIsakmp(HEADER, 24578, Bytes.EMPTY).spi());
    assertEquals(
        List.of(Bytes.ofHex("0102030405060708 1112131415161718")), Delete.isakmp(HEADER).spis());
    assertEquals(List.of(Bytes.ofInt(7), Bytes.ofInt(8)), Delete.esp(7, 8).spis());
    assertThrows(IllegalArgumentException.class, Delete::esp);
  }

  private static List<IsakmpPayload> everyPayload() {
    IsakmpTransform aes =
        new IsakmpTransform(
            1,
            IsakmpTransform.KEY_IKE,
            List.of(
                Attribute.of(PhaseOneAttribute.ENCRYPTION, PhaseOneAttribute.AES_CBC),
                Attribute.of(PhaseOneAttribute.KEY_LENGTH, 128),
                Attribute.of(PhaseOneAttribute.HASH, PhaseOneAttribute.SHA),
                Attribute.of(PhaseOneAttribute.GROUP, 14),
                Attribute.of(PhaseOneAttribute.AUTHENTICATION, 1),
                Attribute.of(PhaseOneAttribute.LIFE_TYPE, PhaseOneAttribute.SECONDS),
                new Attribute(PhaseOneAttribute.LIFE_DURATION, false, Bytes.ofInt(28_800))));
    IsakmpProposal proposal =
        new IsakmpProposal(
            1, IsakmpProposal.ISAKMP, Bytes.EMPTY, List.of(aes, aes.numbered(2)));
    return List.of(
        SecurityAssociation.of(List.of(proposal)),
        new KeyExchange(octets(256)),
        new Nonce(octets(32)),
        new Identification(IdType.FQDN, 0, 0, Bytes.of("a.example".getBytes(UTF_8))),
        new Identification(IdType.IPV6_ADDR_SUBNET, 17, 500, octets(32)),
        new Certificate(Certificate.X509_SIGNATURE, octets(100)),
        new CertificateRequest(Certificate.X509_SIGNATURE, Bytes.EMPTY),
        new Hash(octets(20)),
        new Signature(octets(128)),
        Notification.ofIsakmp(HEADER, NotificationType.INITIAL_CONTACT, Bytes.EMPTY),
        Notification.ofEsp(7, NotificationType.RESPONDER_LIFETIME, Bytes.ofHex("80010001 80020e10")),
        Delete.isakmp(HEADER),
        Delete.esp(1, 2),
        Vendor.NAT_TRAVERSAL.payload(),
        new NatD(octets(20)),
        new NatOa(IdType.IPV6_ADDR, octets(16)),
        new NatOa(IdType.IPV4_ADDR, octets(4)));
  }

  /// A message with one payload.
  private static byte[] message(int type, String body) {
    Bytes octets = Bytes.ofHex(body);
    int length = Header.OCTETS + 4 + octets.length();
    Writer out = new Writer();
    HEADER.write(out, Header.VERSION_1, type, length);
    return out.u8(0).u8(0).u16(4 + octets.length()).bytes(octets).toArray();
  }

  private static Bytes octets(int length) {
    byte[] octets = new byte[length];
    for (int i = 0; i < length; i++) {
      octets[i] = (byte) (i + 1);
    }
    return Bytes.of(octets);
  }
}
