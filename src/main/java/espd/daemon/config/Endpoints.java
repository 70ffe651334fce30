package espd.daemon.config;

import espd.spd.Ipv6Address;
import java.util.Optional;

/// The two ends of a connection, told apart: `left` and `right` are ours and the peer's, whichever
/// is an address of this host. Where both are, left is ours.
///
/// @param local our end; its address is known
/// @param remote the peer's end; without an address it may be anybody
record Endpoints(End local, End remote) {

  /// @param side `left` or `right`
  /// @param kind what was written
  /// @param address where it is known
  /// @param place where it is written
  record End(String side, Kind kind, Optional<Ipv6Address> address, Place place) {}

  enum Kind {
    ADDRESS,
    ANY,
    DEFAULT_ROUTE
  }

  /// Reads `left=` and `right=` as `host` sees them.
  static Endpoints read(Settings settings, HostView host) throws Unreadable {
    End left = end("left", settings);
    End right = end("right", settings);
    boolean leftIsOurs = isOurs(left, host);
    if (leftIsOurs || isOurs(right, host)) {
      return leftIsOurs ? new Endpoints(left, right) : new Endpoints(right, left);
    }
    if (left.kind() == Kind.DEFAULT_ROUTE
        || (left.kind() == Kind.ANY && right.kind() == Kind.ADDRESS)) {
      return new Endpoints(here(left, right, host), right);
    }
    if (right.kind() == Kind.DEFAULT_ROUTE) {
      return new Endpoints(here(right, left, host), left);
    }
    String read = "left=" + text(left) + " and right=" + text(right);
    throw new Unreadable(left.place(), read, "an address of this host at one of them");
  }

  /// Reads `left=` and `right=` where no SA is made: left is ours unless right is an address of
  /// this host, and neither needs an address.
  static Endpoints ofShunt(Settings settings, HostView host) throws Unreadable {
    End left = end("left", settings);
    End right = end("right", settings);
    boolean swapped = isOurs(right, host) && !isOurs(left, host);
    return swapped ? new Endpoints(right, left) : new Endpoints(left, right);
  }

  private static boolean isOurs(End end, HostView host) {
    return end.address().filter(host::isLocal).isPresent();
  }

  private static String text(End end) {
    return end.address()
        .map(Ipv6Address::toString)
        .orElse(end.kind() == Kind.ANY ? "%any" : "%defaultroute");
  }

  private static End here(End end, End peer, HostView host) throws Unreadable {
    Ipv6Address towards = peer.address().orElse(Ipv6Address.UNSPECIFIED);
    Optional<Ipv6Address> source = host.sourceTowards(towards);
    if (source.isEmpty()) {
      throw new Unreadable(
          end.place(), end.side() + "=" + text(end), "an address, for there is no route");
    }
    return new End(end.side(), end.kind(), source, end.place());
  }

  private static End end(String side, Settings settings) throws Unreadable {
    Optional<Value> value = settings.value(side);
    if (value.isEmpty()) {
      return new End(side, Kind.ANY, Optional.empty(), settings.name().place());
    }
    Place place = value.get().place();
    return switch (value.get().lower()) {
      case "%any", "%any6", "::", "::/0" -> new End(side, Kind.ANY, Optional.empty(), place);
      case "%defaultroute" -> new End(side, Kind.DEFAULT_ROUTE, Optional.empty(), place);
      default -> new End(side, Kind.ADDRESS, Optional.of(address(value.get())), place);
    };
  }

  private static Ipv6Address address(Value value) throws Unreadable {
    try {
      return Ipv6Address.parse(value.text());
    } catch (IllegalArgumentException e) {
      String why = value.text().matches("[0-9.]+") ? " (IPv4 is not supported)" : "";
      throw new Unreadable(value, "an IPv6 address, %any or %defaultroute" + why);
    }
  }
}
