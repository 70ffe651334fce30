package espd.ike.exchange;

import espd.spd.Ipv6Address;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Where the two ends of an IKE SA may be found, should the path between them die (RFC 4555 §3.4).
/// Immutable.
///
/// @param ours of this host, that in use among them
/// @param announced those of ours that the peer has been told of
/// @param peers of the peer, that which it said so from among them
public record Addresses(
    List<Ipv6Address> ours, List<Ipv6Address> announced, List<Ipv6Address> peers) {

  /// Each end considers no more of the other, and tries no more paths at a time.
  static final int MOST = 16;

  /// None but those in use.
  public static final Addresses NONE = new Addresses(List.of(), List.of(), List.of());

  /// Copies the lists, of which no more is kept than is considered.
  public Addresses {
    ours = first(ours.stream());
    announced = first(announced.stream());
    peers = first(peers.stream());
  }

  private static List<Ipv6Address> first(Stream<Ipv6Address> addresses) {
    return addresses.distinct().limit(MOST).toList();
  }

  Addresses ours(List<Ipv6Address> now) {
    return new Addresses(now, announced, peers);
  }

  Addresses announced(List<Ipv6Address> now) {
    return new Addresses(ours, now, peers);
  }

  Addresses peers(List<Ipv6Address> now) {
    return new Addresses(ours, announced, now);
  }

  /// {@return those of ours that the peer does not see anyway}
  ///
  /// @param local the one in use
  List<Ipv6Address> others(Ipv6Address local) {
    return ours.stream().filter(address -> !address.equals(local)).toList();
  }

  /// {@return the other paths that there may be: those that change one end of it first}
  ///
  /// @param now the path in use
  List<Path> besides(Path now) {
    List<Path> paths = new ArrayList<>();
    List<Ipv6Address> locals = first(Stream.concat(Stream.of(now.local()), ours.stream()));
    List<Ipv6Address> remotes = first(Stream.concat(Stream.of(now.remote()), peers.stream()));
    for (int changed = 1; changed < locals.size() + remotes.size(); changed++) {
      for (int i = 0; i <= changed && i < locals.size(); i++) {
        if (changed - i < remotes.size()) {
          paths.add(now.with(locals.get(i), remotes.get(changed - i)));
        }
      }
    }
    return paths.stream().limit(MOST).toList();
  }

  /// {@return whether one of the other paths has these ends}
  boolean has(Path now, Path other) {
    return (other.local().equals(now.local()) || ours.contains(other.local()))
        && (other.remote().equals(now.remote()) || peers.contains(other.remote()));
  }
}
