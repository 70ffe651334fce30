package espd.ike.eap.tls;

import espd.ike.Identity;
import espd.ike.Keychain;
import espd.ike.SignatureRule;
import espd.ike.eap.EapFailedException;
import espd.ike.eap.ServerMethod;
import espd.ike.message.Bytes;
import espd.ike.message.MalformedException;
import espd.ike.pki.Authority;
import espd.ike.pki.Authority.Draft;
import espd.ike.pki.Subject;
import espd.ike.pki.Trust;
import espd.spd.KeyMaterial;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;

/// Two ends of EAP-TLS, each with a certificate of its own, and how they talk.
final class Ends {

  static final Authority ROOT = Authority.root("C=CH, O=Test, CN=Root");

  private static final SecureRandom RANDOM = new SecureRandom();

  private Ends() {}

  /// An end.
  ///
  /// @param name the CN of its certificate, which it is also called
  /// @param key its own
  /// @param chain its certificate, then those between it and a root
  record End(String name, KeyPair key, List<X509Certificate> chain) {

    static End of(String name, String kind, Authority issuer) {
      KeyPair key = Authority.key(kind);
      Draft draft = Draft.of("C=CH, O=Test, CN=" + name);
      return new End(name, key, List.of(issuer.certify(draft, key.getPublic())));
    }

    static End of(String name, String kind) {
      return of(name, kind, ROOT);
    }

    Identity identity() {
      return Identity.of(new Subject(chain.getFirst()).name());
    }

    /// {@return this end, which wants the other to be `other` by the certificate of ROOT}
    TlsParty towards(Identity other) {
      return towards(other, ROOT);
    }

    TlsParty towards(Identity other, Authority trusted) {
      Keychain keychain =
          new Keychain(Map.of(), List.of(trusted.certificate()), List.of(), List.of());
      Trust trust = new Trust(SignatureRule.ANY, keychain, Authority.NOW);
      return new TlsParty(key.getPrivate(), chain, trust, other, RANDOM);
    }
  }

  /// {@return the key of both ends, once both have it}
  static Bytes talk(EapTlsPeer peer, EapTlsServer server)
      throws MalformedException, EapFailedException {
    Bytes request = server.begin();
    while (true) {
      switch (server.received(peer.answer(request))) {
        case ServerMethod.Ask(Bytes next) -> request = next;
        case ServerMethod.Accept(KeyMaterial msk) -> {
          Bytes key = octets(msk);
          if (!key.equals(octets(peer.msk()))) {
            throw new AssertionError("the ends have different keys");
          }
          return key;
        }
      }
    }
  }

  static Bytes octets(KeyMaterial key) {
    return key.use(octets -> Bytes.of(octets));
  }
}
