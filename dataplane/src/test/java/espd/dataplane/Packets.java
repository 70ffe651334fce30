package espd.dataplane;

import espd.spd.Ipv6Address;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/// Makes IPv6 packets.
final class Packets {

  static final int HOP_BY_HOP = 0;
  static final int UDP = 17;
  static final int ROUTING = 43;
  static final int FRAGMENT = 44;
  static final int ESP = 50;
  static final int ICMPV6 = 58;
  static final int DESTINATION_OPTIONS = 60;

  private Packets() {}

  static byte[] ipv6(Ipv6Address source, Ipv6Address destination, int next, byte[] payload) {
    return ByteBuffer.allocate(40 + payload.length)
        .putInt(0x60000000)
        .putShort((short) payload.length)
        .put((byte) next)
        .put((byte) 63)
        .put(source.octets())
        .put(destination.octets())
        .put(payload)
        .array();
  }

  static byte[] withTrafficClass(byte[] packet, int trafficClass) {
    byte[] changed = packet.clone();
    ByteBuffer.wrap(changed).putInt(0, 0x60000000 | trafficClass << 20);
    return changed;
  }

  static byte[] udp(int sourcePort, int destinationPort, int octets) {
    ByteBuffer datagram = ByteBuffer.allocate(8 + octets);
    datagram.putShort((short) sourcePort).putShort((short) destinationPort);
    datagram.putShort((short) (8 + octets)).putShort((short) 0);
    for (int i = 0; i < octets; i++) {
      datagram.put((byte) (i * 7));
    }
    return datagram.array();
  }

  /// An extension header of 8 octets before `rest`.
  static byte[] extension(int next, byte[] rest) {
    return join(new byte[] {(byte) next, 0, 1, 4, 0, 0, 0, 0}, rest);
  }

  static byte[] fragment(int next, int offsetAndMore, byte[] rest) {
    ByteBuffer header = ByteBuffer.allocate(8);
    header.put((byte) next).put((byte) 0).putShort((short) offsetAndMore).putInt(0x1234);
    return join(header.array(), rest);
  }

  static byte[] join(byte[] first, byte[] second) {
    return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
  }

  static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
  }
}
