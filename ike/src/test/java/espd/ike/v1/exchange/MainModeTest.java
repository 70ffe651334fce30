package espd.ike.v1.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Identity;
import espd.ike.exchange.ChildSa;
import espd.ike.exchange.IsakmpStage;
import espd.ike.exchange.Report;
import espd.spd.KeyMaterial;
import espd.spd.Mode;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Main mode with a pre-shared key, and the quick mode that follows it (RFC 2409 §5.4, §5.5).
class MainModeTest {

  /// The messages of RFC 2409 §5.4 and §5.5, in strongSwan's words.
  @Test
  void theMessagesAreThoseOfTheRfc() {
    TwoPeers peers = IsakmpConnections.usual().up();

    List<String> messages =
        peers.initiator.lines().stream()
            .filter(line -> line.startsWith("generating") || line.startsWith("parsed"))
            .map(line -> line.replaceAll("(QUICK_MODE \\w+) \\d+", "$1 n"))
            .toList();
    assertEquals(
        List.of(
            "generating ID_PROT request 0 [ SA V V ]",
            "parsed ID_PROT response 0 [ SA V V ]",
            "generating ID_PROT request 0 [ KE No NAT-D NAT-D ]",
            "parsed ID_PROT response 0 [ KE No NAT-D NAT-D ]",
            "generating ID_PROT request 0 [ ID HASH N(INITIAL_CONTACT) ]",
            "parsed ID_PROT response 0 [ ID HASH ]",
            "generating QUICK_MODE request n [ HASH SA No ID ID ]",
            "parsed QUICK_MODE response n [ HASH SA No ID ID ]",
            "generating QUICK_MODE request n [ HASH ]"),
        messages);
  }

  @Test
  void bothEndsHaveAnIsakmpSaAndAPairOfIpsecSas() {
    TwoPeers peers = IsakmpConnections.usual().up();

    Established alice = peers.initiator.established();
    Established bob = peers.responder.established();
    assertEquals(alice.spiI(), bob.spiI());
    assertEquals(alice.spiR(), bob.spiR());
    assertEquals(Identity.of(IsakmpConnections.BOB), alice.peer().remote());
    assertEquals(Identity.of(IsakmpConnections.ALICE), bob.peer().remote());
    assertEquals("AES_CBC_128/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/ECP_256", alice.suiteText());
    assertSamePair(peers.initiator.child(), peers.responder.child());
    assertEquals(2, peers.initiator.sad.size());
    assertEquals(2, peers.responder.sad.size());
    assertEquals(Mode.TRANSPORT, peers.initiator.child().inbound().parameters().mode());
    assertTrue(peers.initiator.said("CHILD_SA net{2} established with SPIs 00001000_i 00002000_o"));
    assertTrue(
        peers.initiator.said(
            "IKE_SA net[1] established between 2001:db8:1:1::1[2001:db8:1:1::1]"
                + "...2001:db8:2:2::2[2001:db8:2:2::2]"));
  }

  /// What one sends with, the other receives with (RFC 2409 §5.5).
  static void assertSamePair(ChildSa one, ChildSa other) {
    assertEquals(one.outbound().spi(), other.inbound().spi());
    assertEquals(one.inbound().spi(), other.outbound().spi());
    assertSame(
        one.outbound().parameters().encryptionKey(), other.inbound().parameters().encryptionKey());
    assertSame(
        one.outbound().parameters().integrityKey(), other.inbound().parameters().integrityKey());
    assertSame(
        one.inbound().parameters().encryptionKey(), other.outbound().parameters().encryptionKey());
  }

  private static void assertSame(KeyMaterial one, KeyMaterial other) {
    assertArrayEquals(one.<byte[]>use(byte[]::clone), other.<byte[]>use(byte[]::clone));
  }

  /// What pluto's lines are made of.
  @Test
  void eachStageIsTold() {
    TwoPeers peers = IsakmpConnections.usual().up();

    assertEquals(
        List.of(
            IsakmpStage.MAIN_I1,
            IsakmpStage.MAIN_I2,
            IsakmpStage.MAIN_I3,
            IsakmpStage.MAIN_I4,
            IsakmpStage.QUICK_I1,
            IsakmpStage.QUICK_I2),
        peers.initiator.told(Report.Reached.class).stream().map(Report.Reached::stage).toList());
    assertEquals(
        List.of(
            IsakmpStage.MAIN_R1,
            IsakmpStage.MAIN_R2,
            IsakmpStage.MAIN_R3,
            IsakmpStage.QUICK_R1,
            IsakmpStage.QUICK_R2),
        peers.responder.told(Report.Reached.class).stream().map(Report.Reached::stage).toList());
  }

  /// In main mode the secret is found by addresses; with another one nothing can be decrypted, and
  /// nobody learns more (RFC 2409 §5.4).
  @Test
  void withOtherSecretsNothingIsEstablished() {
    TwoPeers peers = IsakmpConnections.usual();
    peers.responder.sharedKey = "another";
    peers.up().after(java.time.Duration.ofMinutes(5));

    assertFalse(peers.initiator.isEstablished());
    assertFalse(peers.responder.isEstablished());
    assertTrue(peers.responder.said("do the pre-shared keys differ?"));
    assertTrue(
        peers.initiator.told(
            Report.ChildFailed.class, failed -> failed.cause() == Report.Cause.TIMEOUT));
    assertTrue(peers.responder.states.isEmpty());
  }

  @Test
  void withoutASecretTheResponderGivesUp() {
    TwoPeers peers = IsakmpConnections.usual();
    peers.responder.sharedKey = "";
    peers.up();

    assertTrue(peers.responder.said("no shared key found for '2001:db8:2:2::2'"));
    assertTrue(peers.responder.states.isEmpty());
  }

  /// Another identity than the configured one is refused, under the keys (RFC 2409 §5.4).
  @Test
  void anotherIdentityIsRefused() {
    TwoPeers peers =
        new TwoPeers(
            IsakmpConnections.alice(c -> c.localId(Identity.ofName("mallory"))),
            IsakmpConnections.bob(c -> c));
    peers.up();

    assertTrue(
        peers.responder.said("identity differs: offered 'mallory', allowed '2001:db8:1:1::1'"));
    assertTrue(peers.initiator.said("received INVALID_ID_INFORMATION error notify"));
    assertTrue(peers.initiator.states.isEmpty());
    assertTrue(peers.responder.states.isEmpty());
  }

  @Test
  void theResponderToo() {
    TwoPeers peers =
        new TwoPeers(
            IsakmpConnections.alice(c -> c),
            IsakmpConnections.bob(c -> c.localId(Identity.ofName("mallory"))));
    peers.up();

    assertFalse(peers.initiator.isEstablished());
    assertTrue(
        peers.initiator.said("identity differs: offered 'mallory', allowed '2001:db8:2:2::2'"));
  }

  /// Among connections of the same addresses and the same secret the identity tells which is meant.
  @Test
  void theIdentityTellsTheConnection() {
    TwoPeers peers =
        new TwoPeers(
            IsakmpConnections.alice(c -> c.localId(Identity.ofName("second"))),
            IsakmpConnections.bob(c -> c.remoteId(Optional.of(Identity.ofName("first")))));
    peers.responder.connections.add(
        IsakmpConnections.bob(
            c -> c.name("other").reqid(2).remoteId(Optional.of(Identity.ofName("second")))));
    peers.up();

    assertEquals("other", peers.responder.established().connection().name());
  }

  /// Proposals that have nothing in common are refused in the clear, with the difference in words;
  /// that ends no attempt, for anybody could have sent it (RFC 2409 §5.7).
  @Test
  void otherProposalsAreRefused() {
    TwoPeers peers =
        new TwoPeers(
            IsakmpConnections.alice(c -> c),
            IsakmpConnections.bob(
                c ->
                    c.ikeProposals(
                        List.of(
                            IsakmpConnections.ike(
                                IsakmpConnections.TRIPLE_DES,
                                IsakmpConnections.SHA2_256,
                                IsakmpConnections.PRF_SHA2_256,
                                IsakmpConnections.P256)))));
    peers.up();

    assertTrue(
        peers.responder.said("ENCR differs: offered AES_CBC_128, allowed 3DES_CBC"),
        () -> String.join("\n", peers.responder.lines()));
    assertTrue(peers.initiator.said("received NO_PROPOSAL_CHOSEN error notify"));
    assertEquals(1, peers.initiator.states.size());

    peers.after(java.time.Duration.ofSeconds(10));
    assertTrue(
        peers.initiator.told(
            Report.ChildFailed.class,
            f ->
                f.cause() == Report.Cause.TIMEOUT
                    && f.line().contains("received NO_PROPOSAL_CHOSEN error notify: offered IKE:")),
        "given up as soon as a better answer would have come");
  }
}
