package espd.dataplane;

import espd.spd.AddressRange;
import espd.spd.Direction;
import espd.spd.EspSuite;
import espd.spd.InboundSa;
import espd.spd.Ipv6Address;
import espd.spd.KeyMaterial;
import espd.spd.Lifetime;
import espd.spd.Mode;
import espd.spd.OutboundSa;
import espd.spd.OuterTraffic;
import espd.spd.Policy;
import espd.spd.PortRange;
import espd.spd.Processing;
import espd.spd.SaParameters;
import espd.spd.Selector;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Packets of IPv4 (RFC 791) between two networks behind tunnels, and hosts that protect them.
final class Ipv4Packets {

  static final Ipv6Address LEFT = Ipv6Address.parseIpv4("10.1.0.1");
  static final Ipv6Address RIGHT = Ipv6Address.parseIpv4("10.2.0.1");

  private Ipv4Packets() {}

  /// A packet from the left to the right whose identification is 7.
  ///
  /// @param fragment flags and offset as they stand in the header
  static byte[] packet(int protocol, int fragment, byte[] payload) {
    byte[] packet =
        ByteBuffer.allocate(20 + payload.length)
            .putShort((short) 0x4500)
            .putShort((short) (20 + payload.length))
            .putShort((short) 7)
            .putShort((short) fragment)
            .put((byte) 63)
            .put((byte) protocol)
            .putShort((short) 0)
            .putInt(LEFT.ipv4())
            .putInt(RIGHT.ipv4())
            .put(payload)
            .array();
    ByteBuffer.wrap(packet).putShort(10, (short) ~sum(packet));
    return packet;
  }

  /// {@return the folded sum of a header of 20 octets (RFC 1071): 0xffff when its checksum is
  /// right}
  static int sum(byte[] packet) {
    int sum = 0;
    for (int i = 0; i < 20; i += 2) {
      sum += ((packet[i] & 0xff) << 8) | (packet[i + 1] & 0xff);
    }
    sum = (sum & 0xffff) + (sum >>> 16);
    return (sum & 0xffff) + (sum >>> 16);
  }

  /// {@return the fragments of a packet}
  ///
  /// @param octets of data of each but the last, a multiple of 8
  static List<byte[]> cut(byte[] packet, int octets) {
    List<byte[]> fragments = new ArrayList<>();
    for (int at = 20; at < packet.length; at += octets) {
      int end = Math.min(packet.length, at + octets);
      byte[] data = Arrays.copyOfRange(packet, at, end);
      int more = end < packet.length ? 0x2000 : 0;
      fragments.add(packet(packet[9], more | (at - 20) / 8, data));
    }
    return fragments;
  }

  /// What a tunnel protects.
  ///
  /// @param destination the ports
  static Selector selector(int protocol, PortRange destination) {
    return new Selector(
        AddressRange.parse("10.1.0.0/16"),
        AddressRange.parse("10.2.0.0/16"),
        protocol,
        PortRange.ANY,
        destination);
  }

  /// {@return a host that has one policy for these packets}
  static Host host(Selector selector, Processing processing) {
    Host host = new Host(Host.A, Host.B);
    host.sadb.add(new Policy("test", Direction.OUTBOUND, selector, 0, processing));
    host.plane.start();
    return host;
  }

  static Processing.Protect protect() {
    return new Processing.Protect(Mode.TUNNEL, Host.A, Host.B, Host.REQID);
  }

  /// Gives `host` the SA that sends these packets.
  static OutboundSa sends(Host host, EspSuite suite, Selector selector) {
    OutboundSa sa = new OutboundSa(parameters(suite, selector, Host.A, Host.B));
    host.sadb.install(sa);
    return sa;
  }

  /// Gives `host` the SA that receives them.
  static void receives(Host host, EspSuite suite, Selector selector) {
    Selector turned =
        new Selector(
            /* local= */ selector.remote(),
            /* remote= */ selector.local(),
            selector.protocol(),
            /* localPorts= */ selector.remotePorts(),
            /* remotePorts= */ selector.localPorts());
    host.sadb.install(new InboundSa(parameters(suite, turned, Host.B, Host.A)));
  }

  private static SaParameters parameters(
      EspSuite suite, Selector selector, Ipv6Address local, Ipv6Address remote) {
    return new SaParameters(
        Host.SPI,
        "test",
        Host.REQID,
        Mode.TUNNEL,
        local,
        remote,
        Optional.empty(),
        suite,
        KeyMaterial.copyOf(Host.counting(suite.encryptionKeyOctets(), 1)),
        KeyMaterial.copyOf(Host.counting(suite.integrity().keyOctets(), 101)),
        false,
        64,
        Lifetime.UNLIMITED,
        OuterTraffic.DEFAULT,
        List.of(selector),
        Instant.now());
  }
}
