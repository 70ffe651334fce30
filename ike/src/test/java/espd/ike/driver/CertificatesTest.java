package espd.ike.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Connection;
import espd.ike.Identity;
import espd.ike.Keychain;
import espd.ike.Proofs;
import espd.ike.Proofs.Proof;
import espd.ike.SignatureRule;
import espd.ike.SignatureRule.Asking;
import espd.ike.SignatureRule.Revocation;
import espd.ike.SignatureRule.Sending;
import espd.ike.crypto.SignatureScheme;
import espd.ike.pki.Authority;
import espd.ike.pki.Authority.Draft;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Both ends prove who they are by certificates (RFC 7296 §2.15, RFC 7427, RFC 8420).
final class CertificatesTest extends TwoHosts {

  private final Authority root = Authority.root("C=CH, O=Test, CN=Root");

  /// An end's key and certificates, its own first.
  private record Own(KeyPair key, List<X509Certificate> chain, Identity identity) {

    Own(KeyPair key, List<X509Certificate> chain) {
      this(key, chain, Identity.of(new Subject(chain.getFirst()).name()));
    }

    Own posingAs(Identity other) {
      return new Own(key, chain, other);
    }

    Proof proof() {
      return proof(Sending.IF_ASKED, Set.of());
    }

    Proof proof(Sending sending, Set<SignatureScheme> schemes) {
      return new Proof.Signature(
          new SignatureRule(
              chain, List.of(), schemes, sending, Asking.CERTREQ, Revocation.IF_KNOWN));
    }

    Keychain keychain(Authority trusted) {
      return new Keychain(
          Map.of(key.getPublic(), key.getPrivate()),
          List.of(trusted.certificate()),
          List.of(),
          List.of());
    }
  }

  private Own own(String name, String kind) {
    KeyPair key = Authority.key(kind);
    return new Own(
        key, List.of(root.certify(Draft.of("C=CH, O=Test, CN=" + name), key.getPublic())));
  }

  private static final Proof ANY = new Proof.Signature(SignatureRule.ANY);

  private void begin(Own hers, Own his) {
    begin(hers, his, new Proofs(hers.proof(), ANY), new Proofs(his.proof(), ANY));
  }

  /// @param hisProofs of each of his connections
  private void begin(Own hers, Own his, Proofs herProofs, Proofs... hisProofs) {
    alice.keychain = hers.keychain(root);
    bob.keychain = his.keychain(root);
    Connections herConnection =
        Connections.alice()
            .identities(hers.identity(), Optional.of(his.identity()))
            .with(c -> c.proofs(herProofs));
    List<Connection> hisConnections = new ArrayList<>();
    for (Proofs proofs : hisProofs) {
      int number = hisConnections.size();
      hisConnections.add(
          Connections.bob()
              .identities(his.identity(), Optional.of(hers.identity()))
              .named("net" + number, 1 + number)
              .with(c -> c.proofs(proofs))
              .connection());
    }
    alice.load(herConnection.connection());
    bob.load(hisConnections.toArray(Connection[]::new));
    alice.begin("net");
    time.pass(Duration.ofSeconds(5));
  }

  private void assertSaid(Host host, String text) {
    assertTrue(host.lines.stream().anyMatch(line -> line.contains(text)), host.lines::toString);
  }

  /// RFC 7427 §3, RFC 8420 §2: method 14 with the scheme that is usual for the key.
  @ParameterizedTest
  @ValueSource(strings = {"2048", "secp256r1", "secp384r1", "secp521r1", "Ed25519", "Ed448"})
  void everyKindOfKeySigns(String kind) {
    begin(own("alice", kind), own("bob", kind));
    assertProtected(1);
    assertSaid(alice, "authentication of 'C=CH, O=Test, CN=bob' with ");
    assertSaid(alice, "using trusted ca certificate \"C=CH, O=Test, CN=Root\"");
  }

  /// RFC 7296 §2.15: each end may prove itself in its own way.
  @Test
  void oneEndMayHaveACertificateAndTheOtherASecret() {
    Own alices = own("alice", "secp256r1");
    Own bobs = own("bob", "secp256r1");
    begin(
        alices,
        bobs,
        new Proofs(alices.proof(), new Proof.SharedKey()),
        new Proofs(new Proof.SharedKey(), ANY));
    assertProtected(1);
    assertSaid(alice, "with pre-shared key successful");
  }

  /// RFC 7296 §3.6: the certificates of authorities between follow.
  @Test
  void authoritiesBetweenAreSent() {
    Authority between = root.between(Draft.of("C=CH, O=Test, CN=Between").authority(0));
    KeyPair key = Authority.key("secp256r1");
    X509Certificate leaf = between.certify(Draft.of("C=CH, O=Test, CN=b"), key.getPublic());
    begin(own("alice", "secp256r1"), new Own(key, List.of(leaf, between.certificate())));
    assertProtected(1);
    assertSaid(alice, "using intermediate ca certificate \"C=CH, O=Test, CN=Between\"");
  }

  /// RFC 7296 §3.8: of connections between the same two, that one is meant whose peer proves itself
  /// by the method of AUTH.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theMethodOfAuthTellsConnectionsApart(boolean signed) {
    Own alices = own("alice", "secp256r1");
    Own bobs = own("bob", "secp256r1");
    Proofs secret = new Proofs(new Proof.SharedKey(), new Proof.SharedKey());
    begin(
        alices,
        bobs,
        signed ? new Proofs(alices.proof(), ANY) : secret,
        signed ? secret : new Proofs(bobs.proof(), ANY),
        signed ? new Proofs(bobs.proof(), ANY) : secret);
    assertProtected(1);
    assertSaid(alice, signed ? "with ECDSA" : "with pre-shared key successful");
  }

  /// RFC 7296 §3.7: who is not asked for its certificate does not send it.
  @Test
  void aPeerThatIsNotAskedSendsNoCertificate() {
    Own alices = own("alice", "secp256r1");
    Own bobs = own("bob", "secp256r1");
    SignatureRule silent =
        new SignatureRule(
            List.of(), List.of(), Set.of(), Sending.IF_ASKED, Asking.SILENT, Revocation.IF_KNOWN);
    begin(
        alices,
        bobs,
        new Proofs(alices.proof(), new Proof.Signature(silent)),
        new Proofs(bobs.proof(), ANY));
    assertSaid(alice, "no trusted certificate found for 'C=CH, O=Test, CN=bob'");
    assertEquals(0, alice.sas(Direction.OUTBOUND).size());
  }

  @Test
  void onlyTheConfiguredSchemesAreUsed() {
    Own alices = own("alice", "2048");
    Own bobs = own("bob", "2048");
    Set<SignatureScheme> pss = Set.of(SignatureScheme.RSA_EMSA_PSS_SHA2_384);
    begin(
        alices,
        bobs,
        new Proofs(alices.proof(Sending.ALWAYS, pss), ANY),
        new Proofs(bobs.proof(Sending.ALWAYS, pss), ANY));
    assertProtected(1);
    assertSaid(alice, "with RSA_EMSA_PSS_SHA2_384 successful");
  }

  @Test
  void aSchemeThatIsNotAllowedIsRefused() {
    Own alices = own("alice", "2048");
    Own bobs = own("bob", "2048");
    Proof onlyPss =
        new Proof.Signature(
            new SignatureRule(
                List.of(),
                List.of(),
                Set.of(SignatureScheme.RSA_EMSA_PSS_SHA2_256),
                Sending.IF_ASKED,
                Asking.CERTREQ,
                Revocation.IF_KNOWN));
    begin(alices, bobs, new Proofs(alices.proof(), onlyPss), new Proofs(bobs.proof(), ANY));
    assertSaid(alice, "not allowed ([RSA_EMSA_PSS_SHA2_256])");
    assertEquals(0, alice.sas(Direction.OUTBOUND).size());
  }

  /// RFC 7296 §2.15: the certificate has to be of the one the peer says it is.
  @Test
  void anothersCertificateIsRefused() {
    Own mallory = own("mallory", "secp256r1");
    begin(own("alice", "secp256r1"), mallory.posingAs(Identity.ofName("bob.example.org")));
    assertEquals(0, alice.sas(Direction.OUTBOUND).size());
    assertSaid(alice, "does not confirm identity 'bob.example.org'");
  }

  /// RFC 7296 §3.6: without CERTREQ, or where it is never sent, the certificate must be known.
  @Test
  void aCertificateThatIsNotSentMustBeKnown() {
    Own alices = own("alice", "secp256r1");
    Own bobs = own("bob", "secp256r1");
    begin(
        alices,
        bobs,
        new Proofs(alices.proof(), ANY),
        new Proofs(bobs.proof(Sending.NEVER, Set.of()), ANY));
    assertEquals(0, alice.sas(Direction.OUTBOUND).size());
    assertSaid(alice, "no trusted certificate found for 'C=CH, O=Test, CN=bob'");
  }

  /// RFC 7296 §2.15: a peer that has to sign proves nothing with a secret.
  @Test
  void aSecretIsNoSignature() {
    Own alices = own("alice", "secp256r1");
    Own bobs = own("bob", "secp256r1");
    begin(alices, bobs, new Proofs(alices.proof(), ANY), new Proofs(new Proof.SharedKey(), ANY));
    assertEquals(0, alice.sas(Direction.OUTBOUND).size());
    assertSaid(alice, "offered pre-shared key (2), allowed a signature");
  }
}
