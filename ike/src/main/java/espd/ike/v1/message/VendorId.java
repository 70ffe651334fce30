package espd.ike.v1.message;

import espd.ike.message.Bytes;
import espd.ike.message.MalformedException;
import espd.ike.message.Reader;
import espd.ike.message.Writer;

/// Which program the sender is, or what it can beyond the RFCs (RFC 2408 §3.16).
///
/// @param data chosen by the vendor; some of them are in [Vendor]
public record VendorId(Bytes data) implements IsakmpPayload {

  /// The type of this payload.
  public static final int TYPE = 13;

  static VendorId read(Reader in) throws MalformedException {
    return new VendorId(Opaque.read(in, "V"));
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
    return "V";
  }
}
