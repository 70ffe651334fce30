package espd.ike.v1.message;

import espd.ike.message.Bytes;
import espd.ike.message.MalformedException;
import espd.ike.message.Reader;
import espd.ike.message.Writer;

/// A certificate (RFC 2408 §3.9, RFC 4945 §3.3).
///
/// @param encoding [#X509_SIGNATURE], or another
/// @param data the certificate
public record Certificate(int encoding, Bytes data) implements IsakmpPayload {

  /// The type of this payload.
  public static final int TYPE = 6;

  /// The encoding X.509 Certificate - Signature: DER.
  public static final int X509_SIGNATURE = 4;

  static Certificate read(Reader in) throws MalformedException {
    return new Certificate(in.u8(), in.rest());
  }

  @Override
  public void writeBody(Writer out) {
    out.u8(encoding).bytes(data);
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
