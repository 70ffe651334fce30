package espd.ike.v1.message;

import espd.ike.message.Bytes;
import espd.ike.message.MalformedException;
import espd.ike.message.Reader;
import espd.ike.message.Writer;

/// One end's public value (RFC 2408 §3.7).
///
/// @param data as long as the group's values are
public record KeyExchange(Bytes data) implements IsakmpPayload {

  /// The type of this payload.
  public static final int TYPE = 4;

  static KeyExchange read(Reader in) throws MalformedException {
    return new KeyExchange(Opaque.read(in, "KE"));
  }

  @Override
  public void writeBody(Writer out) {
    out.bytes(data);
  }

  @Override
  public int payloadType() {
    return TYPE;
  }

  @Override
  public String label() {
    return "KE";
  }
}
