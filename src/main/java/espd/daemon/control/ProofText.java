package espd.daemon.control;

import espd.ike.Proofs.EapIdentity;
import espd.ike.Proofs.Proof;
import espd.ike.eap.Identities;
import espd.ike.pki.Subject;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// How an end proves who it is, in strongSwan's words.
///
/// @param proof of the end
record ProofText(Proof proof) {

  /// {@return what vici calls its class}
  String authClass() {
    return switch (proof) {
      case Proof.SharedKey() -> "pre-shared key";
      case Proof.Signature _ -> "public key";
      case Proof.Eap _ -> "EAP";
    };
  }

  /// {@return what `ipsec statusall` says that an end uses}
  String uses() {
    String what = methods().orElseGet(this::authClass);
    return "uses "
        + what
        + " authentication"
        + eapIdentity().map(identity -> " with EAP identity '" + identity + "'").orElse("");
  }

  private Optional<String> methods() {
    return proof instanceof Proof.Eap eap
        ? Optional.of(
            eap.methods().stream().map(each -> each.label()).collect(Collectors.joining("/")))
        : Optional.empty();
  }

  private Optional<String> eapIdentity() {
    if (!(proof instanceof Proof.Eap eap)) {
      return Optional.empty();
    }
    return switch (eap.identity()) {
      case EapIdentity.OfIke() -> Optional.empty();
      case EapIdentity.Asked() -> Optional.of("%any");
      case EapIdentity.Named named -> Optional.of(Identities.text(named.name()));
    };
  }

  /// {@return the names of the certificates that the end has, its own first}
  List<String> certificates() {
    return proof.certified().map(rule -> names(rule.certificates())).orElse(List.of());
  }

  /// {@return the names of the authorities of which one must have issued its certificate}
  List<String> authorities() {
    return proof.certified().map(rule -> names(rule.authorities())).orElse(List.of());
  }

  private static List<String> names(List<X509Certificate> certificates) {
    return certificates.stream().map(each -> new Subject(each).toString()).toList();
  }

  /// {@return the section of an end in vici's `list-conn`}
  Section section(String identity) {
    Section.Builder section = Section.builder().text("class", authClass()).text("id", identity);
    methods().ifPresent(methods -> section.text("eap-type", methods));
    eapIdentity().ifPresent(eap -> section.text("eap_id", eap));
    if (proof instanceof Proof.Eap eap) {
      eap.tls().serverName().ifPresent(name -> section.text("aaa_id", name.toString()));
    }
    List<String> certificates = certificates();
    if (!certificates.isEmpty()) {
      section.items("certs", certificates);
    }
    List<String> authorities = authorities();
    if (!authorities.isEmpty()) {
      section.items("cacerts", authorities);
    }
    return section.build();
  }
}
