package espd.spd;

import java.time.Duration;

/// What is known of the path that an SA's packets take: the longest packet that reaches the peer,
/// as ICMPv6 Packet Too Big told (RFC 4301 §8.2, RFC 8201 §4). Any thread may read and change it.
final class SaPathMtu {

  /// The MTU of a path that nothing is known of.
  static final int UNKNOWN = Integer.MAX_VALUE;

  /// What every link of IPv6 carries; less is not believed (RFC 8201 §4).
  private static final int LEAST = 1280;

  /// The path may have become wider since (RFC 8201 §4).
  private static final long FORGOTTEN_AFTER_MILLIS = Duration.ofMinutes(10).toMillis();

  private volatile int octets = UNKNOWN;
  private long confirmedMillis;

  int octets() {
    return octets;
  }

  /// Heeds what a router said.
  ///
  /// @return whether it is lower than before
  synchronized boolean lower(int to, long nowMillis) {
    if (to < LEAST || to > octets) {
      return false;
    }
    boolean lower = to < octets;
    octets = to;
    confirmedMillis = nowMillis;
    return lower;
  }

  synchronized void forgetIfOld(long nowMillis) {
    if (nowMillis - confirmedMillis >= FORGOTTEN_AFTER_MILLIS) {
      octets = UNKNOWN;
    }
  }

  synchronized void forget() {
    octets = UNKNOWN;
  }

  /// Takes over what another SA knows of the same path.
  void inherit(SaPathMtu other) {
    int known;
    long since;
    synchronized (other) {
      known = other.octets;
      since = other.confirmedMillis;
    }
    if (known != UNKNOWN) {
      lower(known, since);
    }
  }
}
