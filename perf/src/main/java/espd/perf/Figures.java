package espd.perf;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;

/// The figures of a comparison: of each peer and measure, one for each round.
///
/// @param rounds in the order in which the peers came; `NaN` for what failed
record Figures(Map<String, Map<Measure, List<Double>>> rounds) {

  /// {@return the figures of these lines}
  ///
  /// @param lines `PEER ROUND MEASURE FIGURE`; several of a round are samples
  /// @throws IllegalArgumentException when a line says something else
  static Figures read(List<String> lines) {
    Map<String, Map<String, Map<String, List<Double>>>> samples = new LinkedHashMap<>();
    for (String line : lines) {
      String[] words = line.split(" ", -1);
      if (words.length != 4 || Measure.of(words[2]).isEmpty()) {
        throw new IllegalArgumentException("not a figure: " + line);
      }
      samples
          .computeIfAbsent(words[0], peer -> new LinkedHashMap<>())
          .computeIfAbsent(words[2], measure -> new LinkedHashMap<>())
          .computeIfAbsent(words[1], round -> new ArrayList<>())
          .add(words[3].equals("nan") ? Double.NaN : Double.parseDouble(words[3]));
    }
    Map<String, Map<Measure, List<Double>>> rounds = new LinkedHashMap<>();
    samples.forEach((peer, row) -> rounds.put(peer, rounds(row)));
    return new Figures(rounds);
  }

  private static Map<Measure, List<Double>> rounds(Map<String, Map<String, List<Double>>> row) {
    Map<Measure, List<Double>> rounds = new EnumMap<>(Measure.class);
    row.forEach(
        (name, samples) -> {
          for (Measure measure : Measure.of(name)) {
            rounds.put(measure, samples.values().stream().map(measure::of).toList());
          }
        });
    return rounds;
  }

  /// {@return the peers, in the order in which they came}
  SequencedSet<String> peers() {
    return new LinkedHashMap<>(rounds).sequencedKeySet();
  }

  /// {@return the measures that some peer has, in their order}
  List<Measure> measures() {
    return rounds.values().stream()
        .flatMap(row -> row.keySet().stream())
        .distinct()
        .sorted()
        .toList();
  }

  /// {@return the median of the rounds, or NaN}
  double of(String peer, Measure measure) {
    return median(rounds.getOrDefault(peer, Map.of()).getOrDefault(measure, List.of()));
  }

  /// {@return how many times another peer's figure this one's is; NaN where that says nothing}
  double ratio(String peer, String other, Measure measure) {
    double divisor = of(other, measure);
    return measure.better() == Measure.Better.NEITHER || divisor == 0
        ? Double.NaN
        : of(peer, measure) / divisor;
  }

  /// {@return the middle of the figures that are numbers, the mean of the middle two, or NaN}
  static double median(Collection<Double> figures) {
    double[] sorted = sorted(figures);
    if (sorted.length == 0) {
      return Double.NaN;
    }
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }

  /// {@return the smallest of the figures that at most `100 - percent` percent exceed, or NaN}
  static double percentile(Collection<Double> figures, int percent) {
    double[] sorted = sorted(figures);
    if (sorted.length == 0) {
      return Double.NaN;
    }
    return sorted[Math.max(0, Math.ceilDiv(sorted.length * percent, 100) - 1)];
  }

  private static double[] sorted(Collection<Double> figures) {
    return figures.stream().mapToDouble(d -> d).filter(d -> !Double.isNaN(d)).sorted().toArray();
  }
}
