package espd.ike.message;

/// Which program the sender is, or what it can beyond the RFC (RFC 7296 §3.12).
///
/// @param data chosen by the vendor
public record VendorId(Bytes data) implements Payload {

  /// The type of this payload.
  public static final int TYPE = 43;

  static VendorId read(Reader in) throws MalformedException {
    Bytes data = in.rest();
    return new VendorId(data);
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
