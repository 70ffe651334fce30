package espd.tun;

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
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The host's routing by iproute2.
///
/// ```
///  ip -6 rule   PREFERENCE: not from all fwmark MARK lookup TABLE
///  ip -6 route  DESTINATION dev DEVICE src SOURCE table TABLE
///  ip -6 addr   ADDRESS dev DEVICE
///  ip -4 …      the same, once there is a route of IPv4
/// ```
///
/// All methods may be called from any thread, in the network namespace it was opened in.
public final class LinuxHostNetwork implements HostNetwork {

  private static final Logger LOG = LoggerFactory.getLogger(LinuxHostNetwork.class);

  /// RFC 863: nothing is ever sent there, a port is only needed to ask for a route.
  private static final int DISCARD_PORT = 9;

  private final HostRouting numbers;
  private final Iproute2 ip;
  private final RoutingTable ipv6;
  private final RoutingTable ipv4;

  /// The addresses of the device.
  private final Set<Ipv6Address> addresses = new HashSet<>();

  private boolean closed;

  private LinuxHostNetwork(HostRouting numbers, Iproute2 ip) {
    this.numbers = numbers;
    this.ip = ip;
    this.ipv6 = new RoutingTable(numbers, ip);
    this.ipv4 = new RoutingTable(numbers, ip.ipv4());
  }

  /// {@return the routing with the rule of IPv6 in place and no route, after all that a killed
  /// daemon left behind under the same numbers is removed}
  ///
  /// @param numbers whose device exists already
  /// @throws HostException when the host refuses, with its words
  public static LinuxHostNetwork open(HostRouting numbers) throws HostException {
    return open(numbers, Iproute2.DEFAULT);
  }

  static LinuxHostNetwork open(HostRouting numbers, Iproute2 ip) throws HostException {
    LinuxHostNetwork network = new LinuxHostNetwork(numbers, ip);
    network.ipv6.clear();
    network.ipv4.clear();
    network.ipv6.lead();
    return network;
  }

  /// {@inheritDoc} The routes that the host takes are in the table even when it refuses another. A
  /// host that has no IPv4 is not asked for it before there is a route of IPv4.
  ///
  /// Of two routes with one destination, that with the lower source counts.
  ///
  /// @throws HostException with the first route that was refused and the words of `ip`
  @Override
  public synchronized void routes(Set<Route> routes) throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    Map<Boolean, Set<Route>> byFamily =
        routes.stream()
            .collect(
                Collectors.partitioningBy(
                    route -> route.destination().isIpv4(), Collectors.toSet()));
    try {
      ipv6.routes(byFamily.getOrDefault(false, Set.of()));
    } finally {
      ipv4.routes(byFamily.getOrDefault(true, Set.of()));
    }
  }

  /// {@inheritDoc} They are there at once, without a search for duplicates, and are the source of
  /// no packets but those whose route says so.
  @Override
  public synchronized void addresses(Set<Ipv6Address> wanted) throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    Set<Ipv6Address> before = Set.copyOf(addresses);
    addresses.clear();
    addresses.addAll(wanted);
    try {
      change(ip, before, wanted, address -> !address.isIpv4());
    } finally {
      change(ip.ipv4(), before, wanted, Ipv6Address::isIpv4);
    }
  }

  private void change(
      Iproute2 ip, Set<Ipv6Address> before, Set<Ipv6Address> now, Predicate<Ipv6Address> family)
      throws HostException {
    String device = " dev " + numbers.device();
    List<String> commands = new ArrayList<>();
    before.stream()
        .filter(family.and(address -> !now.contains(address)))
        .forEach(address -> commands.add("addr del " + address + device));
    now.stream()
        .filter(family.and(address -> !before.contains(address)))
        .forEach(
            address ->
                commands.add(
                    "addr add "
                        + address
                        + device
                        + (address.isIpv4() ? "" : " nodad preferred_lft 0")));
    if (!commands.isEmpty()) {
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
    for (RoutingTable table : List.of(ipv6, ipv4)) {
      try {
        table.clear();
      } catch (HostException e) {
        LOG.warn("the rule and the routes of table {} stay: {}", numbers.table(), e.getMessage());
      }
    }
  }
}
