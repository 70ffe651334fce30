package espd.tun;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/// A message of Netlink (RFC 3549 §2.3): a header, the header of what it is about, and attributes,
/// which may have attributes inside. Numbers are in the host's byte order.
///
/// ```
///  length (4)  type (2)  flags (2)  sequence (4)  port (4)   nlmsghdr
///  …                                                         what it is about
///  length (2)  type (2)  value, filled up to 4 octets        nlattr, any number of them
/// ```
final class NetlinkMessage {

  /// The octets of the header.
  static final int HEADER = 16;

  static final int ERROR = 2;
  static final int DONE = 3;

  static final int REQUEST = 0x1;
  static final int REPLACE = 0x100;
  static final int EXCLUSIVE = 0x200;
  static final int CREATE = 0x400;
  static final int DUMP = 0x300;

  private static final int SEQUENCE = 8;
  private static final int ATTRIBUTE = 4;
  private static final int NESTED = 0x8000;
  private static final int TYPE_MASK = 0x3fff;

  private ByteBuffer octets = ByteBuffer.allocate(256).order(ByteOrder.nativeOrder());

  /// A request.
  ///
  /// @param flags beside the one that says so
  NetlinkMessage(int type, int flags) {
    octets.putInt(0).putShort((short) type).putShort((short) (flags | REQUEST)).putInt(0).putInt(0);
  }

  /// A request made of one that was read.
  NetlinkMessage(int type, int flags, ByteBuffer payload) {
    this(type, flags);
    room(payload.remaining()).put(payload.duplicate());
  }

  /// Appends octets to the header of what it is about.
  NetlinkMessage octets(int... values) {
    for (int value : values) {
      room(1).put((byte) value);
    }
    return this;
  }

  /// Appends a number of 32 bits to the header of what it is about.
  NetlinkMessage number(int value) {
    room(Integer.BYTES).putInt(value);
    return this;
  }

  /// Appends an attribute.
  NetlinkMessage attribute(int type, byte[] value) {
    int begin = begin(type);
    room(value.length).put(value);
    return end(begin);
  }

  /// Appends an attribute of a number of 32 bits.
  NetlinkMessage attribute(int type, int value) {
    int begin = begin(type);
    room(Integer.BYTES).putInt(value);
    return end(begin);
  }

  /// Appends an attribute of a number of 32 bits in network order.
  NetlinkMessage bigEndian(int type, int value) {
    return attribute(type, ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
  }

  /// Appends an attribute of a name.
  NetlinkMessage attribute(int type, String name) {
    byte[] octets = name.getBytes(StandardCharsets.UTF_8);
    return attribute(type, Arrays.copyOf(octets, octets.length + 1));
  }

  /// Appends an attribute that has those inside which `inside` appends.
  NetlinkMessage nested(int type, Consumer<NetlinkMessage> inside) {
    int begin = begin(type | NESTED);
    inside.accept(this);
    return end(begin);
  }

  private int begin(int type) {
    int begin = octets.position();
    room(ATTRIBUTE).putShort((short) 0).putShort((short) type);
    return begin;
  }

  private NetlinkMessage end(int begin) {
    int length = octets.position() - begin;
    if (length > 0xffff) {
      throw new IllegalStateException("an attribute of " + length + " octets");
    }
    octets.putShort(begin, (short) length);
    room(3).put(new byte[-length & 3]);
    return this;
  }

  private ByteBuffer room(int more) {
    if (octets.remaining() < more) {
      int least = octets.position() + more;
      octets = ByteBuffer.allocate(2 * least).order(octets.order()).put(octets.flip());
    }
    return octets;
  }

  /// {@return how long it is}
  int length() {
    return octets.position();
  }

  /// Writes it with a sequence number, which answers bear.
  void writeTo(ByteBuffer out, int sequence) {
    octets.putInt(0, length()).putInt(SEQUENCE, sequence);
    out.put(octets.duplicate().flip());
  }

  /// {@return what stands in a part of a message that has only attributes: the last of each type}
  ///
  /// @param part from its position to its limit
  static Map<Integer, ByteBuffer> attributes(ByteBuffer part) {
    Map<Integer, ByteBuffer> attributes = new HashMap<>();
    int at = part.position();
    while (part.limit() - at >= ATTRIBUTE) {
      int length = Short.toUnsignedInt(part.getShort(at));
      if (length < ATTRIBUTE || length > part.limit() - at) {
        break;
      }
      ByteBuffer value = part.slice(at + ATTRIBUTE, length - ATTRIBUTE).order(part.order());
      attributes.put(part.getShort(at + 2) & TYPE_MASK, value);
      at += (length + 3) & ~3;
    }
    return attributes;
  }
}
