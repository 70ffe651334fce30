package espd.ike.v1.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Datagram;
import espd.ike.exchange.Event;
import espd.ike.exchange.Report;
import espd.ike.message.Header;
import espd.ike.message.MalformedException;
import espd.ike.message.Reader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Messages that get lost, come twice or late (RFC 2408 §5.1): who waits for an answer asks again,
/// who has answered answers the same.
class FaultyNetworkTest {

  /// Moves messages between both until nobody has anything to say, and loses some.
  ///
  /// @param lost the numbers of those that do not arrive, from 1
  private static void talk(TwoPeers peers, List<Integer> lost) {
    int number = 0;
    do {
      for (TwoPeers.End end : List.of(peers.initiator, peers.responder)) {
        end.compute();
        while (!end.sent.isEmpty()) {
          number++;
          Datagram d = end.sent.remove();
          if (!lost.contains(number)) {
            TwoPeers.End other = end == peers.initiator ? peers.responder : peers.initiator;
            other.takes(peers.translated(d));
            other.compute();
          }
        }
      }
    } while (!peers.initiator.sent.isEmpty() || !peers.responder.sent.isEmpty());
  }

  private static void assertUp(TwoPeers peers) {
    assertTrue(peers.initiator.isEstablished() && peers.responder.isEstablished());
    assertEquals(1, peers.initiator.children().size());
    assertEquals(1, peers.responder.children().size());
    MainModeTest.assertSamePair(peers.initiator.child(), peers.responder.child());
    assertEquals(2, peers.initiator.sad.size());
    assertEquals(2, peers.responder.sad.size());
  }

  /// Any one of the nine messages of main mode and quick mode.
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9})
  void anyMessageMayBeLost(int lost) {
    TwoPeers peers = IsakmpConnections.usual();
    peers.initiator.begin();
    talk(peers, List.of(lost));
    peers.after(Duration.ofSeconds(30));

    assertUp(peers);
  }

  /// And any of aggressive mode's.
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  void anyMessageOfAggressiveModeMayBeLost(int lost) {
    TwoPeers peers = IsakmpConnections.both(c -> c.version(AggressiveModeTest.AGGRESSIVE));
    peers.initiator.begin();
    talk(peers, List.of(lost));
    peers.after(Duration.ofSeconds(60));

    assertUp(peers);
  }

  /// Every message twice: nothing is done twice.
  @Test
  void messagesMayComeTwice() {
    TwoPeers peers = IsakmpConnections.usual();
    peers.initiator.begin();
    for (int i = 0; i < 20; i++) {
      for (TwoPeers.End end : List.of(peers.initiator, peers.responder)) {
        end.compute();
        TwoPeers.End other = end == peers.initiator ? peers.responder : peers.initiator;
        for (Datagram d : List.copyOf(end.sent)) {
          end.sent.remove();
          other.takes(peers.translated(d));
          other.takes(peers.translated(d));
          other.compute();
          other.takes(peers.translated(d));
        }
      }
    }
    peers.quiet();
    assertUp(peers);
  }

  /// All that was ever said, said again in any order when all is over: nothing comes of it (RFC
  /// 2408 §3.1: message ids do not come again).
  @Test
  void whatIsReplayedLaterDoesNothing() {
    TwoPeers peers = IsakmpConnections.usual();
    List<Datagram> all = new ArrayList<>();
    peers.initiator.begin();
    do {
      for (TwoPeers.End end : List.of(peers.initiator, peers.responder)) {
        end.compute();
        all.addAll(end.sent);
        end.talksTo(end == peers.initiator ? peers.responder : peers.initiator);
      }
    } while (!peers.initiator.sent.isEmpty() || !peers.responder.sent.isEmpty());
    peers.after(Duration.ofMinutes(2));
    int installed = peers.responder.sad.size();
    int states = peers.responder.states.size();

    Collections.reverse(all);
    for (Datagram d : all) {
      boolean toResponder = d.remote().equals(IsakmpConnections.BOB);
      (toResponder ? peers.responder : peers.initiator).takes(peers.translated(d));
    }
    peers.quiet();
    assertEquals(installed, peers.responder.sad.size());
    assertEquals(states, peers.responder.states.size());
    assertUp(peers);
  }

  /// A deletion that is replayed in time deletes nothing else.
  @Test
  void aReplayedDeletionDoesNothing() {
    TwoPeers peers = IsakmpConnections.usual().up();
    int spi = peers.initiator.child().inbound().spi();
    peers.initiator.feedAll(new Event.ChildUnwanted(peers.now, spi));
    Datagram deletion = peers.initiator.sent.getLast();
    peers.quiet();
    int before = peers.responder.told(Report.ChildDown.class).size();
    peers.responder.takes(peers.translated(deletion));

    assertEquals(before, peers.responder.told(Report.ChildDown.class).size());
    assertTrue(peers.responder.said("dropped: a message of an exchange that is over"));
  }

  /// RFC 2409 appendix B: a message that is not authentic leaves the IV of its exchange as it was.
  /// What stands behind the identity in phase 1 no HASH covers, so there its beginning is changed.
  @Test
  void whatIsChangedOnTheWayChangesNoIv() throws MalformedException {
    TwoPeers peers = IsakmpConnections.usual();
    peers.initiator.begin();
    for (int i = 0; i < 12; i++) {
      for (TwoPeers.End end : List.of(peers.initiator, peers.responder)) {
        end.compute();
        TwoPeers.End other = end == peers.initiator ? peers.responder : peers.initiator;
        for (Datagram d : List.copyOf(end.sent)) {
          end.sent.remove();
          Header header = Header.readAnyVersion(new Reader(d.payload())).header();
          if ((header.flags() & Header.ENCRYPTION) != 0) {
            if (header.messageId() != 0) {
              Datagram changed = peers.translated(d);
              changed.payload()[changed.payload().length - 1] ^= 1;
              other.takes(changed);
            }
            Datagram first = peers.translated(d);
            first.payload()[Header.OCTETS] ^= 1;
            other.takes(first);
          }
          other.takes(peers.translated(d));
          other.compute();
        }
      }
    }
    assertUp(peers);
  }

  /// The responder says nothing unasked before the peer has proven itself (RFC 2408 §2.5.3):
  /// however long it waits.
  @Test
  void aResponderSaysNothingUnasked() {
    TwoPeers peers = IsakmpConnections.usual();
    peers.initiator.begin();
    peers.initiator.talksTo(peers.responder);
    peers.responder.sent.clear();
    peers.initiator.states.clear();
    peers.now = peers.now.plusSeconds(20);
    peers.responder.feedAll(new Event.Woken(peers.now));
    assertTrue(peers.responder.sent.isEmpty());

    peers.now = peers.now.plusSeconds(20);
    peers.responder.feedAll(new Event.Woken(peers.now));
    assertTrue(peers.responder.sent.isEmpty());
    assertTrue(peers.responder.states.isEmpty());
  }

  /// Without any answer an attempt is given up.
  @Test
  void withoutAnAnswerAnAttemptIsGivenUp() {
    TwoPeers peers = IsakmpConnections.usual();
    peers.initiator.begin();
    for (int i = 0; i < 10 && !peers.initiator.states.isEmpty(); i++) {
      peers.now = peers.initiator.states.getFirst().wakeAt().orElseThrow();
      peers.initiator.feedAll(new Event.Woken(peers.now));
    }
    assertEquals(6, peers.initiator.sent.size());
    assertTrue(
        peers.initiator.told(
            Report.ChildFailed.class,
            f ->
                f.cause() == Report.Cause.TIMEOUT
                    && f.line().equals("giving up after 5 retransmits")));
  }
}
