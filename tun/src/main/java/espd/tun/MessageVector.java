package espd.tun;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The array of messages that recvmmsg(2) and sendmmsg(2) take, laid out once and refilled for each
/// batch without an object. One thread.
///
/// ```
///  struct mmsghdr  0 name  8 name's length  16 iovec  24 iovecs  32 control  40 control's length
///                  48 flags  56 octets received                                    64 in all
///  struct iovec    0 base  8 length
///  struct cmsghdr  0 length with this header  8 level  12 type  16 data, to a multiple of 8
/// ```
///
/// Pieces (iovecs) are numbered through: a message is made of as many as follow each other, and a
/// vector has as many pieces as messages.
final class MessageVector {

  /// What [#control] says when the host said nothing.
  static final int ABSENT = -1;

  private static final int MESSAGE = 64;
  private static final int NAME_LENGTH = 8;
  private static final int IOVEC_AT = 16;
  private static final int IOVECS = 24;
  private static final int CONTROL_AT = 32;
  private static final int CONTROL_LENGTH = 40;
  private static final int FLAGS = 48;
  private static final int RECEIVED = 56;

  private static final int IOVEC = 16;
  private static final int NAME = 32;

  /// Room for what an error queue says (64 octets), hop limit and traffic class (24 each), and one
  /// more.
  private static final int CONTROL = 192;

  private static final int CONTROL_HEADER = 16;
  private static final int CONTROL_LEVEL = 8;
  private static final int CONTROL_TYPE = 12;
  private static final int ONE_INT = CONTROL_HEADER + Integer.BYTES;
  private static final int ONE_SHORT = CONTROL_HEADER + Short.BYTES;
  private static final int PADDED = 24;

  private final MemorySegment messages;
  private final MemorySegment iovecs;
  private final MemorySegment names;
  private final MemorySegment controls;

  MessageVector(Arena arena, int capacity) {
    this.messages = arena.allocate((long) MESSAGE * capacity, MESSAGE);
    this.iovecs = arena.allocate((long) IOVEC * capacity, MESSAGE);
    this.names = arena.allocate((long) NAME * capacity, MESSAGE);
    this.controls = arena.allocate((long) CONTROL * capacity, MESSAGE);
    for (int i = 0; i < capacity; i++) {
      messages.set(ValueLayout.JAVA_LONG, at(i, 0), names.address() + (long) i * NAME);
      messages.set(ValueLayout.JAVA_INT, at(i, NAME_LENGTH), Sockets.SOCKADDR);
      messages.set(
          ValueLayout.JAVA_LONG, at(i, CONTROL_AT), controls.address() + i * (long) CONTROL);
      names.set(ValueLayout.JAVA_SHORT, (long) i * NAME, (short) Libc.AF_INET6);
      pieces(i, i, 1);
    }
  }

  private static long at(int message, int field) {
    return (long) message * MESSAGE + field;
  }

  /// {@return where a message begins, for the C library}
  long address(int message) {
    return messages.address() + (long) message * MESSAGE;
  }

  /// Says where the octets of a piece lie: to be sent from, or to be received to.
  void piece(int piece, long address, int octets) {
    iovecs.set(ValueLayout.JAVA_LONG, (long) piece * IOVEC, address);
    iovecs.set(ValueLayout.JAVA_LONG, (long) piece * IOVEC + Long.BYTES, octets);
  }

  /// Says which pieces a message is made of: each of the piece of its own number at first.
  void pieces(int message, int first, int count) {
    messages.set(
        ValueLayout.JAVA_LONG, at(message, IOVEC_AT), iovecs.address() + (long) first * IOVEC);
    messages.set(ValueLayout.JAVA_LONG, at(message, IOVECS), count);
  }

  /// Makes room for what the host says beside a packet.
  void expectControl(int message) {
    messages.set(ValueLayout.JAVA_INT, at(message, NAME_LENGTH), Sockets.SOCKADDR);
    messages.set(ValueLayout.JAVA_LONG, at(message, CONTROL_LENGTH), CONTROL);
    messages.set(ValueLayout.JAVA_INT, at(message, FLAGS), 0);
  }

  /// Says nothing beside a packet to be sent.
  void noControl(int message) {
    messages.set(ValueLayout.JAVA_LONG, at(message, CONTROL_LENGTH), 0);
  }

  /// Says one more option of IPv6 beside a packet to be sent.
  void addOption(int message, int type, int value) {
    long at = add(message, ONE_INT, Libc.IPPROTO_IPV6, type);
    controls.set(ValueLayout.JAVA_INT, at, value);
  }

  /// Says beside a packet to be sent that it stands for several datagrams.
  ///
  /// @param octets of each but the last
  void addSegmentOctets(int message, int octets) {
    long at = add(message, ONE_SHORT, Libc.SOL_UDP, Libc.UDP_SEGMENT);
    controls.set(ValueLayout.JAVA_SHORT, at, (short) octets);
  }

  /// {@return where the data of one more control message begins}
  private long add(int message, int octets, int level, int type) {
    long used = messages.get(ValueLayout.JAVA_LONG, at(message, CONTROL_LENGTH));
    long at = (long) message * CONTROL + used;
    controls.set(ValueLayout.JAVA_LONG, at, octets);
    controls.set(ValueLayout.JAVA_INT, at + CONTROL_LEVEL, level);
    controls.set(ValueLayout.JAVA_INT, at + CONTROL_TYPE, type);
    messages.set(ValueLayout.JAVA_LONG, at(message, CONTROL_LENGTH), used + PADDED);
    return at + CONTROL_HEADER;
  }

  /// Says where a packet of IPv4 goes that has its own header.
  void peerIpv4(int message, int address) {
    long at = (long) message * NAME;
    names.set(ValueLayout.JAVA_SHORT, at, (short) Libc.AF_INET);
    names.set(Sockets.SHORT_BE, at + Sockets.SOCKADDR_PORT, (short) 0);
    names.set(Sockets.INT_BE, at + Sockets.SOCKADDR_IPV4, address);
  }

  /// Says where a packet goes.
  void peer(int message, long high, long low, int port) {
    long at = (long) message * NAME;
    names.set(ValueLayout.JAVA_SHORT, at, (short) Libc.AF_INET6);
    names.set(Sockets.SHORT_BE, at + Sockets.SOCKADDR_PORT, (short) port);
    names.set(Sockets.LONG_BE, at + Sockets.SOCKADDR_ADDRESS, high);
    names.set(Sockets.LONG_BE, at + Sockets.SOCKADDR_ADDRESS + Long.BYTES, low);
  }

  /// {@return the first half of the address a packet came from, or, in an error queue, went to}
  long peerHigh(int message) {
    return names.get(Sockets.LONG_BE, (long) message * NAME + Sockets.SOCKADDR_ADDRESS);
  }

  /// {@return the second half of that address}
  long peerLow(int message) {
    return names.get(
        Sockets.LONG_BE, (long) message * NAME + Sockets.SOCKADDR_ADDRESS + Long.BYTES);
  }

  /// {@return the port a packet came from}
  int peerPort(int message) {
    return Short.toUnsignedInt(
        names.get(Sockets.SHORT_BE, (long) message * NAME + Sockets.SOCKADDR_PORT));
  }

  /// {@return how many octets were received}
  int received(int message) {
    return messages.get(ValueLayout.JAVA_INT, at(message, RECEIVED));
  }

  /// {@return what the host said beside a packet about an option, or [#ABSENT]}
  int control(int message, int level, int type) {
    return control(message, level, type, 0);
  }

  /// {@return one `int` of what the host said beside a packet about an option, or [#ABSENT]}
  ///
  /// @param offset of the `int` in the option's data
  int control(int message, int level, int type, int offset) {
    long at = (long) message * CONTROL;
    long end = at + messages.get(ValueLayout.JAVA_LONG, at(message, CONTROL_LENGTH));
    while (at + ONE_INT <= end) {
      long length = controls.get(ValueLayout.JAVA_LONG, at);
      if (controls.get(ValueLayout.JAVA_INT, at + CONTROL_LEVEL) == level
          && controls.get(ValueLayout.JAVA_INT, at + CONTROL_TYPE) == type
          && CONTROL_HEADER + offset + Integer.BYTES <= length) {
        return controls.get(ValueLayout.JAVA_INT, at + CONTROL_HEADER + offset);
      }
      if (length < CONTROL_HEADER) {
        return ABSENT;
      }
      at += (length + 7) & -8;
    }
    return ABSENT;
  }
}
