package espd.metrics;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;

/// A family whose rows are known from the start, each read through a function. Any thread.
///
/// @param <V> what a row shows
final class Family<V> {

  /// Makes the family of its rows.
  interface Writer<V> {
    /// {@return the family}
    MetricSnapshot write(String name, String help, Map<Labels, V> rows);
  }

  private final String name;
  private final String help;
  private final Writer<V> writer;
  private final Map<Labels, Supplier<V>> rows = new ConcurrentSkipListMap<>();

  Family(String name, String help, Writer<V> writer) {
    this.name = name;
    this.help = help;
    this.writer = writer;
  }

  /// Adds a row.
  ///
  /// @throws IllegalStateException when there is one with these labels
  void add(Map<String, String> labels, Supplier<V> value) {
    if (rows.putIfAbsent(Labels.of(names(labels), values(labels)), value) != null) {
      throw new IllegalStateException(name + " has two rows " + labels);
    }
  }

  private static String[] names(Map<String, String> labels) {
    return labels.keySet().toArray(String[]::new);
  }

  private static String[] values(Map<String, String> labels) {
    return labels.values().toArray(String[]::new);
  }

  /// {@return what answers a scrape}
  Collector collector() {
    return () -> {
      Map<Labels, V> now = new LinkedHashMap<>();
      rows.forEach((labels, value) -> now.put(labels, value.get()));
      return writer.write(name, help, now);
    };
  }
}
