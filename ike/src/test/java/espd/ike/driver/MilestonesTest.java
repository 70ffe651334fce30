package espd.ike.driver;

import static espd.ike.driver.Connections.after;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Connection.Rekeying;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What meters are told of handshakes and successors.
final class MilestonesTest extends TwoHosts {

  private static final Rekeying NEVER = new Rekeying(Duration.ZERO, Duration.ZERO, 0, false);
  private static final Rekeying MINUTE = after(Duration.ofSeconds(60), Duration.ofSeconds(20));

  /// Four messages take 5 ms each, and each end computes at least twice, 10 ms each.
  @Test
  void bothEndsTellHowLongAHandshakeTook() {
    up(Connections.alice(), Connections.bob());
    assertEquals(1, alice.count("established initiator"));
    assertEquals(1, bob.count("established responder"));
    long hers = alice.handshakes.getFirst().toMillis();
    long his = bob.handshakes.getFirst().toMillis();
    assertTrue(hers >= 40 && hers < 1000, () -> hers + " ms");
    assertTrue(his >= 20 && his < hers, () -> his + " ms");
  }

  @Test
  void bothEndsTellOfAChildSaThatWasReplaced() {
    up(Connections.alice().lifetimes(NEVER, MINUTE), Connections.bob());
    time.pass(Duration.ofSeconds(45));
    for (Host host : List.of(alice, bob)) {
      assertEquals(1, host.count("rekeyed child"));
      assertEquals(0, host.count("rekeyed ike"));
    }
  }

  /// RFC 7296 §2.18: the successor of an IKE SA has proven nothing anew, so it is no handshake.
  @Test
  void bothEndsTellOfAnIkeSaThatWasReplaced() {
    up(Connections.alice().lifetimes(MINUTE, NEVER), Connections.bob());
    time.pass(Duration.ofSeconds(45));
    for (Host host : List.of(alice, bob)) {
      assertEquals(1, host.count("rekeyed ike"));
      assertEquals(0, host.count("rekeyed child"));
      assertEquals(1, host.handshakes.size());
    }
  }
}
