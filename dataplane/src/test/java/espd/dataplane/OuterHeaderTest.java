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
import espd.spd.Mode;
import espd.spd.OuterTraffic;
import espd.spd.UdpEncapsulation;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a tunnel's outer header says of the packet inside, and the other way round (RFC 4301
/// §5.1.2.1, RFC 6040 §4, RFC 6437 §3).
class OuterHeaderTest {

  private static final EspSuite GCM = new EspSuite(Encryption.AES_GCM_16, 128, Integrity.NONE);

  private static SaDraft dscp(Host.Sa sa, boolean out, boolean in) {
    return SaDraft.of(sa).traffic(new OuterTraffic(0, 0, out, in));
  }

  private static byte[] packet(int port, int trafficClass) {
    byte[] datagram = Packets.udp(5000, port, 40);
    return Packets.withTrafficClass(
        Packets.ipv6(Host.A, Host.B, Packets.UDP, datagram), trafficClass);
  }

  /// Traffic classes in hexadecimal: of the packet, of the outer header as it leaves, of the outer
  /// header as the network makes it, of the packet as it is delivered.
  @ParameterizedTest(name = "out {0}, in {1}: {2} leaves as {3}, arrives as {4}, delivered {5}")
  @CsvSource({
    "true,  false, b8, b8, b8, b8",
    "true,  false, ba, ba, 2a, ba",
    "true,  false, ba, ba, 2b, bb",
    "true,  false, b9, b9, 03, bb",
    "false, false, b8, 00, 00, b8",
    "false, false, ba, 02, 03, bb",
    "false, false, b9, 01, 41, b9",
    "true,  true,  b8, b8, 28, 28",
    "true,  true,  ba, ba, 29, 29",
    "true,  true,  ba, ba, 2b, 2b",
    "true,  true,  bb, bb, 28, 2b",
    "false, true,  b8, 00, 00, 00",
    "false, true,  b9, 01, 23, 23",
    "false, true,  bb, 03, fc, ff",
  })
  void dscpGoesWhereItIsWantedAndEcnAlways(
      boolean out, boolean in, String inner, String leaves, String arrives, String delivered) {
    assertPasses(dscp(new Host.Sa(GCM, Mode.TUNNEL), out, in), inner, leaves, arrives, delivered);
    UdpEncapsulation ports = new UdpEncapsulation(4500, 4500);
    Host.Sa udp = new Host.Sa(GCM, Mode.TUNNEL, false, ports);
    assertPasses(dscp(udp, out, in), inner, leaves, arrives, delivered);
  }

  private static void assertPasses(SaDraft sa, String... classes) {
    byte[] packet = packet(6000, hex(classes[0]));
    try (Host a = Host.a(Mode.TUNNEL);
        Host b = Host.b(Mode.TUNNEL)) {
      a.sends(sa);
      b.receives(sa);
      Wire sent = a.protect(packet);
      Wire arriving = Host.arriving(sent);
      assertEquals(hex(classes[1]), sent.localPort() == 0 ? arriving.tos() : sent.tos());
      b.underlay.arriving.add(withTos(arriving, hex(classes[2])));
      assertArrayEquals(packet(6000, hex(classes[3])), b.nextDelivered());
    }
  }

  private static Wire withTos(Wire wire, int tos) {
    return new Wire(
        wire.local(), wire.localPort(), wire.remote(), wire.remotePort(), tos, wire.octets());
  }

  private static int hex(String text) {
    return Integer.parseInt(text, 16);
  }

  /// RFC 6040 §4.2: a sender that does not know congestion marks loses the packet, whatever becomes
  /// of the DSCP.
  @ParameterizedTest
  @CsvSource({"true, true", "true, false", "false, true", "false, false"})
  void congestionThatCannotBeToldDropsThePacket(boolean out, boolean in) {
    SaDraft sa = dscp(new Host.Sa(GCM, Mode.TUNNEL), out, in);
    try (Host a = Host.a(Mode.TUNNEL);
        Host b = Host.b(Mode.TUNNEL)) {
      a.sends(sa);
      b.receives(sa);
      Wire arriving = Host.arriving(a.protect(packet(6000, 0xb8)));
      b.underlay.arriving.add(withTos(arriving, 0xbb));
      b.awaitDrops(Direction.INBOUND, DropReason.CONGESTION, 1);
      assertTrue(b.tun.toHost.isEmpty());
    }
  }

  private static int label(Host host, int port) {
    return ByteBuffer.wrap(host.protect(packet(port, 0xb8)).octets()).getInt() & 0xf_ffff;
  }

  /// RFC 6437 §3: the label is the SA's own, the same for all its packets and never 0.
  @Test
  void eachSaHasAFlowLabel() {
    SaDraft sa = SaDraft.of(new Host.Sa(GCM, Mode.TUNNEL));
    try (Host a = Host.a(Mode.TUNNEL)) {
      a.sends(sa.destinationPort(6000));
      a.sends(sa.destinationPort(7000).spi(Host.SPI + 1));
      a.sends(sa.destinationPort(8000).spi(Host.SPI + 2));
      int first = label(a, 6000);
      int second = label(a, 7000);
      int third = label(a, 8000);
      assertTrue(first != 0 && second != 0 && third != 0);
      // One pair of a million is the same by chance; all three are not.
      assertFalse(first == second && second == third, () -> "labels " + first);
      for (int i = 0; i < 20; i++) {
        assertEquals(first, label(a, 6000));
        assertEquals(second, label(a, 7000));
      }
    }
  }
}
