package espd.dataplane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.dataplane.DataPlaneConfiguration.Stages;
import espd.dataplane.QueueUnderlay.Wire;
import espd.spd.Encryption;
import espd.spd.EspSuite;
import espd.spd.InboundSa;
import espd.spd.Integrity;
import espd.spd.Mode;
import espd.spd.OutboundSa;
import espd.spd.OuterTraffic;
import espd.spd.UdpEncapsulation;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Traffic flow confidentiality padding between two hosts (RFC 4303 §2.7).
class HiddenLengthTest {

  private static final EspSuite GCM = new EspSuite(Encryption.AES_GCM_16, 128, Integrity.NONE);
  private static final EspSuite CBC =
      new EspSuite(Encryption.AES_CBC, 256, Integrity.HMAC_SHA2_256_128);

  private static SaDraft padded(Host.Sa sa, int octets) {
    return SaDraft.of(sa).traffic(new OuterTraffic(octets, 0, true, false));
  }

  private static byte[] packet(int octets) {
    return Packets.ipv6(Host.A, Host.B, Packets.UDP, Packets.udp(5000, 6000, octets - 48));
  }

  /// Whatever is inside, all packets have one length, and the peer gets what was sent.
  @ParameterizedTest
  @CsvSource({
    "AES_GCM_16, NONE, 1000, false",
    "AES_GCM_16, NONE, MTU, false",
    "AES_GCM_16, NONE, MTU, true",
    "AES_CBC, HMAC_SHA2_256_128, 777, false",
    "AES_CBC, HMAC_SHA2_256_128, MTU, true"
  })
  void packetsOfEveryLengthLookAlike(
      Encryption encryption, Integrity integrity, String octets, boolean udp) {
    EspSuite suite = new EspSuite(encryption, 128, integrity);
    UdpEncapsulation ports = udp ? new UdpEncapsulation(4500, 4500) : null;
    Host.Sa sa = new Host.Sa(suite, Mode.TUNNEL, true, ports);
    int longest = suite.payloadOctets(1500 - 40 - (udp ? 8 : 0));
    int wanted = octets.equals("MTU") ? OuterTraffic.PATH_MTU : Integer.parseInt(octets);
    int inside = Math.min(wanted, longest);
    int onPath = suite.packetOctets(inside) + (udp ? 0 : 40);
    try (Host a = Host.a(Mode.TUNNEL);
        Host b = Host.b(Mode.TUNNEL)) {
      OutboundSa out = a.sends(padded(sa, wanted));
      InboundSa in = b.receives(padded(sa, wanted));
      for (int length : new int[] {48, 49, 50, 100, 555, inside - 1, inside}) {
        byte[] packet = packet(length);
        Wire wire = a.protect(packet);
        assertEquals(onPath, wire.octets().length, () -> length + " octets");
        assertTrue(onPath + (udp ? 48 : 0) <= 1500);
        b.arrives(wire);
        assertArrayEquals(packet, b.nextDelivered());
      }
      assertEquals(7, out.packets());
      assertEquals(7, in.packets());
    }
  }

  /// RFC 4301 §8.2.1: an SA whose path is narrower pads to that.
  @Test
  void paddingKeepsToThePathOfTheSa() {
    Host.Sa sa = new Host.Sa(CBC, Mode.TUNNEL);
    try (Host a = Host.a(Mode.TUNNEL)) {
      OutboundSa out = a.sends(padded(sa, OuterTraffic.PATH_MTU));
      assertEquals(40 + CBC.packetOctets(CBC.payloadOctets(1460)), sent(a, 100));
      out.lowerPathMtu(1333, 1);
      assertEquals(40 + CBC.packetOctets(CBC.payloadOctets(1293)), sent(a, 100));
      a.plane.pathMtu(1280);
      assertEquals(40 + CBC.packetOctets(CBC.payloadOctets(1240)), sent(a, 100));
      assertTrue(sent(a, 100) <= 1280);
    }
  }

  private static int sent(Host host, int octets) {
    return host.protect(packet(octets)).octets().length;
  }

  /// What is longer goes as long as it is, and transport mode pads nothing (RFC 4303 §2.7: there is
  /// no length inside that would tell the padding from the payload).
  @Test
  void whatCannotBePaddedGoesAsItIs() {
    try (Host a = Host.a(Mode.TUNNEL);
        Host b = Host.a(Mode.TRANSPORT)) {
      a.sends(padded(new Host.Sa(GCM, Mode.TUNNEL), 500));
      b.sends(padded(new Host.Sa(GCM, Mode.TRANSPORT), 500));
      assertEquals(40 + GCM.packetOctets(501), sent(a, 501));
      assertEquals(40 + GCM.packetOctets(60), sent(b, 100));
    }
  }

  /// The padding is zeros, not what other packets left in memory.
  @Test
  void paddingTellsNothingOfOtherPackets() {
    try (Host a =
        new Host(Host.A, Host.B, new PlainEngine(run -> {}), Host.sizes(Stages.FUSED))
            .protecting(Mode.TUNNEL)) {
      a.sends(padded(new Host.Sa(GCM, Mode.TUNNEL), OuterTraffic.PATH_MTU));
      byte[] full = packet(1426);
      Arrays.fill(full, 48, full.length, (byte) 0x55);
      for (int i = 0; i < 10; i++) {
        a.protect(full);
        byte[] sent = a.protect(packet(100)).octets();
        int inside = 40 + 8 + 8;
        assertArrayEquals(
            new byte[1426 - 100], Arrays.copyOfRange(sent, inside + 100, inside + 1426));
        assertEquals(41, sent[sent.length - 17]);
      }
    }
  }
}
