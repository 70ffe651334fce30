package espd.metrics;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.Collections;
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

  private static final String TOTAL = "_total";

  private final String name;
  private final String help;
  private final List<String> labels;
  private final int limit;
  private final Map<List<String>, LongAdder> rows = new ConcurrentHashMap<>();

  Tally(String name, String help, List<String> labels, int limit) {
    this.name = withoutTotal(name);
    this.help = help;
    this.labels = labels;
    this.limit = limit;
  }

  /// {@return the name as Prometheus's model has it; its writer puts the suffix back}
  static String withoutTotal(String name) {
    if (!name.endsWith(TOTAL)) {
      throw new IllegalArgumentException("the counter " + name + " does not end in " + TOTAL);
    }
    return name.substring(0, name.length() - TOTAL.length());
  }

  /// Counts one occurrence.
  ///
  /// @param values of the labels, in their order
  public void count(String... values) {
    if (values.length != labels.size()) {
      throw new IllegalArgumentException(name + " has the labels " + labels);
    }
    List<String> row = List.of(values);
    LongAdder adder = rows.get(row);
    (adder == null ? adderOf(row) : adder).increment();
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
    CounterSnapshot.Builder family = CounterSnapshot.builder().name(name).help(help);
    rows.forEach(
        (values, count) ->
            family.dataPoint(
                CounterDataPointSnapshot.builder()
                    .labels(Labels.of(labels, values))
                    .value((double) count.sum())
                    .build()));
    return family.build();
  }
}
