package espd.ike;

import espd.spd.AddressRange;
import espd.spd.Ipv6Address;
import espd.spd.Selector;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What the two ends of an IKE SA were assigned inside of its tunnels (RFC 7296 §2.19). Successors
/// of the IKE SA have the same.
///
/// @param local our addresses, by the peer
/// @param remote the peer's addresses, by us
/// @param dns the servers that the peer told us of
public record Assigned(List<Ipv6Address> local, List<Ipv6Address> remote, List<Ipv6Address> dns) {

  /// Nothing was.
  public static final Assigned NONE = new Assigned(List.of(), List.of(), List.of());

  /// Copies the lists.
  public Assigned {
    local = List.copyOf(local);
    remote = List.copyOf(remote);
    dns = List.copyOf(dns);
  }

  /// {@return that the peer got these addresses}
  public static Assigned toPeer(List<Ipv6Address> addresses) {
    return new Assigned(List.of(), addresses, List.of());
  }

  /// {@return `connection` as it stands now: an end that is whatever it is assigned has become
  /// these addresses (RFC 7296 §2.9). Nothing when it needs an address that was not assigned}
  public Optional<Connection> in(Connection connection) {
    boolean here = !connection.internal().wanted().isEmpty();
    boolean there = !connection.internal().pools().isEmpty();
    if (!here && !there) {
      return Optional.of(connection);
    }
    List<Selector> selectors =
        connection.selectors().stream()
            .flatMap(
                s -> here ? ends(s.local(), local).map(e -> of(s, e, s.remote())) : Stream.of(s))
            .flatMap(
                s -> there ? ends(s.remote(), remote).map(e -> of(s, s.local(), e)) : Stream.of(s))
            .toList();
    return selectors.isEmpty()
        ? Optional.empty()
        : Optional.of(new ConnectionBuilder(connection).selectors(selectors).build());
  }

  /// What becomes of one end: where anything may stand, the assigned addresses of its family.
  private static Stream<AddressRange> ends(AddressRange end, List<Ipv6Address> assigned) {
    return isAny(end)
        ? assigned.stream().filter(a -> isOfFamily(end, a)).map(AddressRange::of)
        : Stream.of(end);
  }

  private static Selector of(Selector like, AddressRange local, AddressRange remote) {
    return new Selector(local, remote, like.protocol(), like.localPorts(), like.remotePorts());
  }

  /// {@return whether an end of a selector stands for whatever address is assigned}
  public static boolean isAny(AddressRange end) {
    return end.equals(AddressRange.ANY) || end.equals(AddressRange.ANY_IPV4);
  }

  private static boolean isOfFamily(AddressRange any, Ipv6Address address) {
    return any.equals(AddressRange.ANY_IPV4) == address.isIpv4();
  }
}
