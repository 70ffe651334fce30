package espd.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.Map;

/// The families of a page as Prometheus's model has them: one HELP, one TYPE, a row for each set of
/// labels.
final class Families {

  private static final String TOTAL = "_total";

  private Families() {}

  /// {@return a counter's name as the model has it; its writer puts the suffix back}
  ///
  /// @throws IllegalArgumentException when the name does not say that it is a counter's
  static String withoutTotal(String name) {
    if (!name.endsWith(TOTAL)) {
      throw new IllegalArgumentException("the counter " + name + " does not end in " + TOTAL);
    }
    return name.substring(0, name.length() - TOTAL.length());
  }

  /// {@return a family of what only grows}
  ///
  /// @param name ends in `_total`
  static MetricSnapshot counter(String name, String help, Map<Labels, Double> rows) {
    CounterSnapshot.Builder counter = CounterSnapshot.builder().name(withoutTotal(name)).help(help);
    rows.forEach(
        (labels, value) ->
            counter.dataPoint(
                CounterDataPointSnapshot.builder().labels(labels).value(value).build()));
    return counter.build();
  }

  /// {@return a family of what rises and falls}
  static MetricSnapshot gauge(String name, String help, Map<Labels, Double> rows) {
    GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
    rows.forEach(
        (labels, value) ->
            gauge.dataPoint(GaugeDataPointSnapshot.builder().labels(labels).value(value).build()));
    return gauge.build();
  }

  /// {@return a family of distributions}
  static MetricSnapshot histogram(String name, String help, Map<Labels, Distribution> rows) {
    HistogramSnapshot.Builder histogram = HistogramSnapshot.builder().name(name).help(help);
    rows.forEach(
        (labels, distribution) ->
            histogram.dataPoint(
                HistogramDataPointSnapshot.builder()
                    .labels(labels)
                    .sum(distribution.sum())
                    .classicHistogramBuckets(
                        ClassicHistogramBuckets.of(
                            distribution.upperBounds(), distribution.counts()))
                    .build()));
    return histogram.build();
  }
}
