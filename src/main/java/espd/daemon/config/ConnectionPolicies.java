package espd.daemon.config;

import espd.ike.Connection;
import espd.ike.InternalAddresses;
import espd.spd.AddressRange;
import espd.spd.Direction;
import espd.spd.Ipv6Address;
import espd.spd.Policy;
import espd.spd.PortRange;
import espd.spd.Processing;
import espd.spd.Selector;
import java.util.ArrayList;
import java.util.List;

/// Connections and shunts to entries of the SPD (RFC 4301 §4.4.1). Narrower selectors are asked
/// before wider ones, whatever the order of the file: RFC 4301 §4.4.1 wants an ordered SPD, and
/// this is the order people mean.
public final class ConnectionPolicies {

  /// The priority of a policy between two hosts for all their packets: setkey's `prio high`.
  private static final int HOST_TO_HOST = 0x40000000;

  private ConnectionPolicies() {}

  /// {@return outbound and inbound policies for each selector; none for a connection whose peer may
  /// be anybody or whose addresses are assigned, which has policies only once these are known}
  public static List<Policy> of(Connection connection) {
    InternalAddresses internal = connection.internal();
    if (!internal.wanted().isEmpty() || !internal.pools().isEmpty()) {
      return List.of();
    }
    return connection
        .remote()
        .map(peer -> forPeer(connection, peer, connection.selectors()))
        .orElse(List.of());
  }

  /// {@return the policies of a connection towards one peer}
  ///
  /// @param peer its address
  /// @param selectors those agreed on with it
  public static List<Policy> forPeer(
      Connection connection, Ipv6Address peer, List<Selector> selectors) {
    return both(
        connection.name(),
        selectors,
        new Processing.Protect(connection.mode(), connection.local(), peer, connection.reqid()));
  }

  /// {@return outbound and inbound policies for each selector}
  public static List<Policy> of(Shunt shunt) {
    return both(shunt.name(), shunt.selectors(), shunt.processing());
  }

  private static List<Policy> both(String name, List<Selector> selectors, Processing processing) {
    List<Policy> policies = new ArrayList<>();
    for (Selector selector : selectors) {
      int priority = priority(selector, processing);
      policies.add(new Policy(name, Direction.OUTBOUND, selector, priority, processing));
      policies.add(new Policy(name, Direction.INBOUND, selector, priority, processing));
    }
    return policies;
  }

  /// {@return the place in the order: first by the width of the addresses, then with a protocol
  /// before without, then with ports before without, then shunts before protection}
  private static int priority(Selector selector, Processing processing) {
    int priority = HOST_TO_HOST + 8 * (width(selector.local()) + width(selector.remote()));
    priority -= selector.protocol() == Selector.ANY_PROTOCOL ? 0 : 4;
    boolean allPorts =
        selector.localPorts().equals(PortRange.ANY) && selector.remotePorts().equals(PortRange.ANY);
    priority -= allPorts ? 0 : 2;
    return processing instanceof Processing.Protect ? priority : priority - 1;
  }

  /// {@return how many bits of the addresses are free}
  private static int width(AddressRange range) {
    long high = range.first().high() ^ range.last().high();
    long low = range.first().low() ^ range.last().low();
    return high != 0 ? 128 - Long.numberOfLeadingZeros(high) : 64 - Long.numberOfLeadingZeros(low);
  }
}
