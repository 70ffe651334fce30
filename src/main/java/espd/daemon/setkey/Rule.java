package espd.daemon.setkey;

import espd.spd.Ipv6Address;
import espd.spd.Mode;
import java.util.Locale;
import java.util.Optional;

/// How the packets of an `ipsec` policy are protected: `esp/tunnel/A-B/require`.
///
/// @param protocol [Protocol#ESP] or [Protocol#IPCOMP]
/// @param mode transport or tunnel
/// @param ends of the SA, in the packets' direction; always there in tunnel mode
/// @param level which SAs serve it
public record Rule(Protocol protocol, Mode mode, Optional<Ends> ends, Level level) {

  /// The ends of an SA.
  ///
  /// @param source where its packets come from
  /// @param destination where they go
  public record Ends(Ipv6Address source, Ipv6Address destination) {

    /// {@return `A-B`}
    @Override
    public String toString() {
      return source + "-" + destination;
    }
  }

  /// Which SAs serve a rule. `default` is `require`.
  public sealed interface Level {

    /// Any between its ends.
    record Require() implements Level {}

    /// Any between its ends, or none: of [Protocol#IPCOMP] only.
    record Use() implements Level {}

    /// Only those that were negotiated for this policy.
    record Unique() implements Level {}

    /// Only those of a number that was set by hand.
    ///
    /// @param reqid 1 to 16383
    record UniqueId(int reqid) implements Level {}
  }

  /// {@return the rule in setkey's language}
  @Override
  public String toString() {
    return "%s/%s/%s/%s"
        .formatted(
            protocol,
            mode.name().toLowerCase(Locale.ROOT),
            ends.map(Ends::toString).orElse(""),
            switch (level) {
              case Level.Require() -> "require";
              case Level.Use() -> "use";
              case Level.Unique() -> "unique";
              case Level.UniqueId(int reqid) -> "unique:" + reqid;
            });
  }
}
