package espd.ike.v1.exchange;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/// Dead peer detection (RFC 3706): the sequence numbers of both directions.
///
/// @param next of our next R-U-THERE (§6.2)
/// @param asked what we wait for
/// @param heard the peer's newest, which an older one does not follow
record Liveness(int next, Optional<Asked> asked, OptionalInt heard) {

  private static final int FIRST_BITS = 31;

  /// R-U-THERE is on its way.
  ///
  /// @param first sequence number since the peer was last heard
  /// @param since when it was sent
  /// @param tries how often it was asked again
  /// @param againAt when it is to be asked once more, or given up
  record Asked(int first, Instant since, int tries, Instant againAt) {}

  /// {@return nothing asked; the first number is random, with its high bit clear (§6.2)}
  static Liveness fresh(SecureRandom random) {
    return new Liveness(
        random.nextInt() >>> (Integer.SIZE - FIRST_BITS), Optional.empty(), OptionalInt.empty());
  }

  /// {@return after our question with [#next()]}
  ///
  /// @param now when it is sent
  Liveness asking(Instant now, Instant againAt) {
    Asked then =
        asked
            .map(before -> new Asked(before.first(), before.since(), before.tries() + 1, againAt))
            .orElseGet(() -> new Asked(next, now, 0, againAt));
    return new Liveness(next + 1, Optional.of(then), heard);
  }

  /// {@return whether R-U-THERE-ACK with this number answers a question of ours}
  boolean awaits(int sequence) {
    return asked.isPresent() && sequence - asked.get().first() >= 0 && sequence - next < 0;
  }

  /// {@return after something authentic has come}
  Liveness answered() {
    return new Liveness(next, Optional.empty(), heard);
  }

  /// {@return whether the peer's R-U-THERE with this number is not an old one (§6.2)}
  boolean isFresh(int sequence) {
    return heard.isEmpty() || sequence - heard.getAsInt() >= 0;
  }

  /// {@return after the peer's R-U-THERE}
  Liveness heard(int sequence) {
    return new Liveness(next, asked, OptionalInt.of(sequence));
  }
}
