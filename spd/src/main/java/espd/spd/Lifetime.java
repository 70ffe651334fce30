package espd.spd;

import java.time.Duration;
import java.util.Optional;

/// How long an SA serves (RFC 4301 §4.4.2.1): at a soft limit it is replaced, at a hard one it
/// ends. Zero stands for no limit, as in PF_KEY (RFC 2367 §2.3.3).
///
/// @param softSeconds since the SA was made
/// @param hardSeconds since the SA was made
/// @param softBytes of payload as the data plane counts them
/// @param hardBytes of payload as the data plane counts them
/// @param softPackets packets protected or accepted
/// @param hardPackets packets protected or accepted
public record Lifetime(
    long softSeconds,
    long hardSeconds,
    long softBytes,
    long hardBytes,
    long softPackets,
    long hardPackets) {

  /// No limits.
  public static final Lifetime UNLIMITED = new Lifetime(0, 0, 0, 0, 0, 0);

  /// Which limit was reached.
  public enum Limit {
    /// Time to negotiate a successor.
    SOFT,
    /// The SA must not be used again.
    HARD
  }

  /// @throws IllegalArgumentException when a limit is negative
  public Lifetime {
    if ((softSeconds | hardSeconds | softBytes | hardBytes | softPackets | hardPackets) < 0) {
      throw new IllegalArgumentException("a negative limit of a lifetime");
    }
  }

  /// {@return limits of time only, rounded up to seconds so that a short one does not become none}
  public static Lifetime ofTime(Duration soft, Duration hard) {
    return new Lifetime(secondsUp(soft), secondsUp(hard), 0, 0, 0, 0);
  }

  private static long secondsUp(Duration time) {
    return time.plusSeconds(1).minusNanos(1).toSeconds();
  }

  /// {@return the gravest limit that these figures reach}
  public Optional<Limit> reached(long ageSeconds, long bytes, long packets) {
    if (at(hardSeconds, ageSeconds) || at(hardBytes, bytes) || at(hardPackets, packets)) {
      return Optional.of(Limit.HARD);
    }
    if (at(softSeconds, ageSeconds) || at(softBytes, bytes) || at(softPackets, packets)) {
      return Optional.of(Limit.SOFT);
    }
    return Optional.empty();
  }

  private static boolean at(long limit, long figure) {
    return limit != 0 && figure >= limit;
  }
}
