package espd.perf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Figures as `perf/compare` writes them, and what becomes of them.
class FiguresTest {

  @Test
  void takesTheMiddleOfTheRoundsThatSucceeded() {
    assertEquals(2, Figures.median(List.of(3.0, 1.0, 2.0)));
    assertEquals(1.5, Figures.median(List.of(2.0, 1.0)));
    assertEquals(4, Figures.median(List.of(Double.NaN, 4.0)));
    assertTrue(Double.isNaN(Figures.median(List.of(Double.NaN))));
    assertTrue(Double.isNaN(Figures.median(List.of())));
  }

  @Test
  void aPercentileIsTheSmallestFigureThatNoMoreThanTheRestExceed() {
    List<Double> figures =
        new ArrayList<>(IntStream.rangeClosed(1, 200).asDoubleStream().boxed().toList());
    Collections.shuffle(figures, new Random(1));
    assertEquals(198, Figures.percentile(figures, 99));
    assertEquals(100, Figures.percentile(figures, 50));
    assertEquals(200, Figures.percentile(figures, 100));
    assertEquals(7, Figures.percentile(List.of(7.0), 99));
    assertTrue(Double.isNaN(Figures.percentile(List.of(Double.NaN), 99)));
  }

  @Test
  void roundTripsBecomeAMedianAndAPercentileOfEachRound() {
    List<String> lines = new ArrayList<>();
    for (int i = 1; i <= 100; i++) {
      lines.add("tunnel 1 ping_idle_us " + i);
      lines.add("tunnel 2 ping_idle_us " + 10 * i);
      lines.add("tunnel 3 ping_idle_us " + 100 * i);
    }
    Figures figures = Figures.read(lines);
    assertEquals(List.of(Measure.PING_IDLE_P50, Measure.PING_IDLE_P99), figures.measures());
    assertEquals(505, figures.of("tunnel", Measure.PING_IDLE_P50));
    assertEquals(990, figures.of("tunnel", Measure.PING_IDLE_P99));
    assertEquals("ping_idle_p99_us", Measure.PING_IDLE_P99.key());
    assertEquals("tcp1_gbit_s", Measure.TCP_1.key());
  }

  @Test
  void dividesMediansWhereAQuotientSaysSomething() {
    Figures figures =
        Figures.read(
            List.of(
                "a 1 tcp1_gbit_s 3",
                "a 2 tcp1_gbit_s 5",
                "a 1 mtu 1400",
                "a 1 idle_cpu_percent 1",
                "b 1 tcp1_gbit_s 2",
                "b 1 mtu 1300",
                "b 1 idle_cpu_percent 0"));
    assertEquals(2, figures.ratio("a", "b", Measure.TCP_1));
    assertTrue(Double.isNaN(figures.ratio("a", "b", Measure.MTU)));
    assertTrue(Double.isNaN(figures.ratio("a", "b", Measure.IDLE_CPU)));
    assertTrue(Double.isNaN(figures.ratio("a", "absent", Measure.TCP_1)));
    assertTrue(Double.isNaN(figures.ratio("a", "b", Measure.UDP_64)));
  }

  @Test
  void refusesALineThatIsNoFigure() {
    for (String line :
        List.of("veth 1 tcp1_gbit_s", "veth 1 tcp1_gbit_s fast", "veth 1 beauty 3", "")) {
      assertThrows(IllegalArgumentException.class, () -> Figures.read(List.of(line)), line);
    }
  }
}
