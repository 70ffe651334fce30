package espd.tun;

import espd.spd.AddressRange;
import espd.spd.Ipv6Address;
import java.io.IOException;
import java.util.Set;

/// The host's routing as espd changes it: every socket of ours carries a mark, one rule sends
/// unmarked packets to a table of ours, and that table routes protected destinations into the TUN
/// device. So the same pair of addresses can be both protected traffic and the path of ESP, without
/// a loop.
///
/// All that is put into the host is taken out by [#close()]; what a killed daemon left behind is
/// taken out before anything is put in.
public interface HostNetwork extends AutoCloseable {

  /// A destination that goes through the TUN device.
  ///
  /// @param destination a prefix
  /// @param source the address that the host's own packets to it have
  record Route(AddressRange destination, Ipv6Address source) {

    /// @throws IllegalArgumentException when the destination is no prefix
    public Route {
      if (destination.prefixLength() < 0) {
        throw new IllegalArgumentException("no prefix: " + destination);
      }
    }
  }

  /// Takes routes out of the table and puts others in. Of several with one destination, that with
  /// the lowest source counts.
  ///
  /// @param leaving were put in before
  /// @param coming are not in the table; what the host refuses is tried again with the next change
  /// @throws IOException with the host's words when it refuses one
  void routes(Set<Route> leaving, Set<Route> coming) throws IOException;

  /// Makes the TUN device have exactly these addresses, as hosts in a network of one.
  ///
  /// @throws IOException with the host's words when it refuses one
  void addresses(Set<Ipv6Address> addresses) throws IOException;

  /// {@return the address that packets of ours to `remote` have as their source}
  ///
  /// @throws IOException when the host has no route to it
  Ipv6Address localAddressFor(Ipv6Address remote) throws IOException;

  /// {@return the longest packet of ours that the host believes to reach `remote`, in octets with
  /// the IPv6 header: the link's MTU, or less where the route or an ICMPv6 Packet Too Big says so
  /// (RFC 8201)}
  ///
  /// @throws IOException when the host has no route to it
  int pathMtu(Ipv6Address remote) throws IOException;

  /// Removes rule, routes and addresses.
  @Override
  void close();
}
