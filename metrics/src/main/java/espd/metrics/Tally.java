package espd.metrics;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// A counter of occurrences, one row per combination of label values that has occurred. Any thread.
///
/// The number of rows is bounded: what occurs when there is no room left is counted under [#OTHER],
/// so the sum over all rows is always right.
public final class Tally {

  /// The label value of all that found no row of its own.
  public static final String OTHER = "other";

  private final String name;
  private final String help;
  private final List<String> labels;
  private final int limit;
  private final Map<List<String>, LongAdder> rows = new ConcurrentHashMap<>();

  Tally(String name, String help, List<String> labels, int limit) {
    Families.withoutTotal(name);
    this.name = name;
    this.help = help;
    this.labels = labels;
    this.limit = limit;
  }

  /// Shows a row before it has occurred. A rate needs a figure to begin with: what appears as 1 has
  /// not grown, and no alert sees it.
  ///
  /// @param values of the labels, in their order
  /// @return this
  public Tally expecting(String... values) {
    row(values);
    return this;
  }

  /// Counts one occurrence.
  ///
  /// @param values of the labels, in their order
  public void count(String... values) {
    row(values).increment();
  }

  private LongAdder row(String... values) {
    if (values.length != labels.size()) {
      throw new IllegalArgumentException(name + " has the labels " + labels);
    }
    List<String> row = List.of(values);
    LongAdder adder = rows.get(row);
    return adder == null ? adderOf(row) : adder;
  }

  private LongAdder adderOf(List<String> row) {
    List<String> kept = rows.size() < limit ? row : Collections.nCopies(labels.size(), OTHER);
    return rows.computeIfAbsent(kept, r -> new LongAdder());
  }

  /// {@return what answers a scrape}
  Collector collector() {
    return this::snapshot;
  }

  private MetricSnapshot snapshot() {
    Map<Labels, Double> counts = new LinkedHashMap<>();
    rows.forEach((values, count) -> counts.put(Labels.of(labels, values), (double) count.sum()));
    return Families.counter(name, help, counts);
  }
}
