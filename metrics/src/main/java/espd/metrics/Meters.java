package espd.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/// Every figure of the program, by name. Names are Prometheus's: `espd_`, a noun, the unit, and
/// `_total` for what only grows.
///
/// Figures may be registered from any thread and at any time; functions are called by the thread
/// that scrapes and must answer at once.
public final class Meters implements AutoCloseable {

  /// How many combinations of labels a [Tally] keeps apart.
  public static final int TALLY_ROWS = 200;

  /// The version of the exposition format that [#scrape()] writes.
  static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics garbageCollection = new JvmGcMetrics();

  // Micrometer holds what a function counter reads by a weak reference only.
  private final List<LongSupplier> counted = new ArrayList<>();

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
    registry.getPrometheusRegistry().register((Collector) () -> info);
    new ClassLoaderMetrics().bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    garbageCollection.bindTo(registry);
  }

  /// Registers a figure that only grows.
  ///
  /// @param name ends in `_total`
  /// @param help one sentence
  /// @param labels always the same names under one `name`
  /// @param count read at each scrape
  public synchronized void counter(
      String name, String help, Map<String, String> labels, LongSupplier count) {
    counted.add(count);
    FunctionCounter.builder(name, count, LongSupplier::getAsLong)
        .description(help)
        .tags(tags(labels))
        .register(registry);
  }

  /// Registers a figure that rises and falls.
  ///
  /// @param name with its unit at the end
  /// @param help one sentence
  /// @param labels always the same names under one `name`
  /// @param figure read at each scrape
  public void gauge(String name, String help, Map<String, String> labels, DoubleSupplier figure) {
    Gauge.builder(name, figure, DoubleSupplier::getAsDouble)
        .description(help)
        .tags(tags(labels))
        .strongReference(true)
        .register(registry);
  }

  private static List<Tag> tags(Map<String, String> labels) {
    return labels.entrySet().stream().map(e -> Tag.of(e.getKey(), e.getValue())).toList();
  }

  /// Registers a counter whose labels are known only when something occurs.
  ///
  /// @param name ends in `_total`
  /// @param help one sentence
  /// @param labels the names of the labels
  /// @return what is to be told of each occurrence
  public Tally tally(String name, String help, String... labels) {
    Tally tally = new Tally(name, help, List.of(labels), TALLY_ROWS);
    registry.getPrometheusRegistry().register(tally.collector());
    return tally;
  }

  /// Registers the figures of things that come and go. How many of them found no room is itself a
  /// figure, `espd_metrics_rows_omitted`.
  public void rows(RowSet<?> rows) {
    registry.getPrometheusRegistry().register(rows.collector());
    gauge(
        "espd_metrics_rows_omitted",
        "Things beyond the limit of rows, which are not shown",
        Map.of("rows", rows.name()),
        rows::omitted);
  }

  /// {@return all figures as of now, in Prometheus's text format 0.0.4}
  public String scrape() {
    return registry.scrape();
  }

  /// Stops watching the JVM.
  @Override
  public void close() {
    garbageCollection.close();
    registry.close();
  }
}
