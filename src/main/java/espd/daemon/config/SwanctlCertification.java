package espd.daemon.config;

import espd.ike.Identity;
import espd.ike.SignatureRule.Asking;
import espd.ike.SignatureRule.Revocation;
import espd.ike.SignatureRule.Sending;
import espd.ike.pki.Subject;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Certificates in the words of `swanctl.conf`: `certs`, `cacerts`, `cert*`, `cacert*`, `ca_id`,
/// `revocation` and `pubkeys` of an end, `send_cert` and `send_certreq` of the connection.
///
/// @param conn the connection
/// @param ends its ends, `left` ours and `right` the peer's
/// @param files where certificates are
/// @param keychain all there are
record SwanctlCertification(
    SwanctlKeys conn,
    Map<String, SwanctlKeys> ends,
    SwanctlCertificates files,
    KeychainReader keychain)
    implements Certification {

  @Override
  public List<X509Certificate> certificates(String side) throws Unreadable {
    SwanctlKeys end = end(side);
    List<List<X509Certificate>> named = files.named(end, "certs", "x509");
    for (SwanctlKeys section : sections(end, "cert")) {
      named.add(files.file(section));
    }
    if (!isOurs(side)) {
      return named.stream().map(List::getFirst).map(keychain::know).toList();
    }
    List<X509Certificate> own =
        named.stream()
            .filter(each -> keychain.hasKey(each.getFirst().getPublicKey()))
            .findFirst()
            .or(() -> named.stream().findFirst())
            .orElseGet(() -> List.of());
    return own.isEmpty() ? byIdentity(end) : keychain.chain(own);
  }

  /// Without a name of its own, a certificate is found by that of its end.
  private List<X509Certificate> byIdentity(SwanctlKeys end) throws Unreadable {
    Optional<Value> id = end.value("id");
    if (id.isEmpty() || SharedSecret.isAnybody(id.get())) {
      return List.of();
    }
    return keychain.ownChain(Identities.read(id.get()));
  }

  /// Of ours the one whose private key is here.
  @Override
  public List<PublicKey> keys(String side) throws Unreadable {
    List<PublicKey> named = files.keys(end(side));
    if (!isOurs(side) || named.isEmpty()) {
      return named;
    }
    return List.of(named.stream().filter(keychain::hasKey).findFirst().orElseGet(named::getFirst));
  }

  @Override
  public List<X509Certificate> authorities(String side) throws Unreadable {
    SwanctlKeys end = end(side);
    List<X509Certificate> named = new ArrayList<>();
    files.named(end, "cacerts", "x509ca").forEach(named::addAll);
    for (SwanctlKeys section : sections(end, "cacert")) {
      named.addAll(files.file(section));
    }
    Optional<Value> id = end.value("ca_id");
    if (id.isPresent() && !SharedSecret.isAnybody(id.get())) {
      Identity identity = Identities.read(id.get());
      List<X509Certificate> found =
          keychain.authorities().stream()
              .filter(each -> new Subject(each).identities().stream().anyMatch(identity::permits))
              .toList();
      if (found.isEmpty()) {
        throw new Unreadable(id.get(), "the name of an authority's certificate");
      }
      named.addAll(found);
    }
    return named;
  }

  private static List<SwanctlKeys> sections(SwanctlKeys end, String prefix) {
    return end.sections().stream()
        .filter(name -> name.startsWith(prefix))
        .map(end::section)
        .toList();
  }

  @Override
  public Sending sending(String side) throws Unreadable {
    return ConfCertification.sending(conn.value("send_cert"));
  }

  @Override
  public Asking asking(String side) throws Unreadable {
    Optional<Value> value = conn.value("send_certreq");
    return value.isEmpty() || Units.truth(value.get()) ? Asking.CERTREQ : Asking.SILENT;
  }

  @Override
  public Revocation revocation(String side) throws Unreadable {
    Optional<Value> value = end(side).value("revocation");
    return switch (value.map(Value::lower).orElse("relaxed")) {
      case "relaxed" -> Revocation.IF_KNOWN;
      case "ifuri" -> Revocation.IF_URI;
      case "strict" -> Revocation.REQUIRED;
      default -> throw new Unreadable(value.orElseThrow(), "strict, ifuri or relaxed");
    };
  }

  /// A peer of which no id is said may have any that its certificate confirms.
  @Override
  public boolean identifies(String side) {
    return isOurs(side);
  }

  @Override
  public String remedy(String side) {
    return "certs = FILE or pubkeys = FILE beside auth, or auth = psk";
  }

  private SwanctlKeys end(String side) {
    return ends.getOrDefault(side, conn.section("none"));
  }

  private static boolean isOurs(String side) {
    return side.equals("left");
  }
}
