package espd.dataplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.dataplane.QueueUnderlay.Wire;
import espd.spd.Direction;
import espd.spd.Encryption;
import espd.spd.EspSuite;
import espd.spd.Integrity;
import espd.spd.Mode;
import espd.spd.UdpEncapsulation;
import org.junit.jupiter.api.Test;

/// Which packets show where a peer is that its NAT has moved (RFC 7296 §2.23).
class PeerMovedTest {

  private static final Host.Sa SA =
      new Host.Sa(
          new EspSuite(Encryption.AES_GCM_16, 128, Integrity.NONE),
          Mode.TUNNEL,
          false,
          new UdpEncapsulation(4500, 4500));
  private static final byte[] PACKET =
      Packets.ipv6(Host.B, Host.A, Packets.UDP, Packets.udp(6000, 5000, 30));

  private static Wire raw(long number) {
    return Sealed.raw(
        Host.A,
        Host.B,
        Sealed.esp(Host.parameters(SA, Host.A, Host.B), number, Sealed.padded(PACKET, 41)));
  }

  private static Wire udp(long number) {
    return new Wire(Host.A, 4500, Host.B, 4500, 0, raw(number).octets());
  }

  private static void delivers(Host a, Wire wire) {
    a.underlay.arriving.add(wire);
    a.nextDelivered();
  }

  /// The newest authentic packet does; forged and old ones show nothing; raw ESP is accepted too.
  @Test
  void aPeerThatItsNatMovedIsNoticed() {
    try (Host a = Host.a(Mode.TUNNEL)) {
      a.receives(SA);
      Wire forged = udp(5).from(Host.B, 1025);
      forged.octets()[40] ^= 1;
      a.underlay.arriving.add(forged);
      a.awaitDrops(Direction.INBOUND, DropReason.BAD_ICV, 1);
      delivers(a, udp(5));
      delivers(a, udp(4).from(Host.B, 1026));
      delivers(a, raw(6));
      assertTrue(a.moves.isEmpty());
      delivers(a, udp(7).from(Host.B, 1027));
      assertEquals(new UdpEncapsulation(4500, 1027), Host.next(a.moves));
    }
  }

  /// A copy of the newest packet, which an SA without a window accepts, tells nothing of the peer
  /// but where somebody is who has heard it.
  @Test
  void aCopySentFromElsewhereMovesNobody() {
    try (Host a = Host.a(Mode.TUNNEL)) {
      a.receives(SaDraft.of(SA).replayWindow(0));
      delivers(a, udp(5));
      delivers(a, udp(5).from(Host.B, 1025));
      delivers(a, udp(6).from(Host.B, 1026));
      assertEquals(new UdpEncapsulation(4500, 1026), Host.next(a.moves));
      assertTrue(a.moves.isEmpty());
    }
  }
}
