package espd.daemon.config;

import espd.ike.Identity;
import espd.ike.Proofs;
import espd.ike.Proofs.Proof;
import espd.ike.SignatureRule;
import espd.ike.crypto.HashAlgorithm;
import espd.ike.crypto.SignatureScheme;
import espd.ike.pki.Subject;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// How an end signs: what `authby` and `leftauth` say of it, and the [Certification] besides.
final class SignatureReader {

  private static final String METHODS =
      "psk, eap-mschapv2, eap-tls, pubkey, rsa or ecdsa, with hashes as rsa-sha256";

  private final Settings settings;
  private final Certification certification;
  private final Findings findings;

  SignatureReader(Settings settings, Certification certification, Findings findings) {
    this.settings = settings;
    this.certification = certification;
    this.findings = findings;
  }

  /// {@return the way of an end whose `leftauth` is neither a secret nor EAP}
  Proof named(String side, Value auth) throws Unreadable {
    return signature(side, schemes(auth));
  }

  /// {@return the way of an end as `authby` says it}
  Proof usual(String side, Value authby) throws Unreadable {
    Set<SignatureScheme> schemes = EnumSet.noneOf(SignatureScheme.class);
    for (Value method : authby.split("|,")) {
      switch (method.lower()) {
        case "pubkey" -> schemes.addAll(EnumSet.allOf(SignatureScheme.class));
        case "rsasig", "rsa" -> schemes.addAll(of(Set.of("rsa", "rsa/pss"), Set.of()));
        case "ecdsasig", "ecdsa" -> schemes.addAll(of(Set.of("ecdsa"), Set.of()));
        default -> throw new Unreadable(method, "secret, pubkey, rsasig or ecdsasig");
      }
    }
    boolean any = schemes.equals(EnumSet.allOf(SignatureScheme.class));
    return signature(side, any ? Set.of() : schemes);
  }

  /// {@return the way of an end of which nothing is said}
  Proof any(String side) throws Unreadable {
    return signature(side, Set.of());
  }

  /// Requires that we have a certificate or a public key, where we are to sign or to show it in
  /// EAP-TLS.
  ///
  /// @param side ours
  /// @return the proofs
  Proofs own(Proofs proofs, String side) throws Unreadable {
    if (proofs.shown().stream().noneMatch(rule -> rule.key().isEmpty())) {
      return proofs;
    }
    Value place =
        settings.value(side, "auth").or(() -> settings.value("authby")).orElse(settings.name());
    throw new Unreadable(
        place.place(),
        "connection " + settings.name() + " with public keys and no certificate of our own",
        certification.remedy(side));
  }

  private Proof signature(String side, Set<SignatureScheme> schemes) throws Unreadable {
    List<PublicKey> keys = certification.keys(side);
    return new Proof.Signature(
        keys.isEmpty()
            ? rule(side, schemes)
            : new SignatureRule(
                List.of(),
                List.of(),
                schemes,
                certification.sending(side),
                certification.asking(side),
                certification.revocation(side),
                keys));
  }

  /// {@return the certificates of an end that shows them in EAP-TLS}
  SignatureRule rule(String side) throws Unreadable {
    return rule(side, Set.of());
  }

  private SignatureRule rule(String side, Set<SignatureScheme> schemes) throws Unreadable {
    return new SignatureRule(
        certification.certificates(side),
        certification.authorities(side),
        schemes,
        certification.sending(side),
        certification.asking(side),
        certification.revocation(side));
  }

  /// `rsa-2048-sha256`, with or without `ike:` before it: sizes up to those always asked for.
  private static Set<SignatureScheme> schemes(Value auth) throws Unreadable {
    Set<String> keys = new HashSet<>();
    Set<HashAlgorithm> hashes = EnumSet.noneOf(HashAlgorithm.class);
    for (String word : auth.lower().replaceFirst("^ike:", "").split("-", -1)) {
      switch (word) {
        case "pubkey" -> keys.addAll(Set.of("rsa", "rsa/pss", "ecdsa", "ed25519", "ed448"));
        case "rsa" -> keys.addAll(Set.of("rsa", "rsa/pss"));
        case "rsa/pss", "ecdsa", "ed25519", "ed448" -> keys.add(word);
        case "sha256" -> hashes.add(HashAlgorithm.SHA2_256);
        case "sha384" -> hashes.add(HashAlgorithm.SHA2_384);
        case "sha512" -> hashes.add(HashAlgorithm.SHA2_512);
        case "identity" -> hashes.add(HashAlgorithm.IDENTITY);
        default -> {
          if (!word.matches("\\d{1,4}") || Integer.parseInt(word) > least(keys)) {
            throw new Unreadable(auth, METHODS);
          }
        }
      }
    }
    if (keys.isEmpty()) {
      throw new Unreadable(auth, METHODS);
    }
    return keys.size() == 5 && hashes.isEmpty() ? Set.of() : of(keys, hashes);
  }

  private static int least(Set<String> keys) {
    return keys.contains("rsa") || keys.contains("rsa/pss") ? SignatureScheme.LEAST_RSA_BITS : 256;
  }

  private static Set<SignatureScheme> of(Set<String> keys, Set<HashAlgorithm> hashes) {
    Set<SignatureScheme> schemes = EnumSet.noneOf(SignatureScheme.class);
    Arrays.stream(SignatureScheme.values())
        .filter(scheme -> keys.contains(scheme.kind().keyword()))
        .filter(scheme -> hashes.isEmpty() || hashes.contains(scheme.hash()))
        .forEach(schemes::add);
    return schemes;
  }

  /// {@return who an end is: what its certificate confirms}
  ///
  /// @param said what the file says that it is
  Optional<Identity> identity(String side, Proof proof, Optional<Identity> said) {
    Optional<X509Certificate> certificate =
        proof.certified().flatMap(rule -> rule.certificates().stream().findFirst());
    if (certificate.isEmpty() || !certification.identifies(side)) {
      return said;
    }
    Subject subject = new Subject(certificate.get());
    if (said.isEmpty() || subject.is(said.get())) {
      return Optional.of(said.orElseGet(() -> Identity.of(subject.name())));
    }
    findings.warn(
        settings.name().place(),
        "id '%s' not confirmed by certificate, defaulting to '%s'"
            .formatted(said.get(), subject.name()));
    return Optional.of(Identity.of(subject.name()));
  }
}
