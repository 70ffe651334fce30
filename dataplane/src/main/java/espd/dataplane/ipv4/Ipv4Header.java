package espd.dataplane.ipv4;

import static java.nio.ByteOrder.BIG_ENDIAN;

import espd.tun.offload.Checksum;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The IPv4 header (RFC 791 §3.1), as accessors over (buffer, offset):
///
/// ```
///   0 │ version (4) │ IHL (4) │ DSCP, ECN (8) │ total length (16)          │
///   4 │ identification (16)   │ 0, DF, MF (3) │ fragment offset (13)       │
///   8 │ TTL (8)     │ protocol (8)            │ header checksum (16)       │
///  12 │ source address (32)                                                │
///  16 │ destination address (32)                                           │
///  20 │ options, up to 40 octets                                           │
/// ```
///
/// The caller has checked that 20 octets are there.
public final class Ipv4Header {

  /// The octets of the header without options.
  public static final int OCTETS = 20;

  /// IPv4's number as a next header: a packet in a tunnel (RFC 4303 §2.6, RFC 2003 §3.1).
  public static final int PROTOCOL = 4;

  /// Where the source address stands, and behind it the destination.
  public static final int ADDRESSES = 12;

  /// The octets of the two addresses.
  public static final int ADDRESSES_OCTETS = 8;

  private static final int VERSION = 4;
  private static final int TRAFFIC_CLASS = 1;
  private static final int TOTAL_LENGTH = 2;
  private static final int IDENTIFICATION = 4;
  private static final int FRAGMENT = 6;
  private static final int UPPER_PROTOCOL = 9;
  private static final int CHECKSUM = 10;
  private static final int SOURCE = ADDRESSES;
  private static final int DESTINATION = 16;

  private static final int DONT_FRAGMENT = 0x4000;
  private static final int MORE_FRAGMENTS = 0x2000;
  private static final int OFFSET_MASK = 0x1fff;

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(BIG_ENDIAN);
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(BIG_ENDIAN);

  private Ipv4Header() {}

  /// {@return whether the first four bits say IPv4}
  public static boolean isVersion4(MemorySegment memory, int at) {
    return octet(memory, at) >>> 4 == VERSION;
  }

  /// {@return the octets of the header with its options, 0 to 60 as it says}
  public static int headerOctets(MemorySegment memory, int at) {
    return (octet(memory, at) & 0xf) * Integer.BYTES;
  }

  /// {@return DSCP and ECN, 0 to 255}
  public static int trafficClass(MemorySegment memory, int at) {
    return octet(memory, at + TRAFFIC_CLASS);
  }

  /// Changes DSCP and ECN, and the checksum with them: a wrong one stays wrong (RFC 1624 §3).
  public static void trafficClass(MemorySegment memory, int at, int trafficClass) {
    int before = pair(memory, at);
    memory.set(ValueLayout.JAVA_BYTE, at + TRAFFIC_CLASS, (byte) trafficClass);
    int sum = (~pair(memory, at + CHECKSUM) & 0xffff) + (~before & 0xffff) + pair(memory, at);
    sum = (sum & 0xffff) + (sum >>> 16);
    sum = (sum & 0xffff) + (sum >>> 16);
    memory.set(SHORT, at + CHECKSUM, (short) ~sum);
  }

  /// {@return the octets of the packet, header and all}
  public static int totalOctets(MemorySegment memory, int at) {
    return pair(memory, at + TOTAL_LENGTH);
  }

  /// {@return the number that the fragments of a datagram share}
  public static int identification(MemorySegment memory, int at) {
    return pair(memory, at + IDENTIFICATION);
  }

  /// {@return whether nobody may cut the packet}
  public static boolean isUncuttable(MemorySegment memory, int at) {
    return (pair(memory, at + FRAGMENT) & DONT_FRAGMENT) != 0;
  }

  /// {@return whether fragments follow this one}
  public static boolean isMore(MemorySegment memory, int at) {
    return (pair(memory, at + FRAGMENT) & MORE_FRAGMENTS) != 0;
  }

  /// {@return where in the datagram the octets behind the header stand, 0 to 65,528}
  public static int offsetOctets(MemorySegment memory, int at) {
    return (pair(memory, at + FRAGMENT) & OFFSET_MASK) * 8;
  }

  /// {@return the upper-layer protocol}
  public static int protocol(MemorySegment memory, int at) {
    return octet(memory, at + UPPER_PROTOCOL);
  }

  /// {@return the source address}
  public static int source(MemorySegment memory, int at) {
    return memory.get(INT, at + SOURCE);
  }

  /// {@return the destination address}
  public static int destination(MemorySegment memory, int at) {
    return memory.get(INT, at + DESTINATION);
  }

  /// Writes a header without options that may not be cut, its checksum complete.
  ///
  /// @param octets of the packet, 20 to 65,535
  /// @param follows the protocol (bits 8 to 15) and the TTL (0 to 7)
  /// @param source the address
  /// @param destination the address
  public static void write(
      MemorySegment packet, int octets, int follows, int source, int destination) {
    packet.set(INT, 0, (VERSION << 28) | ((OCTETS / Integer.BYTES) << 24) | octets);
    packet.set(INT, IDENTIFICATION, DONT_FRAGMENT);
    packet.set(INT, 8, ((follows & 0xff) << 24) | (((follows >>> 8) & 0xff) << 16));
    packet.set(INT, SOURCE, source);
    packet.set(INT, DESTINATION, destination);
    packet.set(SHORT, CHECKSUM, (short) Checksum.complement(Checksum.sum(packet, 0, OCTETS)));
  }

  /// Makes the header of a datagram's first fragment that of the datagram, which may be cut again
  /// (RFC 791 §3.2).
  ///
  /// @param octets of the datagram, with this header
  /// @param trafficClass DSCP and ECN
  public static void makeWhole(MemorySegment memory, int at, int octets, int trafficClass) {
    memory.set(ValueLayout.JAVA_BYTE, at + TRAFFIC_CLASS, (byte) trafficClass);
    memory.set(SHORT, at + TOTAL_LENGTH, (short) octets);
    memory.set(SHORT, at + FRAGMENT, (short) 0);
    memory.set(SHORT, at + CHECKSUM, (short) 0);
    int header = headerOctets(memory, at);
    memory.set(SHORT, at + CHECKSUM, (short) Checksum.complement(Checksum.sum(memory, at, header)));
  }

  static int octet(MemorySegment memory, int at) {
    return memory.get(ValueLayout.JAVA_BYTE, at) & 0xff;
  }

  private static int pair(MemorySegment memory, int at) {
    return memory.get(SHORT, at) & 0xffff;
  }
}
