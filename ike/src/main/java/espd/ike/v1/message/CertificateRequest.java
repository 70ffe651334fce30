package espd.ike.v1.message;

import espd.ike.message.Bytes;
import espd.ike.message.MalformedException;
import espd.ike.message.Reader;
import espd.ike.message.Writer;

/// Asks for a certificate of an authority that the sender trusts (RFC 2408 §3.10, RFC 4945 §3.2).
///
/// @param encoding [Certificate#X509_SIGNATURE], or another
/// @param authority for X.509 the DER of the authority's name; empty for any
public record CertificateRequest(int encoding, Bytes authority) implements IsakmpPayload {

  /// The type of this payload.
  public static final int TYPE = 7;

  static CertificateRequest read(Reader in) throws MalformedException {
    return new CertificateRequest(in.u8(), in.rest());
  }

  @Override
  public void writeBody(Writer out) {
    out.u8(encoding).bytes(authority);
  }

  @Override
  public int payloadType() {
    return TYPE;
  }

  @Override
  public String label() {
    return "CERTREQ";
  }
}
