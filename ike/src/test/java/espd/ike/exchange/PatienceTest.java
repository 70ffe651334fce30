package espd.ike.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.message.Message;
import espd.ike.message.Notify;
import espd.ike.message.NotifyType;
import espd.ike.message.Payload;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A peer that refuses all we ask (RFC 7296 §2.25), and one that asks for too much (RFC 7296 §1.3).
final class PatienceTest extends OnePeer {

  private static final int MINUTES = 20;

  private final List<Duration> asked = new ArrayList<>();

  /// The waits grow, and after minutes the two ends do not agree about the IKE SA, so it ends.
  @Test
  void whoSaysTemporaryFailureForMinutesIsLeft() {
    IkeSaState state = refused(NotifyType.TEMPORARY_FAILURE);
    assertInstanceOf(Established.class, state);
    assertTrue(((Established) state).isClosing());
    assertTrue(asked.size() > 4 && asked.size() < 10, asked::toString);
    Duration last = asked.getLast();
    assertTrue(last.toMinutes() >= 5 && last.toMinutes() < 11, asked::toString);
    assertGrowing();
  }

  /// RFC 7296 §2.8: whoever refuses a successor otherwise keeps the old SA until its end.
  @Test
  void anotherRefusalIsBornWithGrowingWaits() {
    IkeSaState state = refused(NotifyType.NO_PROPOSAL_CHOSEN);
    assertTrue(!((Established) state).isClosing());
    assertTrue(asked.size() > 5 && asked.size() < 15, asked::toString);
    assertGrowing();
  }

  private void assertGrowing() {
    Duration first = asked.get(1).minus(asked.get(0));
    Duration last = asked.getLast().minus(asked.get(asked.size() - 2));
    assertTrue(last.compareTo(first.multipliedBy(4)) > 0, asked::toString);
  }

  /// Asks for a Child SA's successor, refuses it, and lets time pass.
  private IkeSaState refused(int type) {
    Established s = withChild();
    ChildSa child = s.children().getFirst();
    Step step = machine.step(s, Event.Expired.soft(NOW, child.inbound().spi()));
    for (int second = 0; second < MINUTES * 60; second++) {
      Instant now = NOW.plusSeconds(second);
      if (step.next() instanceof Established e && e.window().outstanding().isPresent()) {
        if (e.isClosing()) {
          return e;
        }
        asked.add(Duration.ofSeconds(second));
        step = machine.step(e, received(now, refusal(e, type)));
      }
      step = machine.step(step.next(), new Event.Woken(now));
    }
    return step.next();
  }

  private byte[] refusal(Established s, int type) {
    int id = s.window().outstanding().orElseThrow().id();
    int flags = Header.INITIATOR | Header.RESPONSE;
    return sealed(
        s,
        new Message(new Header(1, 2, Header.CREATE_CHILD_SA, flags, id), List.of(Notify.of(type))));
  }

  /// RFC 7296 §1.3: a peer has so many Child SAs and no more.
  @Test
  void thereIsAMostOfChildSas() throws Exception {
    Established s = established();
    for (int i = 0; i < MOST_CHILD_SAS; i++) {
      s = (Established) child(s, Optional.empty(), 4711 + i).next();
    }
    assertEquals(MOST_CHILD_SAS, s.children().size());
    Step refused = child(s, Optional.empty(), 5000);
    assertEquals(NotifyType.NO_ADDITIONAL_SAS, type(answer(refused)));
    s = (Established) refused.next();
    assertEquals(MOST_CHILD_SAS, s.children().size());
    for (int i = 0; i < MOST_CHILD_SAS; i++) {
      s = (Established) child(s, Optional.of(4711 + i), 6000 + i).next();
    }
    assertEquals(2 * MOST_CHILD_SAS, s.children().size(), "each may have its successor");
    Step more = child(s, Optional.of(6000), 7000);
    assertEquals(NotifyType.NO_ADDITIONAL_SAS, type(answer(more)));
  }

  private Established withChild() {
    return (Established) child(established(), Optional.empty(), 4711).next();
  }

  private Step child(Established s, Optional<Integer> replaced, int spi) {
    return says(
        s,
        Header.CREATE_CHILD_SA,
        CreateChildSa.child(
                replaced,
                childProposal(spi, ChildProposal.Padding.TAKEN),
                Bytes.of(new byte[32]),
                Optional.empty())
            .toArray(Payload[]::new));
  }
}
