package espd.perf;

import java.util.List;
import java.util.Optional;

/// A figure that espd wants to reach.
///
/// @param text for people
/// @param peer whose figure it is
/// @param divisor the peer that the figure is to be divided by
/// @param limit of the figure, or of the quotient
record Goal(
    String text,
    String peer,
    Measure measure,
    Optional<String> divisor,
    Bound bound,
    double limit) {

  /// On which side of its limit a figure has to be.
  enum Bound {
    /// The limit or more.
    AT_LEAST,
    /// The limit or less.
    AT_MOST,
    /// Less than the limit.
    BELOW
  }

  /// {@return those that these figures can tell of: of tunnels or of responders}
  static List<Goal> of(Figures figures) {
    boolean responders = figures.measures().contains(Measure.HANDSHAKES);
    return all().stream().filter(goal -> goal.measure == Measure.HANDSHAKES == responders).toList();
  }

  /// {@return all of them}
  static List<Goal> all() {
    return List.of(
        times("raw ESP: TCP, at least 3 times strongSwan", "espd", Measure.TCP_1, 3),
        times("raw ESP: 64 octets, at least 2.3 times strongSwan", "espd", Measure.UDP_64, 2.3),
        times("ESP in UDP: TCP, at least 10 times strongSwan", "espd-udp", Measure.TCP_1, 10),
        cpu("raw ESP: at most 10 s of CPU for 1 GB", "espd"),
        cpu("ESP in UDP: at most 10 s of CPU for 1 GB", "espd-udp"),
        overload("raw ESP: overload keeps at least 0.9 of the peak", "espd"),
        overload("ESP in UDP: overload keeps at least 0.9 of the peak", "espd-udp"),
        idle("raw ESP: idle below 1 % of a core", "espd"),
        idle("ESP in UDP: idle below 1 % of a core", "espd-udp"),
        times("handshakes: at least as many as strongSwan", "espd", Measure.HANDSHAKES, 1));
  }

  private static Goal times(String text, String peer, Measure measure, double limit) {
    return new Goal(text, peer, measure, Optional.of("strongswan"), Bound.AT_LEAST, limit);
  }

  private static Goal cpu(String text, String peer) {
    return new Goal(text, peer, Measure.CPU, Optional.empty(), Bound.AT_MOST, 10);
  }

  private static Goal overload(String text, String peer) {
    return new Goal(text, peer, Measure.OVERLOAD_KEPT, Optional.empty(), Bound.AT_LEAST, 0.9);
  }

  private static Goal idle(String text, String peer) {
    return new Goal(text, peer, Measure.IDLE_CPU, Optional.empty(), Bound.BELOW, 1);
  }

  /// {@return what was measured of it, or NaN}
  double figure(Figures figures) {
    return divisor
        .map(other -> figures.ratio(peer, other, measure))
        .orElseGet(() -> figures.of(peer, measure));
  }

  /// {@return whether it is reached; empty when it was not measured}
  Optional<Boolean> reached(Figures figures) {
    double figure = figure(figures);
    return Double.isNaN(figure)
        ? Optional.empty()
        : Optional.of(
            switch (bound) {
              case AT_LEAST -> figure >= limit;
              case AT_MOST -> figure <= limit;
              case BELOW -> figure < limit;
            });
  }
}
