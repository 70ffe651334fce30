package espd.ike.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Connection.Rekeying;
import espd.ike.Connection.Volume;
import espd.spd.Lifetime;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The limits of a Child SA (RFC 4301 §4.4.2.1, RFC 7296 §2.8).
class JitterTest {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration MARGIN = Duration.ofMinutes(9);
  private static final Volume BYTES = new Volume(1_000_000, 100_000);
  private static final Volume PACKETS = new Volume(1000, 100);

  private final Jitter jitter = new Jitter(new Random(7296));

  @Test
  void theSoftLimitsAreAMarginBeforeTheHardOnes() {
    assertEquals(
        new Lifetime(3060, 3600, 900_000, 1_000_000, 900, 1000),
        jitter.lifetime(new Rekeying(HOUR, MARGIN, BYTES, PACKETS, 0, true)));
  }

  /// strongSwan's formula: the margin grows by a random part of up to `rekeyfuzz`.
  @Test
  void theMarginsGrowByARandomPart() {
    Rekeying rekeying = new Rekeying(HOUR, MARGIN, BYTES, PACKETS, 100, true);
    long least = Long.MAX_VALUE;
    long most = 0;
    for (int i = 0; i < 1000; i++) {
      Lifetime lifetime = jitter.lifetime(rekeying);
      assertTrue(lifetime.softSeconds() >= 2520 && lifetime.softSeconds() <= 3060);
      assertTrue(lifetime.softPackets() >= 800 && lifetime.softPackets() <= 900);
      assertTrue(lifetime.softBytes() >= 800_000 && lifetime.softBytes() <= 900_000);
      least = Math.min(least, lifetime.softBytes());
      most = Math.max(most, lifetime.softBytes());
    }
    assertTrue(least < 805_000 && most > 895_000, least + " to " + most);
  }

  @Test
  void withoutRekeyingThereAreHardLimitsOnly() {
    assertEquals(
        new Lifetime(0, 3600, 0, 1_000_000, 0, 1000),
        jitter.lifetime(new Rekeying(HOUR, MARGIN, BYTES, PACKETS, 100, false)));
  }

  @Test
  void eachLimitStandsAlone() {
    Duration none = Duration.ZERO;
    assertEquals(Lifetime.UNLIMITED, jitter.lifetime(new Rekeying(none, none, 100, true)));
    assertEquals(
        new Lifetime(0, 0, 0, 0, 900, 1000),
        jitter.lifetime(new Rekeying(none, none, Volume.UNLIMITED, PACKETS, 0, true)));
  }

  @Test
  void aSoftLimitIsNeverNone() {
    Volume all = new Volume(10, 10);
    assertEquals(
        new Lifetime(1, 10, 1, 10, 1, 10),
        jitter.lifetime(
            new Rekeying(Duration.ofSeconds(10), Duration.ofSeconds(10), all, all, 0, true)));
  }
}
