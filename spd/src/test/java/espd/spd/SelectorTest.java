package espd.spd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Which packets a selector selects (RFC 4301 §4.4.1.1) and how two are narrowed to one (RFC 7296
/// §2.9).
class SelectorTest {

  private static final AddressRange NET_1 = AddressRange.parse("2001:db8:1::/48");
  private static final AddressRange NET_2 = AddressRange.parse("2001:db8:2::/48");
  private static final AddressRange HOST_1 = AddressRange.parse("2001:db8:1:1::1");
  private static final AddressRange HOST_2 = AddressRange.parse("2001:db8:2:2::2");
  private static final Selector NETS = Selector.between(NET_1, NET_2);

  @Test
  void matchesByAddress() {
    assertTrue(NETS.matches(Packets.tcp("2001:db8:1:1::1", 1024, "2001:db8:2:2::2", 80)));
    assertFalse(NETS.matches(Packets.tcp("2001:db8:2:2::2", 1024, "2001:db8:1:1::1", 80)));
    assertFalse(NETS.matches(Packets.tcp("2001:db8:1:1::1", 1024, "2001:db8:3::2", 80)));
  }

  @Test
  void matchesByProtocolAndPort() {
    Selector web = new Selector(NET_1, NET_2, Packets.TCP, PortRange.ANY, PortRange.of(80));
    assertTrue(web.matches(Packets.tcp("2001:db8:1::1", 1024, "2001:db8:2::2", 80)));
    assertFalse(web.matches(Packets.tcp("2001:db8:1::1", 80, "2001:db8:2::2", 1024)));
    assertFalse(web.matches(Packets.udp("2001:db8:1::1", 1024, "2001:db8:2::2", 80)));
  }

  @Test
  void matchesByIcmpTypeAndCode() {
    PortRange echo = PortRange.icmp(128, -1);
    Selector ping = new Selector(NET_1, NET_2, Selector.ICMPV6, echo, echo);
    assertTrue(ping.matches(Packets.icmpv6("2001:db8:1::1", "2001:db8:2::2", 128, 0)));
    assertFalse(ping.matches(Packets.icmpv6("2001:db8:1::1", "2001:db8:2::2", 129, 0)));
  }

  /// RFC 4301 §4.4.1.1: a non-initial fragment meets only ANY and OPAQUE.
  @Test
  void matchesAFragmentWithoutPortsOnlyWhereNoPortIsAsked() {
    Flow fragment = Packets.fragment("2001:db8:1::1", "2001:db8:2::2", Packets.TCP);
    PortRange opaque = PortRange.OPAQUE;
    assertTrue(NETS.matches(fragment));
    assertTrue(new Selector(NET_1, NET_2, Packets.TCP, opaque, opaque).matches(fragment));
    assertFalse(
        new Selector(NET_1, NET_2, Packets.TCP, PortRange.ANY, PortRange.of(80)).matches(fragment));
  }

  @Test
  void containsWhatIsNarrower() {
    Selector web = new Selector(HOST_1, HOST_2, Packets.TCP, PortRange.ANY, PortRange.of(80));
    assertTrue(NETS.contains(web));
    assertFalse(web.contains(NETS));
    assertTrue(web.contains(web));
    assertFalse(web.contains(Selector.between(HOST_1, HOST_2)), "every protocol");
  }

  /// RFC 7296 §2.9: the responder chooses the part of the proposal that its policy allows.
  @Test
  void narrowsAProposalToThePolicy() {
    Selector policy =
        new Selector(NET_1, HOST_2, Packets.TCP, PortRange.ANY, new PortRange(1, 1023));
    Selector proposed =
        new Selector(HOST_1, NET_2, Selector.ANY_PROTOCOL, PortRange.ANY, new PortRange(80, 8080));
    Selector narrowed =
        new Selector(HOST_1, HOST_2, Packets.TCP, PortRange.ANY, new PortRange(80, 1023));
    assertEquals(Optional.of(narrowed), policy.intersect(proposed));
    assertEquals(Optional.of(narrowed), proposed.intersect(policy));
  }

  /// RFC 7296 §2.9: nothing in common is TS_UNACCEPTABLE.
  @Test
  void findsNothingInCommonWhereOnePartDiffers() {
    Selector tcp = new Selector(NET_1, NET_2, Packets.TCP, PortRange.ANY, PortRange.of(80));
    Selector udp = new Selector(NET_1, NET_2, Packets.UDP, PortRange.ANY, PortRange.of(80));
    Selector other = new Selector(NET_1, NET_2, Packets.TCP, PortRange.ANY, PortRange.of(81));
    assertEquals(Optional.empty(), tcp.intersect(udp));
    assertEquals(Optional.empty(), tcp.intersect(other));
    assertEquals(Optional.empty(), tcp.intersect(Selector.between(NET_2, NET_1)));
    assertEquals(Optional.empty(), tcp.intersect(Selector.between(NET_1, HOST_1)));
  }

  @Test
  void selectsWithTheIntersectionExactlyWhatBothSelect() {
    Random random = new Random(29);
    int met = 0;
    for (int i = 0; i < 100_000; i++) {
      Selector one = random(random);
      Selector other = random(random);
      Flow packet = packet(random);
      Optional<Selector> both = one.intersect(other);
      assertEquals(
          one.matches(packet) && other.matches(packet),
          both.isPresent() && both.get().matches(packet),
          () -> one + " and " + other);
      assertEquals(both.equals(Optional.of(other)), one.contains(other));
      met += both.isPresent() ? 1 : 0;
    }
    assertTrue(met > 1_000, "selectors that meet: " + met);
  }

  private static Selector random(Random random) {
    return new Selector(
        AddressRange.prefix(new Ipv6Address(0, random.nextInt(4)), 126 + random.nextInt(3)),
        AddressRange.prefix(new Ipv6Address(0, random.nextInt(4)), 126 + random.nextInt(3)),
        random.nextInt(3),
        ports(random),
        ports(random));
  }

  private static PortRange ports(Random random) {
    int first = random.nextInt(4);
    return switch (random.nextInt(4)) {
      case 0 -> PortRange.ANY;
      case 1 -> PortRange.OPAQUE;
      default -> new PortRange(first, first + random.nextInt(3));
    };
  }

  private static Flow packet(Random random) {
    Flow flow = new Flow();
    flow.localLow = random.nextInt(4);
    flow.remoteLow = random.nextInt(4);
    flow.protocol = 1 + random.nextInt(2);
    flow.localPort = random.nextInt(5) - 1;
    flow.remotePort = random.nextInt(5) - 1;
    return flow;
  }

  /// RFC 7296 §2.9: the first selectors of an SA that a packet asked for are the packet's own.
  @Test
  void makesAPacketItsOwnSelector() {
    Flow packet = Packets.tcp("2001:db8:1:1::1", 1024, "2001:db8:2:2::2", 80);
    assertEquals(
        new Selector(HOST_1, HOST_2, Packets.TCP, PortRange.of(1024), PortRange.of(80)),
        packet.toSelector());
    Flow fragment = Packets.fragment("2001:db8:1:1::1", "2001:db8:2:2::2", Packets.UDP);
    assertTrue(fragment.toSelector().matches(fragment));
  }

  @Test
  void refusesAProtocolOfMoreThanAnOctet() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new Selector(NET_1, NET_2, 256, PortRange.ANY, PortRange.ANY));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Selector(NET_1, NET_2, -1, PortRange.ANY, PortRange.ANY));
  }

  @Test
  void printsOnlyWhatRestricts() {
    assertEquals("2001:db8:1::/48 === 2001:db8:2::/48", NETS.toString());
    assertEquals(
        "2001:db8:1:1::1/128 === 2001:db8:2::/48[80] proto 6",
        new Selector(HOST_1, NET_2, Packets.TCP, PortRange.ANY, PortRange.of(80)).toString());
  }
}
