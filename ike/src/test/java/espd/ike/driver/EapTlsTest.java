package espd.ike.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.EapType;
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
import espd.ike.eap.Identities;
import espd.ike.pki.Authority;
import espd.ike.pki.Authority.Draft;
import espd.ike.pki.Inquiry;
import espd.ike.pki.Revocations;
import espd.ike.pki.Subject;
import espd.spd.Direction;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    Draft draft = Draft.of("C=CH, O=Test, CN=" + name).withOcspAt("http://ca.example/");
    return root.certify(draft, key.getPublic());
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

  /// What is asked about certificates (RFC 5216 §5.4), and what has been told.
  private final List<Inquiry> asked = new ArrayList<>();

  private Revocations telling(CompletableFuture<Inquiry.Finding> answer) {
    return inquiry -> {
      asked.add(inquiry);
      return answer;
    };
  }

  private static Inquiry.Finding good() {
    return new Inquiry.Finding(List.of("certificate status is good"), Optional.empty());
  }

  /// RFC 5216 §5.4: an authority is asked about the certificate of the other end, of either, which
  /// is not told that all is well before the answer is here. It asks again meanwhile (RFC 7296
  /// §2.1).
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whoIsAskedAboutWaits(boolean byResponder) {
    CompletableFuture<Inquiry.Finding> answer = new CompletableFuture<>();
    (byResponder ? bob : alice).revocations = telling(answer);
    connect(asAlice(Optional.empty()), asBob(ASKED));
    time.pass(Duration.ofSeconds(4));
    assertEquals(1, asked.size());
    assertEquals(
        (byResponder ? hers : his).getSubjectX500Principal(),
        asked.getFirst().path().getFirst().certificate().getSubjectX500Principal());
    assertEquals(0, bob.sas(Direction.OUTBOUND).size());
    answer.complete(good());
    time.pass(Duration.ofSeconds(4));
    assertProtected(1);
    List<String> said = (byResponder ? bob : alice).said;
    int told = said.indexOf("certificate status is good");
    assertTrue(told > said.indexOf("negotiated TLS 1.3 using suite TLS_AES_128_GCM_SHA256"));
    assertEquals("EAP method EAP_TLS succeeded, MSK established", said.get(told + 1));
  }

  /// RFC 7296 §2.21.2: whoever finds it out ends it, and the other end with it.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsRevokedIsRefused(boolean byResponder) {
    Inquiry.Finding revoked =
        new Inquiry.Finding(
            List.of("certificate was revoked"), Optional.of("certificate 'x' is not trusted"));
    Host judge = byResponder ? bob : alice;
    judge.revocations = telling(CompletableFuture.completedFuture(revoked));
    connect(asAlice(Optional.empty()), asBob(ASKED));
    assertEquals(List.of(), alice.ike.list());
    assertEquals(List.of(), bob.ike.list());
    assertTrue(judge.said.contains("certificate was revoked"), judge.said::toString);
    assertTrue(
        judge.said.stream().anyMatch(line -> line.contains("certificate 'x' is not trusted")));
    assertEquals(1, judge.count("sent AUTHENTICATION_FAILED"), judge.counters.toString());
    assertRefused();
  }

  /// An IKE SA that ends meanwhile leaves nothing behind.
  @Test
  void anAnswerThatComesTooLateIsNobodys() {
    CompletableFuture<Inquiry.Finding> answer = new CompletableFuture<>();
    alice.revocations = telling(answer);
    connect(asAlice(Optional.empty()), asBob(ASKED));
    var _ = alice.down("net");
    time.pass(Duration.ofSeconds(1));
    answer.complete(good());
    time.pass(Duration.ofSeconds(1));
    assertEquals(List.of(), alice.ike.list());
    assertRefused();
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
