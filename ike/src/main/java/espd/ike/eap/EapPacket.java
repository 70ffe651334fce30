package espd.ike.eap;

import espd.ike.message.Bytes;
import espd.ike.message.MalformedException;
import espd.ike.message.Reader;
import espd.ike.message.Writer;

/// A packet of the Extensible Authentication Protocol (RFC 3748 §4), inside the payload of RFC 7296
/// §3.16.
///
/// ```
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |     Code      |  Identifier   |            Length             |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |     Type      |  Type-Data ...              requests and responses only
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
public sealed interface EapPacket {

  /// The longest we take: no method of ours sends more in one packet.
  int MAX_OCTETS = 4096;

  /// The type that asks who the peer is (RFC 3748 §5.1).
  int IDENTITY = 1;

  /// The type of text for people (RFC 3748 §5.2).
  int NOTIFICATION = 2;

  /// The type of the peer's wish for another method (RFC 3748 §5.3.1).
  int NAK = 3;

  /// {@return what ties a response to its request, 0 to 255}
  int id();

  /// From the server.
  record Request(int id, int type, Bytes data) implements EapPacket {}

  /// From the peer.
  record Response(int id, int type, Bytes data) implements EapPacket {}

  /// The server's last word: the peer has proven itself.
  record Success(int id) implements EapPacket {}

  /// The server's last word: it has not.
  record Failure(int id) implements EapPacket {}

  /// {@return the packet in `octets`; what follows its length is padding (RFC 3748 §4.1)}
  ///
  /// @throws MalformedException when it is none, or longer than [#MAX_OCTETS]
  static EapPacket read(Bytes octets) throws MalformedException {
    Reader in = new Reader(octets.toArray());
    int code = in.u8();
    int id = in.u8();
    int length = in.u16();
    if (length > MAX_OCTETS) {
      throw new MalformedException("EAP packet of " + length + " octets");
    }
    Reader body = in.sub(length - 4);
    return switch (code) {
      case 1 -> new Request(id, body.u8(), body.rest());
      case 2 -> new Response(id, body.u8(), body.rest());
      case 3 -> new Success(id);
      case 4 -> new Failure(id);
      default -> throw new MalformedException("EAP code " + code);
    };
  }

  /// {@return its octets}
  default Bytes write() {
    return switch (this) {
      case Request(int id, int type, Bytes data) -> typed(1, id, type, data);
      case Response(int id, int type, Bytes data) -> typed(2, id, type, data);
      case Success(int id) -> Bytes.of((byte) 3, (byte) id, (byte) 0, (byte) 4);
      case Failure(int id) -> Bytes.of((byte) 4, (byte) id, (byte) 0, (byte) 4);
    };
  }

  private static Bytes typed(int code, int id, int type, Bytes data) {
    Writer out = new Writer();
    out.u8(code).u8(id).u16(5 + data.length()).u8(type).bytes(data);
    return Bytes.of(out.toArray());
  }
}
