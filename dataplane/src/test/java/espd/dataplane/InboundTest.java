package espd.dataplane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.dataplane.QueueUnderlay.Wire;
import espd.spd.AddressRange;
import espd.spd.Direction;
import espd.spd.Encryption;
import espd.spd.EspSuite;
import espd.spd.InboundSa;
import espd.spd.Integrity;
import espd.spd.Ipv6Address;
import espd.spd.Mode;
import espd.spd.SaParameters;
import espd.spd.Selector;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What arrives (RFC 4301 §5.2, RFC 4303 §3.4).
class InboundTest {

  private static final EspSuite GCM = new EspSuite(Encryption.AES_GCM_16, 128, Integrity.NONE);
  private static final EspSuite CBC = new EspSuite(Encryption.AES_CBC, 128, Integrity.HMAC_SHA1_96);
  private static final Host.Sa TRANSPORT = new Host.Sa(GCM, Mode.TRANSPORT);
  private static final Host.Sa TUNNEL = new Host.Sa(GCM, Mode.TUNNEL);
  private static final byte[] DATAGRAM = Packets.udp(6000, 5000, 30);
  private static final byte[] PACKET = Packets.ipv6(Host.B, Host.A, Packets.UDP, DATAGRAM);

  private static SaParameters parameters(Host.Sa sa) {
    return Host.parameters(sa, Host.A, Host.B);
  }

  private static Wire tunnelled(long number) {
    return raw(Sealed.esp(parameters(TUNNEL), number, Sealed.padded(PACKET, 41)));
  }

  private static Wire raw(byte[] esp) {
    return Sealed.raw(Host.A, Host.B, esp);
  }

  private static void receives(Host a, Wire wire) {
    a.underlay.arriving.add(wire);
  }

  private static void refuses(Host a, Wire wire, DropReason reason) {
    long before = a.plane.drops(Direction.INBOUND, reason);
    receives(a, wire);
    a.awaitDrops(Direction.INBOUND, reason, (int) before + 1);
    assertTrue(a.tun.toHost.isEmpty());
  }

  /// RFC 4303 §3.4.3: a number is accepted once; and one too old for the window not at all.
  @Test
  void replayedAndOldPacketsAreDropped() {
    try (Host a = Host.a(Mode.TUNNEL)) {
      InboundSa sa = a.receives(TUNNEL);
      for (long number : new long[] {1, 3, 2, 100, 37, 99}) {
        receives(a, tunnelled(number));
        assertArrayEquals(PACKET, a.nextDelivered());
      }
      for (long number : new long[] {1, 3, 100, 36, 37, 0}) {
        refuses(a, tunnelled(number), DropReason.REPLAYED);
      }
      assertEquals(6, sa.replayed());
      assertEquals(6, sa.packets());
    }
  }

  /// RFC 4303 §3.4.3: two copies in one batch both pass the first look; the second one fails at the
  /// look that records.
  @Test
  void aCopyInTheSameBatchIsDroppedAfterAuthentication() {
    try (Host a = Host.a(Mode.TUNNEL)) {
      InboundSa sa = a.receives(TUNNEL);
      for (int i = 0; i < 200; i++) {
        receives(a, tunnelled(7));
      }
      assertArrayEquals(PACKET, a.nextDelivered());
      a.awaitDrops(Direction.INBOUND, DropReason.REPLAYED, 199);
      assertEquals(1, sa.packets());
      assertTrue(a.tun.toHost.isEmpty());
    }
  }

  /// RFC 4303 §3.4.3: a forged packet moves no window and uses up no number; the genuine one of the
  /// same number and IV is accepted after it, in every suite.
  @ParameterizedTest
  @CsvSource({"AES_GCM_16, NONE", "CHACHA20_POLY1305, NONE", "AES_CBC, HMAC_SHA2_256_128"})
  void aForgedPacketChangesNothing(Encryption encryption, Integrity integrity) {
    EspSuite suite = new EspSuite(encryption, 256, integrity);
    Host.Sa tunnel = new Host.Sa(suite, Mode.TUNNEL);
    byte[] plain = Arrays.copyOf(PACKET, 96);
    for (int i = PACKET.length; i < 94; i++) {
      plain[i] = (byte) (i - PACKET.length + 1);
    }
    plain[94] = (byte) (94 - PACKET.length);
    plain[95] = 41;
    byte[] genuine = Sealed.esp(parameters(tunnel), 1000, plain);
    byte[] forged = genuine.clone();
    forged[60] ^= 1;
    try (Host a = Host.a(Mode.TUNNEL)) {
      InboundSa sa = a.receives(tunnel);
      refuses(a, raw(forged), DropReason.BAD_ICV);
      refuses(a, raw(forged), DropReason.BAD_ICV);
      assertEquals(2, sa.unauthentic());
      assertEquals(0, sa.window().top());
      receives(a, raw(genuine));
      assertArrayEquals(PACKET, a.nextDelivered());
      assertEquals(1000, sa.window().top());
    }
  }

  /// RFC 4303 §3.4.4: whatever octet is changed, the packet is dropped, and nothing else happens.
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyChangedOctetIsNoticed(boolean esn) {
    for (EspSuite suite : new EspSuite[] {GCM, CBC}) {
      Host.Sa tunnel = new Host.Sa(suite, Mode.TUNNEL, esn, null);
      byte[] plain = Arrays.copyOf(PACKET, 80);
      plain[78] = 0;
      plain[79] = 41;
      byte[] esp = Sealed.esp(parameters(tunnel), 9, plain);
      try (Host a = Host.a(Mode.TUNNEL)) {
        a.receives(tunnel);
        for (int at = 0; at < esp.length; at++) {
          byte[] changed = esp.clone();
          changed[at] ^= (byte) (1 << (at % 8));
          receives(a, raw(changed));
        }
        a.awaitDrops(Direction.INBOUND, DropReason.UNKNOWN_SPI, 4);
        a.awaitDrops(Direction.INBOUND, DropReason.BAD_ICV, esp.length - 4);
        assertTrue(a.tun.toHost.isEmpty());
        receives(a, raw(esp));
        assertArrayEquals(PACKET, a.nextDelivered());
      }
    }
  }

  /// RFC 4303 §2: wherever a packet is cut, it is dropped and counted.
  @Test
  void everyPrefixIsRefused() {
    for (EspSuite suite : new EspSuite[] {GCM, CBC}) {
      Host.Sa tunnel = new Host.Sa(suite, Mode.TUNNEL);
      byte[] plain = Arrays.copyOf(PACKET, 80);
      plain[79] = 41;
      byte[] esp = Sealed.esp(parameters(tunnel), 9, plain);
      try (Host a = Host.a(Mode.TUNNEL)) {
        a.receives(tunnel);
        for (int octets = 0; octets < esp.length; octets++) {
          receives(a, raw(Arrays.copyOf(esp, octets)));
        }
        receives(a, raw(esp));
        assertArrayEquals(PACKET, a.nextDelivered());
        assertEquals(esp.length, a.allDrops(Direction.INBOUND));
      }
    }
  }

  /// RFC 4303 §2.4: padding is 1, 2, 3, … and lies within the packet.
  @ParameterizedTest
  @ValueSource(strings = {"01020429", "01030329", "00000329", "0102ff29", "01025c29", "0102c829"})
  void paddingIsChecked(String trailer) {
    byte[] plain = Packets.join(PACKET, Packets.join(new byte[2], Packets.hex(trailer)));
    plain = Arrays.copyOf(plain, plain.length - plain.length % 4);
    System.arraycopy(Packets.hex(trailer), 0, plain, plain.length - 4, 4);
    try (Host a = Host.a(Mode.TUNNEL)) {
      a.receives(TUNNEL);
      refuses(a, raw(Sealed.esp(parameters(TUNNEL), 1, plain)), DropReason.BAD_PADDING);
    }
  }

  /// RFC 4303 §2.4: up to 255 octets of padding are right, also around no payload at all.
  @Test
  void theLongestPaddingIsAccepted() {
    byte[] plain = new byte[PACKET.length + 255 + 2 + 1];
    int payload = plain.length - 257;
    System.arraycopy(PACKET, 0, plain, 0, PACKET.length);
    for (int i = 0; i < 255; i++) {
      plain[payload + i] = (byte) (i + 1);
    }
    plain[plain.length - 2] = (byte) 255;
    plain[plain.length - 1] = 41;
    try (Host a = Host.a(Mode.TUNNEL)) {
      a.receives(TUNNEL);
      plain = Arrays.copyOf(plain, plain.length);
      assertEquals(0, plain.length % 4, "test is wrong");
      receives(a, raw(Sealed.esp(parameters(TUNNEL), 1, plain)));
      assertArrayEquals(PACKET, a.nextDelivered());
    }
  }

  /// RFC 4303 §2.6: a dummy packet is dropped without further ado; its number counts.
  @Test
  void dummyPacketsAreDropped() {
    try (Host a = Host.a(Mode.TUNNEL)) {
      InboundSa sa = a.receives(TUNNEL);
      byte[] dummy = Sealed.esp(parameters(TUNNEL), 5, Sealed.padded(new byte[77], 59));
      refuses(a, raw(dummy), DropReason.DUMMY);
      refuses(a, raw(dummy), DropReason.REPLAYED);
      assertEquals(5, sa.window().top());
    }
  }

  /// RFC 4303 §2.7: what a tunnel carries behind the packet inside is padding of the traffic flow.
  @Test
  void trafficFlowPaddingIsCutOff() {
    byte[] padded = Arrays.copyOf(PACKET, PACKET.length + 500);
    try (Host a = Host.a(Mode.TUNNEL)) {
      a.receives(TUNNEL);
      receives(a, raw(Sealed.esp(parameters(TUNNEL), 1, Sealed.padded(padded, 41))));
      assertArrayEquals(PACKET, a.nextDelivered());
    }
  }

  /// RFC 4301 §5.2 step 4: an SA is good for its own selectors only, whatever its keys say.
  @Test
  void aPacketThatItsSaDoesNotSelectIsDropped() {
    Ipv6Address stranger = Ipv6Address.parse("2001:db8:3:3::3");
    try (Host a = Host.a(Mode.TUNNEL)) {
      a.receives(TUNNEL);
      byte[] spoofed = Packets.ipv6(stranger, Host.A, Packets.UDP, DATAGRAM);
      byte[] elsewhere = Packets.ipv6(Host.B, stranger, Packets.UDP, DATAGRAM);
      byte[] first = Sealed.esp(parameters(TUNNEL), 1, Sealed.padded(spoofed, 41));
      byte[] second = Sealed.esp(parameters(TUNNEL), 2, Sealed.padded(elsewhere, 41));
      refuses(a, raw(first), DropReason.NOT_SELECTED);
      refuses(a, raw(second), DropReason.NOT_SELECTED);
    }
  }

  /// RFC 4291 §2.5.6, §2.7: what is of a link stays on it. A router's advertisement (RFC 4861 §4.2)
  /// that a tunnel for everything brought would make the peer the host's router.
  @ParameterizedTest
  @CsvSource({
    "fe80::1, 2001:db8:1:1::1",
    "fe80::1, ff02::1",
    "2001:db8:2:2::2, fe80::2",
    "2001:db8:2:2::2, ff01::1"
  })
  void whatBelongsToALinkDoesNotLeaveATunnel(String source, String destination) {
    byte[] advertisement = Packets.hex("86000000 40000708 00000000 00000000");
    byte[] packet =
        Packets.ipv6(
            Ipv6Address.parse(source),
            Ipv6Address.parse(destination),
            Packets.ICMPV6,
            advertisement);
    packet[7] = (byte) 255;
    try (Host a = Host.a(Mode.TUNNEL)) {
      SaParameters everything =
          parameters(TUNNEL)
              .selecting(List.of(Selector.between(AddressRange.ANY, AddressRange.ANY)));
      a.sadb.install(new InboundSa(everything));
      byte[] esp = Sealed.esp(everything, 1, Sealed.padded(packet, 41));
      refuses(a, raw(esp), DropReason.LINK_SCOPED);
      receives(a, tunnelled(2));
      assertArrayEquals(PACKET, a.nextDelivered());
    }
  }

  /// RFC 4303 §3.4.4.1: a tunnel carries IPv6 packets.
  @Test
  void whatIsNoPacketDoesNotLeaveATunnel() {
    try (Host a = Host.a(Mode.TUNNEL)) {
      a.receives(TUNNEL);
      byte[] ipv4 = PACKET.clone();
      ipv4[0] = 0x45;
      byte[][] insides = {
        Sealed.padded(PACKET, 4),
        Sealed.padded(PACKET, 17),
        Sealed.padded(new byte[0], 41),
        Sealed.padded(Arrays.copyOf(PACKET, 39), 41),
        Sealed.padded(ipv4, 41)
      };
      for (int i = 0; i < insides.length; i++) {
        byte[] esp = Sealed.esp(parameters(TUNNEL), i + 1, insides[i]);
        refuses(a, raw(esp), DropReason.NOT_TUNNELLED);
      }
      byte[] cut = Sealed.padded(Arrays.copyOf(PACKET, PACKET.length - 1), 41);
      refuses(a, raw(Sealed.esp(parameters(TUNNEL), 9, cut)), DropReason.MALFORMED_HEADERS);
    }
  }

  /// RFC 6040 §4.2: congestion that the outer header reports reaches the inner packet.
  @ParameterizedTest
  @CsvSource({"b8, 1, b8", "ba, 3, bb", "b9, 3, bb", "ba, 1, b9", "bb, 0, bb", "b8, 2, b8"})
  void congestionIsPassedOn(String inner, int outer, String delivered) {
    byte[] packet = Packets.withTrafficClass(PACKET, Integer.parseInt(inner, 16));
    byte[] esp = Sealed.esp(parameters(TUNNEL), 1, Sealed.padded(packet, 41));
    try (Host a = Host.a(Mode.TUNNEL)) {
      a.receives(TUNNEL);
      receives(a, new Wire(Host.A, 0, Host.B, 0, outer, esp));
      assertArrayEquals(
          Packets.withTrafficClass(PACKET, Integer.parseInt(delivered, 16)), a.nextDelivered());
    }
  }

  /// RFC 6040 §4.2: a sender that does not know congestion marks must lose the packet.
  @Test
  void congestionThatCannotBeToldDropsThePacket() {
    byte[] esp = Sealed.esp(parameters(TUNNEL), 1, Sealed.padded(PACKET, 41));
    try (Host a = Host.a(Mode.TUNNEL)) {
      a.receives(TUNNEL);
      refuses(a, new Wire(Host.A, 0, Host.B, 0, 3, esp), DropReason.CONGESTION);
    }
  }

  /// RFC 4303 §3.4.2: no SA of the SPI, or one of another address of ours.
  @Test
  void theSpiAndItsAddressFindTheSa() {
    try (Host a = Host.a(Mode.TUNNEL)) {
      refuses(a, tunnelled(1), DropReason.UNKNOWN_SPI);
      a.receives(TUNNEL);
      Ipv6Address other = Ipv6Address.parse("2001:db8:1:1::9");
      byte[] esp = tunnelled(1).octets();
      refuses(a, new Wire(other, 0, Host.B, 0, 0, esp), DropReason.WRONG_DESTINATION);
      receives(a, tunnelled(1));
      a.nextDelivered();
    }
  }

  /// RFC 4303 §3.4.2: who sent what is to be read of; of a flood the first, and nothing of what is
  /// as it should be.
  @Test
  void theLastPacketOfAnUnknownSpiIsKeptForPeople() {
    try (Host a = Host.a(Mode.TUNNEL)) {
      refuses(a, tunnelled(1), DropReason.UNKNOWN_SPI);
      refuses(a, udp(new byte[] {(byte) 0xff}), DropReason.KEEPALIVE);
      AuditedDrop last = a.plane.lastDrops().getFirst();
      assertEquals(1, a.plane.lastDrops().size());
      assertEquals(DropReason.UNKNOWN_SPI, last.reason());
      assertEquals("SPI 0x00c0ffee", last.association());
      assertEquals(1, last.sequence());
      assertEquals(Host.A, last.local());
      assertEquals(Host.B, last.remote());
    }
  }

  /// RFC 3948 §2.2 and §2.3: the non-ESP marker is IKE's, one octet of ones a keepalive.
  @Test
  void ikeAndKeepalivesAreTakenApartFromEsp() {
    byte[] ike = {1, 2, 3, 4, 5};
    try (Host a = Host.a(Mode.TUNNEL)) {
      receives(a, new Wire(Host.A, 4500, Host.B, 4500, 0, Packets.join(new byte[4], ike)));
      refuses(a, udp(new byte[] {(byte) 0xff}), DropReason.KEEPALIVE);
      refuses(a, udp(new byte[] {0}), DropReason.MALFORMED_ESP);
      refuses(a, raw(new byte[12]), DropReason.UNKNOWN_SPI);
      assertArrayEquals(ike, Host.next(a.ike));
      assertEquals(0, a.plane.drops(Direction.INBOUND, DropReason.UNKNOWN_SPI) - 1);
    }
  }

  private static Wire udp(byte[] octets) {
    return new Wire(Host.A, 4500, Host.B, 4500, 0, octets);
  }

  /// RFC 4303 §3.1.1: in transport mode the header comes back of what the network said.
  @Test
  void transportModeRebuildsTheHeader() {
    byte[] esp = Sealed.esp(parameters(TRANSPORT), 1, Sealed.padded(DATAGRAM, Packets.UDP));
    try (Host a = Host.a(Mode.TRANSPORT)) {
      a.receives(TRANSPORT);
      receives(a, new Wire(Host.A, 0, Host.B, 0, 0xb8, esp));
      byte[] expected = Packets.withTrafficClass(PACKET, 0xb8);
      expected[7] = QueueUnderlay.HOP_LIMIT;
      assertArrayEquals(expected, a.nextDelivered());
    }
  }
}
