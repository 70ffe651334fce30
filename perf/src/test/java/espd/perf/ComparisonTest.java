package espd.perf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/// The table and the JSON of `perf/compare`.
class ComparisonTest {

  private static final List<String> LINES =
      List.of(
          "veth 1 tcp_gbit_s 9.0",
          "veth 1 ping_p50_us 20",
          "tunnel 1 tcp_gbit_s 3",
          "tunnel 1 ping_p50_us nan",
          "veth 2 tcp_gbit_s 12",
          "tunnel 2 tcp_gbit_s 4",
          "tunnel 2 ping_p50_us nan",
          "veth 3 tcp_gbit_s 100",
          "tunnel 3 tcp_gbit_s nan");

  @Test
  void showsMediansAndHowManyTimesTheReferenceTheyAre() {
    assertEquals(
        """
        median (times tunnel)
        peer                tcp_gbit_s          ping_p50_us
        veth                12.0 (3.43)         20.0
        tunnel              3.50 (1.00)         -
        """,
        Comparison.read(LINES).table("tunnel"));
  }

  @Test
  void dividesByTheFirstPeerWhereTheReferenceWasNotMeasured() {
    assertTrue(Comparison.read(LINES).table("absent").startsWith("median (times veth)\n"));
    assertEquals("nothing was measured\n", Comparison.read(List.of()).table("veth"));
  }

  @Test
  void takesTheMiddleOfTheRoundsThatSucceeded() {
    assertEquals(2, Comparison.median(List.of(3.0, 1.0, 2.0)));
    assertEquals(1.5, Comparison.median(List.of(2.0, 1.0)));
    assertEquals(4, Comparison.median(List.of(Double.NaN, 4.0)));
    assertTrue(Double.isNaN(Comparison.median(List.of(Double.NaN))));
    assertTrue(Double.isNaN(Comparison.median(List.of())));
  }

  @Test
  void writesFactsMediansAndRoundsForMachines() {
    assertEquals(
        """
        {
          "run": {
            "cpu": "a \\"fast\\" one = good",
            "seconds": "5"
          },
          "peers": {
            "veth": {
              "tcp_gbit_s": { "median": 1.5, "rounds": [1.0, null, 2.0] },
              "ping_lost": { "median": null, "rounds": [null] }
            }
          }
        }
        """,
        Comparison.read(
                List.of(
                    "veth 1 tcp_gbit_s 1",
                    "veth 2 tcp_gbit_s nan",
                    "veth 3 tcp_gbit_s 2",
                    "veth 1 ping_lost nan"))
            .json(List.of("cpu=a \"fast\" one = good", "seconds=5")));
  }

  @Test
  void refusesALineThatIsNoFigure() {
    assertThrows(IllegalArgumentException.class, () -> Comparison.read(List.of("veth 1 tcp")));
    assertThrows(IllegalArgumentException.class, () -> Comparison.read(List.of("veth 1 tcp fast")));
  }
}
