package espd.tun;

import espd.spd.AddressRange;
import espd.spd.Ipv6Address;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The host's routing by iproute2.
///
/// ```
///  ip -6 rule   PREFERENCE: not from all fwmark MARK lookup TABLE
///  ip -6 route  DESTINATION dev DEVICE src SOURCE table TABLE
///  ip -6 addr   ADDRESS dev DEVICE
/// ```
///
/// All methods may be called from any thread, in the network namespace it was opened in.
public final class LinuxHostNetwork implements HostNetwork {

  private static final Logger LOG = LoggerFactory.getLogger(LinuxHostNetwork.class);

  /// RFC 863: nothing is ever sent there, a port is only needed to ask for a route.
  private static final int DISCARD_PORT = 9;

  private static final String REMOVE = "route del ";

  private final HostRouting numbers;
  private final Iproute2 ip;

  /// What the table holds: the source of each destination.
  private final SortedMap<String, Ipv6Address> present = new TreeMap<>();

  /// The addresses of the device.
  private final Set<Ipv6Address> addresses = new HashSet<>();

  private boolean closed;

  private LinuxHostNetwork(HostRouting numbers, Iproute2 ip) {
    this.numbers = numbers;
    this.ip = ip;
  }

  /// {@return the routing with the rule in place and no route, after all that a killed daemon left
  /// behind under the same numbers is removed}
  ///
  /// @param numbers whose device exists already
  /// @throws HostException when the host refuses, with its words
  public static LinuxHostNetwork open(HostRouting numbers) throws HostException {
    return open(numbers, Iproute2.DEFAULT);
  }

  static LinuxHostNetwork open(HostRouting numbers, Iproute2 ip) throws HostException {
    LinuxHostNetwork network = new LinuxHostNetwork(numbers, ip);
    network.clear();
    ip.each(
        List.of(
            "rule add pref "
                + numbers.preference()
                + " not fwmark "
                + numbers.mark()
                + " lookup "
                + numbers.table()));
    return network;
  }

  /// Takes out every rule that leads to the table, at whatever preference, and every route in it.
  private void clear() throws HostException {
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
    ip.tryEach(removals).forEach((place, words) -> LOG.warn("{}: {}", removals.get(place), words));
  }

  /// {@inheritDoc} The routes that the host takes are in the table even when it refuses another.
  ///
  /// Of two routes with one destination, that with the lower source counts.
  ///
  /// @throws HostException with the first route that was refused and the words of `ip`
  @Override
  public synchronized void routes(Set<Route> routes) throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    SortedMap<String, Ipv6Address> wanted = wanted(routes);
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
    SortedMap<Integer, String> failures = ip.tryEach(commands);
    present.clear();
    present.putAll(wanted);
    // What a removal wanted away is away: routes vanish with an address or a device.
    failures.keySet().removeIf(failed -> commands.get(failed).startsWith(REMOVE));
    for (int failed : failures.keySet()) {
      present.remove(destinations.get(failed));
    }
    if (!failures.isEmpty()) {
      throw Iproute2.refusal(commands, failures);
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

  private String words(Map.Entry<String, Ipv6Address> route) {
    return route.getKey()
        + " dev "
        + numbers.device()
        + " src "
        + route.getValue()
        + " table "
        + numbers.table();
  }

  /// {@inheritDoc} They are there at once, without a search for duplicates, and are the source of
  /// no packets but those whose route says so.
  @Override
  public synchronized void addresses(Set<Ipv6Address> wanted) throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    List<String> commands = new ArrayList<>();
    for (Ipv6Address address : addresses) {
      if (!wanted.contains(address)) {
        commands.add("addr del " + address + "/128 dev " + numbers.device());
      }
    }
    for (Ipv6Address address : wanted) {
      if (!addresses.contains(address)) {
        commands.add(
            "addr add " + address + "/128 dev " + numbers.device() + " nodad preferred_lft 0");
      }
    }
    if (!commands.isEmpty()) {
      addresses.clear();
      addresses.addAll(wanted);
      ip.each(commands);
    }
  }

  /// Asks for the path of a datagram of ours; nothing is sent.
  private interface Question<T> {
    T of(int connected, MemorySegment memory) throws HostException;
  }

  private <T> T ask(Ipv6Address remote, Question<T> question) throws HostException {
    int fd = Sockets.udp(Ipv6Address.UNSPECIFIED, 0, numbers.mark());
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment sockaddr = Sockets.sockaddr(arena, remote, DISCARD_PORT);
      if (Libc.connect(fd, sockaddr.address(), Sockets.SOCKADDR) != 0) {
        throw HostException.because("find a route to " + remote, Libc.errno());
      }
      return question.of(fd, arena.allocate(64, Long.BYTES));
    } finally {
      Libc.close(fd);
    }
  }

  @Override
  public Ipv6Address localAddressFor(Ipv6Address remote) throws HostException {
    return ask(
        remote,
        (fd, memory) -> {
          MemorySegment length = memory.asSlice(Sockets.SOCKADDR, Integer.BYTES);
          length.set(ValueLayout.JAVA_INT, 0, Sockets.SOCKADDR);
          if (Libc.getsockname(fd, memory.address(), length.address()) != 0) {
            throw HostException.because("find the source address to " + remote, Libc.errno());
          }
          return new Ipv6Address(
              memory.get(Sockets.LONG_BE, Sockets.SOCKADDR_ADDRESS),
              memory.get(Sockets.LONG_BE, Sockets.SOCKADDR_ADDRESS + Long.BYTES));
        });
  }

  @Override
  public int pathMtu(Ipv6Address remote) throws HostException {
    return ask(
        remote,
        (fd, memory) -> {
          MemorySegment length = memory.asSlice(Long.BYTES, Integer.BYTES);
          length.set(ValueLayout.JAVA_INT, 0, Integer.BYTES);
          if (Libc.getsockopt(
                  fd, Libc.IPPROTO_IPV6, Libc.IPV6_MTU, memory.address(), length.address())
              != 0) {
            throw HostException.because("find the path MTU to " + remote, Libc.errno());
          }
          return memory.get(ValueLayout.JAVA_INT, 0);
        });
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    try {
      addresses(Set.of());
    } catch (IOException e) {
      LOG.warn("the addresses of {} stay: {}", numbers.device(), e.getMessage());
    }
    closed = true;
    try {
      clear();
    } catch (HostException e) {
      LOG.warn("the rule and the routes of table {} stay: {}", numbers.table(), e.getMessage());
    }
  }
}
