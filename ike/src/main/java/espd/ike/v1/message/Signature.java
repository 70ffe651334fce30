package espd.ike.v1.message;

import espd.ike.message.Bytes;
import espd.ike.message.MalformedException;
import espd.ike.message.Reader;
import espd.ike.message.Writer;

/// A proof that its sender has a private key (RFC 2408 §3.12, RFC 2409 §5.1).
///
/// @param data the signature of HASH_I or HASH_R
public record Signature(Bytes data) implements IsakmpPayload {

  /// The type of this payload.
  public static final int TYPE = 9;

  static Signature read(Reader in) throws MalformedException {
    return new Signature(Opaque.read(in, "SIG"));
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
    return "SIG";
  }
}
