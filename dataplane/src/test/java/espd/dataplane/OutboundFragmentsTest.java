package espd.dataplane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.dataplane.QueueUnderlay.Wire;
import espd.spd.AddressRange;
import espd.spd.Direction;
import espd.spd.Encryption;
import espd.spd.EspSuite;
import espd.spd.Integrity;
import espd.spd.Mode;
import espd.spd.OutboundSa;
import espd.spd.Policy;
import espd.spd.PortRange;
import espd.spd.Processing;
import espd.spd.Selector;
import espd.spd.UdpEncapsulation;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Fragments that the host sends (RFC 4301 §7, RFC 4303 §3.3.4).
class OutboundFragmentsTest {

  private static final EspSuite GCM = new EspSuite(Encryption.AES_GCM_16, 128, Integrity.NONE);
  private static final Host.Sa TRANSPORT = new Host.Sa(GCM, Mode.TRANSPORT);
  private static final Host.Sa TUNNEL = new Host.Sa(GCM, Mode.TUNNEL);
  private static final int MTU = DataPlaneConfiguration.ETHERNET_MTU;

  /// A datagram to a port, with so many octets behind the IPv6 header.
  private static byte[] datagram(int port, int payload) {
    return Packets.ipv6(Host.A, Host.B, Packets.UDP, Packets.udp(5000, port, payload - 8));
  }

  private static byte[] small() {
    return datagram(6000, 40);
  }

  /// RFC 4303 §3.3.4: ESP is applied to the whole datagram, and its packet is cut.
  @Test
  void transportModeProtectsTheDatagramWholeAndCutsItsEsp() {
    byte[] datagram = datagram(6000, 3000);
    List<byte[]> fragments = Pieces.cut(datagram, 1300);
    assertEquals(3, fragments.size());
    try (Host a = Host.a(Mode.TRANSPORT);
        Host b = Host.b(Mode.TRANSPORT)) {
      OutboundSa out = a.sends(TRANSPORT);
      b.receives(TRANSPORT);
      a.tun.fromHost.addAll(fragments);
      Wire whole = Pieces.nextWhole(a, MTU);
      assertEquals(1, Pieces.number(whole.octets()));
      b.arrives(whole);
      assertArrayEquals(Pieces.transported(datagram), b.nextDelivered());
      assertEquals(2, Pieces.number(a.protect(small()).octets()));
      assertEquals(2, out.packets());
      a.awaitPackets(Direction.OUTBOUND, 2);
      assertEquals(0, a.allDrops(Direction.OUTBOUND));
      assertTrue(a.underlay.sent.isEmpty());
    }
  }

  /// RFC 3948 §2.1, RFC 4303 §3.3.4: in UDP the host cuts, and only what has to be cut.
  @Test
  void inUdpTheUnderlayIsAskedToCut() {
    Host.Sa sa = new Host.Sa(GCM, Mode.TRANSPORT, false, new UdpEncapsulation(4500, 4500));
    byte[] datagram = datagram(6000, 3000);
    byte[] shorter = datagram(6000, 1400);
    try (Host a = Host.a(Mode.TRANSPORT);
        Host b = Host.b(Mode.TRANSPORT)) {
      a.sends(sa);
      b.receives(sa);
      a.tun.fromHost.addAll(Pieces.cut(datagram, MTU));
      Wire sent = a.nextSent();
      assertTrue(sent.fragmentable());
      assertEquals(GCM.packetOctets(3000), sent.octets().length);
      b.arrives(sent);
      assertArrayEquals(Pieces.transported(datagram), b.nextDelivered());
      a.tun.fromHost.addAll(Pieces.cut(shorter, 1280));
      assertFalse(a.nextSent().fragmentable());
      assertFalse(a.protect(small()).fragmentable());
    }
  }

  /// RFC 8200 §4.5: fragments come in any order.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void fragmentsOfManyDatagramsComeInAnyOrder(long seed) {
    List<byte[]> datagrams =
        List.of(datagram(6000, 3000), datagram(6001, 1500), datagram(6002, 9000));
    List<byte[]> fragments =
        new ArrayList<>(datagrams.stream().flatMap(d -> Pieces.cut(d, 1280).stream()).toList());
    Collections.shuffle(fragments, new Random(seed));
    try (Host a = Host.a(Mode.TRANSPORT);
        Host b = Host.b(Mode.TRANSPORT)) {
      a.sends(TRANSPORT);
      b.receives(TRANSPORT);
      a.tun.fromHost.addAll(fragments);
      boolean[] seen = new boolean[3];
      for (int k = 0; k < 3; k++) {
        b.arrives(Pieces.nextWhole(a, MTU));
        byte[] delivered = b.nextDelivered();
        int which = ByteBuffer.wrap(delivered).getShort(42) - 6000;
        assertArrayEquals(Pieces.transported(datagrams.get(which)), delivered);
        seen[which] = true;
      }
      assertArrayEquals(new boolean[] {true, true, true}, seen);
    }
  }

  /// RFC 8200 §4.5: an exact duplicate does no harm; RFC 5722 §4: an overlap ends the datagram.
  @Test
  void duplicatesAreDroppedAndOverlapsEndTheDatagram() {
    byte[] datagram = datagram(6000, 3000);
    List<byte[]> fragments = Pieces.cut(datagram, 1300);
    try (Host a = Host.a(Mode.TRANSPORT)) {
      a.sends(TRANSPORT);
      a.tun.fromHost.add(fragments.get(0));
      a.tun.fromHost.add(fragments.get(0));
      a.tun.fromHost.add(fragments.get(1));
      a.awaitDrops(Direction.OUTBOUND, DropReason.FRAGMENT_DUPLICATE, 1);
      a.tun.fromHost.add(fragments.get(2));
      assertEquals(1, Pieces.number(Pieces.nextWhole(a, MTU).octets()));
      byte[] udp = Packets.udp(5000, 6000, 24);
      a.tun.fromHost.add(Pieces.fragment(7, 1, udp));
      a.tun.fromHost.add(Pieces.fragment(7, 24 | 1, new byte[16]));
      a.tun.fromHost.add(Pieces.fragment(7, 32, new byte[8]));
      a.awaitDrops(Direction.OUTBOUND, DropReason.FRAGMENT_OVERLAP, 2);
      assertEquals(2, Pieces.number(a.protect(small()).octets()));
    }
  }

  /// RFC 8200 §4.5: what is never complete gives its place to others, and is counted.
  @Test
  void datagramsThatStayIncompleteMakeRoomForOthers() {
    byte[] udp = Packets.udp(5000, 6000, 24);
    try (Host a = Host.a(Mode.TRANSPORT)) {
      a.sends(TRANSPORT);
      for (int k = 0; k < 100; k++) {
        a.tun.fromHost.add(Pieces.fragment(k, 1, udp));
      }
      a.awaitDrops(Direction.OUTBOUND, DropReason.FRAGMENTS_MISSING, 36);
      a.tun.fromHost.add(Pieces.fragment(99, 32, new byte[9]));
      assertEquals(40 + GCM.packetOctets(41), a.nextSent().octets().length);
      assertEquals(36, a.allDrops(Direction.OUTBOUND));
    }
  }

  /// RFC 4301 §7.1: an SA for all ports carries fragments as they are, in any order.
  @Test
  void aTunnelForAllPortsCarriesEachFragment() {
    List<byte[]> fragments = Pieces.cut(datagram(6000, 3000), 1400).reversed();
    try (Host a = Host.a(Mode.TUNNEL);
        Host b = Host.b(Mode.TUNNEL)) {
      a.sends(TUNNEL);
      b.receives(TUNNEL);
      for (int k = 0; k < fragments.size(); k++) {
        Wire sent = a.protect(fragments.get(k));
        assertEquals(k + 1, Pieces.number(sent.octets()));
        b.arrives(sent);
        assertArrayEquals(fragments.get(k), b.nextDelivered());
      }
    }
  }

  /// RFC 4301 §7.3: an SA for some ports cannot take what shows none; the datagram goes whole.
  @Test
  void aTunnelForSomePortsCarriesTheDatagramWhole() {
    byte[] datagram = datagram(6000, 3000);
    try (Host a = Host.a(Mode.TUNNEL);
        Host b = Host.b(Mode.TUNNEL)) {
      a.sends(SaDraft.of(TUNNEL).destinationPort(6000));
      b.receives(SaDraft.of(TUNNEL).destinationPort(6000));
      a.tun.fromHost.addAll(Pieces.cut(datagram, 1300));
      Wire whole = Pieces.nextWhole(a, MTU);
      assertEquals(1, Pieces.number(whole.octets()));
      b.arrives(whole);
      assertArrayEquals(datagram, b.nextDelivered());
      assertEquals(0, a.allDrops(Direction.OUTBOUND));
    }
  }

  /// A host that discards port 80, protects port 6000 and lets all else pass.
  private static Host threeWays(Policy... others) {
    Host a = new Host(Host.A, Host.B);
    a.sadb.add(policy(PortRange.of(80), new Processing.Discard()));
    a.sadb.add(
        policy(
            PortRange.of(6000),
            new Processing.Protect(Mode.TRANSPORT, Host.A, Host.B, Host.REQID)));
    a.sadb.addAll(List.of(others));
    a.plane.start();
    return a;
  }

  private static Policy policy(PortRange destination, Processing processing) {
    Selector selector =
        new Selector(
            AddressRange.of(Host.A),
            AddressRange.of(Host.B),
            destination.equals(PortRange.ANY) ? Selector.ANY_PROTOCOL : Packets.UDP,
            PortRange.ANY,
            destination);
    return new Policy("test", Direction.OUTBOUND, selector, 0, processing);
  }

  /// RFC 4301 §7.4: policy decides about a fragment as about the first of its datagram.
  @Test
  void aFragmentGoesTheWayOfItsFirst() {
    byte[] datagram = datagram(6000, 3000);
    List<byte[]> passing = Pieces.cut(datagram(443, 3000), 1300);
    try (Host a = threeWays()) {
      a.sends(SaDraft.of(TRANSPORT).destinationPort(6000));
      a.tun.fromHost.addAll(Pieces.cut(datagram(80, 3000), 1300));
      a.awaitDrops(Direction.OUTBOUND, DropReason.POLICY_DISCARD, 3);
      a.tun.fromHost.addAll(passing);
      for (byte[] fragment : passing) {
        assertArrayEquals(fragment, a.nextSent().octets());
      }
      a.tun.fromHost.addAll(Pieces.cut(datagram, 1300));
      assertEquals(40 + GCM.packetOctets(3000), Pieces.nextWhole(a, MTU).octets().length);
      assertEquals(3, a.allDrops(Direction.OUTBOUND));
    }
  }

  /// RFC 4301 §7.4: what follows a discarded fragment does not leave by a policy for other ports.
  @Test
  void nothingOfADiscardedDatagramLeavesUnderAnotherPolicy() {
    Policy others =
        policy(PortRange.ANY, new Processing.Protect(Mode.TUNNEL, Host.A, Host.B, Host.REQID + 1));
    try (Host a = threeWays(others)) {
      a.tun.fromHost.addAll(Pieces.cut(datagram(80, 3000), 1300));
      a.awaitDrops(Direction.OUTBOUND, DropReason.POLICY_DISCARD, 3);
      assertEquals(0, a.plane.heldPackets());
    }
  }

  /// RFC 4301 §7.4: what might belong to any policy does not leave in the clear.
  @Test
  void aFragmentWhoseFirstWasNotSeenNeverLeavesInTheClear() {
    List<byte[]> fragments = Pieces.cut(datagram(443, 3000), 1300);
    try (Host a = threeWays()) {
      a.tun.fromHost.add(fragments.get(1));
      a.tun.fromHost.add(fragments.get(2));
      a.awaitDrops(Direction.OUTBOUND, DropReason.FRAGMENT_WITHOUT_FIRST, 2);
      a.tun.fromHost.add(fragments.get(0));
      assertArrayEquals(fragments.get(0), a.nextSent().octets());
      assertTrue(a.underlay.sent.isEmpty());
    }
  }

  /// RFC 4301 §5.1 step 3a: fragments wait for their SA as other packets do.
  @ParameterizedTest
  @EnumSource(Mode.class)
  void fragmentsWaitForTheirSa(Mode mode) throws InterruptedException {
    byte[] datagram = datagram(6000, 3000);
    try (Host a = Host.a(mode);
        Host b = Host.b(mode)) {
      SaDraft sa = SaDraft.of(new Host.Sa(GCM, mode)).destinationPort(6000);
      b.receives(sa);
      a.tun.fromHost.addAll(Pieces.cut(datagram, 1300));
      awaitHeld(a, 3);
      a.sends(sa);
      b.arrives(Pieces.nextWhole(a, MTU));
      byte[] delivered = b.nextDelivered();
      assertArrayEquals(mode == Mode.TUNNEL ? datagram : Pieces.transported(datagram), delivered);
      assertEquals(0, a.plane.heldPackets());
      assertEquals(0, a.allDrops(Direction.OUTBOUND));
    }
  }

  private static void awaitHeld(Host host, int count) throws InterruptedException {
    for (int i = 0; i < 1000 && host.plane.heldPackets() != count; i++) {
      Thread.sleep(5);
    }
    assertEquals(count, host.plane.heldPackets(), () -> host.dropsText(Direction.OUTBOUND));
  }

  /// RFC 4303 §3.3.4, RFC 4301 §4.4.2.1: a datagram that was put together when its SA had just
  /// ended waits for the successor, and is cut under that one.
  @Test
  void aDatagramPutTogetherStaysOneWhileItWaits() throws InterruptedException {
    List<byte[]> fragments = Pieces.cut(datagram(6000, 3000), 1300);
    try (Host a =
        new Host(
                Host.A,
                Host.B,
                new PlainEngine(run -> {}),
                Host.sizes(DataPlaneConfiguration.Stages.FUSED))
            .protecting(Mode.TRANSPORT)) {
      a.sends(SaDraft.of(TRANSPORT).packets(0, 2));
      a.tun.fromHost.add(fragments.get(0));
      a.tun.fromHost.add(fragments.get(1));
      a.underlay.road.acquire();
      a.tun.fromHost.add(small());
      while (a.plane.ringUsed(Direction.OUTBOUND) == 0) {
        Thread.sleep(1);
      }
      // The reader waits for the road: these two are read in one batch, and the SA ends within it.
      a.tun.fromHost.add(fragments.get(2));
      a.tun.fromHost.add(small());
      a.underlay.road.release();
      a.nextSent();
      a.nextSent();
      awaitHeld(a, 1);
      a.sends(SaDraft.of(TRANSPORT).spi(Host.SPI + 1));
      byte[] whole = Pieces.nextWhole(a, MTU).octets();
      assertEquals(40 + GCM.packetOctets(3000), whole.length);
      assertEquals(0, a.allDrops(Direction.OUTBOUND), () -> a.dropsText(Direction.OUTBOUND));
    }
  }

  /// RFC 8200 §3: up to the longest packet there is; what ESP would make longer is dropped.
  @ParameterizedTest
  @ValueSource(ints = {60_000, 65_498, 65_499})
  void theLongestDatagrams(int payload) {
    byte[] datagram = datagram(6000, payload);
    boolean fits = 40 + GCM.packetOctets(payload) <= 65_575;
    assertEquals(payload < 65_499, fits, "test is wrong");
    try (Host a = Host.a(Mode.TRANSPORT);
        Host b = Host.b(Mode.TRANSPORT)) {
      a.sends(TRANSPORT);
      b.receives(TRANSPORT);
      a.tun.fromHost.addAll(Pieces.cut(datagram, MTU));
      if (fits) {
        b.arrives(Pieces.nextWhole(a, MTU));
        assertArrayEquals(Pieces.transported(datagram), b.nextDelivered());
      } else {
        a.awaitDrops(Direction.OUTBOUND, DropReason.TOO_BIG, 1);
        assertTrue(a.underlay.sent.isEmpty());
      }
      assertEquals(fits ? 2 : 1, Pieces.number(a.protect(small()).octets()));
    }
  }

  /// RFC 8200 §4.5: a datagram of one fragment, and one of headers only, do no harm.
  @Test
  void fragmentsThatAreNoneOrEmptyDoNoHarm() {
    byte[] empty = Pieces.fragment(5, 1, new byte[0]);
    byte[] odd = Pieces.fragment(6, 1, Arrays.copyOf(Packets.udp(5000, 6000, 8), 13));
    byte[] atomic = Pieces.fragment(8, 0, Packets.udp(5000, 6000, 8));
    try (Host a = Host.a(Mode.TRANSPORT)) {
      a.sends(TRANSPORT);
      a.tun.fromHost.add(empty);
      a.tun.fromHost.add(odd);
      a.awaitDrops(Direction.OUTBOUND, DropReason.MALFORMED_HEADERS, 2);
      assertEquals(48, Host.espOffset(a.protect(atomic).octets()));
    }
  }
}
