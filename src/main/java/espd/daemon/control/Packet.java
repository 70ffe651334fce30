package espd.daemon.control;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/// A packet of the vici protocol: a type, a name where it has one, and a message where it has one.
///
/// ```
/// | length: 32 | type: 8 | name length: 8 | name | message |
/// ```
public sealed interface Packet {

  /// The most octets behind the length.
  int LONGEST = 512 * 1024;

  /// A client asks for a command.
  record CmdRequest(String name, Section message) implements Packet {}

  /// The command is done.
  record CmdResponse(Section message) implements Packet {}

  /// There is no such command.
  record CmdUnknown() implements Packet {}

  /// A client wants to hear of events.
  record EventRegister(String name) implements Packet {}

  /// A client no longer wants to.
  record EventUnregister(String name) implements Packet {}

  /// It is as the client wants.
  record EventConfirm() implements Packet {}

  /// There are no such events.
  record EventUnknown() implements Packet {}

  /// Something happened.
  record Event(String name, Section message) implements Packet {}

  /// {@return the octets behind the length}
  default byte[] write() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    switch (this) {
      case CmdRequest(String name, Section message) -> write(0, name, message, out);
      case CmdResponse(Section message) -> {
        out.write(1);
        out.writeBytes(SectionCodec.write(message));
      }
      case CmdUnknown() -> out.write(2);
      case EventRegister(String name) -> write(3, name, Section.EMPTY, out);
      case EventUnregister(String name) -> write(4, name, Section.EMPTY, out);
      case EventConfirm() -> out.write(5);
      case EventUnknown() -> out.write(6);
      case Event(String name, Section message) -> write(7, name, message, out);
    }
    return out.toByteArray();
  }

  private static void write(int type, String name, Section message, ByteArrayOutputStream out) {
    out.write(type);
    SectionCodec.writeName(name, out);
    out.writeBytes(SectionCodec.write(message));
  }

  /// {@return the packet that the octets behind a length make}
  ///
  /// @throws MalformedPacketException when they make none
  static Packet read(ByteBuffer octets) throws MalformedPacketException {
    if (!octets.hasRemaining()) {
      throw new MalformedPacketException("empty packet");
    }
    int type = octets.get();
    Packet packet =
        switch (type) {
          case 0 -> new CmdRequest(SectionCodec.name(octets), SectionCodec.read(octets));
          case 1 -> new CmdResponse(SectionCodec.read(octets));
          case 2 -> new CmdUnknown();
          case 3 -> new EventRegister(SectionCodec.name(octets));
          case 4 -> new EventUnregister(SectionCodec.name(octets));
          case 5 -> new EventConfirm();
          case 6 -> new EventUnknown();
          case 7 -> new Event(SectionCodec.name(octets), SectionCodec.read(octets));
          default -> throw new MalformedPacketException("packet of type " + type);
        };
    if (octets.hasRemaining()) {
      throw new MalformedPacketException("octets behind the packet");
    }
    return packet;
  }
}
