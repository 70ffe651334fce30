package espd.ike.v1.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.message.MalformedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// RFC 2408 §3 and §5, RFC 2407 §4.6, RFC 3706, RFC 3947: what stands in payloads.
class IsakmpPayloadsTest {

  private static final String SA =
      "00000001 00000001 0000002c 01010001 00000024 01010000 80010007 800e0080 80020002 80040002"
          + "80030001 800b0001 800c7080";

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
    byte[] octets = Samples.message(type, body == null ? "" : body);
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
    byte[] octets = Samples.message(SecurityAssociation.TYPE, body);
    assertThrows(MalformedException.class, () -> IsakmpDatagram.read(octets), why);
  }

  @Test
  void refusesReservedBitsOfTheGenericHeader() {
    // RFC 2408 §5.3: zero, or the message is discarded; there is no critical bit.
    byte[] octets = Samples.message(Hash.TYPE, "0001020304050607");
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
    byte[] octets = Samples.message(SecurityAssociation.TYPE, "00000001");
    assertThrows(MalformedException.class, () -> IsakmpDatagram.read(octets));
  }

  private static SecurityAssociation sa(String body) throws MalformedException {
    IsakmpDatagram read = IsakmpDatagram.read(Samples.message(SecurityAssociation.TYPE, body));
    return ((IsakmpMessage) read).first(SecurityAssociation.class).orElseThrow();
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
    assertTrue(new Attribute(12, false, Samples.octets(9)).number().isEmpty());
    assertTrue(new Attribute(12, false, Bytes.EMPTY).number().isEmpty());
    Bytes leadingZeros = Bytes.ofHex("000000000000000000000e10");
    assertEquals(3600, new Attribute(12, false, leadingZeros).number().orElseThrow());
    assertThrows(IllegalArgumentException.class, () -> new Attribute(1, true, Samples.octets(3)));
  }

  @Test
  void aResponderSaysItsLifetimes() throws MalformedException {
    // RFC 2407 §4.6.3.1: the attributes of phase 2.
    Lifetimes both = Lifetimes.of(Duration.ofHours(1), 4_000_000);
    assertEquals("800100018002" + "0e10" + "800100028002" + "0f43", both.notified().toString());
    assertEquals(both, Lifetimes.ofNotified(both.notified()));
    assertEquals(Lifetimes.UNSAID, Lifetimes.ofNotified(Bytes.EMPTY));
    assertThrows(MalformedException.class, () -> Lifetimes.ofNotified(Samples.octets(3)));
  }

  @Test
  void aHashIsComparedWhole() {
    Hash hash = new Hash(Samples.octets(20));
    assertTrue(hash.proves(Samples.octets(20)));
    assertFalse(hash.proves(Samples.octets(19)));
    assertFalse(hash.proves(Bytes.EMPTY));
  }

  @Test
  void knowsVendors() {
    // RFC 3947 §3.1, RFC 3706 §5.1; FRAGMENTATION carries bits behind what it is known by.
    assertEquals(Optional.of(Vendor.NAT_TRAVERSAL), Vendor.of(Vendor.NAT_TRAVERSAL.payload()));
    assertEquals(
        Optional.of(Vendor.FRAGMENTATION),
        Vendor.of(new VendorId(Bytes.ofHex("4048b7d56ebce88525e7de7f00d6c2d380000000"))));
    assertEquals(Optional.empty(), Vendor.of(new VendorId(Samples.octets(16))));
    List<String> names = new ArrayList<>();
    Recording.of("main-psk-aes-sha1").messages().stream()
        .limit(1)
        .map(IsakmpPayloadsTest::unchecked)
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
      return (IsakmpMessage) IsakmpDatagram.read(line.datagram());
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
    assertEquals(
        "N(DPD_ACK)", Notification.ofIsakmp(Samples.HEADER, 36137, Samples.octets(4)).label());
    assertEquals("N(NO_PROP)", Notification.ofEsp(1, 14, Bytes.EMPTY).label());
    assertTrue(Notification.ofEsp(1, 14, Bytes.EMPTY).isError());
    assertFalse(Notification.ofIsakmp(Samples.HEADER, 24578, Bytes.EMPTY).isError());
    assertEquals(
        Bytes.ofHex("0102030405060708 1112131415161718"),
        Notification.ofIsakmp(Samples.HEADER, 24578, Bytes.EMPTY).spi());
    assertEquals(
        List.of(Bytes.ofHex("0102030405060708 1112131415161718")),
        Delete.isakmp(Samples.HEADER).spis());
    assertEquals(List.of(Bytes.ofInt(7), Bytes.ofInt(8)), Delete.esp(7, 8).spis());
    assertThrows(IllegalArgumentException.class, Delete::esp);
  }
}
