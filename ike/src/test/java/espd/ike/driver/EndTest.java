package espd.ike.driver;

import static espd.ike.driver.Connections.after;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Connection.DeadPeer;
import espd.ike.Connection.Rekeying;
import espd.ike.message.Header;
import espd.ike.message.MalformedException;
import espd.spd.Direction;
import espd.spd.Sa;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// INFORMATIONAL: deletions and liveness (RFC 7296 §1.4, §2.4).
final class EndTest extends TwoHosts {

  private static final Rekeying NEVER = new Rekeying(Duration.ZERO, Duration.ZERO, 0, false);
  private static final Rekeying MINUTE = after(Duration.ofSeconds(60), Duration.ofSeconds(20));

  /// RFC 7296 §1.4.1: D of the IKE SA closes all.
  @Test
  void terminatingDeletesAtBothEnds() {
    up(Connections.alice(), Connections.bob());
    var down = alice.down("net");
    time.pass(Duration.ofSeconds(2));
    assertTrue(down.join().succeeded());
    assertEquals(List.of(), alice.sadb.sad().all());
    assertEquals(List.of(), bob.sadb.sad().all());
    assertEquals(List.of(), alice.ike.list());
    assertEquals(List.of(), bob.ike.list());
  }

  /// A peer that is gone does not keep a command waiting.
  @Test
  void terminatingDoesNotWaitForADeadPeer() {
    up(Connections.alice(), Connections.bob());
    network.middlebox(d -> List.of());
    var down = alice.down("net");
    time.pass(Duration.ofSeconds(6));
    assertTrue(down.isDone());
    assertEquals(List.of(), alice.sadb.sad().all());
  }

  /// RFC 7296 §2.4: an empty INFORMATIONAL asks whether the peer lives, and is answered.
  @Test
  void livenessIsAskedForAndAnswered() {
    up(Connections.alice().liveness(Duration.ofSeconds(10), DeadPeer.CLEAR), Connections.bob());
    time.pass(Duration.ofSeconds(35));
    assertEquals(3, alice.count("INFORMATIONAL initiator ok"));
    assertProtected(1);
  }

  /// RFC 7296 §2.4: what waits because it was refused for a moment (§2.25) does not keep the peer
  /// from being asked, and nobody spins meanwhile.
  @Test
  void livenessIsAskedForWhileARequestWaits() {
    up(
        Connections.alice()
            .lifetimes(after(Duration.ofSeconds(60), Duration.ofSeconds(50)), NEVER)
            .liveness(Duration.ofSeconds(2), DeadPeer.CLEAR),
        Connections.bob());
    Connections his = Connections.bob();
    bob.load(his.connection(), his.named("second", 2).connection());
    network.middlebox(
        d -> d.local().equals(Connections.BOB) && isRequest(d.payload()) ? List.of() : List.of(d));
    bob.begin("second");
    assertTimeoutPreemptively(Duration.ofSeconds(20), () -> time.pass(Duration.ofSeconds(8)));
    assertEquals(1, alice.count("received TEMPORARY_FAILURE"));
    int asked = alice.count("INFORMATIONAL initiator ok");
    assertTimeoutPreemptively(Duration.ofSeconds(20), () -> time.pass(Duration.ofSeconds(3)));
    assertTrue(alice.count("INFORMATIONAL initiator ok") > asked);
  }

  private static boolean isRequest(byte[] message) {
    try {
      return !Header.read(message).isResponse();
    } catch (MalformedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// RFC 7296 §2.4: a peer that does not answer is dead, and its SAs go.
  @Test
  void aDeadPeersSasAreRemoved() {
    up(Connections.alice().liveness(Duration.ofSeconds(10), DeadPeer.CLEAR), Connections.bob());
    network.middlebox(d -> List.of());
    time.pass(Duration.ofMinutes(3));
    assertEquals(List.of(), alice.sadb.sad().all());
    assertEquals(List.of(), alice.ike.list());
  }

  @Test
  void aDeadPeerIsTriedAnew() {
    up(
        Connections.alice().liveness(Duration.ofSeconds(10), DeadPeer.RESTART).keyingTries(0),
        Connections.bob());
    network.middlebox(d -> List.of());
    time.pass(Duration.ofMinutes(3));
    network.middlebox(List::of);
    time.pass(Duration.ofMinutes(2));
    assertProtected(1);
  }

  /// A hard lifetime without rekeying ends the Child SA at both ends.
  @Test
  void aChildSaThatIsNotRekeyedEnds() {
    Rekeying end = new Rekeying(Duration.ofSeconds(30), Duration.ofSeconds(9), 0, false);
    up(Connections.alice().lifetimes(NEVER, end), Connections.bob());
    time.pass(Duration.ofSeconds(40));
    assertEquals(List.of(), alice.sadb.sad().all());
    assertEquals(List.of(), bob.sadb.sad().all());
  }

  @Test
  void anIkeSaThatIsNotRekeyedEnds() {
    Rekeying end = new Rekeying(Duration.ofSeconds(30), Duration.ofSeconds(9), 0, false);
    up(Connections.alice().lifetimes(end, NEVER), Connections.bob());
    time.pass(Duration.ofSeconds(40));
    assertEquals(List.of(), alice.ike.list());
    assertEquals(List.of(), bob.ike.list());
    assertEquals(List.of(), bob.sadb.sad().all());
  }

  /// RFC 7296 §1.4.1: all is deleted when the program ends.
  @Test
  void endingDeletesEverythingAtThePeers() {
    up(Connections.alice(), Connections.bob());
    var ended = alice.ike.terminateAll();
    time.pass(Duration.ofSeconds(1));
    assertTrue(ended.isDone());
    assertEquals(List.of(), bob.sadb.sad().all());
  }

  /// RFC 7296 §2.25: the successor of what has just been deleted is refused, and both ends agree.
  @Test
  void deletingWhileThePeerRekeysLeavesNothing() {
    up(Connections.alice().lifetimes(NEVER, MINUTE), Connections.bob());
    Sa sa = alice.sas(Direction.INBOUND).getFirst();
    Duration until =
        Duration.between(time.now(), sa.parameters().created().plusSeconds(40)).minusMillis(1);
    time.pass(until);
    var down = bob.down("net");
    time.pass(Duration.ofSeconds(20));
    assertTrue(down.join().succeeded());
    assertEquals(List.of(), alice.sadb.sad().all());
    assertEquals(List.of(), bob.sadb.sad().all());
  }
}
