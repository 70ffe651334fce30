package espd.ike.v1.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.ConnectionBuilder;
import espd.ike.Datagram;
import espd.ike.Identity;
import espd.ike.IkeVersion;
import espd.ike.IkeVersion.LifetimeCheck;
import espd.ike.IkeVersion.Phase1Mode;
import espd.ike.exchange.IsakmpStage;
import espd.ike.exchange.Report;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Aggressive mode (RFC 2409 §5.4): three messages, identities in the clear.
class AggressiveModeTest {

  static final IkeVersion AGGRESSIVE =
      new IkeVersion.One(
          List.of(Phase1Mode.AGGRESSIVE, Phase1Mode.MAIN), LifetimeCheck.OBEY, true, true);

  private static TwoPeers aggressive() {
    return IsakmpConnections.both(c -> c.version(AGGRESSIVE));
  }

  @Test
  void threeMessagesDo() {
    TwoPeers peers = aggressive().up();

    List<String> messages =
        peers.initiator.lines().stream()
            .filter(line -> line.contains("AGGRESSIVE"))
            .filter(line -> line.startsWith("generating") || line.startsWith("parsed"))
            .toList();
    assertEquals(
        List.of(
            "generating AGGRESSIVE request 0 [ SA KE No ID V V ]",
            "parsed AGGRESSIVE response 0 [ SA KE No ID HASH NAT-D NAT-D V V ]",
            "generating AGGRESSIVE request 0 [ NAT-D NAT-D HASH N(INITIAL_CONTACT) ]"),
        messages);
    MainModeTest.assertSamePair(peers.initiator.child(), peers.responder.child());
    assertTrue(peers.initiator.said("initiating Aggressive Mode IKE_SA net[1] to"));
    assertTrue(peers.responder.told(Report.Reached.class, r -> r.stage() == IsakmpStage.AGGR_R2));
  }

  /// A secret that can be guessed offline is not shown to whoever asks: only where a file says so.
  @Test
  void aResponderAnswersOnlyWhereItsConnectionSaysSo() {
    TwoPeers peers =
        new TwoPeers(
            IsakmpConnections.alice(c -> c.version(AGGRESSIVE)), IsakmpConnections.bob(c -> c));
    peers.up();

    assertTrue(peers.responder.said("no connection in aggressive mode is for '2001:db8:1:1::1'"));
    assertTrue(peers.responder.states.isEmpty());
    assertFalse(peers.initiator.isEstablished());
  }

  /// The identity is there before the keys, so that the secret may be that of a name (RFC 2409
  /// §5.4): a peer from anywhere.
  @Test
  void aPeerFromAnywhereIsKnownByItsName() {
    Identity roadwarrior = Identity.ofName("road@example.org");
    TwoPeers peers =
        new TwoPeers(
            IsakmpConnections.alice(c -> c.version(AGGRESSIVE).localId(roadwarrior)),
            IsakmpConnections.bob(
                c ->
                    c.version(AGGRESSIVE)
                        .remote(Optional.empty())
                        .remoteId(Optional.of(roadwarrior))));
    peers.up();

    assertEquals(roadwarrior, peers.responder.established().peer().remote());
    MainModeTest.assertSamePair(peers.initiator.child(), peers.responder.child());
  }

  @Test
  void withOtherSecretsNothingIsEstablished() {
    TwoPeers peers = aggressive();
    peers.responder.sharedKey = "another";
    peers.up();

    assertFalse(peers.initiator.isEstablished());
    assertTrue(peers.initiator.said("failed: the HASH of '2001:db8:2:2::2' is wrong"));
    peers.after(Duration.ofMinutes(1));
    assertTrue(peers.responder.states.isEmpty());
  }

  /// The public value goes with the offer, so all of it has one group (RFC 2409 §5): the first.
  @Test
  void onlyTheFirstGroupIsOffered() {
    UnaryTwoGroups change = new UnaryTwoGroups();
    TwoPeers peers = IsakmpConnections.both(change::of);
    peers.up();
    assertTrue(peers.initiator.established().suiteText().endsWith("ECP_256"));
  }

  private static final class UnaryTwoGroups {
    ConnectionBuilder of(ConnectionBuilder c) {
      return c.version(AGGRESSIVE)
          .ikeProposals(
              List.of(
                  IsakmpConnections.ike(
                      IsakmpConnections.AES_128,
                      IsakmpConnections.SHA2_256,
                      IsakmpConnections.PRF_SHA2_256,
                      IsakmpConnections.P256,
                      IsakmpConnections.MODP_1024)));
    }
  }

  /// The last message may be lost: the initiator goes on, the responder says its own once more, and
  /// the initiator repeats the last.
  @Test
  void aLostLastMessageIsAskedFor() {
    TwoPeers peers = aggressive();
    peers.initiator.begin();
    peers.exchanged();
    peers.initiator.compute();
    List<Datagram> last = List.copyOf(peers.initiator.sent);
    assertEquals(2, last.size());
    peers.initiator.sent.clear();
    assertTrue(peers.initiator.isEstablished());

    peers.after(Duration.ofSeconds(30));
    assertTrue(peers.responder.isEstablished());
    MainModeTest.assertSamePair(peers.initiator.child(), peers.responder.child());
  }
}
