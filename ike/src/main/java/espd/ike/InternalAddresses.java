package espd.ike;

import espd.spd.Ipv6Address;
import java.util.List;

/// The addresses that the ends of a connection get inside of its tunnels (RFC 7296 §2.19).
///
/// @param wanted those we ask the peer for, as initiator: [Ipv6Address#UNSPECIFIED] for any of
///   IPv6, [#ANY_IPV4] for any of IPv4
/// @param pools the names of the pools that the peer gets its own from, as responder; a peer that
///   asks for none is refused then
/// @param dns the servers that the peer is told of
public record InternalAddresses(
    List<Ipv6Address> wanted, List<String> pools, List<Ipv6Address> dns) {

  /// Neither asked for nor given.
  public static final InternalAddresses NONE =
      new InternalAddresses(List.of(), List.of(), List.of());

  /// Any address of IPv4, as an IPv4-mapped one.
  public static final Ipv6Address ANY_IPV4 = new Ipv6Address(0, 0xffff_0000_0000L);

  /// Copies the lists.
  public InternalAddresses {
    wanted = List.copyOf(wanted);
    pools = List.copyOf(pools);
    dns = List.copyOf(dns);
  }

  /// {@return whether an address stands for any of its family}
  public static boolean isAny(Ipv6Address address) {
    return address.isUnspecified() || address.equals(ANY_IPV4);
  }
}
