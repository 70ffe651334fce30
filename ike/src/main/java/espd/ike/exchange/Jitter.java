package espd.ike.exchange;

import espd.ike.Connection;
import espd.spd.Lifetime;
import java.time.Duration;
import java.util.random.RandomGenerator;

/// When the successors of SAs are negotiated: their margin, grown by a random part, before their
/// end, so that many SAs, or the two ends of one, do not all begin at once (RFC 7296 §2.8).
///
/// @param random draws the random part
public record Jitter(RandomGenerator random) {

  private static final Duration LEAST = Duration.ofSeconds(1);

  /// {@return the limits of a Child SA's two SAs (RFC 4301 §4.4.2.1): the end is the hard limit,
  /// the successor's time the soft one}
  public Lifetime lifetime(Connection.Rekeying rekeying) {
    boolean timed = !rekeying.lifetime().isZero();
    Duration soft = timed && rekeying.rekey() ? untilRekey(rekeying) : Duration.ZERO;
    Lifetime time = Lifetime.ofTime(soft, rekeying.lifetime());
    return new Lifetime(
        time.softSeconds(),
        time.hardSeconds(),
        soft(rekeying.bytes(), rekeying),
        rekeying.bytes().most(),
        soft(rekeying.packets(), rekeying),
        rekeying.packets().most());
  }

  /// {@return how long after its birth an SA is rekeyed; at least a second}
  public Duration untilRekey(Connection.Rekeying rekeying) {
    Duration margin = Duration.ofMillis(grown(rekeying.margin().toMillis(), rekeying));
    Duration until = rekeying.lifetime().minus(margin);
    return until.compareTo(LEAST) < 0 ? LEAST : until;
  }

  private long soft(Connection.Volume volume, Connection.Rekeying rekeying) {
    return volume.most() == 0 || !rekeying.rekey()
        ? 0
        : Math.max(1, volume.most() - grown(volume.margin(), rekeying));
  }

  private long grown(long margin, Connection.Rekeying rekeying) {
    return (long) (margin * (1 + rekeying.fuzzPercent() / 100.0 * random.nextDouble()));
  }
}
