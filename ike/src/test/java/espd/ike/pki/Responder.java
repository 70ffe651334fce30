package espd.ike.pki;

import espd.ike.message.Bytes;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.ocsp.CertID;
import org.bouncycastle.asn1.ocsp.CertStatus;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.ocsp.OCSPRequest;
import org.bouncycastle.asn1.ocsp.OCSPResponse;
import org.bouncycastle.asn1.ocsp.OCSPResponseStatus;
import org.bouncycastle.asn1.ocsp.Request;
import org.bouncycastle.asn1.ocsp.ResponderID;
import org.bouncycastle.asn1.ocsp.ResponseBytes;
import org.bouncycastle.asn1.ocsp.ResponseData;
import org.bouncycastle.asn1.ocsp.RevokedInfo;
import org.bouncycastle.asn1.ocsp.SingleResponse;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;

/// A responder of OCSP for tests (RFC 6960 §4.2), and what may be wrong with one.
///
/// @param key it signs with
/// @param certificate of the key
/// @param says what its answers say
record Responder(KeyPair key, X509Certificate certificate, Says says) {

  /// @param status of every certificate
  /// @param thisUpdate since when
  /// @param nextUpdate until when, if it says so
  /// @param nonce that of the question where nothing is here; none if it is empty
  /// @param away from the number of the certificate that was asked about
  /// @param more further extensions
  record Says(
      CertStatus status,
      Instant thisUpdate,
      Optional<Instant> nextUpdate,
      Optional<Bytes> nonce,
      int away,
      List<Extension> more) {}

  /// {@return one that says of all of them that they are good, for an hour}
  static Responder of(KeyPair key, X509Certificate certificate) {
    return new Responder(
        key,
        certificate,
        new Says(
            new CertStatus(),
            Authority.NOW.minusSeconds(60),
            Optional.of(Authority.NOW.plus(Duration.ofHours(1))),
            Optional.empty(),
            0,
            List.of()));
  }

  /// {@return the authority itself}
  static Responder of(Authority authority) {
    return of(authority.keyPair(), authority.certificate());
  }

  private Responder saying(CertStatus status) {
    return new Responder(
        key,
        certificate,
        new Says(
            status, says.thisUpdate(), says.nextUpdate(), says.nonce(), says.away(), says.more()));
  }

  /// {@return one that says that all are revoked}
  Responder revoking(int reason) {
    return saying(
        new CertStatus(
            new RevokedInfo(time(Authority.NOW.minusSeconds(600)), CRLReason.lookup(reason))));
  }

  /// {@return one that does not know any}
  Responder ignorant() {
    return saying(new CertStatus(2, DERNull.INSTANCE));
  }

  /// {@return one whose answers are of another time}
  Responder between(Instant from, Optional<Instant> to) {
    return new Responder(
        key,
        certificate,
        new Says(says.status(), from, to, says.nonce(), says.away(), says.more()));
  }

  /// {@return one whose answers have this for nonce}
  Responder withNonce(Bytes nonce) {
    return new Responder(
        key,
        certificate,
        new Says(
            says.status(),
            says.thisUpdate(),
            says.nextUpdate(),
            Optional.of(nonce),
            says.away(),
            says.more()));
  }

  /// {@return one that speaks of another certificate than it was asked about}
  Responder speakingOfTheNext() {
    return new Responder(
        key,
        certificate,
        new Says(
            says.status(), says.thisUpdate(), says.nextUpdate(), says.nonce(), 1, says.more()));
  }

  /// {@return one whose answers have a critical extension that nobody knows}
  Responder withUnknownExtension() {
    Extension unknown =
        new Extension(
            new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.1"), true, new DEROctetString(new byte[2]));
    return new Responder(
        key,
        certificate,
        new Says(
            says.status(),
            says.thisUpdate(),
            says.nextUpdate(),
            says.nonce(),
            says.away(),
            List.of(unknown)));
  }

  /// {@return its answer to an OCSPRequest, with its certificate}
  byte[] answer(Bytes question) {
    OCSPRequest request = OCSPRequest.getInstance(question.toArray());
    CertID asked =
        Request.getInstance(request.getTbsRequest().getRequestList().getObjectAt(0)).getReqCert();
    BigInteger serial = asked.getSerialNumber().getValue().add(BigInteger.valueOf(says.away()));
    SingleResponse single =
        new SingleResponse(
            new CertID(
                asked.getHashAlgorithm(),
                asked.getIssuerNameHash(),
                asked.getIssuerKeyHash(),
                new ASN1Integer(serial)),
            says.status(),
            time(says.thisUpdate()),
            says.nextUpdate().map(Responder::time).orElse(null),
            (Extensions) null);
    X500Name name = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
    return response(
        new ResponseData(
            new ResponderID(name),
            time(says.thisUpdate()),
            new DERSequence(single),
            extensions(request.getTbsRequest().getRequestExtensions()).orElse(null)));
  }

  private Optional<Extensions> extensions(Extensions asked) {
    Extension theirs = asked.getExtension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce);
    List<Extension> all = new ArrayList<>(says.more());
    byte[] nonce =
        says.nonce().map(Bytes::toArray).orElseGet(() -> theirs.getExtnValue().getOctets());
    if (nonce.length > 0) {
      all.add(new Extension(theirs.getExtnId(), false, nonce));
    }
    return Optional.of(all)
        .filter(each -> !each.isEmpty())
        .map(each -> new Extensions(each.toArray(Extension[]::new)));
  }

  private byte[] response(ResponseData data) {
    try {
      ASN1EncodableVector parts = new ASN1EncodableVector();
      ASN1Sequence.getInstance(Authority.signed(data.toASN1Primitive(), key.getPrivate()))
          .forEach(parts::add);
      parts.add(
          new DERTaggedObject(
              true, 0, new DERSequence(ASN1Sequence.getInstance(certificate.getEncoded()))));
      return new OCSPResponse(
              new OCSPResponseStatus(0),
              new ResponseBytes(
                  OCSPObjectIdentifiers.id_pkix_ocsp_basic,
                  new DEROctetString(new DERSequence(parts).getEncoded())))
          .getEncoded();
    } catch (IOException | GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /// {@return an answer that is none}
  static byte[] failure(int status) {
    try {
      return new OCSPResponse(new OCSPResponseStatus(status), null).getEncoded();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static ASN1GeneralizedTime time(Instant instant) {
    return new ASN1GeneralizedTime(Date.from(instant));
  }
}
