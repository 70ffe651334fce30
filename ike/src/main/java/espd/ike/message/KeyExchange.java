package espd.ike.message;

/// One end's part of a key exchange (RFC 7296 §3.4, RFC 9370 §2.1).
///
/// ```
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |      Key Exchange Method      |           RESERVED            |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ~                       Key Exchange Data                       ~
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
///
/// @param method the number of the method, as in a transform of type DH
/// @param data the public value; of a KEM's responder the ciphertext
public record KeyExchange(int method, Bytes data) implements Payload {

  /// The type of this payload.
  public static final int TYPE = 34;

  static KeyExchange read(Reader in) throws MalformedException {
    int method = in.u16();
    in.skip(2);
    Bytes data = in.rest();
    return new KeyExchange(method, data);
  }

  @Override
  public void writeBody(Writer out) {
    out.u16(method);
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
