package espd.tun.memory;

import espd.spd.Ipv6Address;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/// A packet on the wire of a [MemoryNetwork]. The octets are nobody's to change.
///
/// @param source who sent it
/// @param sourcePort its UDP port, or 0 for a raw packet
/// @param destination whom it is for
/// @param destinationPort its UDP port, or 0 for a raw packet
/// @param trafficClass 0 to 255
/// @param octets of a raw packet all, from its IPv6 header on; of a datagram what follows the UDP
///   header
@SuppressWarnings("ArrayRecordComponent") // identity is the equality wanted of a packet in flight
public record WirePacket(
    Ipv6Address source,
    int sourcePort,
    Ipv6Address destination,
    int destinationPort,
    int trafficClass,
    byte[] octets) {

  private static final int HEADER = 40;
  private static final int NEXT_HEADER = 6;
  private static final int HOP_LIMIT = 7;
  private static final int ESP = 50;
  private static final int DEFAULT_HOP_LIMIT = 64;

  /// {@return the raw packet that begins with this IPv6 header (RFC 8200 §3)}
  ///
  /// @param octets at least the header
  public static WirePacket raw(byte[] octets) {
    ByteBuffer header = ByteBuffer.wrap(octets);
    int trafficClass = (header.getInt(0) >>> 20) & 0xff;
    Ipv6Address source = new Ipv6Address(header.getLong(8), header.getLong(16));
    Ipv6Address destination = new Ipv6Address(header.getLong(24), header.getLong(32));
    return new WirePacket(source, 0, destination, 0, trafficClass, octets);
  }

  /// {@return whether it is the payload of a UDP datagram}
  public boolean isDatagram() {
    return sourcePort != 0;
  }

  /// {@return the hop limit of the header, or the usual one of a datagram}
  public int hopLimit() {
    return isDatagram() ? DEFAULT_HOP_LIMIT : Byte.toUnsignedInt(octets[HOP_LIMIT]);
  }

  /// {@return what a socket of the destination receives: the payload of a datagram, the ESP of a
  /// raw packet behind its headers (RFC 8200 §4.1), or nothing where there is none}
  public Optional<byte[]> received() {
    if (isDatagram()) {
      return Optional.of(octets);
    }
    int next = octets[NEXT_HEADER];
    int at = HEADER;
    while (isExtension(next) && at + 2 <= octets.length) {
      next = octets[at];
      at += 8 * (Byte.toUnsignedInt(octets[at + 1]) + 1);
    }
    return next == ESP && at <= octets.length
        ? Optional.of(Arrays.copyOfRange(octets, at, octets.length))
        : Optional.empty();
  }

  /// Hop-by-hop options, routing header, destination options.
  private static boolean isExtension(int nextHeader) {
    return nextHeader == 0 || nextHeader == 43 || nextHeader == 60;
  }
}
