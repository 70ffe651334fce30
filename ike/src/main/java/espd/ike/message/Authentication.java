package espd.ike.message;

/// The proof that the sender is who it says (RFC 7296 §3.8).
///
/// ```
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// | Auth Method   |                RESERVED                       |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ~                      Authentication Data                      ~
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
///
/// @param method [#SHARED_KEY] or another number of the registry
/// @param data as the method says
public record Authentication(int method, Bytes data) implements Payload {

  /// The type of this payload.
  public static final int TYPE = 39;

  /// The method of a pre-shared key: Shared Key Message Integrity Code.
  public static final int SHARED_KEY = 2;

  static Authentication read(Reader in) throws MalformedException {
    int method = in.u8();
    in.skip(3);
    Bytes data = in.rest();
    return new Authentication(method, data);
  }

  @Override
  public void writeBody(Writer out) {
    out.u8(method);
    out.u8(0).u16(0);
    out.bytes(data);
  }

  @Override
  public int payloadType() {
    return TYPE;
  }

  @Override
  public String label() {
    return "AUTH";
  }
}
