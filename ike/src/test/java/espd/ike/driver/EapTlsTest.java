package espd.ike.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Identity;
import espd.ike.Keychain;
import espd.ike.Proofs;
import espd.ike.Proofs.EapIdentity;
import espd.ike.Proofs.Proof;
import espd.ike.Proofs.Tls;
import espd.ike.SignatureRule;
import espd.ike.SignatureRule.Asking;
import espd.ike.SignatureRule.Revocation;
import espd.ike.SignatureRule.Sending;
import espd.ike.eap.EapType;
import espd.ike.eap.Identities;
import espd.ike.pki.Authority;
import espd.ike.pki.Authority.Draft;
import espd.ike.pki.Subject;
import espd.spd.Direction;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Initiators that prove themselves by EAP-TLS (RFC 7296 §2.16, RFC 5216): alice initiates, and
/// both have certificates.
final class EapTlsTest extends TwoHosts {

  private static final Proof BY_KEY = new Proof.SharedKey();
  private static final EapIdentity ASKED = new EapIdentity.Asked();

  private final Authority root = Authority.root("C=CH, O=Test, CN=Root");
  private final KeyPair herKey = Authority.key("secp256r1");
  private final KeyPair hisKey = Authority.key("secp256r1");
  private final X509Certificate hers = certificate("alice", herKey);
  private final X509Certificate his = certificate("bob", hisKey);

  private X509Certificate certificate(String name, KeyPair key) {
    return root.certify(Draft.of("C=CH, O=Test, CN=" + name), key.getPublic());
  }

  private Keychain keychain(Map<PublicKey, PrivateKey> keys) {
    return new Keychain(keys, List.of(root.certificate()), List.of(), List.of());
  }

  @BeforeEach
  void bothHaveKeys() {
    alice.keychain = keychain(Map.of(herKey.getPublic(), herKey.getPrivate()));
    bob.keychain = keychain(Map.of(hisKey.getPublic(), hisKey.getPrivate()));
  }

  private static Identity name(X509Certificate certificate) {
    return Identity.of(new Subject(certificate).name());
  }

  private static SignatureRule showing(X509Certificate certificate) {
    return new SignatureRule(
        List.of(certificate),
        List.of(),
        Set.of(),
        Sending.IF_ASKED,
        Asking.CERTREQ,
        Revocation.IF_KNOWN);
  }

  private static Proof byTls(EapIdentity identity, Tls tls) {
    return new Proof.Eap(List.of(EapType.TLS), identity, tls);
  }

  private Connections asAlice(Optional<Identity> server) {
    Tls tls = new Tls(showing(hers), SignatureRule.ANY, server);
    return Connections.alice()
        .identities(name(hers), Optional.of(name(his)))
        .proofs(new Proofs(byTls(new EapIdentity.OfIke(), tls), BY_KEY));
  }

  private Connections asBob(EapIdentity identity) {
    Tls tls = new Tls(SignatureRule.ANY, showing(his), Optional.empty());
    return Connections.bob()
        .identities(name(his), Optional.of(name(hers)))
        .proofs(new Proofs(BY_KEY, byTls(identity, tls)));
  }

  private void connect(Connections ours, Connections theirs) {
    alice.load(ours.connection());
    bob.load(theirs.connection());
    alice.begin("net");
    time.pass(Duration.ofSeconds(5));
  }

  private void assertRefused() {
    assertEquals(0, alice.sas(Direction.OUTBOUND).size());
    assertEquals(0, bob.sas(Direction.OUTBOUND).size());
    time.pass(Duration.ofMinutes(2));
    assertEquals(0, bob.ike.list().size());
  }

  private static void assertSaid(Host host, String part) {
    assertTrue(
        host.lines.stream().anyMatch(line -> line.contains(part)), String.join("\n", host.lines));
  }

  /// RFC 7296 §2.16: AUTH is made of the MSK at both ends.
  @Test
  void certificatesProveTheInitiator() {
    connect(asAlice(Optional.empty()), asBob(ASKED));
    assertProtected(1);
    assertSaid(alice, "negotiated TLS 1.3 using suite TLS_AES_128_GCM_SHA256");
    assertSaid(alice, "using certificate \"C=CH, O=Test, CN=bob\"");
    assertSaid(alice, "EAP method EAP_TLS succeeded, MSK established");
  }

  @Test
  void aResponderThatDoesNotAskTakesTheIdentityOfIke() { // RFC 7296 §2.16
    connect(asAlice(Optional.empty()), asBob(new EapIdentity.OfIke()));
    assertProtected(1);
  }

  /// RFC 5216 §5.2: the certificate has to be of the one that EAP's identity names.
  @Test
  void aCertificateOfAnotherProvesNothing() {
    connect(asAlice(Optional.empty()), asBob(new EapIdentity.Named(Identities.octets("carol"))));
    assertRefused();
    assertSaid(alice, "received fatal TLS alert 'certificate unknown'");
    assertEquals(1, bob.count("sent AUTHENTICATION_FAILED"), bob.counters.toString());
  }

  /// RFC 5216 §5.2: nor does that of a server that is not the one the connection names.
  @Test
  void aServerOfAnotherNameIsRefused() {
    connect(asAlice(Optional.of(Identity.ofName("aaa.example.org"))), asBob(ASKED));
    assertRefused();
    assertSaid(alice, "does not confirm identity 'aaa.example.org'");
  }

  @Test
  void aServerOfItsOwnNameIsWhoTheConnectionSays() { // RFC 5216 §5.2
    connect(asAlice(Optional.of(name(his))), asBob(ASKED));
    assertProtected(1);
  }

  @Test
  void anInitiatorWithoutTheKeyDoesNotBegin() {
    alice.keychain = keychain(Map.of());
    connect(asAlice(Optional.empty()), asBob(ASKED));
    assertRefused();
    assertSaid(alice, "no EAP key found for 'C=CH, O=Test, CN=alice'");
  }

  @Test
  void aResponderWithoutTheKeyRefuses() {
    bob.keychain = keychain(Map.of());
    connect(asAlice(Optional.empty()), asBob(ASKED));
    assertRefused();
    assertEquals(1, bob.count("sent AUTHENTICATION_FAILED"), bob.counters.toString());
  }

  /// RFC 3748 §5.3.1: a peer without a password asks for EAP-TLS instead.
  @Test
  void theEndsAgreeOnTheMethodThatBothHave() {
    Tls tls = new Tls(SignatureRule.ANY, showing(his), Optional.empty());
    Proof either = new Proof.Eap(List.of(EapType.MSCHAPV2, EapType.TLS), ASKED, tls);
    connect(asAlice(Optional.empty()), asBob(ASKED).proofs(new Proofs(BY_KEY, either)));
    assertProtected(1);
    assertSaid(alice, "EAP method EAP_TLS succeeded");
  }

  @Test
  void lostAndDoubledDatagramsDoNotMatter() { // RFC 7296 §2.1
    network.faults(new Network.Faults(0.3, 0.3, Duration.ofMillis(20)));
    alice.load(asAlice(Optional.empty()).connection());
    bob.load(asBob(ASKED).connection());
    alice.begin("net");
    time.pass(Duration.ofSeconds(28));
    assertProtected(1);
  }
}
