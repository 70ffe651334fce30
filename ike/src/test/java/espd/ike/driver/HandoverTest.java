package espd.ike.driver;

import static espd.ike.driver.Connections.after;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Connection.Rekeying;
import espd.ike.Datagram;
import espd.ike.message.Header;
import espd.spd.Direction;
import espd.spd.Lifetime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/// A rekey loses no packet (RFC 7296 §2.8): at no time does an end send what the other cannot
/// receive when it arrives.
final class HandoverTest extends TwoHosts {

  private static final Rekeying NEVER = new Rekeying(Duration.ZERO, Duration.ZERO, 0, false);
  private static final Rekeying MINUTE = after(Duration.ofSeconds(60), Duration.ofSeconds(20));

  private static final Duration STEP = Duration.ofMillis(5);

  /// Packets wait in queues, and IKE's messages overtake them.
  private static final int STEPS_ON_THE_WAY = 200;

  /// The SPIs of packets under way from one end to the other, one sent each step.
  private final class Way {
    private final Host from;
    private final Host to;
    private final Deque<Integer> spis = new ArrayDeque<>();

    private Way(Host from, Host to) {
      this.from = from;
      this.to = to;
    }

    private void step() {
      spis.add(newest(from));
      List<Integer> receivable = to.spis(Direction.INBOUND);
      assertTrue(receivable.contains(spis.getLast()), () -> "at once, at " + time.now());
      assertTrue(receivable.contains(spis.getFirst()), () -> "a second later, at " + time.now());
      if (spis.size() > STEPS_ON_THE_WAY) {
        spis.remove();
      }
    }
  }

  private void losesNothing(Duration during) {
    Way there = new Way(alice, bob);
    Way back = new Way(bob, alice);
    for (long i = 0; i < during.dividedBy(STEP); i++) {
      time.pass(STEP);
      there.step();
      back.step();
    }
  }

  @Test
  void ofWhatIsSentNothingIsLost() {
    up(Connections.alice().lifetimes(NEVER, MINUTE), Connections.bob());
    losesNothing(Duration.ofSeconds(100));
    assertEquals(2, rekeys(alice));
  }

  @Test
  void nothingIsLostWhenBothEndsRekeyAtOnce() {
    up(Connections.alice().lifetimes(NEVER, MINUTE), Connections.bob().lifetimes(NEVER, MINUTE));
    losesNothing(Duration.ofSeconds(100));
    assertTrue(rekeys(alice) >= 2 && rekeys(bob) >= 2);
    assertProtected(1);
  }

  /// An initiator without the answer cannot receive with the new SA, however long it takes.
  @Test
  void theResponderKeepsToTheOldSaWhileItsAnswerIsLost() {
    up(Connections.alice().lifetimes(NEVER, MINUTE), Connections.bob());
    dropping(3, d -> isFrom(bob, d) && d.payload()[18] == Header.CREATE_CHILD_SA);
    losesNothing(Duration.ofSeconds(55));
    assertEquals(1, rekeys(alice));
    assertEquals(3, alice.count("retransmitted"));
    assertProtected(1);
  }

  /// Who sends with its half of the new pair can receive with the other.
  @Test
  void theResponderSendsWithTheNewSaOnceItHasReceivedWithIt() {
    up(Connections.alice().lifetimes(NEVER, MINUTE), Connections.bob());
    int before = newest(bob);
    dropping(4, d -> isFrom(alice, d) && d.payload()[18] == Header.INFORMATIONAL);
    time.pass(Duration.ofSeconds(38));
    assertEquals(1, rekeys(alice));
    assertEquals(before, newest(bob), "nothing says that the initiator has the answer");
    bob.sas(Direction.INBOUND).getFirst().count(100, 0);
    time.pass(Duration.ofSeconds(2));
    assertNotEquals(before, newest(bob));
    time.pass(Duration.ofSeconds(20));
    assertProtected(1);
  }

  /// The end of the old SA is no gap either.
  @Test
  void theResponderSendsWithTheNewSaWhenTheOldOneEnds() {
    Rekeying late = new Rekeying(Duration.ofSeconds(50), Duration.ZERO, 0, false);
    up(Connections.alice().lifetimes(NEVER, MINUTE), Connections.bob().lifetimes(NEVER, late));
    dropping(100, d -> isFrom(alice, d) && d.payload()[18] == Header.INFORMATIONAL);
    time.pass(Duration.ofSeconds(40));
    int before = newest(bob);
    time.pass(Duration.ofSeconds(8));
    assertEquals(1, bob.sas(Direction.OUTBOUND).size());
    assertNotEquals(before, newest(bob));
    assertEquals(
        Lifetime.ofTime(Duration.ZERO, Duration.ofSeconds(50)),
        bob.sas(Direction.OUTBOUND).getFirst().parameters().lifetime());
  }

  private void dropping(int times, Predicate<Datagram> which) {
    int[] left = {times};
    network.middlebox(d -> which.test(d) && left[0]-- > 0 ? List.of() : List.of(d));
  }

  private boolean isFrom(Host host, Datagram datagram) {
    return datagram.local().equals(host == alice ? Connections.ALICE : Connections.BOB);
  }

  private static int newest(Host host) {
    return host.sas(Direction.OUTBOUND).getFirst().spi();
  }

  private static int rekeys(Host host) {
    return host.count("CREATE_CHILD_SA initiator ok");
  }
}
