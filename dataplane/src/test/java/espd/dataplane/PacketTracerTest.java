package espd.dataplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.dataplane.PacketTrace.Bypassed;
import espd.dataplane.PacketTrace.Dropped;
import espd.dataplane.PacketTrace.Expected;
import espd.dataplane.PacketTrace.Held;
import espd.dataplane.PacketTrace.Sent;
import espd.spd.AddressRange;
import espd.spd.Direction;
import espd.spd.Encryption;
import espd.spd.EspSuite;
import espd.spd.InboundSa;
import espd.spd.Integrity;
import espd.spd.Ipv6Address;
import espd.spd.Mode;
import espd.spd.OutboundSa;
import espd.spd.Policy;
import espd.spd.PortRange;
import espd.spd.Processing;
import espd.spd.Selector;
import espd.spd.SpdEntry;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// What is said of a packet is what becomes of one.
class PacketTracerTest {

  private static final EspSuite GCM = new EspSuite(Encryption.AES_GCM_16, 128, Integrity.NONE);

  private static Probe udp(int port, int octets) {
    return new Probe(Host.A, Host.B, Packets.UDP, 5000, port, octets);
  }

  private static PacketTrace outbound(Host host, Probe probe) {
    return host.plane.trace(Direction.OUTBOUND, probe);
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void aPacketLeavesUnderTheSaAndAtTheLengthThatWereTold(Mode mode) {
    try (Host a = Host.a(mode)) {
      OutboundSa sa = a.sends(new Host.Sa(GCM, mode));
      for (int octets : new int[] {48, 700, 1280}) {
        PacketTrace trace = outbound(a, udp(6000, octets));
        Sent sent = assertInstanceOf(Sent.class, trace.fate());
        assertEquals(sa, sent.sa());
        assertEquals(1, trace.place());
        assertEquals(1500, sent.pathOctets());
        long before = sa.sequence();
        byte[] packet =
            Packets.ipv6(Host.A, Host.B, Packets.UDP, Packets.udp(5000, 6000, octets - 48));
        assertEquals(a.protect(packet).octets().length, sent.espOctets());
        assertEquals(before + 1, sa.sequence(), "asking drew a number");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void theLongestPacketToldIsTheLongestThatPasses(Mode mode) {
    try (Host a = Host.a(mode)) {
      a.sends(new Host.Sa(GCM, mode));
      Sent sent = assertInstanceOf(Sent.class, outbound(a, udp(6000, 48)).fate());
      Sent longest = assertInstanceOf(Sent.class, outbound(a, udp(6000, sent.longest())).fate());
      assertTrue(longest.espOctets() <= 1500);
      assertEquals(
          new Dropped(DropReason.TOO_BIG), outbound(a, udp(6000, sent.longest() + 1)).fate());
      a.tun.fromHost.add(
          Packets.ipv6(
              Host.A, Host.B, Packets.UDP, Packets.udp(5000, 6000, sent.longest() + 1 - 48)));
      a.awaitDrops(Direction.OUTBOUND, DropReason.TOO_BIG, 1);
    }
  }

  @Test
  void whatEveryLinkCarriesIsToldToBeCut() {
    try (Host a = Host.a(Mode.TUNNEL)) {
      a.plane.pathMtu(1280);
      a.sends(new Host.Sa(GCM, Mode.TUNNEL));
      assertTrue(assertInstanceOf(Sent.class, outbound(a, udp(6000, 1280)).fate()).isCut());
    }
  }

  @Test
  void aPacketWithoutAnSaWaitsAndStartsANegotiationOnce() {
    try (Host a = Host.a(Mode.TUNNEL)) {
      assertEquals(new Held(false), outbound(a, udp(6000, 48)).fate());
      assertEquals(new Held(false), outbound(a, udp(6000, 48)).fate(), "asking has acquired");
      a.tun.fromHost.add(Packets.ipv6(Host.A, Host.B, Packets.UDP, Packets.udp(5000, 6000, 8)));
      while (a.plane.heldPackets() == 0 || !a.sadb.isAcquiring(Host.REQID)) {
        Thread.onSpinWait();
      }
      assertEquals(new Held(true), outbound(a, udp(6000, 48)).fate());
    }
  }

  @ParameterizedTest
  @CsvSource({"2^32-1, 0xffffffff", "2^32-2, 0xfffffffe"})
  void anSaWhoseNumbersAreUsedUpStops(String name, long drawn) {
    try (Host a = Host.a(Mode.TUNNEL)) {
      a.sadb.install(
          new OutboundSa(Host.parameters(new Host.Sa(GCM, Mode.TUNNEL), Host.A, Host.B), drawn));
      boolean used = drawn == 0xffff_ffffL;
      PacketTrace.Fate fate = outbound(a, udp(6000, 48)).fate();
      assertEquals(used, fate.equals(new Dropped(DropReason.SEQUENCE_OVERFLOW)), name + fate);
    }
  }

  @Test
  void theFirstPolicyThatSelectsItDecidesAndItsPlaceIsTold() {
    try (Host a = Host.a(Mode.TUNNEL)) {
      Selector all = a.selector();
      Selector port =
          new Selector(all.local(), all.remote(), Packets.UDP, PortRange.ANY, PortRange.of(53));
      SpdEntry wide = a.sadb.spd().inOrder(Direction.OUTBOUND).findFirst().orElseThrow();
      a.sadb.remove(wide);
      a.sadb.add(new Policy("dns", Direction.OUTBOUND, port, 0, new Processing.Discard()));
      a.sadb.add(wide.policy());
      PacketTrace dns = outbound(a, udp(53, 48));
      assertEquals(new Dropped(DropReason.POLICY_DISCARD), dns.fate());
      assertEquals(1, dns.place());
      assertEquals("dns", dns.entry().policy().connection());
      PacketTrace other = outbound(a, udp(54, 48));
      assertEquals(2, other.place());
      assertEquals(2, other.entries());
    }
  }

  @Test
  void whatNoPolicySelectsPasses() {
    try (Host a = Host.a(Mode.TUNNEL)) {
      Ipv6Address elsewhere = Ipv6Address.parse("2001:db8:9::9");
      PacketTrace trace = outbound(a, new Probe(Host.A, elsewhere, 6, 1, 2, 48));
      assertEquals(new Bypassed(), trace.fate());
      assertEquals(0, trace.place());
      Ipv6Address link = Ipv6Address.parse("fe80::1");
      assertEquals(
          new Dropped(DropReason.LINK_SCOPED),
          outbound(a, new Probe(Host.A, link, 6, 1, 2, 48)).fate());
    }
  }

  @Test
  void whatArrivesIsExpectedUnderItsSa() {
    try (Host b = Host.b(Mode.TUNNEL)) {
      assertEquals(
          new Expected(Optional.empty()), b.plane.trace(Direction.INBOUND, udp(6000, 48)).fate());
      InboundSa sa = b.receives(new Host.Sa(GCM, Mode.TUNNEL));
      assertEquals(
          new Expected(Optional.of(sa)), b.plane.trace(Direction.INBOUND, udp(6000, 48)).fate());
    }
  }

  @Test
  void whatIsOfLinkLocalScopeDoesNotArriveThroughATunnel() {
    try (Host b = Host.b(Mode.TUNNEL)) {
      Selector all = Selector.between(AddressRange.ANY, AddressRange.ANY);
      Processing protect = new Processing.Protect(Mode.TUNNEL, Host.B, Host.A, Host.REQID);
      b.sadb.add(new Policy("all", Direction.INBOUND, all, 0, protect));
      Ipv6Address link = Ipv6Address.parse("fe80::1");
      assertEquals(
          new Dropped(DropReason.LINK_SCOPED),
          b.plane.trace(Direction.INBOUND, new Probe(link, Host.B, 6, 1, 2, 48)).fate());
    }
  }

  @Test
  void icmpv6HasTypeAndCodeInThePlaceOfPorts() {
    try (Host a = Host.a(Mode.TUNNEL)) {
      PacketTrace trace =
          outbound(a, new Probe(Host.A, Host.B, Packets.ICMPV6, 128, 0, Probe.LEAST_OCTETS));
      assertEquals(0x8000, trace.flow().localPort);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "47, 6, 1, 2",
    "65576, 6, 1, 2",
    "48, 256, 1, 2",
    "48, 6, 65536, 2",
    "48, 58, 256, 0"
  })
  void refusesPacketsThatThereCannotBe(int octets, int protocol, int source, int destination) {
    assertThrows(
        IllegalArgumentException.class,
        () -> new Probe(Host.A, Host.B, protocol, source, destination, octets));
  }
}
