package espd.ike.exchange;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// How often in a row the peer has refused what we asked of an established IKE SA, and what we make
/// of it: each time we wait twice as long, and who says TEMPORARY_FAILURE for minutes knows another
/// state than we do (RFC 7296 §2.25).
///
/// @param refusals in a row
/// @param temporarySince when the first of the TEMPORARY_FAILUREs in a row came
public record Patience(int refusals, Optional<Instant> temporarySince) {

  /// Nothing is refused.
  public static final Patience FRESH = new Patience(0, Optional.empty());

  /// After the first refusal we ask again after this, and up to twice this.
  private static final Duration AGAIN = Duration.ofSeconds(5);

  private static final int MOST_DOUBLINGS = 5;

  /// Several minutes.
  private static final Duration LIMIT = Duration.ofMinutes(5);

  /// {@return this after TEMPORARY_FAILURE}
  Patience temporary(Instant now) {
    return new Patience(refusals + 1, Optional.of(temporarySince.orElse(now)));
  }

  /// {@return this after any other refusal}
  Patience refused() {
    return new Patience(refusals + 1, Optional.empty());
  }

  /// {@return whether the two ends no longer agree about the state of the IKE SA}
  boolean isOver(Instant now) {
    return temporarySince.isPresent() && !now.isBefore(temporarySince.get().plus(LIMIT));
  }

  /// {@return when to ask again}
  ///
  /// @param random from 0 to 1
  Instant again(Instant now, double random) {
    long wait = AGAIN.toMillis() << Math.min(MOST_DOUBLINGS, Math.max(0, refusals - 1));
    return now.plusMillis((long) (wait * (1 + random)));
  }
}
