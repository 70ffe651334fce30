package espd.ike.pki;

import espd.ike.message.Bytes;
import java.io.IOException;
import java.security.SecureRandom;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.ocsp.CertID;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.ocsp.OCSPRequest;
import org.bouncycastle.asn1.ocsp.Request;
import org.bouncycastle.asn1.ocsp.TBSRequest;
import org.bouncycastle.asn1.oiw.OIWObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;

/// A question to an OCSP responder, about one certificate (RFC 6960 §4.1.1).
///
/// @param link the certificate and its issuer
/// @param id what names the certificate: hashes of SHA-1, which every responder knows (RFC 5019
///   §2.1.1)
/// @param nonce the value of the extension that ties the answer to this question (RFC 9654 §2.1)
record OcspQuestion(Link link, CertID id, Bytes nonce) {

  private static final int NONCE_OCTETS = 32;

  /// {@return a question with a nonce of its own}
  static OcspQuestion about(Link link, SecureRandom random) {
    byte[] nonce = new byte[NONCE_OCTETS];
    random.nextBytes(nonce);
    try {
      return new OcspQuestion(link, id(link), Bytes.of(new DEROctetString(nonce).getEncoded()));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static CertID id(Link link) {
    byte[] name = link.certificate().getIssuerX500Principal().getEncoded();
    return new CertID(
        new AlgorithmIdentifier(OIWObjectIdentifiers.idSHA1, DERNull.INSTANCE),
        new DEROctetString(Certificates.sha1().digest(name)),
        new DEROctetString(Certificates.keyIdentifier(link.issuer().getPublicKey()).toArray()),
        new ASN1Integer(link.certificate().getSerialNumber()));
  }

  /// {@return whether an answer is about the certificate}
  boolean isAbout(CertID other) {
    return id.getHashAlgorithm().getAlgorithm().equals(other.getHashAlgorithm().getAlgorithm())
        && id.getIssuerNameHash().equals(other.getIssuerNameHash())
        && id.getIssuerKeyHash().equals(other.getIssuerKeyHash())
        && id.getSerialNumber().equals(other.getSerialNumber());
  }

  /// {@return the OCSPRequest, in DER}
  Bytes octets() {
    Extension extension =
        new Extension(
            OCSPObjectIdentifiers.id_pkix_ocsp_nonce, false, new DEROctetString(nonce.toArray()));
    TBSRequest request =
        new TBSRequest(null, new DERSequence(new Request(id, null)), new Extensions(extension));
    try {
      return Bytes.of(new OCSPRequest(request, null).getEncoded(ASN1Encoding.DER));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
