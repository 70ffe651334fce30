package espd.dataplane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.dataplane.QueueUnderlay.Wire;
import espd.spd.Direction;
import espd.spd.Encryption;
import espd.spd.EspSuite;
import espd.spd.Integrity;
import espd.spd.Ipv6Address;
import espd.spd.Mode;
import espd.spd.OutboundSa;
import espd.spd.UdpEncapsulation;
import espd.tun.PathListener;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a path takes (RFC 4301 §8.2.1, RFC 8201 §4), and what is sent over it all the same (RFC
/// 8200 §5).
class PathMtuTest {

  private static final EspSuite GCM = new EspSuite(Encryption.AES_GCM_16, 128, Integrity.NONE);
  private static final Host.Sa TUNNEL = new Host.Sa(GCM, Mode.TUNNEL);
  private static final UdpEncapsulation PORTS = new UdpEncapsulation(4500, 4500);
  private static final Host.Sa UDP_TUNNEL = new Host.Sa(GCM, Mode.TUNNEL, false, PORTS);
  private static final int OTHER_SPI = 0x00decade;

  /// A whole packet of so many octets.
  private static byte[] packet(int port, int octets) {
    return Packets.ipv6(Host.A, Host.B, Packets.UDP, Packets.udp(5000, port, octets - 48));
  }

  private static void tooBig(Host host, int mtu, byte[] quote, int begins) {
    Objects.requireNonNull(host.underlay.path)
        .tooBig(Host.B.high(), Host.B.low(), mtu, MemorySegment.ofArray(quote), begins);
  }

  /// The MTU that the host's own sender is told.
  private static int told(Host host) {
    byte[] answer = host.nextDelivered();
    assertEquals(Packets.ICMPV6, answer[6]);
    assertEquals(0x0200, ByteBuffer.wrap(answer).getShort(40));
    return ByteBuffer.wrap(answer).getInt(44);
  }

  /// RFC 8200 §5: the sender of 1280 octets could not send less, so its ESP packet is cut.
  @ParameterizedTest
  @EnumSource(Mode.class)
  void whatEveryLinkCarriesIsCutAndNotDropped(Mode mode) {
    try (Host a = Host.a(mode);
        Host b = Host.b(mode)) {
      a.plane.pathMtu(1280);
      a.sends(new Host.Sa(GCM, mode));
      b.receives(new Host.Sa(GCM, mode));
      int number = 0;
      for (int octets : new int[] {1280, 1275, 1251}) {
        byte[] packet = packet(6000, octets);
        a.tun.fromHost.add(packet);
        Wire whole = Pieces.nextWhole(a, 1280);
        assertEquals(++number, Pieces.number(whole.octets()));
        b.arrives(whole);
        byte[] delivered = b.nextDelivered();
        assertArrayEquals(mode == Mode.TUNNEL ? packet : Pieces.transported(packet), delivered);
      }
      a.tun.fromHost.add(packet(6000, 1281));
      assertEquals(1280, told(a));
      a.awaitDrops(Direction.OUTBOUND, DropReason.TOO_BIG, 1);
      assertEquals(1, a.allDrops(Direction.OUTBOUND));
      a.awaitPackets(Direction.OUTBOUND, 3);
    }
  }

  /// RFC 8200 §5, RFC 3948 §2.1: in UDP the host cuts.
  @ParameterizedTest
  @EnumSource(Mode.class)
  void inUdpTheUnderlayCutsThem(Mode mode) {
    try (Host a = Host.a(mode)) {
      a.plane.pathMtu(1280);
      a.sends(new Host.Sa(GCM, mode, false, PORTS));
      assertTrue(a.protect(packet(6000, 1280)).fragmentable());
      assertFalse(a.protect(packet(6000, 1000)).fragmentable());
      a.tun.fromHost.add(packet(6000, 1281));
      assertEquals(1280, told(a));
    }
  }

  private static void sendsTwo(Host a, Host.Sa both) {
    SaDraft sa = SaDraft.of(both);
    a.sends(sa.destinationPort(6000));
    a.sends(sa.spi(OTHER_SPI).destinationPort(7000));
  }

  /// RFC 4301 §8.2.1: what a router quotes names the SA; that one keeps to it, and no other.
  @ParameterizedTest
  @CsvSource({"false, 1326, 1426", "true, 1318, 1418"})
  void aRouterNarrowsTheSaThatItQuotes(boolean udp, int narrow, int wide) {
    try (Host a = Host.a(Mode.TUNNEL)) {
      sendsTwo(a, udp ? UDP_TUNNEL : TUNNEL);
      byte[] sent = a.protect(packet(6000, 1400)).octets();
      tooBig(a, 1400, Arrays.copyOf(sent, 1232), udp ? PathListener.ESP : PathListener.IPV6);
      a.tun.fromHost.add(packet(6000, 1400));
      assertEquals(narrow, told(a));
      a.protect(packet(6000, narrow));
      a.protect(packet(7000, wide));
      a.tun.fromHost.add(packet(7000, wide + 1));
      assertEquals(wide, told(a));
      a.awaitDrops(Direction.OUTBOUND, DropReason.TOO_BIG, 2);
    }
  }

  /// RFC 4301 §8.2.1: what the host itself does not send it refuses of every SA to that peer.
  @ParameterizedTest
  @CsvSource({"false, 1326", "true, 1318"})
  void theHostsOwnWordNarrowsEverySaToThatPeer(boolean udp, int narrow) {
    try (Host a = Host.a(Mode.TUNNEL)) {
      sendsTwo(a, udp ? UDP_TUNNEL : TUNNEL);
      Ipv6Address other = Ipv6Address.parse("2001:db8:3:3::3");
      Objects.requireNonNull(a.underlay.path)
          .tooBig(other.high(), other.low(), 1300, MemorySegment.NULL, PathListener.NOTHING);
      a.protect(packet(6000, 1400));
      tooBig(a, 1400, new byte[0], PathListener.NOTHING);
      for (int port : new int[] {6000, 7000}) {
        a.tun.fromHost.add(packet(port, narrow + 1));
        assertEquals(narrow, told(a));
        a.protect(packet(port, narrow));
      }
    }
  }

  /// RFC 8201 §4: what no link of IPv6 is, is not believed; what the SA knows already neither.
  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 68, 1279, 65_535})
  void anMtuThatCannotBeIsNotHeeded(int mtu) {
    try (Host a = Host.a(Mode.TUNNEL)) {
      OutboundSa sa = a.sends(TUNNEL);
      byte[] sent = a.protect(packet(6000, 1400)).octets();
      tooBig(a, 1450, sent, PathListener.IPV6);
      tooBig(a, mtu, sent, PathListener.IPV6);
      assertEquals(1450, sa.pathMtu());
      tooBig(a, 1280, sent, PathListener.IPV6);
      assertEquals(1280, sa.pathMtu());
    }
  }

  /// RFC 8201 §4: who quotes no packet of ours, or one to somebody else, changes nothing.
  @Test
  void aStrangersWordChangesNothing() {
    try (Host a = Host.a(Mode.TUNNEL)) {
      OutboundSa sa = a.sends(TUNNEL);
      byte[] sent = a.protect(packet(6000, 1400)).octets();
      byte[] unknown = sent.clone();
      unknown[43] ^= 1;
      tooBig(a, 1300, unknown, PathListener.IPV6);
      tooBig(a, 1300, Arrays.copyOfRange(unknown, 40, 200), PathListener.ESP);
      tooBig(a, 1300, sent, PathListener.ESP);
      tooBig(a, 1300, Arrays.copyOfRange(sent, 40, 200), PathListener.IPV6);
      Ipv6Address other = Ipv6Address.parse("2001:db8:3:3::3");
      Objects.requireNonNull(a.underlay.path)
          .tooBig(other.high(), other.low(), 1300, MemorySegment.ofArray(sent), PathListener.IPV6);
      assertEquals(OutboundSa.PATH_MTU_UNKNOWN, sa.pathMtu());
    }
  }

  /// RFC 4443 §3.2: a router quotes as much as it likes; where the SPI is not there, nothing
  /// happens.
  @Test
  void aQuoteMayEndAnywhere() {
    try (Host a = Host.a(Mode.TUNNEL)) {
      OutboundSa sa = a.sends(TUNNEL);
      byte[] sent = a.protect(packet(6000, 1400)).octets();
      byte[] esp = Arrays.copyOfRange(sent, 40, sent.length);
      for (int octets = 0; octets < 44; octets++) {
        tooBig(a, 1300, Arrays.copyOf(sent, octets), PathListener.IPV6);
        tooBig(a, 1300, Arrays.copyOf(esp, Math.min(octets, 7)), PathListener.ESP);
      }
      assertEquals(OutboundSa.PATH_MTU_UNKNOWN, sa.pathMtu());
      for (int octets = 44; octets <= sent.length; octets++) {
        tooBig(a, 1500 - octets / 10, Arrays.copyOf(sent, octets), PathListener.IPV6);
      }
      assertEquals(1500 - sent.length / 10, sa.pathMtu());
      tooBig(a, 1300, Arrays.copyOf(esp, 8), PathListener.ESP);
      assertEquals(1300, sa.pathMtu());
    }
  }

  /// RFC 4301 §8.2.1: a packet that left in fragments is quoted by its first.
  @Test
  void theFirstFragmentNamesItsSaToo() {
    try (Host a = Host.a(Mode.TUNNEL)) {
      OutboundSa sa = a.sends(SaDraft.of(TUNNEL).destinationPort(6000));
      Pieces.cut(packet(6000, 3000), 1400).forEach(a.tun.fromHost::add);
      byte[] first = a.nextSent().octets();
      byte[] second = a.nextSent().octets();
      tooBig(a, 1400, second, PathListener.IPV6);
      assertEquals(OutboundSa.PATH_MTU_UNKNOWN, sa.pathMtu());
      tooBig(a, 1400, first, PathListener.IPV6);
      a.nextSent();
      Pieces.cut(packet(6000, 3000), 1400).forEach(a.tun.fromHost::add);
      assertEquals(2, Pieces.number(Pieces.nextWhole(a, 1400).octets()));
    }
  }

  /// RFC 4301 §8.2: the narrowest link is everyone's.
  @Test
  void thePathOfTheHostIsThatOfAllSas() {
    try (Host a = Host.a(Mode.TUNNEL)) {
      sendsTwo(a, TUNNEL);
      a.plane.pathMtu(1400);
      for (int port : new int[] {6000, 7000}) {
        a.tun.fromHost.add(packet(port, 1327));
        assertEquals(1326, told(a));
        a.protect(packet(port, 1326));
      }
      a.plane.pathMtu(1500);
      a.protect(packet(7000, 1426));
    }
  }
}
