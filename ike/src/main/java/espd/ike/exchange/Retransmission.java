package espd.ike.exchange;

import java.time.Duration;

/// How often and when a request is sent again (RFC 7296 §2.4): the n-th time after `first` ×
/// `factor`^n.
///
/// @param first after the request itself
/// @param factor by which each wait is longer than the one before, at least 1
/// @param tries how many times at most; the wait after the last one ends in giving up
public record Retransmission(Duration first, double factor, int tries) {

  /// What strongSwan does: after 4, 7.2, 13, 23 and 42 seconds, giving up after 165.
  public static final Retransmission STANDARD = new Retransmission(Duration.ofSeconds(4), 1.8, 5);

  /// @throws IllegalArgumentException when a figure is out of range
  public Retransmission {
    if (first.isNegative() || first.isZero() || factor < 1 || tries < 0) {
      throw new IllegalArgumentException("no retransmission: " + first + " " + factor);
    }
  }

  /// {@return how long to wait after having sent a request `tries` times again}
  public Duration wait(int tries) {
    return Duration.ofNanos((long) (first.toNanos() * Math.pow(factor, tries)));
  }
}
