package espd.ike.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Identity;
import espd.ike.Keychain;
import espd.ike.Proofs;
import espd.ike.Proofs.Proof;
import espd.ike.SignatureRule;
import espd.ike.SignatureRule.Asking;
import espd.ike.SignatureRule.Revocation;
import espd.ike.SignatureRule.Sending;
import espd.ike.pki.Authority;
import espd.ike.pki.Authority.Draft;
import espd.ike.pki.Inquiry;
import espd.ike.pki.Subject;
import espd.spd.Direction;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// An IKE SA whose peer's certificate is being asked about waits, and nothing else does.
final class RevocationTest extends TwoHosts {

  private final Authority root = Authority.root("C=CH, O=Test, CN=Root");
  private final List<CompletableFuture<Inquiry.Finding>> asked = new ArrayList<>();

  private CompletableFuture<Inquiry.Finding> ask(Inquiry inquiry) {
    assertEquals(1, inquiry.path().size());
    CompletableFuture<Inquiry.Finding> answer = new CompletableFuture<>();
    asked.add(answer);
    return answer;
  }

  private static Inquiry.Finding good() {
    return new Inquiry.Finding(List.of("certificate status is good"), Optional.empty());
  }

  private record Own(KeyPair key, X509Certificate certificate) {
    Identity identity() {
      return Identity.of(new Subject(certificate).name());
    }

    Proofs proofs() {
      SignatureRule rule =
          new SignatureRule(
              List.of(certificate),
              List.of(),
              Set.of(),
              Sending.ALWAYS,
              Asking.CERTREQ,
              Revocation.IF_KNOWN);
      return new Proofs(new Proof.Signature(rule), new Proof.Signature(SignatureRule.ANY));
    }
  }

  private Own own(String name) {
    KeyPair key = Authority.key("secp256r1");
    Draft draft = Draft.of("C=CH, O=Test, CN=" + name).withOcspAt("http://ca.example/");
    return new Own(key, root.certify(draft, key.getPublic()));
  }

  private void load(Host host, Connections connections, Own own, Own peer) {
    host.keychain =
        new Keychain(
            Map.of(own.key().getPublic(), own.key().getPrivate()),
            List.of(root.certificate()),
            List.of(),
            List.of());
    host.load(
        connections
            .identities(own.identity(), Optional.of(peer.identity()))
            .with(c -> c.proofs(own.proofs()))
            .connection());
  }

  private void begin(Own alices, Own bobs) {
    load(alice, Connections.alice(), alices, bobs);
    load(bob, Connections.bob(), bobs, alices);
    alice.begin("net");
    time.pass(Duration.ofSeconds(1));
  }

  private static boolean said(Host host, String text) {
    return host.lines.stream().anyMatch(line -> line.contains(text));
  }

  /// RFC 7296 §2.1: the peer sends its request again and again meanwhile, and is answered once.
  @Test
  void theResponderAnswersWhenItKnows() {
    bob.revocations = this::ask;
    begin(own("alice"), own("bob"));
    time.pass(Duration.ofSeconds(9));
    assertEquals(1, asked.size());
    assertEquals(0, bob.sas(Direction.OUTBOUND).size());
    assertTrue(alice.count("retransmitted") > 1);
    assertTrue(bob.count("dropped sent again while its answer is made") > 1);
    asked.getFirst().complete(good());
    time.pass(Duration.ofSeconds(1));
    assertProtected(1);
    time.pass(Duration.ofMinutes(1));
    assertProtected(1);
  }

  @Test
  void theInitiatorGoesOnWhenItKnows() {
    alice.revocations = this::ask;
    begin(own("alice"), own("bob"));
    assertEquals(0, alice.sas(Direction.OUTBOUND).size());
    asked.getFirst().complete(good());
    time.pass(Duration.ofSeconds(1));
    assertProtected(1);
    int told = alice.lines.indexOf("certificate status is good");
    assertTrue(told > 0, alice.lines::toString);
    assertTrue(alice.lines.get(told + 1).startsWith("authentication of 'C=CH, O=Test, CN=bob'"));
  }

  /// RFC 7296 §2.21.2: AUTHENTICATION_FAILED, whoever finds it out.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsRevokedIsRefused(boolean byResponder) {
    Inquiry.Finding revoked =
        new Inquiry.Finding(
            List.of("certificate was revoked"), Optional.of("certificate 'x' is not trusted"));
    (byResponder ? bob : alice).revocations = inquiry -> CompletableFuture.completedFuture(revoked);
    begin(own("alice"), own("bob"));
    time.pass(Duration.ofSeconds(30));
    assertEquals(0, alice.sas(Direction.OUTBOUND).size());
    assertEquals(0, bob.sas(Direction.OUTBOUND).size());
    if (!byResponder) {
      assertTrue(said(alice, "certificate was revoked"), alice.lines::toString);
      assertTrue(said(alice, "certificate 'x' is not trusted"), alice.lines::toString);
    }
  }

  /// Who has an authority's certificate but not its key has proven nothing, and nobody is asked.
  @Test
  void nobodyIsAskedAboutAPeerThatHasNotProvenItself() {
    Own bobs = own("bob");
    Own thief = new Own(Authority.key("secp256r1"), bobs.certificate());
    alice.revocations = this::ask;
    load(alice, Connections.alice(), own("alice"), bobs);
    Own alices = own("alice");
    load(bob, Connections.bob(), thief, alices);
    bob.keychain =
        new Keychain(
            Map.of(bobs.certificate().getPublicKey(), thief.key().getPrivate()),
            List.of(root.certificate()),
            List.of(),
            List.of());
    alice.begin("net");
    time.pass(Duration.ofSeconds(9));
    assertTrue(said(alice, "is wrong, or not of its key"), alice.lines::toString);
    assertEquals(List.of(), asked);
  }

  /// An IKE SA that ends meanwhile leaves nothing behind.
  @Test
  void anAnswerThatComesTooLateIsNobodys() {
    alice.revocations = this::ask;
    begin(own("alice"), own("bob"));
    var _ = alice.down("net");
    time.pass(Duration.ofSeconds(1));
    asked.getFirst().complete(good());
    time.pass(Duration.ofSeconds(1));
    assertEquals(0, alice.sas(Direction.OUTBOUND).size());
    assertEquals(List.of(), alice.ike.list());
  }
}
