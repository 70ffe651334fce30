package espd.ike.v1.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Connection;
import espd.ike.Connection.DeadPeer;
import espd.ike.Connection.Liveness;
import espd.ike.exchange.ChildSa;
import espd.ike.exchange.ChildWish;
import espd.ike.exchange.Event;
import espd.ike.exchange.Report;
import espd.spd.AddressRange;
import espd.spd.Lifetime;
import espd.spd.Selector;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// How SAs of IKEv1 are replaced and how they end (RFC 2408 §4.3, §5.15, RFC 2409 §5.5, RFC 3706).
class LifecycleTest {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration MARGIN = Duration.ofMinutes(5);

  private static void expire(TwoPeers.End end, TwoPeers peers, Lifetime.Limit limit) {
    int spi = end.children().getFirst().inbound().spi();
    end.feedAll(new Event.Expired(peers.now, spi, limit));
    peers.quiet();
  }

  // --- IPsec SAs

  /// A successor comes by a quick mode of its own; the old pair stays until it is deleted.
  @Test
  void anIpsecSaIsReplacedBeforeItEnds() {
    TwoPeers peers = IsakmpConnections.usual().up();
    ChildSa old = peers.initiator.child();
    expire(peers.initiator, peers, Lifetime.Limit.SOFT);

    assertEquals(2, peers.initiator.children().size());
    assertTrue(peers.initiator.children().getFirst().rekeyed());
    assertTrue(peers.responder.children().getFirst().rekeyed());
    assertEquals(4, peers.initiator.sad.size());
    assertTrue(
        peers.initiator.told(
            Report.ChildUp.class,
            up -> up.replaced().filter(r -> r.serial() == old.serial()).isPresent()));

    peers.after(Duration.ofMinutes(1));
    assertEquals(1, peers.initiator.children().size());
    assertEquals(1, peers.responder.children().size());
    assertEquals(2, peers.initiator.sad.size());
    assertEquals(2, peers.responder.sad.size());
    assertEquals(1, peers.initiator.reserved.size());
    assertEquals(1, peers.responder.reserved.size());
    MainModeTest.assertSamePair(peers.initiator.child(), peers.responder.child());
  }

  /// Who has not begun may replace as well; both at once come to rest again.
  @Test
  void bothMayReplaceAtTheSameTime() {
    TwoPeers peers = IsakmpConnections.usual().up();
    for (int round = 0; round < 6; round++) {
      for (TwoPeers.End end : new TwoPeers.End[] {peers.initiator, peers.responder}) {
        for (ChildSa child : end.children()) {
          end.feedAll(Event.Expired.soft(peers.now, child.inbound().spi()));
        }
      }
      peers.quiet().after(Duration.ofMinutes(2));
    }
    assertTrue(peers.initiator.children().size() <= 2, peers.initiator.children().toString());
    assertEquals(peers.initiator.children().size(), peers.responder.children().size());
    assertEquals(peers.initiator.reserved.size(), peers.initiator.children().size());
    assertEquals(peers.responder.reserved.size(), peers.responder.children().size());
  }

  /// RFC 2408 §5.15: the peer learns by a Delete payload under the keys.
  @Test
  void theEndOfAnIpsecSaIsTold() {
    TwoPeers peers = IsakmpConnections.usual().up();
    expire(peers.initiator, peers, Lifetime.Limit.HARD);

    assertTrue(peers.responder.said("received DELETE for ESP CHILD_SA with SPI 00001000"));
    assertTrue(peers.initiator.told(Report.ChildDown.class, d -> d.why() == Report.Cause.EXPIRED));
    assertTrue(peers.responder.told(Report.ChildDown.class, d -> d.why() == Report.Cause.PEER));
    peers.after(Duration.ofSeconds(10));
    assertTrue(peers.initiator.sad.isEmpty());
    assertTrue(peers.responder.sad.isEmpty());
    assertTrue(peers.responder.isEstablished());
  }

  @Test
  void oneIpsecSaIsClosedOnDemand() {
    TwoPeers peers = IsakmpConnections.usual().up();
    int spi = peers.initiator.child().inbound().spi();
    peers.initiator.feedAll(new Event.ChildUnwanted(peers.now, spi));
    peers.quiet().after(Duration.ofSeconds(10));

    assertTrue(peers.responder.sad.isEmpty());
    assertTrue(peers.initiator.isEstablished() && peers.responder.isEstablished());
  }

  /// A connection that is closed takes its ISAKMP SA with it, when nothing else needs that.
  @Test
  void aConnectionIsClosed() {
    TwoPeers peers = IsakmpConnections.usual().up();
    peers.initiator.feedAll(new Event.Close(peers.now, "net"));
    peers.quiet().after(Duration.ofSeconds(10));

    assertTrue(peers.initiator.states.isEmpty());
    assertTrue(peers.responder.states.isEmpty());
    assertTrue(peers.initiator.sad.isEmpty() && peers.responder.sad.isEmpty());
    assertTrue(peers.initiator.reserved.isEmpty() && peers.responder.reserved.isEmpty());
    assertTrue(peers.responder.said("received DELETE for IKE_SA net[1]"));
  }

  @Test
  void anAttemptIsCancelled() {
    TwoPeers peers = IsakmpConnections.usual();
    peers.initiator.begin();
    peers.initiator.feedAll(new Event.Close(peers.now, "net"));
    assertTrue(
        peers.initiator.told(Report.ChildFailed.class, f -> f.cause() == Report.Cause.ASKED));
    assertTrue(peers.initiator.states.isEmpty());
  }

  // --- the ISAKMP SA

  private static TwoPeers shortPhaseOne() {
    return IsakmpConnections.both(c -> c.ikeLifetime(IsakmpConnections.after(HOUR, MARGIN))).up();
  }

  /// Phase 1 is made anew before it ends; the IPsec SAs go over to the new ISAKMP SA as they are.
  @Test
  void theIsakmpSaIsReplacedAndItsIpsecSasLiveOn() {
    TwoPeers peers = shortPhaseOne();
    long before = peers.initiator.established().spiI();
    ChildSa child = peers.initiator.child();
    peers.after(Duration.ofMinutes(58));

    Established fresh = peers.initiator.established();
    assertFalse(fresh.spiI() == before);
    assertEquals(child, peers.initiator.child());
    assertEquals(child.outbound().spi(), peers.responder.child().inbound().spi());
    assertEquals(2, peers.initiator.sad.size());
    assertEquals(2, peers.responder.sad.size());
    assertEquals(0, peers.initiator.told(Report.ChildDown.class).size());
    assertEquals(0, peers.responder.told(Report.ChildDown.class).size());
  }

  /// And the new one replaces them in their time.
  @Test
  void theSuccessorReplacesTheIpsecSas() {
    TwoPeers peers = shortPhaseOne();
    peers.after(Duration.ofMinutes(58));
    expire(peers.initiator, peers, Lifetime.Limit.SOFT);
    peers.after(Duration.ofMinutes(1));

    assertEquals(1, peers.initiator.children().size());
    MainModeTest.assertSamePair(peers.initiator.child(), peers.responder.child());
  }

  /// For days there is one ISAKMP SA at a time or, for a while, two.
  @Test
  void isakmpSasDoNotPileUp() {
    TwoPeers peers = shortPhaseOne();
    for (int i = 0; i < 30; i++) {
      peers.after(HOUR);
      assertTrue(peers.initiator.states.size() <= 3, () -> peers.initiator.states.toString());
      assertTrue(peers.responder.states.size() <= 3);
      assertEquals(1, peers.initiator.children().size());
    }
  }

  /// RFC 2408 §4.3: an ISAKMP SA that ends leaves its IPsec SAs; they end in their own time.
  @Test
  void ipsecSasOutliveTheIsakmpSa() {
    TwoPeers peers =
        IsakmpConnections.both(
                c -> c.ikeLifetime(new Connection.Rekeying(HOUR, MARGIN, 0, /* rekey= */ false)))
            .up();
    peers.after(Duration.ofMinutes(61));

    assertFalse(peers.initiator.isEstablished());
    assertEquals(1, peers.initiator.children().size());
    assertEquals(2, peers.initiator.sad.size());
    assertEquals(0, peers.initiator.told(Report.ChildDown.class).size());
    assertEquals(1, peers.initiator.told(Report.IkeSaDown.class).size());

    for (TwoPeers.End end : new TwoPeers.End[] {peers.initiator, peers.responder}) {
      expire(end, peers, Lifetime.Limit.HARD);
    }
    peers.after(Duration.ofSeconds(10));
    assertTrue(peers.initiator.states.isEmpty() && peers.responder.states.isEmpty());
    assertTrue(peers.initiator.sad.isEmpty() && peers.responder.sad.isEmpty());
  }

  /// An IPsec SA that is to be replaced and has no ISAKMP SA brings one about.
  @Test
  void anOldIpsecSaMakesAnIsakmpSa() {
    TwoPeers peers =
        IsakmpConnections.both(
                c ->
                    c.ikeLifetime(new Connection.Rekeying(HOUR, MARGIN, 0, /* rekey= */ false))
                        .childLifetime(IsakmpConnections.after(HOUR.multipliedBy(3), MARGIN)))
            .up();
    peers.after(Duration.ofMinutes(176));
    expire(peers.initiator, peers, Lifetime.Limit.SOFT);
    peers.after(Duration.ofMinutes(1));

    assertTrue(peers.initiator.isEstablished());
    assertEquals(1, peers.initiator.children().size());
    MainModeTest.assertSamePair(peers.initiator.child(), peers.responder.child());
    assertEquals(2, peers.responder.sad.size());
  }

  /// RFC 2407 §4.6.3.3: a peer that has begun anew has none of the older SAs.
  @Test
  void initialContactEndsWhatIsOlder() {
    TwoPeers peers = IsakmpConnections.usual().up();
    peers.initiator.states.clear();
    peers.initiator.sad.clear();
    peers.now = peers.now.plusSeconds(60);
    peers.initiator.begin();
    peers.quiet();

    assertEquals(1, peers.responder.states.size());
    assertEquals(1, peers.responder.children().size());
    assertEquals(2, peers.responder.sad.size());
    MainModeTest.assertSamePair(peers.initiator.child(), peers.responder.child());
  }

  /// A peer that says nothing of the kind adds to what there is.
  @Test
  void withoutInitialContactWhatIsOlderStays() {
    TwoPeers peers = IsakmpConnections.usual().up();
    peers.initiator.firstContact = false;
    peers.now = peers.now.plusSeconds(60);
    peers.initiator.begin();
    peers.quiet();

    assertEquals(2, peers.responder.children().size());
  }

  /// A peer that has lost the ISAKMP SA answers no quick mode: the ISAKMP SA ends, its IPsec SAs do
  /// not, and who waits is told once.
  @Test
  void anIsakmpSaThatThePeerHasLostEnds() {
    TwoPeers peers = IsakmpConnections.usual().up();
    peers.responder.states.clear();
    Connection second =
        IsakmpConnections.alice(
            c ->
                c.name("second")
                    .selectors(
                        List.of(
                            Selector.between(
                                AddressRange.of(IsakmpConnections.ALICE), AddressRange.ANY))));
    peers.initiator.feedAll(
        new Event.ChildWanted(peers.now, new ChildWish(second, Optional.empty())));
    peers.after(Duration.ofMinutes(5));

    assertFalse(peers.initiator.isEstablished());
    assertEquals(1, peers.initiator.children().size());
    assertEquals(1, peers.initiator.reserved.size());
    assertEquals(1, peers.initiator.told(Report.ChildFailed.class).size());
    assertTrue(
        peers.initiator.told(Report.ChildFailed.class, f -> f.cause() == Report.Cause.TIMEOUT));
  }

  // --- dead peers

  private static TwoPeers watching() {
    return IsakmpConnections.both(
            c -> c.liveness(new Liveness(Duration.ofSeconds(30), DeadPeer.CLEAR)))
        .up();
  }

  /// R-U-THERE and its answer, when there was nothing to be heard (RFC 3706 §5.3, §5.4).
  @Test
  void aSilentPeerIsAskedAndAnswers() {
    TwoPeers peers = watching();
    peers.after(Duration.ofMinutes(5));

    assertTrue(peers.initiator.said("[ HASH N(DPD) ]"));
    assertTrue(peers.initiator.said("[ HASH N(DPD_ACK) ]"));
    assertTrue(peers.initiator.isEstablished() && peers.responder.isEstablished());
    assertTrue(peers.initiator.established().liveness().asked().isEmpty());
  }

  /// Who does not answer is dead, and its SAs go (RFC 3706 §5.5).
  @Test
  void aPeerThatDoesNotAnswerIsDead() {
    TwoPeers peers = watching();
    peers.responder.states.clear();
    Instant begun = peers.now;
    peers.after(Duration.ofMinutes(10));

    assertTrue(peers.initiator.said("DPD check timed out"));
    assertTrue(peers.initiator.told(Report.ChildDown.class, d -> d.why() == Report.Cause.TIMEOUT));
    assertTrue(peers.initiator.states.isEmpty());
    assertTrue(peers.initiator.sad.isEmpty());
    assertTrue(Duration.between(begun, peers.now).compareTo(Duration.ofMinutes(10)) <= 0);
  }

  /// A connection may say how long: it is asked as often as it is watched until then, and has
  /// always been asked before it is dead (RFC 3706 §5.5).
  @ParameterizedTest
  @CsvSource({"10, 45, 45", "30, 31, 34", "30, 10, 34", "20, 300, 300"})
  void howLongItMayBeSilentCanBeSaid(int delay, int timeout, int dead) {
    TwoPeers peers =
        IsakmpConnections.both(
                c ->
                    c.liveness(
                        new Liveness(
                            Duration.ofSeconds(delay),
                            Duration.ofSeconds(timeout),
                            DeadPeer.CLEAR)))
            .up();
    peers.responder.states.clear();
    peers.after(Duration.ofSeconds(dead - 1));
    assertTrue(peers.initiator.isEstablished());
    peers.after(Duration.ofSeconds(1));
    assertFalse(peers.initiator.isEstablished());
    assertTrue(peers.initiator.said("DPD check timed out"));
    long asked = peers.initiator.lines().stream().filter("sending DPD request"::equals).count();
    assertEquals(Math.max(1, (timeout - 1) / delay), asked);
  }

  /// Each question has a number of its own; an answer with another shows no life (RFC 3706 §6.2).
  @Test
  void anAnswerToAnotherQuestionIsNone() {
    espd.ike.v1.exchange.Liveness fresh =
        espd.ike.v1.exchange.Liveness.fresh(new java.security.SecureRandom());
    assertTrue(fresh.next() >= 0);
    espd.ike.v1.exchange.Liveness asking =
        fresh.asking(Instant.EPOCH, Instant.EPOCH).asking(Instant.EPOCH, Instant.EPOCH);

    assertTrue(asking.awaits(fresh.next()));
    assertTrue(asking.awaits(fresh.next() + 1));
    assertFalse(asking.awaits(fresh.next() + 2));
    assertFalse(asking.awaits(fresh.next() - 1));
    assertFalse(asking.answered().awaits(fresh.next()));
  }

  /// An R-U-THERE with an old number is a replay (RFC 3706 §6.2).
  @Test
  void anOldQuestionIsNotAnswered() {
    espd.ike.v1.exchange.Liveness heard =
        espd.ike.v1.exchange.Liveness.fresh(new java.security.SecureRandom()).heard(7);
    assertTrue(heard.isFresh(8));
    assertTrue(heard.isFresh(7));
    assertFalse(heard.isFresh(6));
  }
}
