package espd.metrics;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/// The figures of things that come and go, one row each: the SAs of a SAD, say. The things are
/// listed anew at every scrape, so the rows of one that left are gone with it, and all figures of a
/// scrape speak of the same things.
///
/// ```java
/// RowSet.of("sa", 1000, () -> sadb.sad().all())
///     .label("spi", sa -> sa.parameters().spiText())
///     .counter("espd_sa_packets_total", "Packets protected or accepted", Sa::packets)
/// ```
///
/// At most `limit` things have rows, the first of the list; the others are counted by [#omitted()].
/// Of two with equal labels the first has the row. A figure that is NaN has none. Build it in one
/// thread, then give it to [Meters#rows].
///
/// @param <T> the things
public final class RowSet<T> {

  /// One line of the page per thing: a family's name, a label of its own or none, and the figure.
  private record Figure<T>(Map<String, String> label, ToDoubleFunction<? super T> value) {}

  private record Figures<T>(
      Family.Writer<Double> writer, String name, String help, List<Figure<T>> figures) {}

  private final String name;
  private final int limit;
  private final Supplier<? extends Collection<? extends T>> things;
  private final Map<String, Function<? super T, String>> labels = new LinkedHashMap<>();
  private final List<Figures<T>> families = new ArrayList<>();

  private RowSet(String name, int limit, Supplier<? extends Collection<? extends T>> things) {
    this.name = name;
    this.limit = limit;
    this.things = things;
  }

  /// {@return a set without labels and figures as yet}
  ///
  /// @param name of the set, the label of `espd_metrics_rows_omitted`
  /// @param limit how many things have rows
  /// @param things asked at each scrape, most important first
  public static <T> RowSet<T> of(
      String name, int limit, Supplier<? extends Collection<? extends T>> things) {
    return new RowSet<>(name, limit, things);
  }

  /// Gives every row a label. Together they must tell the things apart.
  public RowSet<T> label(String label, Function<? super T, String> value) {
    labels.put(label, value);
    return this;
  }

  /// Adds a figure that only grows.
  ///
  /// @param family ends in `_total`
  public RowSet<T> counter(String family, String help, ToLongFunction<? super T> value) {
    return add(Families::counter, family, help, List.of(counted(Map.of(), value)));
  }

  /// Adds several figures of one name that only grow, told apart by one more label.
  ///
  /// @param family ends in `_total`
  /// @param label its name
  /// @param values from the label's value to the figure
  public RowSet<T> counters(
      String family, String help, String label, Map<String, ToLongFunction<? super T>> values) {
    List<Figure<T>> figures = new ArrayList<>();
    values.forEach((key, value) -> figures.add(counted(Map.of(label, key), value)));
    return add(Families::counter, family, help, figures);
  }

  /// Adds a figure that rises and falls.
  public RowSet<T> gauge(String family, String help, ToDoubleFunction<? super T> value) {
    return add(Families::gauge, family, help, List.of(new Figure<>(Map.of(), value)));
  }

  /// Adds several figures of one name, told apart by one more label.
  ///
  /// @param label its name
  /// @param values from the label's value to the figure
  public RowSet<T> gauges(
      String family, String help, String label, Map<String, ToDoubleFunction<? super T>> values) {
    List<Figure<T>> figures = new ArrayList<>();
    values.forEach((key, value) -> figures.add(new Figure<>(Map.of(label, key), value)));
    return add(Families::gauge, family, help, figures);
  }

  private static <T> Figure<T> counted(Map<String, String> label, ToLongFunction<? super T> value) {
    return new Figure<>(label, thing -> (double) value.applyAsLong(thing));
  }

  private RowSet<T> add(
      Family.Writer<Double> writer, String family, String help, List<Figure<T>> figures) {
    families.add(new Figures<>(writer, family, help, figures));
    return this;
  }

  /// {@return the name of the set}
  String name() {
    return name;
  }

  /// {@return how many things are beyond the limit as of now}
  int omitted() {
    return Math.max(0, things.get().size() - limit);
  }

  /// {@return what answers a scrape}
  MultiCollector collector() {
    return this::snapshots;
  }

  private MetricSnapshots snapshots() {
    Map<Labels, T> rows = rows();
    return new MetricSnapshots(families.stream().map(family -> snapshot(family, rows)).toList());
  }

  private Map<Labels, T> rows() {
    Map<Labels, T> rows = new LinkedHashMap<>();
    for (T thing : things.get()) {
      if (rows.size() == limit) {
        break;
      }
      List<String> values = labels.values().stream().map(label -> label.apply(thing)).toList();
      rows.putIfAbsent(Labels.of(List.copyOf(labels.keySet()), values), thing);
    }
    return rows;
  }

  private static <T> MetricSnapshot snapshot(Figures<T> family, Map<Labels, T> rows) {
    Map<Labels, Double> points = new LinkedHashMap<>();
    rows.forEach(
        (labels, thing) ->
            family
                .figures()
                .forEach(
                    f -> points.put(merge(labels, f.label()), f.value().applyAsDouble(thing))));
    points.values().removeIf(value -> Double.isNaN(value));
    return family.writer().write(family.name(), family.help(), points);
  }

  private static Labels merge(Labels labels, Map<String, String> more) {
    Labels merged = labels;
    for (Map.Entry<String, String> label : more.entrySet()) {
      merged = merged.add(label.getKey(), label.getValue());
    }
    return merged;
  }
}
