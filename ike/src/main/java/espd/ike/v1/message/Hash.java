package espd.ike.v1.message;

import espd.ike.message.Bytes;
import espd.ike.message.MalformedException;
import espd.ike.message.Reader;
import espd.ike.message.Writer;
import java.security.MessageDigest;

/// A proof that its sender knows the keys, over what RFC 2409 §5 says (RFC 2408 §3.11).
///
/// @param data the output of the negotiated hash's HMAC
public record Hash(Bytes data) implements IsakmpPayload {

  /// The type of this payload.
  public static final int TYPE = 8;

  /// {@return whether it is the expected one; takes as long whatever differs}
  public boolean proves(Bytes expected) {
    return MessageDigest.isEqual(data.toArray(), expected.toArray());
  }

  static Hash read(Reader in) throws MalformedException {
    return new Hash(Opaque.read(in, "HASH"));
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
    return "HASH";
  }
}
