package espd.ike.pki;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CRLReason;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.Optional;

/// What CRLs tell of a certificate (RFC 5280 §6.3).
final class Crls {

  private Crls() {}

  /// {@return the CRL of these octets, PEM or DER}
  ///
  /// @throws GeneralSecurityException when they are none
  static X509CRL read(byte[] octets) throws GeneralSecurityException {
    return (X509CRL)
        CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(octets));
  }

  /// {@return whether the issuer of a certificate has signed a CRL}
  static boolean isOf(Link link, X509CRL crl) {
    if (!crl.getIssuerX500Principal().equals(link.certificate().getIssuerX500Principal())) {
      return false;
    }
    try {
      crl.verify(link.issuer().getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false; // A stranger's.
    }
  }

  /// {@return when a CRL is to be followed by another (RFC 5280 §5.1.2.5)}
  static Optional<Instant> end(X509CRL crl) {
    return Optional.ofNullable(crl.getNextUpdate()).map(Date::toInstant);
  }

  /// {@return since when a CRL holds no longer, if it does not}
  static Optional<Instant> staleSince(X509CRL crl, Instant now) {
    return end(crl).filter(end -> end.isBefore(now));
  }

  /// {@return what these CRLs tell; those of others, and those that hold no longer, do not tell
  /// that a certificate is good}
  static Status status(Link link, Collection<X509CRL> crls, Instant now) {
    List<X509CRL> its = crls.stream().filter(crl -> isOf(link, crl)).toList();
    if (its.isEmpty()) {
      return new Status.Unavailable();
    }
    // Who was revoked stays so, even if the list that says so is old.
    Optional<Status> revoked = its.stream().flatMap(crl -> revoked(link, crl).stream()).findFirst();
    return revoked.orElseGet(() -> unlisted(link, its, now));
  }

  private static Optional<Status> revoked(Link link, X509CRL crl) {
    return Optional.ofNullable(crl.getRevokedCertificate(link.certificate()))
        .filter(entry -> entry.getRevocationReason() != CRLReason.REMOVE_FROM_CRL)
        .map(entry -> new Status.Revoked(entry.getRevocationDate().toInstant(), reason(entry)));
  }

  private static CRLReason reason(X509CRLEntry entry) {
    return Optional.ofNullable(entry.getRevocationReason()).orElse(CRLReason.UNSPECIFIED);
  }

  private static Status unlisted(Link link, List<X509CRL> crls, Instant now) {
    try {
      // The JDK would take one for a quarter of an hour more.
      link.validate(now, crls.stream().filter(crl -> staleSince(crl, now).isEmpty()).toList());
      return new Status.Good();
    } catch (GeneralSecurityException e) {
      return crls.stream()
          .flatMap(crl -> staleSince(crl, now).stream())
          .max(Comparator.naturalOrder())
          .<Status>map(Status.Stale::new)
          .orElseGet(Status.Unavailable::new);
    }
  }
}
