package espd.daemon.config;

import espd.spd.Ipv6Address;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.channels.DatagramChannel;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// What a configuration needs to know about the host it is read on.
public interface HostView {

  /// `::1`.
  Ipv6Address LOOPBACK = new Ipv6Address(0, 1);

  /// {@return whether `address` is one of the host's own}
  boolean isLocal(Ipv6Address address);

  /// {@return the address that packets to `peer` leave with, or nothing when there is no route}
  ///
  /// @param peer its address; `::` asks for the default route
  Optional<Ipv6Address> sourceTowards(Ipv6Address peer);

  /// {@return the addresses that others can speak to it at}
  List<Ipv6Address> addresses();

  /// {@return a host with just these addresses; the first is the one that packets leave with}
  static HostView of(Ipv6Address first, Ipv6Address... others) {
    Set<Ipv6Address> rest = Set.of(others);
    return new HostView() {
      @Override
      public boolean isLocal(Ipv6Address address) {
        return address.equals(first) || rest.contains(address);
      }

      @Override
      public Optional<Ipv6Address> sourceTowards(Ipv6Address peer) {
        return Optional.of(first);
      }

      @Override
      public List<Ipv6Address> addresses() {
        return Stream.concat(Stream.of(first), Stream.of(others)).toList();
      }
    };
  }

  /// {@return the host this program runs on, as it is at the time of each question}
  static HostView ofThisHost() {
    return ofThisHost(HostView::source, HostView::all);
  }

  private static Optional<Ipv6Address> source(Ipv6Address peer) {
    try (DatagramChannel probe = DatagramChannel.open()) {
      // Connecting a UDP socket sends nothing; it only asks the routing table.
      probe.connect(new InetSocketAddress(peer.toInetAddress(), 500));
      InetSocketAddress local = (InetSocketAddress) probe.getLocalAddress();
      return Optional.of(Ipv6Address.of(local.getAddress()));
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static List<Ipv6Address> all() {
    try {
      return NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .filter(Inet6Address.class::isInstance)
          .map(Ipv6Address::of)
          .toList();
    } catch (SocketException e) {
      return List.of();
    }
  }

  /// {@return the host this program runs on, as it is at the time of each question}
  ///
  /// @param source the address that packets to another leave with, or nothing where there is no
  ///   route
  /// @param all its addresses
  static HostView ofThisHost(
      Function<Ipv6Address, Optional<Ipv6Address>> source,
      Supplier<? extends Collection<Ipv6Address>> all) {
    return new HostView() {
      @Override
      public boolean isLocal(Ipv6Address address) {
        try {
          return NetworkInterface.getByInetAddress(address.toInetAddress()) != null;
        } catch (SocketException e) {
          return false;
        }
      }

      @Override
      public Optional<Ipv6Address> sourceTowards(Ipv6Address peer) {
        return source.apply(peer.isUnspecified() ? Ipv6Address.parse("2000::") : peer);
      }

      @Override
      public List<Ipv6Address> addresses() {
        return all.get().stream()
            .filter(each -> !each.isLinkLocal() && !each.equals(LOOPBACK))
            .toList();
      }
    };
  }
}
