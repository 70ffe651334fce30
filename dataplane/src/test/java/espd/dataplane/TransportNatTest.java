package espd.dataplane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import espd.dataplane.QueueUnderlay.Wire;
import espd.spd.Encryption;
import espd.spd.EspSuite;
import espd.spd.InboundSa;
import espd.spd.Integrity;
import espd.spd.Ipv6Address;
import espd.spd.Mode;
import espd.spd.OriginalAddresses;
import espd.spd.SaParameters;
import espd.spd.UdpEncapsulation;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/// Transport mode behind NATs: what arrives has the checksum of the addresses that it arrives with
/// (RFC 3948 §3.1.2, RFC 7296 §2.23.1).
class TransportNatTest {

  private static final Ipv6Address INSIDE = Ipv6Address.parse("2001:db8:99::b");
  private static final Ipv6Address OUTSIDE = Ipv6Address.parse("2001:db8:88::a");
  private static final EspSuite GCM = new EspSuite(Encryption.AES_GCM_16, 128, Integrity.NONE);
  private static final Host.Sa IN_UDP =
      new Host.Sa(GCM, Mode.TRANSPORT, false, new UdpEncapsulation(4500, 61_000));

  /// B sends from INSIDE to OUTSIDE; its NAT and A's make A and B of them.
  @Test
  void theChecksumIsThatOfTheAddressesInThePacket() {
    SaParameters usual = Host.parameters(IN_UDP, Host.A, Host.B);
    byte[] sent = checksummed(INSIDE, OUTSIDE);
    try (Host a = Host.a(Mode.TRANSPORT)) {
      a.sadb.install(new InboundSa(Translated.by(new OriginalAddresses(OUTSIDE, INSIDE), usual)));
      byte[] esp = Sealed.esp(usual, 1, Sealed.padded(sent, Packets.UDP));
      a.underlay.arriving.add(new Wire(Host.A, 4500, Host.B, 61_000, 0, esp));
      byte[] delivered = a.nextDelivered();
      byte[] expected = Packets.ipv6(Host.B, Host.A, Packets.UDP, checksummed(Host.B, Host.A));
      expected[7] = delivered[7]; // The hop limit is the outer one.
      assertArrayEquals(expected, delivered);
    }
  }

  private static byte[] checksummed(Ipv6Address source, Ipv6Address destination) {
    byte[] datagram = Packets.udp(6000, 5000, 30);
    ByteBuffer covered = ByteBuffer.allocate(32 + 4 + datagram.length);
    covered.put(source.octets()).put(destination.octets());
    covered.putShort((short) datagram.length).putShort((short) Packets.UDP).put(datagram).flip();
    int sum = 0;
    while (covered.hasRemaining()) {
      sum += covered.getShort() & 0xffff;
      sum = (sum & 0xffff) + (sum >>> 16);
    }
    ByteBuffer.wrap(datagram).putShort(6, (short) ~sum);
    return datagram;
  }
}
