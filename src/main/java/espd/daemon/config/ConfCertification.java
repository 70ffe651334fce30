package espd.daemon.config;

import espd.ike.DistinguishedName;
import espd.ike.SignatureRule.Asking;
import espd.ike.SignatureRule.Revocation;
import espd.ike.SignatureRule.Sending;
import espd.ike.pki.Subject;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/// Certificates in the words of `ipsec.conf`: `leftcert`, `leftca`, `leftsendcert`, and
/// `strictcrlpolicy` for all connections; and `leftsigkey`, which pluto calls `leftrsasigkey`.
///
/// @param settings of the connection
/// @param keychain with what stands beside the file
record ConfCertification(Settings settings, KeychainReader keychain) implements Certification {

  private static final String SIGKEY = "rsasigkey";

  @Override
  public List<X509Certificate> certificates(String side) throws Unreadable {
    Optional<Value> file = settings.value(side, "cert");
    if (file.isPresent()) {
      return file.get().lower().equals("%none") ? List.of() : keychain.chain(file.get());
    }
    Optional<Value> id = settings.value(side, "id");
    boolean named = id.isPresent() && !SharedSecret.isAnybody(id.get());
    return named ? keychain.ownChain(Identities.read(id.get())) : List.of();
  }

  @Override
  public List<PublicKey> keys(String side) throws Unreadable {
    Optional<Value> key = settings.value(side, SIGKEY);
    if (key.isEmpty() || key.get().lower().matches("%(cert|none)")) {
      return List.of();
    }
    if (settings.value(side, "cert").isPresent()) {
      throw new Unreadable(key.get(), side + "cert= or " + side + "sigkey=, not both");
    }
    return List.of(PublicKeyText.read(key.get()));
  }

  @Override
  public List<X509Certificate> authorities(String side) throws Unreadable {
    Optional<Value> value = settings.value(side, "ca");
    if (value.isPresent() && value.get().lower().equals("%same")) {
      value = settings.value(side.equals("left") ? "rightca" : "leftca");
    }
    if (value.isEmpty() || value.get().lower().equals("%any")) {
      return List.of();
    }
    DistinguishedName name = Identities.name(value.get());
    List<X509Certificate> named =
        keychain.authorities().stream()
            .filter(each -> name.permits(new Subject(each).name()))
            .toList();
    if (named.isEmpty()) {
      throw new Unreadable(value.get(), "the name of a certificate in ipsec.d/cacerts");
    }
    return named;
  }

  @Override
  public Sending sending(String side) throws Unreadable {
    return sending(settings.value(side, "sendcert"));
  }

  /// {@return what both languages say of it}
  static Sending sending(Optional<Value> value) throws Unreadable {
    return switch (value.map(Value::lower).orElse("ifasked")) {
      case "always", "yes", "forced" -> Sending.ALWAYS;
      case "ifasked", "sendifasked" -> Sending.IF_ASKED;
      case "never", "no" -> Sending.NEVER;
      default -> throw new Unreadable(value.orElseThrow(), "always, ifasked or never");
    };
  }

  @Override
  public Asking asking(String side) {
    return Asking.CERTREQ;
  }

  @Override
  public Revocation revocation(String side) {
    return keychain.revocation();
  }

  @Override
  public boolean identifies(String side) {
    return true;
  }

  @Override
  public String remedy(String side) {
    return "%scert=, %ssigkey= or authby=secret in it".formatted(side, side);
  }
}
