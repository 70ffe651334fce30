package espd.dataplane.ipv6;

import static espd.dataplane.ipv6.Ipv6Header.octet;
import static espd.dataplane.ipv6.Ipv6Header.pair;
import static java.nio.ByteOrder.BIG_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The Fragment header (RFC 8200 §4.5), as accessors over (buffer, offset):
///
/// ```
///   0 │ next header (8) │ reserved (8) │ fragment offset (13) │ res (2) │ M (1) │
///   4 │ identification (32)                                                     │
/// ```
///
/// The caller has checked that 8 octets are there.
public final class FragmentHeader {

  /// The octets of the header.
  public static final int OCTETS = 8;

  /// Offsets and all lengths but the last count in this unit.
  public static final int UNIT = 8;

  private static final int OFFSET_AND_MORE = 2;
  private static final int IDENTIFICATION = 4;
  private static final int OFFSET_MASK = 0xfff8;
  private static final int MORE = 1;

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(BIG_ENDIAN);

  private FragmentHeader() {}

  /// {@return what the whole datagram's fragmentable part begins with}
  public static int nextHeader(MemorySegment memory, int at) {
    return octet(memory, at);
  }

  /// {@return where in the fragmentable part the fragment stands, 0 to 65,528 octets}
  public static int offsetOctets(MemorySegment memory, int at) {
    return pair(memory, at + OFFSET_AND_MORE) & OFFSET_MASK;
  }

  /// {@return whether it is not the last fragment}
  public static boolean isMore(MemorySegment memory, int at) {
    return (pair(memory, at + OFFSET_AND_MORE) & MORE) != 0;
  }

  /// {@return what the fragments of a datagram have in common}
  public static int identification(MemorySegment memory, int at) {
    return memory.get(INT, at + IDENTIFICATION);
  }

  /// Writes the header of the last fragment.
  ///
  /// @param nextAndOffset as [#nextAndOffset(int, int)] packs them
  public static void writeLast(
      MemorySegment memory, int at, int nextAndOffset, int identification) {
    memory.set(INT, at, nextAndOffset);
    memory.set(INT, at + IDENTIFICATION, identification);
  }

  /// Writes the header of a fragment that others follow.
  ///
  /// @param nextAndOffset as [#nextAndOffset(int, int)] packs them
  public static void writeMore(
      MemorySegment memory, int at, int nextAndOffset, int identification) {
    writeLast(memory, at, nextAndOffset | MORE, identification);
  }

  /// {@return the first two fields as [#writeLast] and [#writeMore] take them}
  ///
  /// @param offsetOctets a multiple of 8, below 65,536
  public static int nextAndOffset(int nextHeader, int offsetOctets) {
    return nextHeader << 24 | offsetOctets;
  }
}
