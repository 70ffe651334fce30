package espd.ike.message;

/// A certificate (RFC 7296 §3.6).
///
/// ```
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// | Cert Encoding |                                               |
/// +-+-+-+-+-+-+-+-+                                               |
/// ~                       Certificate Data                        ~
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
///
/// @param encoding [#X509], [#RAW_PUBLIC_KEY], or another
/// @param data the certificate
public record Certificate(int encoding, Bytes data) implements Payload {

  /// The type of this payload.
  public static final int TYPE = 37;

  /// The encoding X.509 Certificate - Signature: DER.
  public static final int X509 = 4;

  /// The encoding Raw Public Key (RFC 7670 §3): DER of a SubjectPublicKeyInfo.
  public static final int RAW_PUBLIC_KEY = 15;

  static Certificate read(Reader in) throws MalformedException {
    int encoding = in.u8();
    Bytes data = in.rest();
    return new Certificate(encoding, data);
  }

  @Override
  public void writeBody(Writer out) {
    out.u8(encoding);
    out.bytes(data);
  }

  @Override
  public int payloadType() {
    return TYPE;
  }

  @Override
  public String label() {
    return "CERT";
  }
}
