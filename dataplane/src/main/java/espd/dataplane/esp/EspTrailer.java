package espd.dataplane.esp;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// What follows the payload under the cipher: padding, pad length, next header (RFC 4303 §2.4 to
/// §2.6), as accessors over (buffer, offset). `end` is the offset behind the next header field,
/// where the ICV begins.
public final class EspTrailer {

  /// The octets of pad length and next header.
  public static final int OCTETS = 2;

  /// The next header of a dummy packet (RFC 4303 §2.6).
  public static final int NO_NEXT_HEADER = 59;

  private EspTrailer() {}

  /// Writes the padding 1, 2, 3, … and the two fields behind it (RFC 4303 §2.4).
  ///
  /// @param at where the payload ends
  /// @param padOctets 0 to 255
  /// @param nextHeader what the payload is
  public static void write(MemorySegment memory, int at, int padOctets, int nextHeader) {
    for (int i = 0; i < padOctets; i++) {
      memory.set(ValueLayout.JAVA_BYTE, at + i, (byte) (i + 1));
    }
    memory.set(ValueLayout.JAVA_BYTE, at + padOctets, (byte) padOctets);
    memory.set(ValueLayout.JAVA_BYTE, at + padOctets + 1, (byte) nextHeader);
  }

  /// {@return what the payload is}
  public static int nextHeader(MemorySegment memory, int end) {
    return octet(memory, end - 1);
  }

  /// {@return how many octets of padding stand before the two fields}
  public static int padOctets(MemorySegment memory, int end) {
    return octet(memory, end - OCTETS);
  }

  /// {@return whether the padding lies within the packet and is 1, 2, 3, … (RFC 4303 §2.4)}
  ///
  /// @param payloadAt where the payload begins
  public static boolean isPaddingRight(MemorySegment memory, int payloadAt, int end) {
    int padOctets = padOctets(memory, end);
    int padAt = end - OCTETS - padOctets;
    if (padAt < payloadAt) {
      return false;
    }
    int wrong = 0;
    for (int i = 0; i < padOctets; i++) {
      wrong |= octet(memory, padAt + i) ^ (i + 1);
    }
    return wrong == 0;
  }

  private static int octet(MemorySegment memory, int at) {
    return memory.get(ValueLayout.JAVA_BYTE, at) & 0xff;
  }
}
