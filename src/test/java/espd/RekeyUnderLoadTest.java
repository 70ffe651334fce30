package espd;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.lab.Charon;
import espd.lab.Espd;
import espd.lab.InLab;
import espd.lab.Lab;
import espd.lab.Steady;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// SAs are replaced while packets pass, and none is lost (RFC 7296 §2.8, RFC 4301 §4.4.2.1).
@InLab
@Isolated
class RekeyUnderLoadTest {

  /// A rekey about every two seconds, and time enough for it on a busy machine.
  private static final String TIME = "lifetime=20s\nmargintime=18s\nrekeyfuzz=0%\n";

  /// The same at the rate of [Steady], and far from the hard limit.
  private static final int SOFT_PACKETS = 800;

  private static final String PACKETS =
      "lifepackets=50000\nmarginpackets=%d\nrekeyfuzz=0%%\n".formatted(50_000 - SOFT_PACKETS);

  /// How often each end that has limits replaces SAs, and how long that may take.
  private static final int REKEYS = 4;

  private static final Duration MOST = Duration.ofSeconds(30);

  @RegisterExtension private final Lab lab = new Lab();

  private static String connection(String more) {
    return """
    keyexchange=ikev2
    authby=secret
    left=2001:db8:1:1::1
    right=2001:db8:2:2::2
    auto=add
    """
        + more;
  }

  /// Both ends with the same limits rekey at once, again and again (RFC 7296 §2.8.1).
  @ParameterizedTest
  @CsvSource({"time,none", "packets,none", "none,packets", "time,time", "packets,packets"})
  void nothingIsLost(String initiator, String responder) {
    Espd a = Espd.start(lab, lab.a(), connection(limits(initiator)));
    Espd b = Espd.start(lab, lab.b(), connection(limits(responder)));
    a.up();
    int least = initiator.equals(responder) ? 2 * REKEYS : REKEYS;
    Steady.Way[] ways = Steady.between(lab, MOST, () -> rekeys(a) + rekeys(b) >= least);
    assertAll(
        () -> assertLostNothing(ways),
        () -> assertDroppedNothing(a),
        () -> assertDroppedNothing(b),
        () -> assertTrue(rekeys(a) + rekeys(b) >= least, "rekeys " + rekeys(a) + rekeys(b)));
  }

  private static String limits(String by) {
    return switch (by) {
      case "time" -> TIME;
      case "packets" -> PACKETS;
      default -> "";
    };
  }

  @Test
  void nothingIsLostWithStrongSwan() {
    Charon.start(lab, lab.b(), lab.a(), Map.of());
    Espd a = Espd.start(lab, lab.a(), connection("forceencaps=yes\n" + PACKETS));
    a.up();
    Steady.Way[] ways = Steady.between(lab, MOST, () -> rekeys(a) >= REKEYS);
    assertAll(
        () -> assertLostNothing(ways),
        () -> assertDroppedNothing(a),
        () -> assertTrue(rekeys(a) >= REKEYS, "rekeys " + rekeys(a)));
  }

  private static void assertLostNothing(Steady.Way[] ways) {
    for (Steady.Way way : ways) {
      assertEquals(0, way.lost(), "of " + way.sent());
      assertTrue(way.sent() > 2 * SOFT_PACKETS, "sent no more than " + way.sent());
    }
  }

  private static void assertDroppedNothing(Espd espd) {
    assertAll(
        Stream.of(
                "unknown_spi",
                "replayed",
                "bad_icv",
                "no_cipher",
                "held_overflow",
                "no_sa_comes",
                "sequence_overflow",
                "policy_discard")
            .map(reason -> () -> assertEquals(0, espd.drops(reason), reason)));
  }

  private static long rekeys(Espd espd) {
    return espd.count(
        "espd_ike_exchanges_total",
        "exchange=\"CREATE_CHILD_SA\"",
        "role=\"initiator\"",
        "result=\"ok\"");
  }
}
