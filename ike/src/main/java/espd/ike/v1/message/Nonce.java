package espd.ike.v1.message;

import espd.ike.message.Bytes;
import espd.ike.message.MalformedException;
import espd.ike.message.Reader;
import espd.ike.message.Writer;

/// Fresh random octets (RFC 2408 §3.13).
///
/// @param data 8 to 256 octets (RFC 2409 §5)
public record Nonce(Bytes data) implements IsakmpPayload {

  /// The type of this payload.
  public static final int TYPE = 10;

  /// The fewest octets of a nonce.
  public static final int MIN_OCTETS = 8;

  /// The most octets of a nonce.
  public static final int MAX_OCTETS = 256;

  static Nonce read(Reader in) throws MalformedException {
    Bytes data = in.rest();
    if (data.length() < MIN_OCTETS || data.length() > MAX_OCTETS) {
      throw new MalformedException("a nonce of " + data.length() + " octets");
    }
    return new Nonce(data);
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
    return "No";
  }
}
