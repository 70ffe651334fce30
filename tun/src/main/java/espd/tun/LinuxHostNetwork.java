package espd.tun;

import espd.spd.Ipv6Address;
import espd.tun.NetlinkSocket.Refusal;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The host's routing by rtnetlink (RFC 3549 §3.1), as people see it with `ip`.
///
/// ```
///  ip -6 rule   PREFERENCE: not from all fwmark MARK lookup TABLE
///  ip -6 route  DESTINATION dev DEVICE src SOURCE table TABLE
///  ip -6 addr   ADDRESS dev DEVICE
///  ip -4 …      the same, once there is a route of IPv4
/// ```
///
/// All methods may be called from any thread; what asks for a path ([#localAddressFor],
/// [#pathMtu]), in the network namespace it was opened in.
public final class LinuxHostNetwork implements HostNetwork {

  private static final Logger LOG = LoggerFactory.getLogger(LinuxHostNetwork.class);

  /// RFC 863: nothing is ever sent there, a port is only needed to ask for a route.
  private static final int DISCARD_PORT = 9;

  private final HostRouting numbers;
  private final NetlinkSocket kernel;
  private final RoutingTable ipv6;
  private final RoutingTable ipv4;

  /// The addresses of the device.
  private final Set<Ipv6Address> addresses = new HashSet<>();

  private boolean closed;

  private LinuxHostNetwork(HostRouting numbers, NetlinkSocket kernel) {
    this.numbers = numbers;
    this.kernel = kernel;
    this.ipv6 = new RoutingTable(numbers, kernel, IpFamily.IPV6);
    this.ipv4 = new RoutingTable(numbers, kernel, IpFamily.IPV4);
  }

  /// {@return the routing with the rule of IPv6 in place and no route, after all that a killed
  /// daemon left behind under the same numbers is removed}
  ///
  /// @param numbers of ours
  /// @throws HostException when the host refuses, with its words
  public static LinuxHostNetwork open(HostRouting numbers) throws HostException {
    NetlinkSocket kernel = NetlinkSocket.open(Libc.NETLINK_ROUTE, "change the routing");
    LinuxHostNetwork network = new LinuxHostNetwork(numbers, kernel);
    try {
      network.ipv6.clear();
      network.ipv4.clear();
      network.ipv6.lead();
      return network;
    } catch (HostException e) {
      kernel.close();
      throw e;
    }
  }

  /// {@inheritDoc} The routes that the host takes are in the table even when it refuses another. A
  /// host that has no IPv4 is not asked for it before there is a route of IPv4.
  ///
  /// @throws HostException with the first route that was refused and the kernel's words
  @Override
  public synchronized void routes(Set<Route> leaving, Set<Route> coming) throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    try {
      ipv6.change(of(IpFamily.IPV6, leaving), of(IpFamily.IPV6, coming));
    } finally {
      ipv4.change(of(IpFamily.IPV4, leaving), of(IpFamily.IPV4, coming));
    }
  }

  private static List<Route> of(IpFamily family, Set<Route> routes) {
    return routes.stream()
        .filter(route -> IpFamily.of(route.destination().first()) == family)
        .toList();
  }

  /// {@inheritDoc} They are there at once, without a search for duplicates, and are the source of
  /// no packets but those whose route says so.
  @Override
  public synchronized void addresses(Set<Ipv6Address> wanted) throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    List<Ipv6Address> leaving = addresses.stream().filter(each -> !wanted.contains(each)).toList();
    List<Ipv6Address> coming = wanted.stream().filter(each -> !addresses.contains(each)).toList();
    if (leaving.isEmpty() && coming.isEmpty()) {
      return;
    }
    addresses.clear();
    addresses.addAll(wanted);
    int device = new LinkRequests(numbers.device()).index(kernel);
    List<NetlinkMessage> requests = new ArrayList<>();
    leaving.forEach(each -> requests.add(about(each).removeAddress(each, device)));
    coming.forEach(each -> requests.add(about(each).addAddress(each, device)));
    for (Map.Entry<Integer, Refusal> first : kernel.each(requests).entrySet()) {
      int place = first.getKey();
      throw first
          .getValue()
          .of(
              place < leaving.size()
                  ? "take the address " + leaving.get(place) + " from " + numbers.device()
                  : "give the address "
                      + coming.get(place - leaving.size())
                      + " to "
                      + numbers.device());
    }
  }

  private RouteRequests about(Ipv6Address address) {
    return new RouteRequests(numbers, IpFamily.of(address));
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
    kernel.close();
  }
}
