package espd.ike.pki;

import espd.ike.crypto.SignatureScheme;
import espd.ike.message.Bytes;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.CRLReason;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ocsp.BasicOCSPResponse;
import org.bouncycastle.asn1.ocsp.CertStatus;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.ocsp.OCSPResponse;
import org.bouncycastle.asn1.ocsp.ResponderID;
import org.bouncycastle.asn1.ocsp.ResponseBytes;
import org.bouncycastle.asn1.ocsp.ResponseData;
import org.bouncycastle.asn1.ocsp.RevokedInfo;
import org.bouncycastle.asn1.ocsp.SingleResponse;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;

/// What an OCSP responder's answer tells of the certificate that was asked about (RFC 6960 §3.2).
///
/// @param status good, revoked, or stale; unavailable where the responder does not know
/// @param signer who has signed it
/// @param until the time it holds
record OcspAnswer(Status status, X509Certificate signer, Instant until) {

  /// Clocks differ by no more than this.
  static final Duration SKEW = Duration.ofMinutes(5);

  /// An answer that does not say when there is a newer one holds so long: there may be one at any
  /// time (RFC 6960 §2.4).
  static final Duration USUAL = Duration.ofSeconds(30);

  /// An answer has no more certificates and no more parts that are looked at.
  private static final int MOST = 8;

  private static final String OCSP_SIGNING = "1.3.6.1.5.5.7.3.9";
  private static final int DIGITAL_SIGNATURE = 0;
  private static final int NON_REPUDIATION = 1;

  private static final String[] FAILURES = {
    "successful",
    "malformedRequest",
    "internalError",
    "tryLater",
    "4",
    "sigRequired",
    "unauthorized"
  };

  /// {@return what an answer tells}
  ///
  /// @param octets as they came
  /// @throws GeneralSecurityException when it is no answer to the question, or not of whom it has
  ///   to be, with a reason for people
  static OcspAnswer of(byte[] octets, OcspQuestion question, Instant now)
      throws GeneralSecurityException {
    try {
      BasicOCSPResponse basic = basic(OCSPResponse.getInstance(octets));
      X509Certificate signer = signer(basic, question.link(), now);
      ResponseData data = basic.getTbsResponseData();
      requireUnderstood(data.getResponseExtensions());
      requireNonce(data.getResponseExtensions(), question);
      return told(single(data, question), signer, now);
    } catch (IOException
        | ParseException
        | IllegalArgumentException
        | IllegalStateException
        | ClassCastException e) {
      throw new CertificateException("no ocsp response that can be read", e);
    }
  }

  /// RFC 6960 §4.2.1
  private static BasicOCSPResponse basic(OCSPResponse response) throws CertificateException {
    int status = response.getResponseStatus().getIntValue();
    ResponseBytes bytes = response.getResponseBytes();
    if (status != 0 || bytes == null) {
      String name = status >= 0 && status < FAILURES.length ? FAILURES[status] : "" + status;
      throw new CertificateException("ocsp response status: " + name);
    }
    if (!OCSPObjectIdentifiers.id_pkix_ocsp_basic.equals(bytes.getResponseType())) {
      throw new CertificateException("ocsp response of type " + bytes.getResponseType());
    }
    return BasicOCSPResponse.getInstance(bytes.getResponse().getOctets());
  }

  // --- who says it -------------------------------------------------------------------------------

  /// The issuer itself, or whom it has certified for that (RFC 6960 §4.2.2.2).
  private static X509Certificate signer(BasicOCSPResponse basic, Link link, Instant now)
      throws GeneralSecurityException, IOException {
    ResponderID id = basic.getTbsResponseData().getResponderID();
    for (X509Certificate each : candidates(basic, link, now)) {
      if (names(id, each) && hasSigned(each, basic)) {
        return each;
      }
    }
    throw new CertificateException(
        "ocsp response is not signed by \"%s\", nor by one it has certified for that"
            .formatted(new Subject(link.issuer())));
  }

  private static List<X509Certificate> candidates(BasicOCSPResponse basic, Link link, Instant now)
      throws IOException {
    List<X509Certificate> candidates = new ArrayList<>(List.of(link.issuer()));
    if (basic.getCerts() != null) {
      for (ASN1Encodable each : basic.getCerts()) {
        delegate(Bytes.of(each.toASN1Primitive().getEncoded()), link, now)
            .ifPresent(candidates::add);
        if (candidates.size() > MOST) {
          return candidates;
        }
      }
    }
    return candidates;
  }

  private static Optional<X509Certificate> delegate(Bytes der, Link link, Instant now) {
    try {
      X509Certificate certificate = Certificates.ofDer(der);
      List<String> uses = certificate.getExtendedKeyUsage();
      boolean[] bits = certificate.getKeyUsage();
      boolean signs = bits == null || bits[DIGITAL_SIGNATURE] || bits[NON_REPUDIATION];
      if (uses == null || !uses.contains(OCSP_SIGNING) || !signs) {
        return Optional.empty();
      }
      new Link(certificate, link.issuer()).validate(now);
      return Optional.of(certificate);
    } catch (GeneralSecurityException e) {
      return Optional.empty(); // Whoever that is, the authority has not certified it for this.
    }
  }

  private static boolean names(ResponderID id, X509Certificate certificate) {
    byte[] hash = id.getKeyHash();
    if (hash != null) {
      return Certificates.keyIdentifier(certificate.getPublicKey()).equals(Bytes.of(hash));
    }
    return X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded())
        .equals(id.getName());
  }

  private static boolean hasSigned(X509Certificate certificate, BasicOCSPResponse basic)
      throws IOException {
    Optional<SignatureScheme> scheme =
        SignatureScheme.named(Bytes.of(basic.getSignatureAlgorithm().getEncoded(ASN1Encoding.DER)));
    return scheme.isPresent()
        && scheme.get().fits(certificate.getPublicKey())
        && SignatureScheme.unfit(certificate.getPublicKey()).isEmpty()
        && scheme
            .get()
            .verifies(
                certificate.getPublicKey(),
                basic.getTbsResponseData().getEncoded(ASN1Encoding.DER),
                Bytes.of(basic.getSignature().getOctets()));
  }

  // --- what it says ------------------------------------------------------------------------------

  private static void requireUnderstood(Extensions extensions) throws CertificateException {
    if (extensions == null) {
      return;
    }
    for (ASN1ObjectIdentifier each : extensions.getCriticalExtensionOIDs()) {
      if (!each.equals(OCSPObjectIdentifiers.id_pkix_ocsp_nonce)) {
        throw new CertificateException("ocsp response with an unknown critical extension " + each);
      }
    }
  }

  /// Responders that sign ahead of time have no nonce in their answers; another one than ours is an
  /// answer to somebody else (RFC 6960 §4.4.1, RFC 9654 §2.1).
  private static void requireNonce(Extensions extensions, OcspQuestion question)
      throws CertificateException {
    Optional<Bytes> nonce =
        Optional.ofNullable(extensions)
            .map(all -> all.getExtension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce))
            .map(Extension::getExtnValue)
            .map(value -> Bytes.of(value.getOctets()));
    if (nonce.isPresent() && !nonce.get().equals(question.nonce())) {
      throw new CertificateException("nonce in ocsp response doesn't match");
    }
  }

  private static SingleResponse single(ResponseData data, OcspQuestion question)
      throws CertificateException {
    return Arrays.stream(data.getResponses().toArray())
        .limit(MOST)
        .map(SingleResponse::getInstance)
        .filter(each -> question.isAbout(each.getCertID()))
        .findFirst()
        .orElseThrow(
            () -> new CertificateException("ocsp response contains no status on our certificate"));
  }

  /// RFC 6960 §4.2.2.1: thisUpdate has come, nextUpdate has not.
  private static OcspAnswer told(SingleResponse single, X509Certificate signer, Instant now)
      throws CertificateException, ParseException {
    requireUnderstood(single.getSingleExtensions());
    Instant begin = instant(single.getThisUpdate());
    ASN1GeneralizedTime next = single.getNextUpdate();
    Instant end = next == null ? begin.plus(USUAL) : instant(next);
    if (begin.isAfter(now.plus(SKEW))) {
      throw new CertificateException("ocsp response is valid from " + begin + " on");
    }
    if (end.plus(SKEW).isBefore(now)) {
      return new OcspAnswer(new Status.Stale(end), signer, now);
    }
    return new OcspAnswer(status(single.getCertStatus()), signer, end);
  }

  private static Status status(CertStatus status) throws ParseException {
    return switch (status.getTagNo()) {
      case 0 -> new Status.Good();
      case 1 -> {
        RevokedInfo info = RevokedInfo.getInstance(status.getStatus());
        yield new Status.Revoked(instant(info.getRevocationTime()), reason(info));
      }
      default -> new Status.Unavailable(); // It does not know the certificate.
    };
  }

  private static CRLReason reason(RevokedInfo info) {
    int reason =
        Optional.ofNullable(info.getRevocationReason())
            .map(each -> each.getValue().intValue())
            .orElse(0);
    CRLReason[] all = CRLReason.values();
    return reason >= 0 && reason < all.length ? all[reason] : CRLReason.UNSPECIFIED;
  }

  private static Instant instant(ASN1GeneralizedTime time) throws ParseException {
    return time.getDate().toInstant();
  }
}
