package espd.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The page as a scraper reads it.
class MetersTest {

  private record Association(String spi, long packets) {}

  private final Meters meters = new Meters("0.1");

  private Exposition scrape() {
    return Exposition.read(meters.scrape(ExpositionFormat.TEXT));
  }

  @Test
  void tellsOfTheProgramAndTheJvm() {
    Exposition page = scrape();
    assertEquals(1, page.samples().get("espd_build_info{version=\"0.1\"}"));
    assertTrue(page.types().containsKey("jvm_memory_used_bytes"));
    assertEquals("counter", page.types().get("process_cpu_seconds_total"));
    assertEquals("gauge", page.types().get("process_open_fds"));
    assertEquals("gauge", page.types().get("process_start_time_seconds"));
    assertEquals("summary", page.types().get("jvm_gc_collection_seconds"));
  }

  @Test
  void readsACounterWhenItIsScraped() {
    AtomicLong drops = new AtomicLong(3);
    Map<String, String> labels = Map.of("direction", "inbound", "reason", "replayed");
    meters.counter("espd_drops_total", "Packets dropped", labels, drops::get);
    drops.set(7);
    System.gc();
    Exposition page = scrape();
    assertEquals("counter", page.types().get("espd_drops_total"));
    assertEquals(
        7, page.samples().get("espd_drops_total{direction=\"inbound\",reason=\"replayed\"}"));
  }

  @Test
  void keepsAGaugeWhoseFunctionNobodyElseHolds() {
    meters.gauge("espd_ring_used_slots", "Slots in use", Map.of("direction", "outbound"), () -> 5);
    System.gc();
    assertEquals(5, scrape().samples().get("espd_ring_used_slots{direction=\"outbound\"}"));
  }

  @Test
  void countsOccurrencesByTheirLabels() {
    Tally exchanges = meters.tally("espd_ike_exchanges_total", "Exchanges", "exchange", "result");
    exchanges.count("IKE_SA_INIT", "completed");
    exchanges.count("IKE_SA_INIT", "completed");
    exchanges.count("IKE_AUTH", "refused");
    Exposition page = scrape();
    assertEquals("counter", page.types().get("espd_ike_exchanges_total"));
    assertEquals(
        2,
        page.samples()
            .get("espd_ike_exchanges_total{exchange=\"IKE_SA_INIT\",result=\"completed\"}"));
    assertEquals(
        1,
        page.samples().get("espd_ike_exchanges_total{exchange=\"IKE_AUTH\",result=\"refused\"}"));
  }

  @Test
  void countsUnderOtherWhatExceedsTheRowsOfATally() {
    Tally failures = meters.tally("espd_ike_failures_total", "Failures", "notify");
    for (int i = 0; i < 2 * Meters.TALLY_ROWS; i++) {
      failures.count("N" + i);
    }
    Map<String, Double> samples = scrape().samples();
    assertEquals(
        Meters.TALLY_ROWS, samples.get("espd_ike_failures_total{notify=\"" + Tally.OTHER + "\"}"));
    assertEquals(
        2 * Meters.TALLY_ROWS,
        samples.entrySet().stream()
            .filter(sample -> sample.getKey().startsWith("espd_ike_failures_total"))
            .mapToDouble(Map.Entry::getValue)
            .sum());
  }

  @Test
  void showsWhatIsExpectedBeforeItOccurs() {
    Tally exchanges = meters.tally("espd_ike_exchanges_total", "Exchanges", "result");
    exchanges.expecting("ok").expecting("timeout").count("ok");
    Map<String, Double> samples = scrape().samples();
    assertEquals(1, samples.get("espd_ike_exchanges_total{result=\"ok\"}"));
    assertEquals(0, samples.get("espd_ike_exchanges_total{result=\"timeout\"}"));
  }

  @Test
  void addsUpTheRangesOfAHistogram() {
    Distribution times =
        new Distribution(List.of(0.001, 0.01, Double.POSITIVE_INFINITY), List.of(3L, 0L, 2L), 1.5);
    meters.histogram("espd_stage_duration_seconds", "Times", Map.of("stage", "send"), () -> times);
    Exposition page = scrape();
    assertEquals("histogram", page.types().get("espd_stage_duration_seconds"));
    String bucket = "espd_stage_duration_seconds_bucket{stage=\"send\",le=\"%s\"}";
    assertEquals(3, page.samples().get(bucket.formatted("0.001")));
    assertEquals(3, page.samples().get(bucket.formatted("0.01")));
    assertEquals(5, page.samples().get(bucket.formatted("+Inf")));
    assertEquals(5, page.samples().get("espd_stage_duration_seconds_count{stage=\"send\"}"));
    assertEquals(1.5, page.samples().get("espd_stage_duration_seconds_sum{stage=\"send\"}"));
  }

  @Test
  void refusesAHistogramWithoutACountForEachRange() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new Distribution(List.of(1.0, Double.POSITIVE_INFINITY), List.of(1L), 1));
    assertThrows(
        IllegalArgumentException.class, () -> new Distribution(List.of(1.0), List.of(1L), 1));
  }

  @Test
  void sortsTimesIntoTheirRanges() {
    Timings handshakes =
        meters.timings("espd_ike_handshake_seconds", "Handshakes", "role", List.of("initiator"));
    handshakes.took("initiator", Duration.ofMillis(7));
    Map<String, Double> samples = scrape().samples();
    String bucket = "espd_ike_handshake_seconds_bucket{role=\"initiator\",le=\"%s\"}";
    assertEquals(0, samples.get(bucket.formatted("0.005")));
    assertEquals(1, samples.get(bucket.formatted("0.01")));
    assertEquals(0.007, samples.get("espd_ike_handshake_seconds_sum{role=\"initiator\"}"));
  }

  @Test
  void refusesASecondRowWithTheSameLabels() {
    meters.gauge("espd_policies", "Policies", Map.of(), () -> 1);
    assertThrows(
        IllegalStateException.class,
        () -> meters.gauge("espd_policies", "Policies", Map.of(), () -> 2));
  }

  @Test
  void writesOpenMetricsToItsEnd() {
    meters.counter("espd_drops_total", "Packets dropped", Map.of("reason", "replayed"), () -> 7);
    String page = meters.scrape(ExpositionFormat.OPEN_METRICS);
    assertTrue(page.endsWith("# EOF\n"), page);
    assertTrue(page.contains("# TYPE espd_drops counter\n"), page);
    assertTrue(page.contains("espd_drops_total{reason=\"replayed\"} 7.0\n"), page);
  }

  @Test
  void refusesACounterThatDoesNotSaySo() {
    assertThrows(
        IllegalArgumentException.class, () -> meters.tally("espd_things", "Things", "kind"));
    assertThrows(
        IllegalArgumentException.class,
        () -> meters.counter("espd_things", "Things", Map.of(), () -> 1));
  }

  @Test
  void rowsComeAndGoWithTheirThings() {
    List<Association> sad = new ArrayList<>(List.of(new Association("0x1", 4)));
    meters.rows(rows(sad, 10));
    Exposition page = scrape();
    assertEquals("counter", page.types().get("espd_sa_packets_total"));
    assertEquals(4, page.samples().get("espd_sa_packets_total{spi=\"0x1\"}"));
    assertEquals(60, page.samples().get("espd_sa_lifetime_seconds{limit=\"hard\",spi=\"0x1\"}"));
    assertFalse(
        page.samples().containsKey("espd_sa_lifetime_seconds{limit=\"soft\",spi=\"0x1\"}"),
        "a figure that is NaN has no row");
    sad.clear();
    sad.add(new Association("0x2", 1));
    page = scrape();
    assertFalse(page.samples().containsKey("espd_sa_packets_total{spi=\"0x1\"}"));
    assertEquals(1, page.samples().get("espd_sa_packets_total{spi=\"0x2\"}"));
    sad.clear();
    assertTrue(
        scrape().samples().keySet().stream().noneMatch(s -> s.startsWith("espd_sa_packets")));
  }

  @Test
  void boundsTheRowsAndSaysHowManyAreMissing() {
    List<Association> sad =
        IntStream.range(0, 25).mapToObj(i -> new Association("0x" + i, i)).toList();
    meters.rows(rows(sad, 10));
    Map<String, Double> samples = scrape().samples();
    assertEquals(
        10, samples.keySet().stream().filter(s -> s.startsWith("espd_sa_packets_total")).count());
    assertEquals(15, samples.get("espd_metrics_rows_omitted{rows=\"sa\"}"));
  }

  @Test
  void showsTheFirstOfTwoThingsWithEqualLabels() {
    meters.rows(rows(List.of(new Association("0x1", 4), new Association("0x1", 9)), 10));
    assertEquals(4, scrape().samples().get("espd_sa_packets_total{spi=\"0x1\"}"));
  }

  @Test
  void escapesWhateverALabelHolds() {
    meters.rows(rows(List.of(new Association("a\"b\\c\nd", 4)), 10));
    assertEquals(4, scrape().samples().get("espd_sa_packets_total{spi=\"a\\\"b\\\\c\\nd\"}"));
  }

  private static RowSet<Association> rows(List<Association> sad, int limit) {
    Map<String, ToDoubleFunction<? super Association>> limits =
        Map.of("soft", sa -> Double.NaN, "hard", sa -> 60);
    return RowSet.of("sa", limit, () -> sad)
        .label("spi", Association::spi)
        .counter("espd_sa_packets_total", "Packets protected or accepted", Association::packets)
        .gauges("espd_sa_lifetime_seconds", "Limits of the age", "limit", limits);
  }
}
