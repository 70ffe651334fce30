package espd.tun.memory;

import espd.spd.Ipv6Address;
import espd.tun.HostNetwork;
import java.io.IOException;
import java.net.NoRouteToHostException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// A host's routing that only remembers. Any thread.
public final class MemoryHostNetwork implements HostNetwork {

  private static final int ETHERNET_MTU = 1500;

  private final Ipv6Address local;
  private final Map<Ipv6Address, Integer> pathMtus = new ConcurrentHashMap<>();
  private volatile Set<Route> routes = Set.of();
  private final AtomicInteger changes = new AtomicInteger();
  private volatile Set<Ipv6Address> addresses = Set.of();
  private volatile boolean closed;

  /// @param local the address of the host, toward everyone
  public MemoryHostNetwork(Ipv6Address local) {
    this.local = local;
  }

  /// Says how long a packet may be that reaches `remote`; 1500 octets where nothing is said.
  public void pathMtu(Ipv6Address remote, int octets) {
    pathMtus.put(remote, octets);
  }

  /// {@return the routes as they are now, none once closed}
  public Set<Route> routes() {
    return routes;
  }

  /// {@return how often routes were changed so far}
  public int changes() {
    return changes.get();
  }

  @Override
  public synchronized void routes(Set<Route> leaving, Set<Route> coming) throws IOException {
    if (closed) {
      throw new IOException("the host network is closed");
    }
    changes.incrementAndGet();
    Set<Route> all = new HashSet<>(routes);
    all.removeAll(leaving);
    all.addAll(coming);
    routes = Set.copyOf(all);
  }

  /// {@return the addresses as they are now, none once closed}
  public Set<Ipv6Address> addresses() {
    return addresses;
  }

  @Override
  public void addresses(Set<Ipv6Address> newAddresses) throws IOException {
    if (closed) {
      throw new IOException("the host network is closed");
    }
    addresses = Set.copyOf(newAddresses);
  }

  @Override
  public Ipv6Address localAddressFor(Ipv6Address remote) throws IOException {
    if (remote.isUnspecified()) {
      throw new NoRouteToHostException("no route to " + remote);
    }
    return local;
  }

  @Override
  public int pathMtu(Ipv6Address remote) {
    return pathMtus.getOrDefault(remote, ETHERNET_MTU);
  }

  @Override
  public void close() {
    closed = true;
    routes = Set.of();
    addresses = Set.of();
  }
}
