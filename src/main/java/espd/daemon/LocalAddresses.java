package espd.daemon;

import espd.spd.AddressRange;
import espd.spd.Ipv6Address;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The addresses this host has on its interfaces, as of each call; link-local ones are left out,
/// for they say nothing without their link.
final class LocalAddresses {

  private LocalAddresses() {}

  /// {@return every address of the host}
  ///
  /// @throws IllegalStateException when the host does not tell
  static List<Ipv6Address> all() {
    try {
      return NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .map(LocalAddresses::of)
          .filter(address -> !address.isLinkLocal())
          .toList();
    } catch (SocketException e) {
      throw new IllegalStateException("the host does not tell its addresses: " + e.getMessage(), e);
    }
  }

  /// What can be reached by this host's addresses.
  ///
  /// @param all of them
  /// @param linked those whose interface is up and has its link
  /// @param outer of them those of IPv6 by which other hosts find this one: not those of the
  ///   loopback interface, nor of the tunnels' device
  record Reach(Set<Ipv6Address> all, Set<Ipv6Address> linked, List<Ipv6Address> outer) {

    /// Copies them.
    Reach {
      all = Set.copyOf(all);
      linked = Set.copyOf(linked);
      outer = List.copyOf(outer);
    }
  }

  /// {@return what can be reached now}
  ///
  /// @param tunnel the name of the tunnels' device
  /// @throws IllegalStateException when the host does not tell
  static Reach reach(String tunnel) {
    Set<Ipv6Address> all = new HashSet<>();
    Set<Ipv6Address> linked = new HashSet<>();
    List<Ipv6Address> outer = new ArrayList<>();
    try {
      for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
        List<Ipv6Address> here =
            each.inetAddresses().map(LocalAddresses::of).filter(a -> !a.isLinkLocal()).toList();
        all.addAll(here);
        if (each.isUp()) {
          linked.addAll(here);
          if (!each.isLoopback() && !each.getName().equals(tunnel)) {
            here.stream().filter(address -> !address.isIpv4()).forEach(outer::add);
          }
        }
      }
    } catch (SocketException e) {
      throw new IllegalStateException("the host does not tell its addresses: " + e.getMessage(), e);
    }
    return new Reach(all, linked, outer);
  }

  private static Ipv6Address of(InetAddress address) {
    return address instanceof Inet4Address
        ? Ipv6Address.ofIpv4(ByteBuffer.wrap(address.getAddress()).getInt())
        : Ipv6Address.of(address);
  }

  /// {@return the address that the host's own packets out of `range` have: its first one in there,
  /// or `otherwise` when it has none}
  ///
  /// @param here the addresses of the host
  static Ipv6Address within(AddressRange range, Ipv6Address otherwise, List<Ipv6Address> here) {
    if (range.contains(otherwise)) {
      return otherwise;
    }
    return here.stream().filter(range::contains).findFirst().orElse(otherwise);
  }
}
