package espd.tun;

import espd.spd.AddressRange;
import espd.spd.Ipv6Address;
import espd.tun.HostNetwork.Route;
import espd.tun.NetlinkSocket.Answer;
import espd.tun.NetlinkSocket.Refusal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The routing table of one family that is ours, and the rule that leads to it. Not for several
/// threads at once.
final class RoutingTable {

  private static final Logger LOG = LoggerFactory.getLogger(RoutingTable.class);

  private static final Comparator<AddressRange> BY_ADDRESS =
      Comparator.comparing(AddressRange::first).thenComparing(AddressRange::last);

  private final HostRouting numbers;
  private final NetlinkSocket kernel;
  private final IpFamily family;
  private final RouteRequests requests;

  /// The sources of each destination.
  private final Map<AddressRange, NavigableSet<Ipv6Address>> wanted = new HashMap<>();

  /// What the table holds: the source of each destination.
  private final Map<AddressRange, Ipv6Address> present = new HashMap<>();

  /// Destinations that are tried again at the next change.
  private final Set<AddressRange> refused = new HashSet<>();

  private boolean leads;

  /// @param kernel that is asked
  /// @param family of the routes
  RoutingTable(HostRouting numbers, NetlinkSocket kernel, IpFamily family) {
    this.numbers = numbers;
    this.kernel = kernel;
    this.family = family;
    this.requests = new RouteRequests(numbers, family);
  }

  /// Takes out every rule that leads to the table, at whatever preference, and every route in it.
  void clear() throws HostException {
    leads = false;
    wanted.clear();
    present.clear();
    refused.clear();
    remove(requests.rules(), RouteRequests.NEW_RULE, RouteRequests::removeRule);
    remove(requests.routes(), RouteRequests.NEW_ROUTE, RouteRequests::removeRoute);
  }

  private void remove(
      NetlinkMessage question, int type, Function<ByteBuffer, NetlinkMessage> removal)
      throws HostException {
    // A host without the family or the table refuses to show them: there is nothing.
    Answer answer = kernel.ask(question);
    List<NetlinkMessage> removals =
        answer.replies().stream()
            .filter(reply -> reply.type() == type && requests.isOurs(reply.payload()))
            .map(reply -> removal.apply(reply.payload()))
            .toList();
    kernel
        .each(removals)
        .values()
        .forEach(refusal -> LOG.warn("table {} is not empty: {}", numbers.table(), refusal));
  }

  /// Puts the rule into the host, unless it is there.
  void lead() throws HostException {
    if (!leads) {
      for (Refusal refusal : kernel.each(List.of(requests.addRule())).values()) {
        throw refusal.of(
            String.format(
                "add the rule %d: not fwmark %d lookup %d (ip %s rule)",
                numbers.preference(), numbers.mark(), numbers.table(), family.option));
      }
      leads = true;
    }
  }

  /// Changes what the table holds, and has the rule lead there once it is to hold a route.
  ///
  /// @throws HostException with the first route that was refused and the kernel's words
  void change(Collection<Route> leaving, Collection<Route> coming) throws HostException {
    NavigableSet<AddressRange> touched = new TreeSet<>(BY_ADDRESS);
    touched.addAll(refused);
    for (Route route : leaving) {
      touched.add(route.destination());
      wanted.computeIfPresent(route.destination(), (destination, sources) -> rest(sources, route));
    }
    for (Route route : coming) {
      touched.add(route.destination());
      wanted.computeIfAbsent(route.destination(), d -> new TreeSet<>()).add(route.source());
    }
    if (!wanted.isEmpty()) {
      lead();
    }
    List<AddressRange> removed = new ArrayList<>();
    List<AddressRange> added = new ArrayList<>();
    for (AddressRange destination : touched) {
      Optional<Ipv6Address> source = source(destination);
      if (source.isEmpty() && present.containsKey(destination)) {
        removed.add(destination);
      } else if (source.isPresent() && !source.get().equals(present.get(destination))) {
        added.add(destination);
      }
    }
    refused.clear();
    remove(removed);
    add(added);
  }

  private static @Nullable NavigableSet<Ipv6Address> rest(
      NavigableSet<Ipv6Address> sources, Route route) {
    sources.remove(route.source());
    return sources.isEmpty() ? null : sources;
  }

  /// Of several routes with one destination that with the lowest source stands.
  private Optional<Ipv6Address> source(AddressRange destination) {
    return Optional.ofNullable(wanted.get(destination)).map(NavigableSet::first);
  }

  /// What is to go may be gone: routes vanish with an address or a device.
  private void remove(List<AddressRange> destinations) throws HostException {
    kernel.each(destinations.stream().map(requests::removeRoute).toList());
    destinations.forEach(present::remove);
  }

  private void add(List<AddressRange> destinations) throws HostException {
    if (destinations.isEmpty()) {
      return;
    }
    refused.addAll(destinations);
    int device = new LinkRequests(numbers.device()).index(kernel);
    SortedMap<Integer, Refusal> refusals =
        kernel.each(destinations.stream().map(each -> addition(each, device)).toList());
    for (int i = 0; i < destinations.size(); i++) {
      AddressRange destination = destinations.get(i);
      if (!refusals.containsKey(i)) {
        refused.remove(destination);
        present.put(destination, source(destination).orElseThrow());
      }
    }
    for (Map.Entry<Integer, Refusal> first : refusals.entrySet()) {
      throw refusal(destinations.get(first.getKey()), first.getValue());
    }
  }

  private NetlinkMessage addition(AddressRange destination, int device) {
    int flags =
        present.containsKey(destination) ? NetlinkMessage.REPLACE : NetlinkMessage.EXCLUSIVE;
    return requests.addRoute(destination, source(destination).orElseThrow(), device, flags);
  }

  private HostException refusal(AddressRange destination, Refusal refusal) {
    HostException refused =
        refusal.of(
            String.format(
                "add the route %s dev %s src %s table %d",
                destination, numbers.device(), source(destination).orElseThrow(), numbers.table()));
    return refusal.words().contains("nvalid") && refusal.words().contains("source address")
        ? refused.mendedBy("the source has to be an address of this host")
        : refused;
  }
}
