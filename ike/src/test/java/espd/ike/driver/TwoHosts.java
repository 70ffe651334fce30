package espd.ike.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import espd.spd.Direction;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;

/// Two daemons over one network, made anew for each test.
class TwoHosts {

  final VirtualTime time = new VirtualTime();
  final Network network = new Network(time, 1);
  Host alice;
  Host bob;

  @BeforeEach
  void twoHosts() {
    alice = new Host(Connections.ALICE, time, network, 10);
    bob = new Host(Connections.BOB, time, network, 20);
  }

  void up(Connections hers, Connections his) {
    alice.load(hers.connection());
    bob.load(his.connection());
    alice.begin("net");
    time.pass(Duration.ofSeconds(5));
    assertProtected(1);
  }

  void assertProtected(int pairs) {
    assertEquals(pairs, alice.sas(Direction.OUTBOUND).size());
    assertEquals(pairs, alice.sas(Direction.INBOUND).size());
    assertEquals(alice.spis(Direction.OUTBOUND), bob.spis(Direction.INBOUND));
    assertEquals(bob.spis(Direction.OUTBOUND), alice.spis(Direction.INBOUND));
  }
}
