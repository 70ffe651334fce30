package espd.daemon.capture;

import espd.dataplane.tap.Side;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// The blocks of a capture file (draft-ietf-opsawg-pcapng), as they are written: little-endian,
/// each with its length before and behind it, options of a code, a length and a value up to the
/// next 32 bits.
///
/// Writing into a buffer without room for the block is the caller's fault.
final class Pcapng {

  private static final int SECTION_HEADER = 0x0a0d_0d0a;
  private static final int INTERFACE_DESCRIPTION = 1;
  private static final int INTERFACE_STATISTICS = 5;
  private static final int ENHANCED_PACKET = 6;

  private static final int BYTE_ORDER = 0x1a2b_3c4d;
  private static final long LENGTH_UNKNOWN = -1;

  /// Packets begin with an IP header (LINKTYPE_RAW).
  private static final int RAW_IP = 101;

  private static final int OPTIONS_END = 0;
  private static final int COMMENT = 1;
  private static final int SHB_USERAPPL = 4;
  private static final int IF_NAME = 2;
  private static final int IF_DESCRIPTION = 3;
  private static final int IF_TSRESOL = 9;
  private static final int EPB_FLAGS = 2;
  private static final int ISB_IFRECV = 4;
  private static final int ISB_IFDROP = 5;

  private static final byte NANOSECONDS = 9;

  /// The flags of a packet that arrives.
  static final int INBOUND = 1;

  /// The flags of a packet that leaves.
  static final int OUTBOUND = 2;

  private final ByteBuffer out;

  /// @param out where blocks are written, from its position on
  Pcapng(ByteBuffer out) {
    this.out = out.order(ByteOrder.LITTLE_ENDIAN);
  }

  /// {@return the number of a side's interface: in the order in which they are described}
  static int number(Side side) {
    return switch (side) {
      case INNER -> 0;
      case OUTER -> 1;
    };
  }

  /// The section that all blocks behind it are in.
  ///
  /// @param application that wrote them
  void section(String application) {
    int at = begin(SECTION_HEADER);
    out.putInt(BYTE_ORDER).putShort((short) 1).putShort((short) 0).putLong(LENGTH_UNKNOWN);
    option(SHB_USERAPPL, utf8(application));
    end(at);
  }

  /// An interface; the first is number 0.
  void describe(String name, String description, int snapOctets) {
    int at = begin(INTERFACE_DESCRIPTION);
    out.putShort((short) RAW_IP).putShort((short) 0).putInt(snapOctets);
    option(IF_NAME, utf8(name));
    option(IF_DESCRIPTION, utf8(description));
    option(IF_TSRESOL, new byte[] {NANOSECONDS});
    end(at);
  }

  /// Begins a packet, whose octets the caller then puts into the buffer.
  ///
  /// @param number of the interface
  /// @param timeNanos since the epoch
  /// @return what [#endPacket] wants
  int beginPacket(int number, long timeNanos, int capturedOctets, int originalOctets) {
    int at = begin(ENHANCED_PACKET);
    out.putInt(number);
    time(timeNanos);
    out.putInt(capturedOctets).putInt(originalOctets);
    return at;
  }

  /// Ends a packet behind its octets.
  ///
  /// @param flags [#INBOUND] or [#OUTBOUND]
  /// @param comment for people
  void endPacket(int at, int flags, byte[] comment) {
    pad();
    out.putShort((short) EPB_FLAGS).putShort((short) Integer.BYTES).putInt(flags);
    option(COMMENT, comment);
    end(at);
  }

  /// What an interface has seen.
  ///
  /// @param number of the interface
  /// @param received packets, those that were lost included
  /// @param dropped packets that were lost
  void statistics(int number, long timeNanos, long received, long dropped) {
    int at = begin(INTERFACE_STATISTICS);
    out.putInt(number);
    time(timeNanos);
    out.putShort((short) ISB_IFRECV).putShort((short) Long.BYTES).putLong(received);
    out.putShort((short) ISB_IFDROP).putShort((short) Long.BYTES).putLong(dropped);
    end(at);
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void time(long nanos) {
    out.putInt((int) (nanos >>> Integer.SIZE)).putInt((int) nanos);
  }

  private int begin(int type) {
    int at = out.position();
    out.putInt(type).putInt(0);
    return at;
  }

  private void option(int code, byte[] value) {
    out.putShort((short) code).putShort((short) value.length).put(value);
    pad();
  }

  private void pad() {
    while (out.position() % Integer.BYTES != 0) {
      out.put((byte) 0);
    }
  }

  private void end(int at) {
    out.putShort((short) OPTIONS_END).putShort((short) 0);
    int octets = out.position() - at + Integer.BYTES;
    out.putInt(octets);
    out.putInt(at + Integer.BYTES, octets);
  }
}
