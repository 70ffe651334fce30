package espd.metrics;

import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.instrumentation.jvm.JvmBufferPoolMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmGarbageCollectorMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmMemoryMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmRuntimeInfoMetric;
import io.prometheus.metrics.instrumentation.jvm.JvmThreadsMetrics;
import io.prometheus.metrics.instrumentation.jvm.ProcessMetrics;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Every figure of the program, by name. Names are Prometheus's: `espd_`, a noun, the base unit
/// (seconds, bytes), and `_total` for what only grows; those of the JVM and the process are the
/// ones that every client of Prometheus has.
///
/// Figures may be registered from any thread and at any time; functions are called by the thread
/// that scrapes and must answer at once.
public final class Meters {

  /// How many combinations of labels a [Tally] keeps apart.
  public static final int TALLY_ROWS = 200;

  private static final double[] HUMAN_SECONDS = {
    .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60
  };

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Map<String, Family<Double>> numbers = new HashMap<>();
  private final Map<String, Family<Distribution>> distributions = new HashMap<>();

  /// Counts the JVM and the process from now on.
  ///
  /// @param version of the program, for `espd_build_info`
  public Meters(String version) {
    InfoDataPointSnapshot build =
        InfoDataPointSnapshot.builder().labels(Labels.of("version", version)).build();
    InfoSnapshot info =
        InfoSnapshot.builder()
            .name("espd_build")
            .help("The version that runs")
            .dataPoint(build)
            .build();
    registry.register((Collector) () -> info);
    JvmRuntimeInfoMetric.builder().register(registry);
    JvmMemoryMetrics.builder().register(registry);
    JvmBufferPoolMetrics.builder().register(registry);
    JvmGarbageCollectorMetrics.builder().register(registry);
    JvmThreadsMetrics.builder().register(registry);
    ProcessMetrics.builder().register(registry);
  }

  /// Registers a figure that only grows.
  ///
  /// @param name ends in `_total`
  /// @param help one sentence
  /// @param labels always the same names under one `name`
  /// @param count read at each scrape
  public void counter(String name, String help, Map<String, String> labels, LongSupplier count) {
    Families.withoutTotal(name);
    Family<Double> family = family(numbers, new Family<>(name, help, Families::counter), name);
    family.add(labels, () -> (double) count.getAsLong());
  }

  /// Registers a figure that rises and falls.
  ///
  /// @param name with its unit at the end
  /// @param help one sentence
  /// @param labels always the same names under one `name`
  /// @param figure read at each scrape
  public void gauge(String name, String help, Map<String, String> labels, DoubleSupplier figure) {
    Family<Double> family = family(numbers, new Family<>(name, help, Families::gauge), name);
    family.add(labels, figure::getAsDouble);
  }

  /// Registers a histogram that is kept elsewhere.
  ///
  /// @param name with its unit at the end
  /// @param help one sentence
  /// @param labels always the same names under one `name`
  /// @param distribution read at each scrape, always of the same ranges
  public void histogram(
      String name, String help, Map<String, String> labels, Supplier<Distribution> distribution) {
    Family<Distribution> family =
        family(distributions, new Family<>(name, help, Families::histogram), name);
    family.add(labels, distribution);
  }

  private synchronized <V> Family<V> family(
      Map<String, Family<V>> known, Family<V> fresh, String name) {
    Family<V> family = known.putIfAbsent(name, fresh);
    if (family != null) {
      return family;
    }
    registry.register(fresh.collector());
    return fresh;
  }

  /// Registers a histogram of times that people wait for, 5 ms to a minute.
  ///
  /// @param name ends in `_seconds`
  /// @param help one sentence
  /// @param label its name
  /// @param values all that the label may have
  /// @return what is to be told of each time
  public Timings timings(String name, String help, String label, List<String> values) {
    Histogram histogram =
        Histogram.builder()
            .name(name)
            .help(help)
            .labelNames(label)
            .classicOnly()
            .classicUpperBounds(HUMAN_SECONDS)
            .register(registry);
    values.forEach(histogram::initLabelValues);
    return new Timings(histogram);
  }

  /// Registers a counter whose labels are known only when something occurs.
  ///
  /// @param name ends in `_total`
  /// @param help one sentence
  /// @param labels the names of the labels
  /// @return what is to be told of each occurrence
  public Tally tally(String name, String help, String... labels) {
    Tally tally = new Tally(name, help, List.of(labels), TALLY_ROWS);
    registry.register(tally.collector());
    return tally;
  }

  /// Registers the figures of things that come and go. How many of them found no room is itself a
  /// figure, `espd_metrics_rows_omitted`.
  public void rows(RowSet<?> rows) {
    registry.register(rows.collector());
    gauge(
        "espd_metrics_rows_omitted",
        "Things beyond the limit of rows, which are not shown",
        Map.of("rows", rows.name()),
        rows::omitted);
  }

  /// {@return all figures as of now}
  public String scrape(ExpositionFormat format) {
    ByteArrayOutputStream page = new ByteArrayOutputStream();
    try {
      format.writer().write(page, registry.scrape());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return page.toString(StandardCharsets.UTF_8);
  }
}
