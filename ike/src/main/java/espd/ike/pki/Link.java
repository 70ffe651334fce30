package espd.ike.pki;

import espd.ike.Keychain;
import espd.ike.StatusPlaces;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertStore;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/// A certificate and the one whose key has signed it: a step of a path (RFC 5280 §6.1).
///
/// @param certificate the lower one
/// @param issuer the one above it
public record Link(X509Certificate certificate, X509Certificate issuer) {

  /// {@return where CRLs that list the certificate are to be had: what is configured, then what the
  /// certificate names}
  List<URI> crlPlaces(Keychain keychain) {
    return places(keychain, StatusPlaces::crls, Published.crls(certificate));
  }

  /// {@return where it can be asked for by OCSP}
  List<URI> ocspPlaces(Keychain keychain) {
    return places(keychain, StatusPlaces::ocsp, Published.ocsp(certificate));
  }

  private List<URI> places(
      Keychain keychain, Function<StatusPlaces, List<URI>> configured, List<URI> named) {
    return Stream.concat(
            keychain.places().stream()
                .filter(each -> each.authority().equals(issuer))
                .flatMap(each -> configured.apply(each).stream()),
            named.stream())
        .distinct()
        .toList();
  }

  /// Validates the step alone, without a look at revocation.
  ///
  /// @throws GeneralSecurityException when the issuer has not issued the certificate, or it is not
  ///   its time
  void validate(Instant now) throws GeneralSecurityException {
    PKIXParameters parameters = parameters(now);
    parameters.setRevocationEnabled(false);
    validate(parameters);
  }

  /// Validates the step alone by CRLs (RFC 5280 §6.3). The JDK's checker that is asked for by name
  /// would fetch more of them itself, from wherever the certificate says; the one that comes with
  /// the validation does not.
  ///
  /// @throws GeneralSecurityException besides, when the certificate is revoked or none of the CRLs
  ///   tells
  void validate(Instant now, Collection<X509CRL> crls) throws GeneralSecurityException {
    PKIXParameters parameters = parameters(now);
    parameters.addCertStore(
        CertStore.getInstance("Collection", new CollectionCertStoreParameters(crls)));
    parameters.setRevocationEnabled(true);
    validate(parameters);
  }

  private PKIXParameters parameters(Instant now) throws GeneralSecurityException {
    PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(issuer, null)));
    parameters.setDate(Date.from(now));
    return parameters;
  }

  private void validate(PKIXParameters parameters) throws GeneralSecurityException {
    var _ =
        CertPathValidator.getInstance("PKIX")
            .validate(
                CertificateFactory.getInstance("X.509").generateCertPath(List.of(certificate)),
                parameters);
  }
}
