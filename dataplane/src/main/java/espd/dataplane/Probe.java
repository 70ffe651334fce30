package espd.dataplane;

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
/// @param sourcePort of the transport header; for ICMPv6 the type
/// @param destinationPort of the transport header; for ICMPv6 the code
/// @param octets of the packet with its IPv6 header, at least [#LEAST_OCTETS]
public record Probe(
    Ipv6Address source,
    Ipv6Address destination,
    int protocol,
    int sourcePort,
    int destinationPort,
    int octets) {

  /// The IPv6 header and as much as a UDP or ICMPv6 header has.
  public static final int LEAST_OCTETS = Ipv6Header.OCTETS + 8;

  private static final int MOST_OCTETS = Ipv6Header.OCTETS + 0xffff;
  private static final int HOP_LIMIT = 64;
  private static final ValueLayout.OfShort PORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  /// @throws IllegalArgumentException when there can be no such packet
  public Probe {
    if (octets < LEAST_OCTETS || octets > MOST_OCTETS) {
      throw new IllegalArgumentException(
          "not the length of a packet, %d to %d: %d".formatted(LEAST_OCTETS, MOST_OCTETS, octets));
    }
    int most = protocol == Selector.ICMPV6 ? 0xff : 0xffff;
    if (((sourcePort | destinationPort) & ~most) != 0) {
      throw new IllegalArgumentException(
          "not in 0..%d: %d or %d".formatted(most, sourcePort, destinationPort));
    }
    if (protocol < 0 || protocol > 255) {
      throw new IllegalArgumentException("not an upper-layer protocol: " + protocol);
    }
  }

  /// {@return the packet's octets}
  MemorySegment packet(Arena arena) {
    MemorySegment packet = arena.allocate(octets, Long.BYTES);
    int fields = Ipv6Header.follows(0, protocol, HOP_LIMIT);
    Ipv6Header.write(packet, 0, octets - Ipv6Header.OCTETS, fields);
    Ipv6Header.source(packet, 0, source.high(), source.low());
    Ipv6Header.destination(packet, 0, destination.high(), destination.low());
    if (protocol == Selector.ICMPV6) {
      int typeAndCode = sourcePort << 8 | destinationPort;
      packet.set(PORT, Ipv6Header.OCTETS, (short) typeAndCode);
    } else {
      packet.set(PORT, Ipv6Header.OCTETS, (short) sourcePort);
      packet.set(PORT, Ipv6Header.OCTETS + Short.BYTES, (short) destinationPort);
    }
    return packet;
  }
}
