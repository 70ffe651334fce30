package espd.tun;

import espd.spd.AddressRange;
import espd.spd.Ipv6Address;
import espd.tun.HostNetwork.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The routing table of one family that is ours, and the rule that leads to it. Not for several
/// threads at once.
final class RoutingTable {

  private static final Logger LOG = LoggerFactory.getLogger(RoutingTable.class);
  private static final String REMOVE = "route del ";

  private final HostRouting numbers;
  private final Iproute2 ip;

  /// What the table holds: the source of each destination.
  private final SortedMap<String, Ipv6Address> present = new TreeMap<>();

  private boolean leads;

  /// @param numbers whose device exists already
  /// @param ip for the family
  RoutingTable(HostRouting numbers, Iproute2 ip) {
    this.numbers = numbers;
    this.ip = ip;
  }

  /// Takes out every rule that leads to the table, at whatever preference, and every route in it.
  void clear() throws HostException {
    leads = false;
    String table = " table " + numbers.table();
    List<String> removals = new ArrayList<>();
    for (String rule : ip.show("rule", "show", "table", String.valueOf(numbers.table()))) {
      String preference = rule.substring(0, Math.max(0, rule.indexOf(':'))).strip();
      if (!preference.isEmpty()) {
        removals.add("rule del pref " + preference + table);
      }
    }
    if (!ip.show("route", "show", "table", String.valueOf(numbers.table())).isEmpty()) {
      removals.add("route flush" + table);
    }
    if (!removals.isEmpty()) {
      ip.tryEach(removals)
          .forEach((place, words) -> LOG.warn("{}: {}", removals.get(place), words));
    }
  }

  /// Puts the rule into the host, unless it is there.
  void lead() throws HostException {
    if (!leads) {
      ip.each(
          List.of(
              "rule add pref "
                  + numbers.preference()
                  + " not fwmark "
                  + numbers.mark()
                  + " lookup "
                  + numbers.table()));
      leads = true;
    }
  }

  /// Makes the table hold exactly these routes, and the rule lead there when there are any.
  ///
  /// @throws HostException with the first route that was refused and the words of `ip`
  void routes(Set<Route> routes) throws HostException {
    SortedMap<String, Ipv6Address> wanted = wanted(routes);
    if (!wanted.isEmpty()) {
      lead();
    }
    List<String> commands = new ArrayList<>();
    List<String> destinations = new ArrayList<>();
    for (Map.Entry<String, Ipv6Address> route : present.entrySet()) {
      if (!route.getValue().equals(wanted.get(route.getKey()))) {
        commands.add(REMOVE + words(route));
        destinations.add(route.getKey());
      }
    }
    for (Map.Entry<String, Ipv6Address> route : wanted.entrySet()) {
      if (!route.getValue().equals(present.get(route.getKey()))) {
        commands.add("route add " + words(route));
        destinations.add(route.getKey());
      }
    }
    SortedMap<Integer, String> failures =
        commands.isEmpty() ? new TreeMap<>() : ip.tryEach(commands);
    present.clear();
    present.putAll(wanted);
    // What a removal wanted away is away: routes vanish with an address or a device.
    failures.keySet().removeIf(failed -> commands.get(failed).startsWith(REMOVE));
    for (int failed : failures.keySet()) {
      present.remove(destinations.get(failed));
    }
    if (!failures.isEmpty()) {
      throw ip.refusal(commands, failures);
    }
  }

  private static SortedMap<String, Ipv6Address> wanted(Set<Route> routes) {
    SortedMap<String, Ipv6Address> wanted = new TreeMap<>();
    for (Route route : routes) {
      for (AddressRange prefix : route.destination().prefixes()) {
        wanted.merge(prefix.toString(), route.source(), (a, b) -> a.compareTo(b) <= 0 ? a : b);
      }
    }
    return wanted;
  }

  /// A gateway may have no address of IPv4 that could be the source; the host then finds one.
  private String words(Map.Entry<String, Ipv6Address> route) {
    boolean sourceFits = route.getValue().isIpv4() == route.getKey().indexOf(':') < 0;
    return route.getKey()
        + " dev "
        + numbers.device()
        + (sourceFits ? " src " + route.getValue() : "")
        + " table "
        + numbers.table();
  }
}
