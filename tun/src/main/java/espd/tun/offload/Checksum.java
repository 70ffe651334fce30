package espd.tun.offload;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// The Internet checksum (RFC 1071) over off-heap memory.
///
/// A sum is a `long` in which carries gather; it is folded into 16 bits once. It is taken in the
/// host's byte order, in which it is the same sum with its octets swapped (RFC 1071 §2 (B)).
public final class Checksum {

  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfShort SHORT_BE = SHORT.withOrder(ByteOrder.BIG_ENDIAN);
  private static final long LOW = 0xffff_ffffL;

  private static final int ADDRESSES = 8;
  private static final int ADDRESSES_END = 40;
  private static final int IPV4_ADDRESSES = 12;

  private Checksum() {}

  /// {@return the sum over octets, to be added to others; a last odd octet counts as one followed
  /// by 0}
  public static long sum(MemorySegment memory, long at, int octets) {
    long sum = 0;
    int words = octets / Long.BYTES;
    // Counted by an int, which the compiler makes vector instructions of.
    for (int i = 0; i < words; i++) {
      long word = memory.get(LONG, at + i * (long) Long.BYTES);
      sum += (word & LOW) + (word >>> Integer.SIZE);
    }
    long position = at + words * (long) Long.BYTES;
    long end = at + octets;
    if (position + Integer.BYTES <= end) {
      sum += memory.get(INT, position) & LOW;
      position += Integer.BYTES;
    }
    if (position + Short.BYTES <= end) {
      sum += memory.get(SHORT, position) & 0xffff;
      position += Short.BYTES;
    }
    return position < end ? sum + ofLast(memory.get(ValueLayout.JAVA_BYTE, position)) : sum;
  }

  private static int ofLast(byte octet) {
    return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? octet & 0xff : (octet & 0xff) << 8;
  }

  /// {@return the sum over the pseudo-header of an IPv6 packet (RFC 8200 §8.1)}
  ///
  /// @param packet where its IPv6 header begins
  /// @param upper the octets of the upper layer, at most 65,535
  /// @param protocol of the upper layer
  public static long pseudoHeader(MemorySegment memory, long packet, int upper, int protocol) {
    return sum(memory, packet + ADDRESSES, ADDRESSES_END - ADDRESSES) + of(upper) + of(protocol);
  }

  /// {@return the sum over the pseudo-header of an IPv4 packet (RFC 9293 §3.1, RFC 768)}
  ///
  /// @param packet where its IPv4 header begins
  /// @param upper the octets of the upper layer, at most 65,535
  /// @param protocol of the upper layer
  static long pseudoHeaderIpv4(MemorySegment memory, long packet, int upper, int protocol) {
    return sum(memory, packet + IPV4_ADDRESSES, UpperLayer.IPV4_HEADER - IPV4_ADDRESSES)
        + of(upper)
        + of(protocol);
  }

  /// {@return a number of 16 bits as a part of a sum}
  static int of(int value) {
    return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
        ? Short.reverseBytes((short) value) & 0xffff
        : value;
  }

  /// {@return the checksum as it is stored: the complement of the sum, in network byte order}
  public static int complement(long sum) {
    return ~fold(sum) & 0xffff;
  }

  /// {@return the checksum of an upper layer: in UDP with 0xffff for 0, which is equal, for there 0
  /// means that there is none (RFC 768); elsewhere 0 is 0 (RFC 1624 §3)}
  ///
  /// @param offset of the field in the upper layer's header, by which UDP is known
  public static int upperLayer(long sum, int offset) {
    int checksum = complement(sum);
    return checksum == 0 && offset == UpperLayer.UDP_CHECKSUM ? 0xffff : checksum;
  }

  /// {@return whether a sum that took in its own checksum proves it right}
  public static boolean isRight(long sum) {
    return fold(sum) == 0xffff;
  }

  /// {@return the sum in 16 bits, in network byte order}
  public static int fold(long sum) {
    long folded = (sum & LOW) + (sum >>> Integer.SIZE);
    folded = (folded & LOW) + (folded >>> Integer.SIZE);
    folded = (folded & 0xffff) + (folded >>> Short.SIZE);
    folded = (folded & 0xffff) + (folded >>> Short.SIZE);
    folded = (folded & 0xffff) + (folded >>> Short.SIZE);
    return of((int) folded);
  }

  /// Stores a checksum or a sum of 16 bits.
  static void store(MemorySegment memory, long at, int checksum) {
    memory.set(SHORT_BE, at, (short) checksum);
  }
}
