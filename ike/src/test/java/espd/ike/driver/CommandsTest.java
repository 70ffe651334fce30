package espd.ike.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.spd.Direction;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// What people ask of SAs, and what listeners are told of it.
final class CommandsTest extends TwoHosts {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static List<String> told(Host host) {
    List<String> kinds =
        host.changes.stream().map(change -> change.getClass().getSimpleName()).toList();
    host.changes.clear();
    return kinds;
  }

  @Test
  void bothEndsAreToldThatSasCome() {
    up(Connections.alice(), Connections.bob());
    assertEquals(List.of("IkeSaUp", "ChildSaUp"), told(alice));
    assertEquals(List.of("IkeSaUp", "ChildSaUp"), told(bob));
  }

  /// Who asked for a connection looks at its SAs next.
  @Test
  void whatIsUpIsSeenBeforeWhoAskedForItIsTold() {
    alice.load(Connections.alice().connection());
    bob.load(Connections.bob().connection());
    CompletableFuture<Integer> seen =
        alice.up("net").thenApply(outcome -> alice.ike.list().getFirst().children().size());
    time.pass(Duration.ofSeconds(5));
    assertEquals(1, seen.join());
  }

  /// RFC 7296 §1.3.3, asked for by a person long before the SA is old.
  @Test
  void aChildSaIsRekeyedOnRequest() {
    up(Connections.alice(), Connections.bob());
    told(alice);
    told(bob);
    List<Integer> before = alice.spis(Direction.INBOUND);
    CompletableFuture<Integer> rekeyed = alice.ike.rekey((ikeSa, child) -> true);
    time.pass(Duration.ofSeconds(10));
    assertEquals(1, rekeyed.join());
    assertNotEquals(before, alice.spis(Direction.INBOUND));
    assertEquals(List.of("ChildSaRekeyed"), told(alice));
    assertEquals(List.of("ChildSaRekeyed"), told(bob));
  }

  /// RFC 7296 §1.3.2: the Child SAs stay as they are.
  @Test
  void anIkeSaIsRekeyedOnRequest() {
    up(Connections.alice(), Connections.bob());
    told(alice);
    told(bob);
    List<Integer> before = alice.spis(Direction.INBOUND);
    CompletableFuture<Integer> rekeyed = bob.ike.rekey(ikeSa -> true);
    time.pass(Duration.ofSeconds(10));
    assertEquals(1, rekeyed.join());
    assertEquals(before, alice.spis(Direction.INBOUND));
    assertEquals(List.of("IkeSaRekeyed"), told(alice));
    assertEquals(List.of("IkeSaRekeyed"), told(bob));
    assertEquals(2, alice.ike.list().getFirst().serial());
  }

  @Test
  void nothingIsRekeyedThatIsNotThere() {
    assertEquals(0, run(alice.ike.rekey(ikeSa -> true)));
    assertEquals(0, run(alice.ike.rekey((ikeSa, child) -> true)));
  }

  /// RFC 7296 §1.4.1: both ends delete, and the IKE SA stays.
  @Test
  void aChildSaIsClosedAndItsIkeSaStays() {
    up(Connections.alice(), Connections.bob());
    told(alice);
    told(bob);
    Outcome outcome = run(alice.ike.terminate((ikeSa, child) -> true, PATIENCE, alice.lines::add));
    assertTrue(outcome.succeeded(), outcome.text());
    assertEquals(List.of(), alice.sadb.sad().all());
    assertEquals(1, alice.ike.list().size());
    assertEquals(List.of("ChildSaDown"), told(alice));
    assertEquals(List.of("ChildSaDown"), told(bob));
  }

  @Test
  void anIkeSaIsClosedWithItsChildSas() {
    up(Connections.alice(), Connections.bob());
    told(alice);
    told(bob);
    Outcome outcome = run(alice.ike.terminate(ikeSa -> true, PATIENCE, alice.lines::add));
    assertTrue(outcome.succeeded(), outcome.text());
    assertEquals(List.of(), alice.ike.list());
    assertEquals(List.of("ChildSaDown", "IkeSaDown"), told(alice));
    assertEquals(List.of("ChildSaDown", "IkeSaDown"), told(bob));
  }

  @Test
  void anIkeSaWhosePeerIsSilentIsDroppedWhenPatienceEnds() {
    up(Connections.alice(), Connections.bob());
    told(alice);
    network.middlebox(datagram -> List.of());
    CompletableFuture<Outcome> ended =
        alice.ike.terminate(ikeSa -> true, PATIENCE, alice.lines::add);
    time.pass(Duration.ofSeconds(4));
    assertFalse(ended.isDone());
    time.pass(Duration.ofSeconds(2));
    assertTrue(ended.join().succeeded());
    assertEquals(List.of(), alice.ike.list());
    assertEquals(List.of("ChildSaDown", "IkeSaDown"), told(alice));
  }

  private <T> T run(CompletableFuture<T> command) {
    time.pass(Duration.ofSeconds(3));
    return command.join();
  }
}
