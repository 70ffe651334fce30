package espd.ike.message;

/// Which certificate authorities the sender trusts (RFC 7296 §3.7).
///
/// ```
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// | Cert Encoding |                                               |
/// +-+-+-+-+-+-+-+-+                                               |
/// ~                    Certification Authority                    ~
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
///
/// @param encoding of the certificates that are asked for, as in [Certificate]
/// @param authorities for X.509 a SHA-1 hash, 20 octets, of each public key; empty for raw public
///   keys (RFC 7670 §4)
public record CertificateRequest(int encoding, Bytes authorities) implements Payload {

  /// The type of this payload.
  public static final int TYPE = 38;

  static CertificateRequest read(Reader in) throws MalformedException {
    int encoding = in.u8();
    Bytes authorities = in.rest();
    return new CertificateRequest(encoding, authorities);
  }

  @Override
  public void writeBody(Writer out) {
    out.u8(encoding);
    out.bytes(authorities);
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
