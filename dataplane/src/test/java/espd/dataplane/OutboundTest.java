package espd.dataplane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.dataplane.QueueUnderlay.Wire;
import espd.spd.AddressRange;
import espd.spd.Direction;
import espd.spd.Encryption;
import espd.spd.EspSuite;
import espd.spd.Integrity;
import espd.spd.Ipv6Address;
import espd.spd.Mode;
import espd.spd.OutboundSa;
import espd.spd.Policy;
import espd.spd.PortRange;
import espd.spd.Processing;
import espd.spd.Selector;
import espd.spd.UdpEncapsulation;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What leaves (RFC 4301 §5.1, RFC 4303 §3.3).
class OutboundTest {

  private static final EspSuite GCM = new EspSuite(Encryption.AES_GCM_16, 128, Integrity.NONE);
  private static final Host.Sa TRANSPORT = new Host.Sa(GCM, Mode.TRANSPORT);
  private static final Host.Sa TUNNEL = new Host.Sa(GCM, Mode.TUNNEL);
  private static final byte[] DATAGRAM = Packets.udp(5000, 6000, 32);

  private static byte[] packet(int next, byte[] payload) {
    return Packets.ipv6(Host.A, Host.B, next, payload);
  }

  /// RFC 4303 §3.1.1: ESP stands behind hop-by-hop options, routing and an atomic fragment header,
  /// and before the destination options that follow them; those before a routing header stay out.
  @ParameterizedTest
  @CsvSource({"0, 48", "60, 40", "43, 48", "0-60, 48", "0-60-43-60, 64", "60-43-44-60, 64"})
  void transportModePutsEspBetweenTheExtensionHeaders(String chain, int espAt) {
    int[] headers = Arrays.stream(chain.split("-")).mapToInt(Integer::parseInt).toArray();
    byte[] payload = DATAGRAM;
    int next = Packets.UDP;
    for (int i = headers.length - 1; i >= 0; i--) {
      payload =
          headers[i] == Packets.FRAGMENT
              ? Packets.fragment(next, 0, payload)
              : Packets.extension(next, payload);
      next = headers[i];
    }
    byte[] packet = packet(next, payload);
    try (Host a = Host.a(Mode.TRANSPORT);
        Host b = Host.b(Mode.TRANSPORT)) {
      a.sends(TRANSPORT);
      b.receives(TRANSPORT);
      Wire wire = a.protect(packet);
      byte[] sent = wire.octets();
      assertEquals(espAt, Host.espOffset(sent));
      assertEquals(Host.SPI, ByteBuffer.wrap(sent).getInt(espAt));
      assertEquals(sent.length - 40, ByteBuffer.wrap(sent).getShort(4));
      b.arrives(wire);
      byte[] inside = Arrays.copyOfRange(packet, espAt, packet.length);
      byte[] delivered = b.nextDelivered();
      assertArrayEquals(inside, Arrays.copyOfRange(delivered, 40, delivered.length));
    }
  }

  /// RFC 4301 §5.1.2.2, RFC 6040 §4.1: DSCP and ECN are copied outward, the hop limit is ours, the
  /// inner packet is not touched.
  @Test
  void tunnelModeMakesAHeaderOfItsOwn() {
    byte[] packet = Packets.withTrafficClass(packet(Packets.UDP, DATAGRAM), 0xb9);
    try (Host a = Host.a(Mode.TUNNEL)) {
      a.sends(TUNNEL);
      byte[] sent = a.protect(packet).octets();
      int esp = GCM.packetOctets(packet.length);
      assertEquals("6b9", HexFormat.of().formatHex(sent, 0, 2).substring(0, 3));
      assertTrue((ByteBuffer.wrap(sent).getInt() & 0xfffff) != 0, "RFC 6437 §3: no flow label");
      assertEquals(
          String.format("%04x", esp) + "3240",
          HexFormat.of().formatHex(Arrays.copyOfRange(sent, 4, 8)));
      assertArrayEquals(Host.A.octets(), Arrays.copyOfRange(sent, 8, 24));
      assertArrayEquals(Host.B.octets(), Arrays.copyOfRange(sent, 24, 40));
      assertEquals(40 + esp, sent.length);
    }
  }

  /// RFC 3948 §3.1: a UDP datagram holds ESP from its header on; the traffic class goes beside.
  @Test
  void inUdpOnlyEspTravels() {
    UdpEncapsulation ports = new UdpEncapsulation(4500, 61234);
    byte[] packet = Packets.withTrafficClass(packet(Packets.UDP, DATAGRAM), 0x2c);
    try (Host a = Host.a(Mode.TUNNEL)) {
      a.sends(new Host.Sa(GCM, Mode.TUNNEL, false, ports));
      Wire sent = a.protect(packet);
      assertEquals(4500, sent.localPort());
      assertEquals(61234, sent.remotePort());
      assertEquals(0x2c, sent.tos());
      assertEquals(Host.SPI, ByteBuffer.wrap(sent.octets()).getInt());
      assertEquals(GCM.packetOctets(packet.length), sent.octets().length);
    }
  }

  /// RFC 4303 §3.3.3: the first number is 1, and they go up by one; RFC 4106 §3.1: an IV never
  /// repeats.
  @Test
  void numbersBeginWithOneAndIvsNeverRepeat() {
    try (Host a = Host.a(Mode.TUNNEL)) {
      a.sends(TUNNEL);
      for (int number = 1; number <= 100; number++) {
        ByteBuffer esp = ByteBuffer.wrap(a.protect(packet(Packets.UDP, DATAGRAM)).octets());
        assertEquals(number, esp.getInt(44));
        assertEquals(number, esp.getLong(48));
      }
    }
  }

  /// RFC 4303 §3.3.3: numbers do not cycle; the SA stops.
  @Test
  void anSaWhoseNumbersAreUsedUpStops() {
    try (Host a = Host.a(Mode.TUNNEL)) {
      a.sadb.install(new OutboundSa(Host.parameters(TUNNEL, Host.A, Host.B), 0xffff_fffeL));
      assertEquals(
          -1, ByteBuffer.wrap(a.protect(packet(Packets.UDP, DATAGRAM)).octets()).getInt(44));
      a.tun.fromHost.add(packet(Packets.UDP, DATAGRAM));
      a.tun.fromHost.add(packet(Packets.UDP, DATAGRAM));
      a.awaitDrops(Direction.OUTBOUND, DropReason.SEQUENCE_OVERFLOW, 2);
      assertTrue(a.underlay.sent.isEmpty());
    }
  }

  /// RFC 4303 §3.3.4: transport mode is for whole datagrams; tunnel mode carries fragments.
  @Test
  void fragmentsGoThroughTunnelsOnly() {
    byte[] first = packet(Packets.FRAGMENT, Packets.fragment(Packets.UDP, 1, DATAGRAM));
    byte[] last = packet(Packets.FRAGMENT, Packets.fragment(Packets.UDP, 40, new byte[64]));
    try (Host a = Host.a(Mode.TRANSPORT);
        Host b = Host.a(Mode.TUNNEL)) {
      a.sends(TRANSPORT);
      b.sends(TUNNEL);
      a.tun.fromHost.add(first);
      byte[] whole = a.protect(last).octets();
      assertEquals(40 + GCM.packetOctets(DATAGRAM.length + 64), whole.length);
      assertTrue(a.underlay.sent.isEmpty());
      b.protect(first);
      b.protect(last);
    }
  }

  /// RFC 3948 §3.1: headers before ESP have no place in a datagram of the underlay's making.
  @Test
  void extensionHeadersBeforeEspDoNotGoIntoUdp() {
    try (Host a = Host.a(Mode.TRANSPORT)) {
      a.sends(new Host.Sa(GCM, Mode.TRANSPORT, false, new UdpEncapsulation(4500, 4500)));
      a.tun.fromHost.add(packet(Packets.HOP_BY_HOP, Packets.extension(Packets.UDP, DATAGRAM)));
      a.awaitDrops(Direction.OUTBOUND, DropReason.EXTENSION_NOT_IN_UDP, 1);
    }
  }

  /// RFC 4301 §4.4.1: the first policy that selects a packet decides.
  @Test
  void policiesBypassAndDiscard() {
    try (Host a = new Host(Host.A, Host.B)) {
      Selector web =
          new Selector(
              AddressRange.ANY, AddressRange.ANY, Packets.UDP, PortRange.ANY, PortRange.of(80));
      a.sadb.add(new Policy("no", Direction.OUTBOUND, web, 0, new Processing.Discard()));
      a.plane.start();
      byte[] passes = packet(Packets.UDP, DATAGRAM);
      Wire sent = a.protect(passes);
      assertArrayEquals(passes, sent.octets());
      assertEquals(0, sent.localPort());
      a.tun.fromHost.add(packet(Packets.UDP, Packets.udp(5000, 80, 8)));
      a.awaitDrops(Direction.OUTBOUND, DropReason.POLICY_DISCARD, 1);
    }
  }

  /// RFC 4291 §2.5.6 and §2.7: what a host says on each of its links is not for a tunnel; it asks
  /// for no SA either.
  @Test
  void packetsOfLinkLocalScopeStayOnTheirLink() {
    Ipv6Address linkLocal = Ipv6Address.parse("fe80::1");
    Ipv6Address routers = Ipv6Address.parse("ff02::2");
    try (Host a = new Host(Host.A, Host.B)) {
      Selector all = Selector.between(AddressRange.ANY, AddressRange.ANY);
      Processing protect = new Processing.Protect(Mode.TUNNEL, Host.A, Host.B, Host.REQID);
      a.sadb.add(new Policy("all", Direction.OUTBOUND, all, 0, protect));
      a.plane.start();
      a.tun.fromHost.add(Packets.ipv6(linkLocal, Host.B, Packets.UDP, DATAGRAM));
      a.tun.fromHost.add(Packets.ipv6(Host.A, linkLocal, Packets.UDP, DATAGRAM));
      a.tun.fromHost.add(Packets.ipv6(Host.A, routers, Packets.UDP, DATAGRAM));
      a.awaitDrops(Direction.OUTBOUND, DropReason.LINK_SCOPED, 3);
      assertEquals(0, a.plane.heldPackets());
    }
  }

  /// RFC 8200 §4: a packet that ends within its headers is dropped, wherever it ends.
  @Test
  void packetsCutShortAreDroppedAndCounted() {
    byte[] packet =
        packet(
            Packets.HOP_BY_HOP,
            Packets.extension(
                Packets.ROUTING, Packets.extension(Packets.UDP, Packets.udp(1, 2, 0))));
    try (Host a = Host.a(Mode.TUNNEL)) {
      a.sends(TUNNEL);
      for (int octets = 1; octets < packet.length; octets++) {
        a.tun.fromHost.add(Arrays.copyOf(packet, octets));
      }
      a.awaitDrops(Direction.OUTBOUND, DropReason.MALFORMED_HEADERS, packet.length - 1);
      byte[] version5 = packet.clone();
      version5[0] = 0x55;
      a.tun.fromHost.add(version5);
      a.awaitDrops(Direction.OUTBOUND, DropReason.NOT_IP, 1);
      a.protect(packet);
    }
  }

  /// RFC 4443 §3.2, RFC 4301 §8.2.1: the sender hears of the longest packet that fits, and that one
  /// does fit.
  @ParameterizedTest
  @CsvSource({"TRANSPORT, 1466", "TUNNEL, 1426"})
  void whatDoesNotFitComesBackAsPacketTooBig(Mode mode, int mtu) {
    byte[] big = packet(Packets.UDP, Packets.udp(5000, 6000, mtu - 47));
    try (Host a = Host.a(mode)) {
      a.sends(new Host.Sa(GCM, mode));
      a.tun.fromHost.add(big);
      byte[] answer = a.nextDelivered();
      assertEquals(1280, answer.length);
      ByteBuffer icmp = ByteBuffer.wrap(answer);
      assertEquals(Packets.ICMPV6, answer[6]);
      assertArrayEquals(Host.A.octets(), Arrays.copyOfRange(answer, 24, 40));
      assertEquals(0x0200, icmp.getShort(40));
      assertEquals(mtu, icmp.getInt(44));
      assertArrayEquals(Arrays.copyOf(big, 1232), Arrays.copyOfRange(answer, 48, 1280));
      assertEquals(0, checksum(answer));
      a.awaitDrops(Direction.OUTBOUND, DropReason.TOO_BIG, 1);
      byte[] sent = a.protect(Arrays.copyOf(shortened(big), mtu)).octets();
      assertTrue(sent.length <= 1500 && sent.length > 1496, () -> "sent " + sent.length);
      assertEquals(1, ByteBuffer.wrap(sent).getInt(44));
    }
  }

  private static byte[] shortened(byte[] packet) {
    ByteBuffer shorter = ByteBuffer.wrap(Arrays.copyOf(packet, packet.length - 1));
    return shorter.putShort(4, (short) (packet.length - 41)).array();
  }

  /// The sum over pseudo-header and message, 0 when the checksum in it is right.
  private static int checksum(byte[] packet) {
    ByteBuffer octets = ByteBuffer.wrap(packet);
    int sum = packet.length - 40 + Packets.ICMPV6;
    for (int at = 8; at < packet.length; at += 2) {
      sum += octets.getShort(at) & 0xffff;
    }
    while (sum >>> 16 != 0) {
      sum = (sum & 0xffff) + (sum >>> 16);
    }
    return ~sum & 0xffff;
  }

  /// RFC 4443 §2.4 (f): errors are few, however many packets ask for one.
  @Test
  void packetTooBigIsRateLimited() {
    try (Host a = Host.a(Mode.TUNNEL)) {
      a.sends(TUNNEL);
      byte[] big = packet(Packets.UDP, Packets.udp(5000, 6000, 1400));
      for (int i = 0; i < 1000; i++) {
        a.tun.fromHost.add(big);
      }
      a.awaitDrops(Direction.OUTBOUND, DropReason.TOO_BIG, 1000);
      assertTrue(a.tun.toHost.size() < 500, () -> "answers: " + a.tun.toHost.size());
    }
  }
}
