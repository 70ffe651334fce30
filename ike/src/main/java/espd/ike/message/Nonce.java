package espd.ike.message;

/// Fresh random octets (RFC 7296 §3.9).
///
/// @param data 16 to 256 octets
public record Nonce(Bytes data) implements Payload {

  /// The type of this payload.
  public static final int TYPE = 40;

  /// The fewest octets of a nonce.
  public static final int MIN_OCTETS = 16;

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
