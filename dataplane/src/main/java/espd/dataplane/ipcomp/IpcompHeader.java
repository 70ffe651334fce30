package espd.dataplane.ipcomp;

import static java.nio.ByteOrder.BIG_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The header before what is compressed (RFC 3173 §3.3); in a packet as an accessor over (buffer,
/// offset), elsewhere as the number that its octets are:
///
/// ```
///   0 │ next header (8) │ flags, zero (8) │ compression parameter index (16) │
/// ```
///
/// The caller has checked that 4 octets are there.
public final class IpcompHeader {

  /// The octets of the header.
  public static final int OCTETS = 4;

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(BIG_ENDIAN);

  private IpcompHeader() {}

  /// {@return the header as one number, the first octet highest}
  ///
  /// @param nextHeader what is compressed behind it
  /// @param cpi that its receiver chose
  public static int of(int nextHeader, int cpi) {
    return nextHeader << 24 | cpi;
  }

  /// {@return what is compressed behind a header}
  public static int nextHeader(int header) {
    return header >>> 24;
  }

  /// {@return the compression parameter index, 0 to 65535}
  public static int cpi(int header) {
    return header & 0xffff;
  }

  /// {@return the header that stands in a packet; its flags are not to be heeded}
  public static int read(MemorySegment memory, int at) {
    return memory.get(INT, at);
  }

  /// Writes a header into a packet.
  public static void write(MemorySegment memory, int at, int header) {
    memory.set(INT, at, header);
  }
}
