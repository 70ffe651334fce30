package espd.ike.driver;

import espd.ike.Extension;
import espd.ike.exchange.Established;
import espd.ike.exchange.Event;
import espd.ike.exchange.Path;
import espd.ike.exchange.Standing;
import espd.ike.exchange.Surroundings;
import espd.spd.Ipv6Address;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What becomes of IKE SAs when the addresses of this host change (RFC 4555 §3.5, §3.6). For the
/// event loop.
///
/// @param host whose addresses they are
/// @param surroundings tell which of them a peer may find
record Relocations(Whereabouts host, Surroundings surroundings) {

  /// {@return what an IKE SA is to be told, if anything is other than it knows}
  Optional<Event> of(Standing standing, Instant now) {
    if (!(standing instanceof Established s)
        || !s.ikeSa().has(Extension.MOBIKE)
        || s.path().isStream()) {
      return Optional.empty();
    }
    Path path = path(s);
    List<Ipv6Address> ours = surroundings.addresses(s.connection(), path.local());
    return path.equals(s.path()) && ours.equals(s.ikeSa().addresses().ours())
        ? Optional.empty()
        : Optional.of(new Event.Roamed(now, path, ours));
  }

  /// The path that an IKE SA has now: where its own is gone, the first that the host has a way by.
  private Path path(Established s) {
    Ipv6Address local = s.path().local();
    if (host.isHere(local)) {
      return s.path();
    }
    return Stream.concat(Stream.of(s.path().remote()), s.ikeSa().addresses().peers().stream())
        .flatMap(
            remote ->
                host.sourceTowards(remote).stream()
                    .filter(source -> !HostSurroundings.isInside(source, s.connection(), local))
                    .map(source -> s.path().with(source, remote)))
        .findFirst()
        .orElse(s.path());
  }
}
