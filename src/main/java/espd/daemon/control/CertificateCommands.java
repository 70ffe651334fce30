package espd.daemon.control;

import espd.daemon.config.Authority;
import espd.daemon.control.ViciCommand.Events;
import espd.ike.Connection;
import espd.ike.Keychain;
import espd.ike.Proofs.Proof;
import espd.ike.pki.Subject;
import espd.spd.KeyMaterial;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// The commands of vici that show certificates and authorities, an event each.
///
/// @param operations the daemon
record CertificateCommands(Operations operations) {

  static final String LIST_CERT = "list-cert";
  static final String LIST_AUTHORITY = "list-authority";

  private static final String X509 = "X509";
  private static final String X509_CRL = "X509_CRL";

  Map<String, ViciCommand> commands() {
    return Map.of("list-certs", this::certificates, "list-authorities", this::authorities);
  }

  private Section certificates(Section request, Events events) throws IOException {
    CredentialLoading credentials = operations.loading().credentials();
    Keychain keychain = credentials.keychain();
    Set<X509Certificate> all = new LinkedHashSet<>(keychain.authorities());
    all.addAll(keychain.certificates());
    operations.status().connections().forEach(each -> all.addAll(named(each.connection())));
    for (X509Certificate each : all) {
      boolean own = keychain.keys().containsKey(each.getPublicKey());
      Section shown = certificate(each, own);
      if (wants(request, X509, shown)) {
        events.send(LIST_CERT, shown);
      }
    }
    Set<X509CRL> crls = new LinkedHashSet<>(keychain.crls());
    crls.addAll(credentials.fetchedCrls());
    for (X509CRL each : crls) {
      Section shown = crl(each);
      if (wants(request, X509_CRL, shown)) {
        events.send(LIST_CERT, shown);
      }
    }
    return Section.EMPTY;
  }

  /// Those that a client has loaded with a connection are nowhere else.
  private static List<X509Certificate> named(Connection connection) {
    List<X509Certificate> all = new ArrayList<>();
    for (Proof proof : List.of(connection.proofs().local(), connection.proofs().remote())) {
      proof
          .certified()
          .ifPresent(
              rule -> {
                all.addAll(rule.certificates());
                all.addAll(rule.authorities());
              });
    }
    return all;
  }

  private static boolean wants(Section request, String type, Section shown) {
    return Stream.of("ANY", type).anyMatch(asked(request, "type")::equalsIgnoreCase)
        && Stream.of("ANY", shown.text("flag").orElse("NONE"))
            .anyMatch(asked(request, "flag")::equalsIgnoreCase)
        && request
            .text("subject")
            .map(subject -> shown.text("subject").filter(subject::equals).isPresent())
            .orElse(true);
  }

  private static String asked(Section request, String what) {
    return request.text(what).filter(value -> !value.isEmpty()).orElse("ANY");
  }

  private static Section certificate(X509Certificate certificate, boolean own) {
    boolean authority = certificate.getBasicConstraints() >= 0;
    Section.Builder section =
        Section.builder().text("type", X509).text("flag", authority ? "CA" : "NONE");
    if (own) {
      section.text("has_privkey", "yes");
    }
    try {
      return section
          .text("subject", new Subject(certificate))
          .data(KeyMaterial.copyOf(certificate.getEncoded()))
          .build();
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate that was read", e);
    }
  }

  private static Section crl(X509CRL crl) {
    try {
      return Section.builder()
          .text("type", X509_CRL)
          .data(KeyMaterial.copyOf(crl.getEncoded()))
          .build();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a CRL that was read", e);
    }
  }

  private Section authorities(Section request, Events events) throws IOException {
    for (Authority each : operations.loading().credentials().authorities()) {
      if (request.text("name").map(each.name()::equals).orElse(true)) {
        events.send(
            LIST_AUTHORITY,
            Section.builder()
                .section(
                    each.name(),
                    Section.builder()
                        .text("cacert", new Subject(each.certificate()))
                        .items("crl_uris", each.crlUris())
                        .items("ocsp_uris", each.ocspUris())
                        .build())
                .build());
      }
    }
    return Section.EMPTY;
  }
}
