package espd.ike.v1.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Connection;
import espd.ike.ConnectionBuilder;
import espd.ike.Identity;
import espd.ike.IkeVersion;
import espd.ike.Keychain;
import espd.ike.Proofs;
import espd.ike.Proofs.Proof;
import espd.ike.SignatureRule;
import espd.ike.SignatureRule.Asking;
import espd.ike.SignatureRule.Revocation;
import espd.ike.SignatureRule.Sending;
import espd.ike.pki.Authority;
import espd.ike.pki.Authority.Draft;
import espd.ike.pki.Subject;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Phase 1 with signatures and certificates (RFC 2409 §5.1, RFC 4754, RFC 4945 §3).
class SignaturesTest {

  private final Authority root = Authority.root("C=CH, O=Test, CN=Root");

  /// One end's key and certificate.
  private record Own(KeyPair key, X509Certificate certificate) {

    Identity identity() {
      return Identity.of(new Subject(certificate).name());
    }

    SignatureRule rule(Sending sending) {
      return new SignatureRule(
          List.of(certificate), List.of(), Set.of(), sending, Asking.CERTREQ, Revocation.IF_KNOWN);
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
    return new Own(key, root.certify(Draft.of("C=CH, O=Test, CN=" + name), key.getPublic()));
  }

  private static ConnectionBuilder change(
      ConnectionBuilder c, Own mine, Identity other, Sending sending) {
    return c.localId(mine.identity())
        .remoteId(Optional.of(other))
        .proofs(
            new Proofs(
                new Proof.Signature(mine.rule(sending)), new Proof.Signature(SignatureRule.ANY)));
  }

  private TwoPeers peers(Own hers, Own his, Identity expected, IkeVersion version) {
    Connection alice =
        IsakmpConnections.alice(
            c -> change(c.version(version), hers, his.identity(), Sending.IF_ASKED));
    Connection bob =
        IsakmpConnections.bob(c -> change(c.version(version), his, expected, Sending.IF_ASKED));
    TwoPeers peers = new TwoPeers(alice, bob);
    peers.initiator.keychain = hers.keychain(root);
    peers.responder.keychain = his.keychain(root);
    return peers;
  }

  private static ConnectionBuilder raw(ConnectionBuilder c, KeyPair mine, KeyPair other) {
    return c.proofs(new Proofs(raw(mine), raw(other)));
  }

  private static Proof raw(KeyPair key) {
    return new Proof.Signature(
        new SignatureRule(
            List.of(),
            List.of(),
            Set.of(),
            Sending.ALWAYS,
            Asking.CERTREQ,
            Revocation.IF_KNOWN,
            List.of(key.getPublic())));
  }

  /// RFC 2409 §5.1: keys that both ends know need no CERT, as pluto's `leftrsasigkey`.
  @ParameterizedTest
  @ValueSource(strings = {"2048", "secp256r1"})
  void keysThatAreKnownNeedNoCertificate(String kind) {
    KeyPair hers = Authority.key(kind);
    KeyPair his = Authority.key(kind);
    TwoPeers peers =
        new TwoPeers(
            IsakmpConnections.alice(c -> raw(c.version(IkeVersion.ONE), hers, his)),
            IsakmpConnections.bob(c -> raw(c.version(IkeVersion.ONE), his, hers)));
    peers.initiator.keychain =
        new Keychain(Map.of(hers.getPublic(), hers.getPrivate()), List.of(), List.of(), List.of());
    peers.responder.keychain =
        new Keychain(Map.of(his.getPublic(), his.getPrivate()), List.of(), List.of(), List.of());
    peers.up();

    MainModeTest.assertSamePair(peers.initiator.child(), peers.responder.child());
    assertTrue(peers.initiator.said("[ KE No NAT-D NAT-D ]"));
    assertTrue(peers.initiator.said("[ ID SIG N(INITIAL_CONTACT) ]"));
    assertTrue(peers.responder.said("[ ID SIG ]"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"2048", "secp256r1", "secp384r1", "secp521r1"})
  void bothEndsSignInMainMode(String kind) {
    Own hers = own("alice", kind);
    Own his = own("bob", kind);
    TwoPeers peers = peers(hers, his, hers.identity(), IkeVersion.ONE).up();

    assertEquals(his.identity(), peers.initiator.established().peer().remote());
    assertEquals(hers.identity(), peers.responder.established().peer().remote());
    MainModeTest.assertSamePair(peers.initiator.child(), peers.responder.child());
    assertTrue(peers.initiator.said("[ KE No CERTREQ NAT-D NAT-D ]"));
    assertTrue(peers.initiator.said("[ ID CERT SIG CERTREQ N(INITIAL_CONTACT) ]"));
    assertTrue(peers.initiator.said("[ ID CERT SIG ]"));
  }

  @Test
  void bothEndsSignInAggressiveMode() {
    Own hers = own("alice", "2048");
    Own his = own("bob", "2048");
    TwoPeers peers = peers(hers, his, hers.identity(), AggressiveModeTest.AGGRESSIVE).up();

    MainModeTest.assertSamePair(peers.initiator.child(), peers.responder.child());
  }

  /// The certificate has to be of the identity that the peer says it has (RFC 4945 §3.1).
  @Test
  void aCertificateOfAnotherIsNotBelieved() {
    Own hers = own("alice", "secp256r1");
    Own his = own("bob", "secp256r1");
    Own mallory = own("mallory", "secp256r1");
    TwoPeers peers = peers(hers, his, hers.identity(), IkeVersion.ONE);
    peers.initiator.connections.set(
        0,
        IsakmpConnections.alice(
            c -> change(c, mallory, his.identity(), Sending.ALWAYS).localId(hers.identity())));
    peers.initiator.keychain = mallory.keychain(root);
    peers.up();

    assertTrue(peers.responder.said("does not confirm identity"));
    assertFalse(peers.responder.isEstablished());
    assertTrue(peers.initiator.said("received AUTHENTICATION_FAILED error notify"));
    assertTrue(peers.initiator.states.isEmpty());
  }

  /// RFC 4945 §5.1: a certificate of which the authority is to be asked, and does not tell.
  @ParameterizedTest
  @EnumSource(Revocation.class)
  void whetherItIsRevokedIsAsked(Revocation policy) {
    KeyPair key = Authority.key("secp256r1");
    Draft draft = Draft.of("C=CH, O=Test, CN=alice").withOcspAt("http://ca.example/");
    Own hers = new Own(key, root.certify(draft, key.getPublic()));
    Own his = own("bob", "secp256r1");
    TwoPeers peers = peers(hers, his, hers.identity(), IkeVersion.ONE);
    SignatureRule rule =
        new SignatureRule(List.of(), List.of(), Set.of(), Sending.ALWAYS, Asking.CERTREQ, policy);
    peers.responder.connections.set(
        0,
        IsakmpConnections.bob(
            c ->
                change(c, his, hers.identity(), Sending.IF_ASKED)
                    .proofs(
                        new Proofs(
                            new Proof.Signature(his.rule(Sending.IF_ASKED)),
                            new Proof.Signature(rule)))));
    peers.up();

    assertTrue(peers.responder.said("certificate status is not available"));
    assertEquals(policy == Revocation.IF_KNOWN, peers.responder.isEstablished());
  }

  @Test
  void anAuthorityThatWeDoNotTrustIsNone() {
    Own hers = own("alice", "secp256r1");
    Own his = own("bob", "secp256r1");
    TwoPeers peers = peers(hers, his, hers.identity(), IkeVersion.ONE);
    peers.responder.keychain = his.keychain(Authority.root("C=CH, O=Test, CN=Other"));
    peers.up();

    assertFalse(peers.responder.isEstablished());
    assertFalse(peers.initiator.isEstablished());
  }

  /// Who proves itself by a secret and who by a certificate do not meet: the way to authenticate is
  /// negotiated with the algorithms (RFC 2409 §5).
  @Test
  void aSecretAndACertificateDoNotMeet() {
    Own his = own("bob", "secp256r1");
    TwoPeers peers =
        new TwoPeers(
            IsakmpConnections.alice(c -> c),
            IsakmpConnections.bob(
                c -> change(c, his, Identity.of(IsakmpConnections.ALICE), Sending.IF_ASKED)));
    peers.responder.keychain = his.keychain(root);
    peers.up();

    assertTrue(
        peers.responder.said("authentication method differs: offered PSK, allowed ECDSA_256"),
        () -> String.join("\n", peers.responder.lines()));
  }

  @Test
  void withoutThePrivateKeyNothingIsProven() {
    Own hers = own("alice", "secp256r1");
    Own his = own("bob", "secp256r1");
    TwoPeers peers = peers(hers, his, hers.identity(), IkeVersion.ONE);
    peers.initiator.keychain = own("other", "secp256r1").keychain(root);
    peers.up();

    assertTrue(peers.initiator.said("no private key found for"));
    assertTrue(peers.initiator.states.isEmpty());
  }
}
