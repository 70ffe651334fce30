package espd.ike.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Connection.DeadPeer;
import espd.ike.Datagram;
import espd.ike.Extension;
import espd.ike.message.Header;
import espd.ike.message.MalformedException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Two daemons over one network, of which one loses the other for a while, with a ticket in its
/// hand (RFC 5723).
class LostHosts extends TwoHosts {

  static final String OK = "IKE_SESSION_RESUME initiator ok";

  static Connections resuming(Connections usual) {
    return usual
        .with(c -> c.options(usual.connection().options().announcing(Extension.RESUMPTION, true)))
        .liveness(Duration.ofSeconds(10), DeadPeer.CLEAR);
  }

  /// Nothing gets through for long enough that alice takes bob for dead.
  void losesBob() {
    network.middlebox(d -> List.of());
    time.pass(Duration.ofMinutes(3));
    network.middlebox(List::of);
    assertEquals(List.of(), alice.ike.list());
  }

  void again() {
    CompletableFuture<Outcome> outcome = alice.up("net");
    time.pass(Duration.ofSeconds(10));
    assertTrue(outcome.isDone() && outcome.join().succeeded(), alice.lines::toString);
    assertProtected(1);
    assertEquals(1, alice.ike.list().size());
    assertEquals(1, bob.ike.list().size());
  }

  static boolean is(Datagram datagram, int exchange) {
    try {
      return Header.read(datagram.payload()).exchange() == exchange;
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }
}
