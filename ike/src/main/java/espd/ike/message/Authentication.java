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
/// @param method [#SHARED_KEY], [#DIGITAL_SIGNATURE] or another number of the registry
/// @param data as the method says
public record Authentication(int method, Bytes data) implements Payload {

  /// The type of this payload.
  public static final int TYPE = 39;

  /// The method of a pre-shared key: Shared Key Message Integrity Code.
  public static final int SHARED_KEY = 2;

  /// The method RSA Digital Signature.
  public static final int RSA = 1;

  /// The method ECDSA with SHA-256 on the P-256 curve (RFC 4754).
  public static final int ECDSA_256 = 9;

  /// The method ECDSA with SHA-384 on the P-384 curve (RFC 4754).
  public static final int ECDSA_384 = 10;

  /// The method ECDSA with SHA-512 on the P-521 curve (RFC 4754).
  public static final int ECDSA_521 = 11;

  /// The method Digital Signature, which names its algorithm (RFC 7427).
  public static final int DIGITAL_SIGNATURE = 14;

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
