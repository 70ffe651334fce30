package espd.ike.message;

/// A public value of a Diffie-Hellman group (RFC 7296 §3.4).
///
/// ```
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |   Diffie-Hellman Group Num    |           RESERVED            |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ~                       Key Exchange Data                       ~
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
///
/// @param group the number of the group, as in a transform of type DH
/// @param data the public value
public record KeyExchange(int group, Bytes data) implements Payload {

  /// The type of this payload.
  public static final int TYPE = 34;

  static KeyExchange read(Reader in) throws MalformedException {
    int group = in.u16();
    in.skip(2);
    Bytes data = in.rest();
    return new KeyExchange(group, data);
  }

  @Override
  public void writeBody(Writer out) {
    out.u16(group);
    out.u16(0);
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
