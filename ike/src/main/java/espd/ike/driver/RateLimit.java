package espd.ike.driver;

import java.time.Instant;

/// So many a second and no more. For the event loop.
final class RateLimit {

  private final int perSecond;
  private long second;
  private int used;

  RateLimit(int perSecond) {
    this.perSecond = perSecond;
  }

  /// {@return whether one more is allowed now; it counts}
  boolean permits(Instant now) {
    if (now.getEpochSecond() != second) {
      second = now.getEpochSecond();
      used = 0;
    }
    return used++ < perSecond;
  }
}
