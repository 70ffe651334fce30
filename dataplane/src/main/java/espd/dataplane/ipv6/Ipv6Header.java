package espd.dataplane.ipv6;

import static java.nio.ByteOrder.BIG_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The IPv6 header (RFC 8200 §3), as accessors over (buffer, offset):
///
/// ```
///   0 │ version (4) │ traffic class (8) │ flow label (20)              │
///   4 │ payload length (16)             │ next header (8) │ hop limit (8) │
///   8 │ source address (128)                                           │
///  24 │ destination address (128)                                      │
/// ```
///
/// The caller has checked that 40 octets are there.
public final class Ipv6Header {

  /// The octets of the header.
  public static final int OCTETS = 40;

  /// Where the field that names what follows stands in the header.
  public static final int NEXT_HEADER = 6;

  /// IPv6's number as a next header: a packet in a tunnel (RFC 2473 §3).
  public static final int PROTOCOL = 41;

  /// The smallest MTU that a link of IPv6 may have (RFC 8200 §5).
  public static final int MINIMUM_MTU = 1280;

  /// Where the source address stands, and behind it the destination.
  public static final int ADDRESSES = 8;

  /// The octets of the two addresses.
  public static final int ADDRESSES_OCTETS = 32;

  private static final int VERSION = 6;
  private static final int FLOW_LABEL_MASK = 0xf_ffff;
  private static final int PAYLOAD_LENGTH = 4;
  private static final int HOP_LIMIT = 7;
  private static final int SOURCE = ADDRESSES;
  private static final int DESTINATION = 24;

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(BIG_ENDIAN);
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(BIG_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(BIG_ENDIAN);

  private Ipv6Header() {}

  /// {@return whether the first four bits say IPv6}
  public static boolean isVersion6(MemorySegment memory, int at) {
    return octet(memory, at) >>> 4 == VERSION;
  }

  /// {@return the traffic class, 0 to 255: DSCP and ECN}
  public static int trafficClass(MemorySegment memory, int at) {
    return memory.get(INT, at) >>> 20 & 0xff;
  }

  /// Changes the traffic class only.
  public static void trafficClass(MemorySegment memory, int at, int trafficClass) {
    memory.set(INT, at, (memory.get(INT, at) & 0xf00f_ffff) | trafficClass << 20);
  }

  /// {@return the flow label, 20 bits (RFC 6437 §2)}
  public static int flowLabel(MemorySegment memory, int at) {
    return memory.get(INT, at) & FLOW_LABEL_MASK;
  }

  /// Changes the flow label only.
  public static void flowLabel(MemorySegment memory, int at, int flowLabel) {
    memory.set(INT, at, (memory.get(INT, at) & ~FLOW_LABEL_MASK) | flowLabel);
  }

  /// {@return the octets behind the header}
  public static int payloadOctets(MemorySegment memory, int at) {
    return memory.get(SHORT, at + PAYLOAD_LENGTH) & 0xffff;
  }

  /// Changes the octets behind the header, at most 65,535.
  public static void payloadOctets(MemorySegment memory, int at, int octets) {
    memory.set(SHORT, at + PAYLOAD_LENGTH, (short) octets);
  }

  /// {@return what follows the header}
  public static int nextHeader(MemorySegment memory, int at) {
    return octet(memory, at + NEXT_HEADER);
  }

  /// {@return the hop limit}
  public static int hopLimit(MemorySegment memory, int at) {
    return octet(memory, at + HOP_LIMIT);
  }

  /// {@return the first half of the source address}
  public static long sourceHigh(MemorySegment memory, int at) {
    return memory.get(LONG, at + SOURCE);
  }

  /// {@return the second half of the source address}
  public static long sourceLow(MemorySegment memory, int at) {
    return memory.get(LONG, at + SOURCE + Long.BYTES);
  }

  /// {@return the first half of the destination address}
  public static long destinationHigh(MemorySegment memory, int at) {
    return memory.get(LONG, at + DESTINATION);
  }

  /// {@return the second half of the destination address}
  public static long destinationLow(MemorySegment memory, int at) {
    return memory.get(LONG, at + DESTINATION + Long.BYTES);
  }

  /// Writes all but the addresses; the flow label is 0.
  ///
  /// @param octets behind the header
  /// @param follows the traffic class (bits 16 to 23), what follows the header (8 to 15) and the
  ///   hop limit (0 to 7), as [#follows(int, int, int)] packs them
  public static void write(MemorySegment memory, int at, int octets, int follows) {
    memory.set(INT, at, VERSION << 28 | (follows >>> 16 & 0xff) << 20);
    memory.set(INT, at + PAYLOAD_LENGTH, octets << 16 | (follows & 0xffff));
  }

  /// {@return the three small fields as [#write] takes them}
  public static int follows(int trafficClass, int nextHeader, int hopLimit) {
    return trafficClass << 16 | nextHeader << 8 | hopLimit;
  }

  /// Writes the source address.
  public static void source(MemorySegment memory, int at, long high, long low) {
    memory.set(LONG, at + SOURCE, high);
    memory.set(LONG, at + SOURCE + Long.BYTES, low);
  }

  /// Writes the destination address.
  public static void destination(MemorySegment memory, int at, long high, long low) {
    memory.set(LONG, at + DESTINATION, high);
    memory.set(LONG, at + DESTINATION + Long.BYTES, low);
  }

  static int octet(MemorySegment memory, int at) {
    return memory.get(ValueLayout.JAVA_BYTE, at) & 0xff;
  }

  static void pair(MemorySegment memory, int at, int value) {
    memory.set(SHORT, at, (short) value);
  }

  static int pair(MemorySegment memory, int at) {
    return memory.get(SHORT, at) & 0xffff;
  }
}
