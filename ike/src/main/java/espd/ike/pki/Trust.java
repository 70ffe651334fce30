package espd.ike.pki;

import espd.ike.DistinguishedName;
import espd.ike.Identity;
import espd.ike.Keychain;
import espd.ike.SignatureRule;
import espd.ike.crypto.SignatureScheme;
import espd.ike.message.Bytes;
import espd.ike.message.Certificate;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertPath;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Whether a peer's certificate is to be trusted: its path to an authority (RFC 5280 §6), what it
/// may be used for (RFC 4945 §5.1.3.2), whether it is revoked, and whether it is the peer's; or
/// whether its raw public key is the configured one (RFC 7670).
///
/// @param rule what the connection asks of it
/// @param keychain whom we trust
/// @param now the time it has to be valid at
public record Trust(SignatureRule rule, Keychain keychain, Instant now) {

  /// A path is no longer than this, which bounds what a peer's certificates may cost.
  private static final int MOST_BETWEEN = 7;

  private static final int DIGITAL_SIGNATURE = 0;
  private static final int NON_REPUDIATION = 1;

  /// What comes of it.
  public sealed interface Verdict {}

  /// One of these keys is the peer's.
  ///
  /// @param keys that of the certificate, or those that are configured; never empty
  /// @param lines for people, what was trusted
  public record Trusted(List<PublicKey> keys, List<String> lines) implements Verdict {

    /// The one of a certificate.
    Trusted(PublicKey key, List<String> lines) {
      this(List.of(key), lines);
    }
  }

  /// The key is the peer's, unless an authority that is to be asked has revoked a certificate.
  ///
  /// @param trusted what is found without asking
  /// @param inquiry that settles it
  public record Unsettled(Trusted trusted, Inquiry inquiry) implements Verdict {}

  /// It is not to be trusted.
  public record Distrusted(String why) implements Verdict {}

  /// Judges a peer. Asks nobody.
  ///
  /// @param identity who it says it is
  /// @param sent the certificates it has sent of the encoding that is taken, its own first; perhaps
  ///   none
  public Verdict judge(Identity identity, List<Bytes> sent) {
    if (rule.isRaw()) {
      return raw(identity, sent);
    }
    try {
      List<X509Certificate> received = new ArrayList<>();
      for (Bytes each : sent) {
        received.add(Certificates.ofDer(each));
      }
      Optional<X509Certificate> own =
          received.isEmpty() ? known(identity) : Optional.of(received.getFirst());
      if (own.isEmpty()) {
        return new Distrusted("no trusted certificate found for '%s'".formatted(identity));
      }
      Optional<String> objection = objection(own.get(), identity);
      return objection.isPresent() ? new Distrusted(objection.get()) : path(own.get(), received);
    } catch (CertificateException e) {
      return new Distrusted("a certificate that cannot be read: " + e.getMessage());
    }
  }

  /// {@return the encoding of the certificates that are looked at (RFC 7296 §3.6)}
  public int encoding() {
    return rule.isRaw() ? Certificate.RAW_PUBLIC_KEY : Certificate.X509;
  }

  /// Nobody vouches for a raw public key: it is the peer's because the configuration says so (RFC
  /// 7670 §5).
  private Verdict raw(Identity identity, List<Bytes> sent) {
    try {
      List<PublicKey> keys = rule.keys();
      if (!sent.isEmpty()) {
        PublicKey shown = PublicKeys.ofDer(sent.getFirst());
        if (!keys.contains(shown)) {
          return new Distrusted(
              "public key %s of '%s' is not the one configured"
                  .formatted(Certificates.keyIdentifier(shown), identity));
        }
        keys = List.of(shown);
      }
      List<String> lines = new ArrayList<>();
      for (PublicKey each : keys) {
        Optional<String> unfit = SignatureScheme.unfit(each);
        if (unfit.isPresent()) {
          return new Distrusted(unfit.get());
        }
        lines.add("using public key " + Certificates.keyIdentifier(each));
      }
      return new Trusted(keys, lines);
    } catch (GeneralSecurityException e) {
      return new Distrusted("a public key that cannot be read: " + e.getMessage());
    }
  }

  private Optional<X509Certificate> known(Identity identity) {
    return Stream.concat(rule.certificates().stream(), keychain.certificates().stream())
        .filter(each -> new Subject(each).is(identity))
        .findFirst();
  }

  private Optional<String> objection(X509Certificate own, Identity identity) {
    Subject subject = new Subject(own);
    if (!subject.is(identity)) {
      return Optional.of(
          "certificate '%s' does not confirm identity '%s', only %s"
              .formatted(subject, identity, subject.identities()));
    }
    boolean[] usage = own.getKeyUsage();
    if (usage != null && !usage[DIGITAL_SIGNATURE] && !usage[NON_REPUDIATION]) {
      return Optional.of("certificate '%s' is not for signatures".formatted(subject));
    }
    if (!rule.certificates().isEmpty() && !rule.certificates().contains(own)) {
      return Optional.of("certificate '%s' is not the one configured".formatted(subject));
    }
    return invalid(own).or(() -> SignatureScheme.unfit(own.getPublicKey()));
  }

  private Optional<String> invalid(X509Certificate certificate) {
    Subject subject = new Subject(certificate);
    try {
      certificate.checkValidity(Date.from(now));
      return Optional.empty();
    } catch (CertificateExpiredException e) {
      Instant end = certificate.getNotAfter().toInstant();
      return Optional.of("certificate '%s' expired on %s".formatted(subject, end));
    } catch (CertificateNotYetValidException e) {
      Instant begin = certificate.getNotBefore().toInstant();
      return Optional.of("certificate '%s' is valid from %s on".formatted(subject, begin));
    }
  }

  private Verdict path(X509Certificate own, List<X509Certificate> received) {
    List<String> lines = new ArrayList<>();
    lines.add("using certificate \"%s\"".formatted(new Subject(own)));
    if (!rule.certificates().isEmpty()) {
      return new Trusted(own.getPublicKey(), lines);
    }
    Set<TrustAnchor> anchors =
        authorities().stream()
            .filter(each -> invalid(each).isEmpty())
            .map(each -> new TrustAnchor(each, null))
            .collect(Collectors.toSet());
    if (anchors.isEmpty()) {
      return new Distrusted("no trusted certificate authority that is valid");
    }
    try {
      PKIXCertPathBuilderResult result = build(own, received, anchors);
      for (var each : result.getCertPath().getCertificates()) {
        Optional<String> unfit = SignatureScheme.unfit(each.getPublicKey());
        if (unfit.isPresent()) {
          return new Distrusted(unfit.get());
        }
        if (each instanceof X509Certificate between && !between.equals(own)) {
          lines.add("  using intermediate ca certificate \"%s\"".formatted(new Subject(between)));
        }
      }
      X509Certificate root = result.getTrustAnchor().getTrustedCert();
      lines.add("  using trusted ca certificate \"%s\"".formatted(new Subject(root)));
      return settled(new Trusted(own.getPublicKey(), lines), links(result.getCertPath(), root));
    } catch (CertPathBuilderException e) {
      return new Distrusted(
          "certificate '%s', issued by '%s', is not trusted: %s"
              .formatted(new Subject(own), issuer(own), reason(e)));
    } catch (GeneralSecurityException e) {
      return new Distrusted("certificate '%s': %s".formatted(new Subject(own), e.getMessage()));
    }
  }

  private Verdict settled(Trusted trusted, List<Link> path) {
    Inquiry inquiry = new Inquiry(rule.revocation(), keychain, path, now);
    return inquiry.isOpen() ? new Unsettled(trusted, inquiry) : settled(trusted, inquiry.offline());
  }

  private static Verdict settled(Trusted trusted, Inquiry.Finding finding) {
    List<String> lines = new ArrayList<>(trusted.lines());
    lines.addAll(finding.lines());
    return finding
        .objection()
        .<Verdict>map(Distrusted::new)
        .orElse(new Trusted(trusted.keys(), lines));
  }

  private static List<Link> links(CertPath path, X509Certificate root) {
    List<X509Certificate> all = new ArrayList<>();
    path.getCertificates().forEach(each -> all.add((X509Certificate) each));
    all.add(root);
    List<Link> links = new ArrayList<>();
    for (int i = 0; i + 1 < all.size(); i++) {
      links.add(new Link(all.get(i), all.get(i + 1)));
    }
    return links;
  }

  private List<X509Certificate> authorities() {
    return rule.authorities().isEmpty() ? keychain.authorities() : rule.authorities();
  }

  private PKIXCertPathBuilderResult build(
      X509Certificate own, List<X509Certificate> received, Set<TrustAnchor> anchors)
      throws GeneralSecurityException {
    X509CertSelector target = new X509CertSelector();
    target.setCertificate(own);
    PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, target);
    List<X509Certificate> store = new ArrayList<>(received);
    store.add(own);
    store.addAll(keychain.certificates());
    parameters.addCertStore(
        CertStore.getInstance("Collection", new CollectionCertStoreParameters(store)));
    parameters.setDate(Date.from(now));
    parameters.setMaxPathLength(MOST_BETWEEN);
    parameters.setRevocationEnabled(false); // That is an inquiry's, once the path is verified.
    return (PKIXCertPathBuilderResult) CertPathBuilder.getInstance("PKIX").build(parameters);
  }

  private static String issuer(X509Certificate certificate) {
    Bytes der = Bytes.of(certificate.getIssuerX500Principal().getEncoded());
    return DistinguishedName.of(der).map(DistinguishedName::toString).orElse("");
  }

  private static String reason(Throwable failure) {
    Throwable deepest = failure;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    return String.valueOf(deepest.getMessage());
  }
}
