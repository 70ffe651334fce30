package espd.ike.exchange;

import espd.ike.Assigned;
import espd.ike.Connection;
import espd.ike.Identity;
import espd.ike.message.Bytes;
import espd.ike.pool.Pools;
import espd.spd.Ipv6Address;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What is around a state machine under test when nothing out of the ordinary is: standard times,
/// and no addresses to hand out.
public interface QuietSurroundings extends Surroundings {

  @Override
  default Retransmission retransmission() {
    return Retransmission.STANDARD;
  }

  @Override
  default Duration halfOpenTimeout() {
    return Duration.ofSeconds(30);
  }

  @Override
  default List<Bytes> cookiesGiven(Bytes ni, Ipv6Address initiator, long spiI) {
    return List.of();
  }

  @Override
  default List<Ipv6Address> addresses(Connection connection, Ipv6Address local) {
    return List.of(local);
  }

  @Override
  default boolean firstContact(Connection connection) {
    return true;
  }

  @Override
  default boolean standsElsewhere(Peer peer, Ipv6Address remote) {
    return false;
  }

  @Override
  default Optional<Pools.Leased> lease(List<String> pools, Identity peer, Ipv6Address wanted) {
    return Optional.empty();
  }

  @Override
  default Tickets tickets() {
    return new Tickets(random());
  }

  @Override
  default Assigned assignedBy(Connection connection) {
    return Assigned.NONE;
  }

  @Override
  default Assigned assignedTo(Peer peer) {
    return Assigned.NONE;
  }
}
