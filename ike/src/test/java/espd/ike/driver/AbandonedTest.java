package espd.ike.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Connection;
import espd.ike.message.Header;
import espd.ike.message.MalformedException;
import espd.spd.AddressRange;
import espd.spd.Direction;
import espd.spd.Selector;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What is wanted of an IKE SA that does not live to give it (RFC 7296 §1.4.1, §2.4, §2.25).
final class AbandonedTest {

  private final VirtualTime time = new VirtualTime();
  private final Network network = new Network(time, 1);
  private Host alice;
  private Host bob;

  @BeforeEach
  void twoHostsWithOneConnectionUp() {
    alice = new Host(Connections.ALICE, time, network, 10);
    bob = new Host(Connections.BOB, time, network, 20);
    Connections hers = Connections.alice();
    alice.load(hers.connection(), second(hers));
    bob.load(Connections.bob().connection(), second(Connections.bob()));
    alice.begin("net");
    time.pass(Duration.ofSeconds(5));
    assertEquals(1, alice.sas(Direction.OUTBOUND).size());
  }

  private static Connection second(Connections first) {
    Selector selector =
        Selector.between(
            AddressRange.of(first.connection().local()),
            AddressRange.of(first.connection().remote().orElseThrow()));
    return first.named("second", 2).selectors(selector).connection();
  }

  private void losesRequestsFor(int exchange) {
    network.middlebox(
        d -> {
          try {
            Header header = Header.read(d.payload());
            return header.exchange() == exchange && !header.isResponse() ? List.of() : List.of(d);
          } catch (MalformedException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  /// RFC 7296 §1.4.1: the peer closes the IKE SA while a Child SA is asked for in it.
  @Test
  void aChildSaAskedForInAnIkeSaThatThePeerDeletesFails() {
    losesRequestsFor(Header.CREATE_CHILD_SA);
    CompletableFuture<Outcome> up = alice.up("second");
    time.pass(Duration.ofMillis(100));
    assertFalse(up.isDone());
    var ended = bob.ike.terminateAll();
    time.pass(Duration.ofSeconds(1));
    assertTrue(ended.isDone());
    assertTrue(up.isDone());
    assertFalse(up.join().succeeded());
    assertEquals(List.of(), alice.sadb.sad().all());
  }

  /// What failed can be tried again, for nothing of it is left.
  @Test
  void whatFailedWithItsIkeSaCanBeTriedAgain() {
    losesRequestsFor(Header.CREATE_CHILD_SA);
    alice.begin("second");
    time.pass(Duration.ofMillis(100));
    var down = bob.down("net");
    time.pass(Duration.ofSeconds(1));
    assertTrue(down.join().succeeded());
    network.middlebox(List::of);
    CompletableFuture<Outcome> again = alice.up("second");
    time.pass(Duration.ofSeconds(5));
    assertTrue(again.join().succeeded());
  }

  /// A connection whose peer is slow to confirm its end does not take others with it.
  @Test
  void closingOneConnectionLeavesTheOthersOfItsIkeSa() {
    CompletableFuture<Outcome> up = alice.up("second");
    time.pass(Duration.ofSeconds(2));
    assertTrue(up.join().succeeded());
    network.middlebox(d -> List.of());
    CompletableFuture<Outcome> down = alice.down("second");
    time.pass(Duration.ofSeconds(6));
    assertTrue(down.isDone());
    assertFalse(down.join().succeeded());
    network.middlebox(List::of);
    time.pass(Duration.ofSeconds(30));
    assertEquals(1, alice.sas(Direction.OUTBOUND).size());
    assertEquals(alice.spis(Direction.OUTBOUND), bob.spis(Direction.INBOUND));
    assertEquals(bob.spis(Direction.OUTBOUND), alice.spis(Direction.INBOUND));
  }
}
