package espd.ike.driver;

import espd.ike.Assigned;
import espd.ike.Connection;
import espd.ike.Credentials;
import espd.ike.Identity;
import espd.ike.exchange.Peer;
import espd.ike.exchange.Retransmission;
import espd.ike.exchange.Standing;
import espd.ike.exchange.Surroundings;
import espd.ike.exchange.Tickets;
import espd.ike.message.Bytes;
import espd.ike.pool.Pools;
import espd.spd.Ipv6Address;
import espd.spd.Selector;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// What the state machines draw on, from this host. For the event loop.
final class HostSurroundings implements Surroundings {

  private final IkeConfiguration configuration;
  private final Supplier<List<Connection>> connections;
  private final IkeSaTable table;
  private final Cookies cookies;
  private final Tickets tickets;
  private int ikeSerial;
  private int childSerial;

  /// @param configuration of the daemon
  /// @param connections those loaded now
  /// @param table the IKE SAs now
  HostSurroundings(
      IkeConfiguration configuration, Supplier<List<Connection>> connections, IkeSaTable table) {
    this.configuration = configuration;
    this.connections = connections;
    this.table = table;
    this.cookies = new Cookies(configuration.random(), configuration.scheduler().now());
    this.tickets = new Tickets(configuration.random());
  }

  /// {@return those that peers are given}
  Cookies cookies() {
    return cookies;
  }

  @Override
  public Tickets tickets() {
    return tickets;
  }

  @Override
  public SecureRandom random() {
    return configuration.random();
  }

  @Override
  public int reserveSpi() {
    return configuration.sadb().reserveSpi();
  }

  @Override
  public int nextIkeSerial() {
    return ++ikeSerial;
  }

  @Override
  public int nextChildSerial() {
    return ++childSerial;
  }

  @Override
  public Credentials credentials() {
    return configuration.credentials();
  }

  @Override
  public List<Connection> connections() {
    return connections.get();
  }

  @Override
  public Retransmission retransmission() {
    return configuration.retransmission();
  }

  @Override
  public Duration halfOpenTimeout() {
    return configuration.limits().halfOpenTimeout();
  }

  @Override
  public List<Bytes> cookiesGiven(Bytes ni, Ipv6Address initiator, long spiI) {
    return cookies.given(ni, initiator, spiI, configuration.scheduler().now());
  }

  @Override
  public int mostChildSas() {
    return configuration.limits().childSas();
  }

  @Override
  public List<Ipv6Address> addresses(Connection connection, Ipv6Address local) {
    List<Ipv6Address> others =
        configuration.whereabouts().besides(local).stream()
            .filter(address -> !isInside(address, connection, local))
            .toList();
    return Stream.concat(Stream.of(local), others.stream()).toList();
  }

  /// {@return whether an address is one of those inside of a connection's tunnels, which lead
  /// nowhere outside}
  ///
  /// @param local the address that is in use outside, perhaps inside as well
  static boolean isInside(Ipv6Address address, Connection connection, Ipv6Address local) {
    return connection.selectors().stream()
        .map(Selector::local)
        .anyMatch(inside -> inside.contains(address) && !inside.contains(local));
  }

  @Override
  public boolean firstContact(Connection connection) {
    return connection.options().uniqueness().heedsInitialContact()
        && table.between(connection).findAny().isEmpty()
        && table.facing(connection).findAny().isEmpty();
  }

  @Override
  public boolean standsElsewhere(Peer peer, Ipv6Address remote) {
    return table.duplicates(peer).anyMatch(s -> !s.path().remote().equals(remote));
  }

  @Override
  public Optional<Pools.Leased> lease(List<String> pools, Identity peer, Ipv6Address wanted) {
    return configuration.pools().lease(pools, peer, wanted);
  }

  @Override
  public Assigned assignedBy(Connection connection) {
    return first(
        table.standing().filter(s -> s.peer().connection().name().equals(connection.name())));
  }

  @Override
  public Assigned assignedTo(Peer peer) {
    return first(table.standingWith(peer));
  }

  private static Assigned first(Stream<Standing> standing) {
    return standing
        .map(s -> s.peer().assigned())
        .filter(assigned -> !assigned.equals(Assigned.NONE))
        .findFirst()
        .orElse(Assigned.NONE);
  }
}
