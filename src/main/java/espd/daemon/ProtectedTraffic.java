package espd.daemon;

import espd.daemon.config.ConnectionPolicies;
import espd.ike.Connection;
import espd.spd.Direction;
import espd.spd.InboundSa;
import espd.spd.Ipv6Address;
import espd.spd.OutboundSa;
import espd.spd.Policy;
import espd.spd.Processing;
import espd.spd.Sa;
import espd.spd.SaParameters;
import espd.spd.Sadb;
import espd.spd.SadbListener;
import espd.spd.Selector;
import espd.spd.SpdEntry;
import espd.tun.HostNetwork;
import espd.tun.HostNetwork.Route;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the SPD, the host's filter and its routes in step with the SAs: traffic of an SA is
/// protected from the moment it is installed, traffic of a connection that starts on demand always.
///
/// A policy or route stands as long as anybody needs it, so a rekeyed SA changes neither. Events
/// come from IKE's thread, which waits until policies, filter and routes stand ([#settled]): a peer
/// may answer as soon as IKE has told it of the SA. What many SAs need at the same time is done at
/// once.
final class ProtectedTraffic implements SadbListener {

  private static final Logger LOG = LoggerFactory.getLogger(ProtectedTraffic.class);

  private final Sadb sadb;
  private final Enforcement enforcement;
  private final HostNetwork host;
  private final Map<String, Connection> connections = new HashMap<>();
  private final Map<Policy, Need> needs = new LinkedHashMap<>();
  private final Map<OutboundSa, List<Policy>> bySa = new HashMap<>();

  /// The policies of SAs that receive already, while we cannot send yet (quick mode's second
  /// message, RFC 2409 §5.5): what answers the peer's first packets must not leave in the clear.
  private final Map<InboundSa, List<Policy>> alone = new LinkedHashMap<>();

  private final List<Policy> wanted = new ArrayList<>();
  private final List<Policy> unwanted = new ArrayList<>();

  /// How many policies want each route.
  private final Map<Route, Integer> routes = new HashMap<>();

  private final Set<Route> coming = new HashSet<>();
  private final Set<Route> leaving = new HashSet<>();

  /// The addresses of the host that the routes' sources were chosen from.
  private List<Ipv6Address> here = List.of();

  /// A policy in the SPD, how many want it there, and the routes it has.
  private record Need(SpdEntry entry, int holders, List<Route> routes) {

    Need with(int more) {
      return new Need(entry, holders + more, routes);
    }
  }

  /// @param sadb gets the policies; this object is to be subscribed to it
  /// @param enforcement has the host drop what the SPD does not let in
  /// @param host gets the routes
  /// @param connections whose SAs come and go
  ProtectedTraffic(
      Sadb sadb, Enforcement enforcement, HostNetwork host, List<Connection> connections) {
    this.sadb = sadb;
    this.enforcement = enforcement;
    this.host = host;
    know(connections);
  }

  /// Replaces the connections whose SAs come and go; what stands stays.
  synchronized void know(List<Connection> others) {
    connections.clear();
    others.forEach(each -> connections.put(each.name(), each));
  }

  /// Has policies stand whatever SAs there are: the traffic of a connection that starts on demand,
  /// whose first packet acquires an SA, or traffic that never needs one. Those that are in both
  /// lists never leave the SPD.
  ///
  /// @param old those that stood until now
  /// @param next those that stand until they are replaced
  synchronized void replace(List<Policy> old, List<Policy> next) {
    hold(next);
    release(old);
    changeHost();
  }

  @Override
  public synchronized void installed(Sa sa) {
    SaParameters parameters = sa.parameters();
    Connection connection = connections.get(parameters.connection());
    if (connection == null) {
      return;
    }
    List<Policy> policies =
        ConnectionPolicies.forPeer(connection, parameters.remote(), parameters.selectors());
    wanted.addAll(policies);
    switch (sa) {
      case InboundSa inbound -> alone.put(inbound, policies);
      case OutboundSa outbound -> {
        bySa.put(outbound, policies);
        alone.entrySet().stream()
            .filter(entry -> entry.getValue().equals(policies))
            .findFirst()
            .ifPresent(
                entry -> {
                  alone.remove(entry.getKey());
                  unwanted.addAll(policies);
                });
      }
    }
  }

  @Override
  public synchronized void removed(Sa sa) {
    List<Policy> policies =
        switch (sa) {
          case InboundSa inbound -> alone.remove(inbound);
          case OutboundSa outbound -> bySa.remove(outbound);
        };
    if (policies != null) {
      unwanted.addAll(policies);
    }
  }

  @Override
  public synchronized void settled() {
    if (!wanted.isEmpty() || !unwanted.isEmpty()) {
      hold(wanted);
      release(unwanted);
      wanted.clear();
      unwanted.clear();
      changeHost();
    }
  }

  private void hold(List<Policy> policies) {
    List<Policy> missing =
        policies.stream().filter(policy -> !needs.containsKey(policy)).distinct().toList();
    if (!missing.isEmpty()) {
      lookAround();
      for (SpdEntry entry : sadb.addAll(missing)) {
        Need need = new Need(entry, 0, routes(entry.policy()));
        needs.put(entry.policy(), need);
        need.routes.forEach(this::want);
      }
    }
    for (Policy policy : policies) {
      needs.computeIfPresent(policy, (p, need) -> need.with(1));
    }
  }

  private void release(List<Policy> policies) {
    List<SpdEntry> useless = new ArrayList<>();
    for (Policy policy : policies) {
      Need rest = needs.computeIfPresent(policy, (p, need) -> need.with(-1));
      if (rest != null && rest.holders == 0) {
        needs.remove(policy);
        useless.add(rest.entry);
        rest.routes.forEach(this::unwant);
      }
    }
    if (!useless.isEmpty()) {
      sadb.removeAll(useless);
    }
  }

  /// The host may have other addresses by now, and routes other sources.
  private void lookAround() {
    List<Ipv6Address> now = LocalAddresses.all();
    if (!now.equals(here)) {
      here = now;
      needs.replaceAll(
          (policy, need) -> {
            need.routes.forEach(this::unwant);
            List<Route> others = routes(policy);
            others.forEach(this::want);
            return new Need(need.entry, need.holders, others);
          });
    }
  }

  private void want(Route route) {
    if (routes.merge(route, 1, Integer::sum) == 1 && !leaving.remove(route)) {
      coming.add(route);
    }
  }

  private void unwant(Route route) {
    if (routes.merge(route, -1, Integer::sum) == 0) {
      routes.remove(route);
      if (!coming.remove(route)) {
        leaving.add(route);
      }
    }
  }

  /// No packet is led to a peer while answers in the clear would still be taken from it.
  private void changeHost() {
    enforcement.follow();
    route();
  }

  private void route() {
    Set<Route> gone = Set.copyOf(leaving);
    Set<Route> come = Set.copyOf(coming);
    leaving.clear();
    coming.clear();
    try {
      host.routes(gone, come);
    } catch (IOException e) {
      LOG.error("not all traffic is led through ESP: {}", e.getMessage());
    }
  }

  private List<Route> routes(Policy policy) {
    boolean throughUs = !(policy.processing() instanceof Processing.Bypass);
    if (policy.direction() != Direction.OUTBOUND || !throughUs) {
      return List.of();
    }
    Ipv6Address source = source(policy);
    return policy.selector().remote().prefixes().stream()
        .map(prefix -> new Route(prefix, source))
        .toList();
  }

  /// The address that the host's own packets have: one of ours that the policy is for, or else, on
  /// a gateway that has none, our end of the tunnel.
  private Ipv6Address source(Policy policy) {
    Selector selector = policy.selector();
    Ipv6Address otherwise =
        switch (policy.processing()) {
          case Processing.Protect protect -> protect.local();
          case Processing.Bypass bypass -> selector.local().first();
          case Processing.Discard discard -> selector.local().first();
        };
    return LocalAddresses.within(selector.local(), otherwise, here);
  }
}
