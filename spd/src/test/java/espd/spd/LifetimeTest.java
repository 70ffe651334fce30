package espd.spd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The limits of an SA (RFC 4301 §4.4.2.1).
class LifetimeTest {

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # seconds , bytes , packets , reached
          0         , 0     , 0       ,
          9         , 99    , 999     ,
          10        , 99    , 999     , SOFT
          9         , 100   , 999     , SOFT
          9         , 99    , 1000    , SOFT
          20        , 0     , 0       , HARD
          0         , 200   , 0       , HARD
          0         , 0     , 2000    , HARD
          10        , 100   , 2000    , HARD
          -5        , 0     , 0       ,
          """)
  void reachesTheGravestLimitOfTimeBytesAndPackets(
      long seconds, long bytes, long packets, Lifetime.Limit reached) {
    Lifetime lifetime = new Lifetime(10, 20, 100, 200, 1000, 2000);
    assertEquals(Optional.ofNullable(reached), lifetime.reached(seconds, bytes, packets));
  }

  /// RFC 2367 §2.3.3: zero is no limit.
  @Test
  void neverEndsWithoutLimits() {
    assertEquals(
        Optional.empty(),
        Lifetime.UNLIMITED.reached(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE));
  }

  @Test
  void roundsTimeUpSoThatAShortLimitIsStillOne() {
    assertEquals(
        new Lifetime(1, 3, 0, 0, 0, 0),
        Lifetime.ofTime(Duration.ofMillis(300), Duration.ofMillis(2001)));
    assertEquals(
        new Lifetime(2, 3, 0, 0, 0, 0),
        Lifetime.ofTime(Duration.ofSeconds(2), Duration.ofSeconds(3)));
    assertEquals(Lifetime.UNLIMITED, Lifetime.ofTime(Duration.ZERO, Duration.ZERO));
  }

  @Test
  void refusesANegativeLimit() {
    assertThrows(IllegalArgumentException.class, () -> new Lifetime(0, -1, 0, 0, 0, 0));
  }
}
