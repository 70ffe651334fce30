package espd.daemon;

import espd.spd.AddressRange;
import espd.spd.Ipv6Address;
import java.net.Inet6Address;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;

/// The IPv6 addresses this host has on its interfaces, as of each call; link-local ones are left
/// out, for they say nothing without their link.
final class LocalAddresses {

  private LocalAddresses() {}

  /// {@return every address of the host}
  ///
  /// @throws IllegalStateException when the host does not tell
  static List<Ipv6Address> all() {
    try {
      return NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .filter(Inet6Address.class::isInstance)
          .map(Ipv6Address::of)
          .filter(address -> !address.isLinkLocal())
          .toList();
    } catch (SocketException e) {
      throw new IllegalStateException("the host does not tell its addresses: " + e.getMessage(), e);
    }
  }

  /// {@return the address that the host's own packets out of `range` have: its first one in there,
  /// or `otherwise` when it has none}
  static Ipv6Address within(AddressRange range, Ipv6Address otherwise) {
    if (range.contains(otherwise)) {
      return otherwise;
    }
    return all().stream().filter(range::contains).findFirst().orElse(otherwise);
  }
}
