package espd.ike.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Connection;
import espd.ike.ConnectionBuilder;
import espd.spd.AddressRange;
import espd.spd.Direction;
import espd.spd.Ipv6Address;
import espd.spd.Selector;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A responder that accepts any peer who proves its identity.
final class AnyPeerTest {

  private final VirtualTime time = new VirtualTime();
  private final Network network = new Network(time, 1);
  private final Host alice = new Host(Connections.ALICE, time, network, 10);
  private final Host bob = new Host(Connections.BOB, time, network, 20);

  private static Connection acceptingAnyone() {
    Connection c = Connections.bob().connection();
    return new ConnectionBuilder(c)
        .remote(Optional.empty())
        .selectors(List.of(Selector.between(AddressRange.of(c.local()), AddressRange.ANY)))
        .build();
  }

  /// RFC 7296 §2.9: a peer that asks for all addresses gets its own only, and nobody else's
  /// traffic.
  @Test
  void aPeerGetsTrafficOfItsOwnAddressOnly() {
    Selector greedy = Selector.between(AddressRange.ANY, AddressRange.of(Connections.BOB));
    alice.load(Connections.alice().selectors(greedy).connection());
    bob.load(acceptingAnyone());
    var outcome = alice.up("net");
    time.pass(Duration.ofSeconds(60));
    assertTrue(outcome.join().succeeded(), alice.lines::toString);
    List<Selector> granted = bob.sas(Direction.OUTBOUND).getFirst().parameters().selectors();
    assertEquals(List.of(between(Connections.BOB, Connections.ALICE)), granted);
  }

  private static Selector between(Ipv6Address local, Ipv6Address remote) {
    return Selector.between(AddressRange.of(local), AddressRange.of(remote));
  }
}
