package espd.tun.offload;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// What a TUN device with IFF_VNET_HDR says before each packet (virtio 1.2 §5.1.6), as accessors
/// over (buffer, offset), in the host's byte order:
///
/// ```
///  0 flags (8)  1 kind (8)  2 octets of headers (16)  4 octets of a segment (16)
///  6 where the checksum begins (16)  8 where it is stored, from there (16)         10 in all
/// ```
public final class VirtioHeader {

  /// The octets of the header.
  public static final int OCTETS = 10;

  /// The flag of a packet whose checksum is yet to be completed.
  static final int NEEDS_CHECKSUM = 1;

  /// The kind of a packet that is one packet.
  static final int WHOLE = 0;

  /// The kind of a TCP packet over IPv4 that stands for several.
  static final int TCP_IPV4 = 1;

  /// The kind of a TCP packet over IPv6 that stands for several.
  static final int TCP_IPV6 = 4;

  /// The kind of a UDP datagram that stands for several.
  static final int UDP = 5;

  /// Beside a kind: the first segment alone has CWR (RFC 3168 §6.1.2).
  private static final int ECN = 0x80;

  private static final int KIND = 1;
  private static final int HEADERS = 2;
  private static final int SEGMENT = 4;
  private static final int CHECKSUM_START = 6;
  private static final int CHECKSUM_OFFSET = 8;

  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

  private VirtioHeader() {}

  static boolean needsChecksum(MemorySegment memory, int at) {
    return (memory.get(ValueLayout.JAVA_BYTE, at) & NEEDS_CHECKSUM) != 0;
  }

  static int kind(MemorySegment memory, int at) {
    return memory.get(ValueLayout.JAVA_BYTE, at + KIND) & 0xff & ~ECN;
  }

  static int segmentOctets(MemorySegment memory, int at) {
    return memory.get(SHORT, at + SEGMENT) & 0xffff;
  }

  static int checksumStart(MemorySegment memory, int at) {
    return memory.get(SHORT, at + CHECKSUM_START) & 0xffff;
  }

  static int checksumOffset(MemorySegment memory, int at) {
    return memory.get(SHORT, at + CHECKSUM_OFFSET) & 0xffff;
  }

  /// Says of a packet that it is one packet, its checksum complete.
  public static void whole(MemorySegment memory, int at) {
    memory.asSlice(at, OCTETS).fill((byte) 0);
  }

  /// Says of a packet that it stands for several.
  ///
  /// @param kind [#TCP_IPV6], [#TCP_IPV4] or [#UDP]
  /// @param headers the octets of all headers; the upper one begins behind that of IP, which has
  ///   neither extensions nor options
  /// @param segment the octets of payload of each but the last
  static void several(MemorySegment memory, int at, int kind, int headers, int segment) {
    memory.set(ValueLayout.JAVA_BYTE, at, (byte) NEEDS_CHECKSUM);
    memory.set(ValueLayout.JAVA_BYTE, at + KIND, (byte) kind);
    memory.set(SHORT, at + HEADERS, (short) headers);
    memory.set(SHORT, at + SEGMENT, (short) segment);
    memory.set(SHORT, at + CHECKSUM_START, (short) upperLayer(kind, headers));
    memory.set(
        SHORT,
        at + CHECKSUM_OFFSET,
        (short) (kind == UDP ? UpperLayer.UDP_CHECKSUM : UpperLayer.TCP_CHECKSUM));
  }

  private static int upperLayer(int kind, int headers) {
    return switch (kind) {
      case UDP -> headers - UpperLayer.UDP_HEADER;
      case TCP_IPV4 -> UpperLayer.IPV4_HEADER;
      default -> UpperLayer.IPV6_HEADER;
    };
  }
}
