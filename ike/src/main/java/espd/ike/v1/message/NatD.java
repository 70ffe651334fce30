package espd.ike.v1.message;

import espd.ike.message.Bytes;
import espd.ike.message.MalformedException;
import espd.ike.message.Reader;
import espd.ike.message.Writer;

/// A hash of an address and a port, by which a NAT is found (RFC 3947 §3.2).
///
/// @param data `HASH(CKY-I | CKY-R | IP | Port)` with the negotiated hash; first of the receiver,
///   then of the sender
public record NatD(Bytes data) implements IsakmpPayload {

  /// The type of this payload.
  public static final int TYPE = 20;

  static NatD read(Reader in) throws MalformedException {
    return new NatD(Opaque.read(in, "NAT-D"));
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
    return "NAT-D";
  }
}
