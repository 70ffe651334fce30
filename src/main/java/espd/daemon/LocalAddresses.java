package espd.daemon;

import espd.spd.AddressRange;
import espd.spd.Ipv6Address;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.List;

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
