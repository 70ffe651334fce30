package espd.dataplane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.dataplane.PacketTrace.Bypassed;
import espd.dataplane.PacketTrace.Dropped;
import espd.dataplane.PacketTrace.Sent;
import espd.dataplane.QueueUnderlay.Wire;
import espd.spd.Direction;
import espd.spd.Encryption;
import espd.spd.EspSuite;
import espd.spd.Integrity;
import espd.spd.Policy;
import espd.spd.PortRange;
import espd.spd.Processing;
import espd.spd.Selector;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Packets of IPv4 that leave (RFC 4301 §5.1, §7).
class OutboundIpv4Test {

  private static final EspSuite GCM = new EspSuite(Encryption.AES_GCM_16, 128, Integrity.NONE);
  private static final Selector ALL = Ipv4Packets.selector(Selector.ANY_PROTOCOL, PortRange.ANY);
  private static final Selector PORT = Ipv4Packets.selector(Packets.UDP, PortRange.of(6000));
  private static final int MTU = DataPlaneConfiguration.ETHERNET_MTU;

  private static byte[] datagram(int port, int octets) {
    return Ipv4Packets.packet(Packets.UDP, 0, Packets.udp(5000, port, octets));
  }

  private static Host peer(Selector selector) {
    Host b = new Host(Host.B, Host.A);
    b.plane.start();
    Ipv4Packets.receives(b, GCM, selector);
    return b;
  }

  /// RFC 4301 §7.3, RFC 791 §3.2: what shows no ports cannot go under an SA for some; the datagram
  /// goes whole, whose header is as it was before it was cut, in whatever order its fragments come.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void aTunnelForSomePortsCarriesTheDatagramWhole(long seed) {
    byte[] datagram = datagram(6000, 5000);
    List<byte[]> fragments = new ArrayList<>(Ipv4Packets.cut(datagram, 1200));
    Collections.shuffle(fragments.subList(1, fragments.size()), new Random(seed));
    try (Host a = Ipv4Packets.host(PORT, Ipv4Packets.protect());
        Host b = peer(PORT)) {
      Ipv4Packets.sends(a, GCM, PORT);
      a.tun.fromHost.addAll(fragments);
      b.arrives(Pieces.nextWhole(a, MTU));
      byte[] delivered = b.nextDelivered();
      assertArrayEquals(datagram, delivered);
      assertEquals(0xffff, Ipv4Packets.sum(delivered));
      assertEquals(0, a.allDrops(Direction.OUTBOUND), () -> a.dropsText(Direction.OUTBOUND));
    }
  }

  /// RFC 4301 §7.1: an SA for all ports carries fragments as they are.
  @Test
  void aTunnelForAllPortsCarriesEachFragment() {
    List<byte[]> fragments = Ipv4Packets.cut(datagram(6000, 3000), 1200).reversed();
    try (Host a = Ipv4Packets.host(ALL, Ipv4Packets.protect());
        Host b = peer(ALL)) {
      Ipv4Packets.sends(a, GCM, ALL);
      for (byte[] fragment : fragments) {
        b.arrives(a.protect(fragment));
        assertArrayEquals(fragment, b.nextDelivered());
      }
    }
  }

  /// RFC 8200 §4.5, RFC 5722 §4 and what RFC 3128 warns of: as with IPv6.
  @Test
  void duplicatesAreDroppedAndOverlapsEndTheDatagram() {
    List<byte[]> fragments = Ipv4Packets.cut(datagram(6000, 3000), 1200);
    try (Host a = Ipv4Packets.host(PORT, Ipv4Packets.protect())) {
      Ipv4Packets.sends(a, GCM, PORT);
      a.tun.fromHost.addAll(fragments.subList(0, 2));
      a.tun.fromHost.add(fragments.get(1));
      a.awaitDrops(Direction.OUTBOUND, DropReason.FRAGMENT_DUPLICATE, 1);
      a.tun.fromHost.add(fragments.get(2));
      Pieces.nextWhole(a, MTU);
      a.tun.fromHost.addAll(fragments.subList(0, 2));
      a.tun.fromHost.add(Ipv4Packets.packet(Packets.UDP, 0x2000 | 299, new byte[80]));
      a.awaitDrops(Direction.OUTBOUND, DropReason.FRAGMENT_OVERLAP, 1);
      a.tun.fromHost.add(fragments.get(2));
      a.awaitDrops(Direction.OUTBOUND, DropReason.FRAGMENT_OVERLAP, 2);
      assertTrue(a.underlay.sent.isEmpty());
    }
  }

  /// RFC 791 §3.1: no datagram is longer than its total length can say.
  @Test
  void aDatagramLongerThanAnyIsDropped() {
    byte[] last = Ipv4Packets.packet(Packets.UDP, 8190, new byte[24]);
    try (Host a = Ipv4Packets.host(PORT, Ipv4Packets.protect())) {
      Ipv4Packets.sends(a, GCM, PORT);
      a.tun.fromHost.add(Ipv4Packets.cut(datagram(6000, 3000), 1200).getFirst());
      a.tun.fromHost.add(last);
      a.awaitDrops(Direction.OUTBOUND, DropReason.MALFORMED_HEADERS, 1);
    }
  }

  /// RFC 3168 §5.3: what any fragment says of congestion the datagram says.
  @Test
  void congestionOfAFragmentIsThatOfTheDatagram() {
    byte[] datagram = datagram(6000, 3000);
    List<byte[]> fragments = Ipv4Packets.cut(datagram, 1200);
    for (byte[] fragment : fragments) {
      fragment[1] = 2;
    }
    fragments.get(1)[1] = 3;
    try (Host a = Ipv4Packets.host(PORT, Ipv4Packets.protect());
        Host b = peer(PORT)) {
      Ipv4Packets.sends(a, GCM, PORT);
      a.tun.fromHost.addAll(fragments);
      b.arrives(Pieces.nextWhole(a, MTU));
      byte[] delivered = b.nextDelivered();
      assertEquals(3, delivered[1]);
      assertEquals(0xffff, Ipv4Packets.sum(delivered));
    }
  }

  /// RFC 4301 §4.4.1.1: what may pass leaves as it is, under its own header.
  @Test
  void whatBypassesLeavesAsItIs() {
    try (Host a = Ipv4Packets.host(PORT, new Processing.Bypass())) {
      a.sadb.add(new Policy("all", Direction.OUTBOUND, ALL, 1, new Processing.Discard()));
      byte[] passes = datagram(6000, 100);
      Wire sent = a.protect(passes);
      assertArrayEquals(passes, sent.octets());
      assertEquals(0, sent.localPort());
      a.tun.fromHost.add(datagram(6001, 100));
      a.awaitDrops(Direction.OUTBOUND, DropReason.POLICY_DISCARD, 1);
    }
  }

  /// RFC 4301 §7.4: a fragment goes the way of its first; one whose first nobody saw goes nowhere.
  @Test
  void fragmentsBypassBehindTheirFirstOnly() {
    List<byte[]> fragments = Ipv4Packets.cut(datagram(6000, 3000), 1200);
    Selector every = Ipv4Packets.selector(Packets.UDP, PortRange.ANY);
    try (Host a = Ipv4Packets.host(every, new Processing.Bypass())) {
      a.tun.fromHost.add(fragments.get(1));
      a.awaitDrops(Direction.OUTBOUND, DropReason.FRAGMENT_WITHOUT_FIRST, 1);
      a.tun.fromHost.addAll(fragments);
      for (byte[] fragment : fragments) {
        assertArrayEquals(fragment, a.nextSent().octets());
      }
    }
  }

  private static Probe udp(int port, int octets) {
    return new Probe(Ipv4Packets.LEFT, Ipv4Packets.RIGHT, Packets.UDP, 5000, port, octets);
  }

  /// What is said of a packet is what becomes of one: up to the longest that the path takes, for
  /// nobody may cut it (RFC 1191).
  @Test
  void whatIsToldOfAPacketIsWhatBecomesOfIt() {
    try (Host a = Ipv4Packets.host(ALL, Ipv4Packets.protect())) {
      Ipv4Packets.sends(a, GCM, ALL);
      PacketTrace trace = a.plane.trace(Direction.OUTBOUND, udp(6000, 700));
      assertEquals("10.1.0.1[5000] to 10.2.0.1[6000], protocol 17", trace.text());
      Sent sent = assertInstanceOf(Sent.class, trace.fate());
      assertEquals(a.protect(datagram(6000, 700 - 28)).octets().length, sent.espOctets());
      Probe longest = udp(6000, sent.longest());
      assertInstanceOf(Sent.class, a.plane.trace(Direction.OUTBOUND, longest).fate());
      assertEquals(
          new Dropped(DropReason.TOO_BIG),
          a.plane.trace(Direction.OUTBOUND, udp(6000, sent.longest() + 1)).fate());
      byte[] packet = datagram(6000, sent.longest() + 1 - 28);
      ByteBuffer.wrap(packet).putShort(6, (short) 0x4000);
      a.tun.fromHost.add(packet);
      a.awaitDrops(Direction.OUTBOUND, DropReason.TOO_BIG, 1);
    }
  }

  @Test
  void typesAndCodesOfIcmpAreTold() {
    Selector echo = Ipv4Packets.selector(Selector.ICMP, PortRange.icmp(8, -1));
    Probe ping = new Probe(Ipv4Packets.LEFT, Ipv4Packets.RIGHT, Selector.ICMP, 8, 0, 84);
    try (Host a = Ipv4Packets.host(echo, new Processing.Bypass())) {
      PacketTrace trace = a.plane.trace(Direction.OUTBOUND, ping);
      assertEquals("10.1.0.1 to 10.2.0.1, protocol 1 type 8 code 0", trace.text());
      assertEquals(new Bypassed(), trace.fate());
      assertEquals(1, trace.place());
    }
    assertThrows(
        IllegalArgumentException.class,
        () -> new Probe(Ipv4Packets.LEFT, Host.B, Packets.UDP, 1, 2, 84));
  }
}
