package espd.ike.exchange;

import espd.ike.Connection;
import espd.ike.ConnectionBuilder;
import espd.ike.message.TrafficSelector;
import espd.spd.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Which packets a Child SA is for: offering and narrowing (RFC 7296 §2.9).
///
/// On the wire the two ends of selectors travel apart, in TSi and TSr, and stand for every pair of
/// them; here a [Selector] has both ends, seen from this host.
final class TrafficSelection {

  /// Each end considers no more of the other's selectors than this: narrowing may leave out any.
  private static final int MOST = 32;

  private TrafficSelection() {}

  /// {@return what an initiator offers: first the packet that asks for the SA, then everything
  /// configured}
  ///
  /// @param connection with what is configured
  /// @param packet that asks for the SA
  static List<Selector> offer(Connection connection, Optional<Selector> packet) {
    List<Selector> configured = connection.selectors();
    Optional<Selector> asking =
        packet.filter(p -> configured.stream().anyMatch(c -> c.contains(p)));
    return Stream.concat(asking.stream(), configured.stream()).distinct().toList();
  }

  /// {@return a connection for one pair of addresses: those of the packet that asks for the SA,
  /// else the first pair that is configured as such; nothing when there is neither}
  static Optional<Connection> onePair(Connection connection, Optional<Selector> packet) {
    List<Selector> all = connection.selectors();
    Optional<Selector> pair =
        packet.filter(Selector::isPair).or(() -> all.stream().filter(Selector::isPair).findFirst());
    return pair.map(p -> Selector.between(p.local(), p.remote()))
        .map(p -> all.stream().flatMap(each -> each.intersect(p).stream()).distinct().toList())
        .filter(selectors -> !selectors.isEmpty())
        .map(selectors -> new ConnectionBuilder(connection).selectors(selectors).build());
  }

  /// {@return whether a connection is for packets of one pair of addresses only}
  static boolean isOnePair(Connection connection) {
    Selector first = connection.selectors().getFirst();
    return first.isPair()
        && connection.selectors().stream()
            .allMatch(s -> s.local().equals(first.local()) && s.remote().equals(first.remote()));
  }

  /// {@return our ends of `selectors`, each once}
  static List<TrafficSelector> localEnds(List<Selector> selectors) {
    return selectors.stream().map(TrafficSelector::ofLocal).distinct().toList();
  }

  /// {@return the peer's ends of `selectors`, each once}
  static List<TrafficSelector> remoteEnds(List<Selector> selectors) {
    return selectors.stream().map(TrafficSelector::ofRemote).distinct().toList();
  }

  /// {@return what both the peer's selectors and `allowed` permit; empty when nothing}
  ///
  /// @param local the selectors of our end in the peer's message
  /// @param remote the selectors of the peer's end in it
  /// @param allowed what the connection permits, or what we offered
  static List<Selector> narrow(
      List<TrafficSelector> local, List<TrafficSelector> remote, List<Selector> allowed) {
    List<Selector> narrowed = new ArrayList<>();
    List<Selector> pairs =
        TrafficSelector.pairs(
            local.subList(0, Math.min(local.size(), MOST)),
            remote.subList(0, Math.min(remote.size(), MOST)));
    for (Selector pair : pairs) {
      for (Selector mine : allowed) {
        pair.intersect(mine).ifPresent(both -> addUnlessCovered(both, narrowed));
        if (narrowed.size() == MOST) {
          return narrowed;
        }
      }
    }
    return narrowed;
  }

  private static void addUnlessCovered(Selector selector, List<Selector> selectors) {
    if (selectors.stream().noneMatch(other -> other.contains(selector))) {
      selectors.removeIf(selector::contains);
      selectors.add(selector);
    }
  }

  /// {@return the selectors in one line: `A/128 === B/128`, as strongSwan prints them}
  static String text(List<Selector> selectors) {
    return String.join(", ", selectors.stream().map(Selector::toString).toList());
  }

  /// {@return selectors of the wire in one line}
  static String ends(List<TrafficSelector> selectors) {
    return String.join(" ", selectors.stream().map(TrafficSelector::toString).toList());
  }
}
