package espd.dataplane;

import espd.dataplane.ipv4.Ipv4Header;
import espd.dataplane.ipv6.Ipv6Header;
import espd.spd.Ipv6Address;
import espd.spd.Selector;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// A packet that is only thought of.
///
/// @param source of the packet
/// @param destination of the packet
/// @param protocol the upper-layer protocol, 0 to 255
/// @param sourcePort of the transport header; for ICMP and ICMPv6 the type
/// @param destinationPort of the transport header; for ICMP and ICMPv6 the code
/// @param octets of the packet with its header of IP, at least [#LEAST_OCTETS]; one of IPv4 may not
///   be cut
public record Probe(
    Ipv6Address source,
    Ipv6Address destination,
    int protocol,
    int sourcePort,
    int destinationPort,
    int octets) {

  /// The IPv6 header and as much as a UDP or ICMPv6 header has.
  public static final int LEAST_OCTETS = Ipv6Header.OCTETS + 8;

  private static final int MOST_PAYLOAD = 0xffff;
  private static final int HOP_LIMIT = 64;
  private static final ValueLayout.OfShort PORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  /// @throws IllegalArgumentException when there can be no such packet
  public Probe {
    if (source.isIpv4() != destination.isIpv4()) {
      throw new IllegalArgumentException(
          "not both of IPv6 or both of IPv4: %s and %s".formatted(source, destination));
    }
    int most = source.isIpv4() ? MOST_PAYLOAD : Ipv6Header.OCTETS + MOST_PAYLOAD;
    if (octets < LEAST_OCTETS || octets > most) {
      throw new IllegalArgumentException(
          "not the length of a packet, %d to %d: %d".formatted(LEAST_OCTETS, most, octets));
    }
    int highest = isIcmp(protocol) ? 0xff : 0xffff;
    if (((sourcePort | destinationPort) & ~highest) != 0) {
      throw new IllegalArgumentException(
          "not in 0..%d: %d or %d".formatted(highest, sourcePort, destinationPort));
    }
    if (protocol < 0 || protocol > 255) {
      throw new IllegalArgumentException("not an upper-layer protocol: " + protocol);
    }
  }

  private static boolean isIcmp(int protocol) {
    return protocol == Selector.ICMPV6 || protocol == Selector.ICMP;
  }

  /// {@return whether it has a type and a code instead of ports}
  boolean isIcmp() {
    return isIcmp(protocol);
  }

  /// {@return the packet's octets}
  MemorySegment packet(Arena arena) {
    MemorySegment packet = arena.allocate(octets, Long.BYTES);
    int upper = Ipv6Header.OCTETS;
    if (source.isIpv4()) {
      upper = Ipv4Header.OCTETS;
      Ipv4Header.write(
          packet, octets, protocol << 8 | HOP_LIMIT, source.ipv4(), destination.ipv4());
    } else {
      Ipv6Header.write(packet, 0, octets - upper, Ipv6Header.follows(0, protocol, HOP_LIMIT));
      Ipv6Header.source(packet, 0, source.high(), source.low());
      Ipv6Header.destination(packet, 0, destination.high(), destination.low());
    }
    if (isIcmp()) {
      packet.set(PORT, upper, (short) (sourcePort << 8 | destinationPort));
    } else {
      packet.set(PORT, upper, (short) sourcePort);
      packet.set(PORT, upper + Short.BYTES, (short) destinationPort);
    }
    return packet;
  }
}
