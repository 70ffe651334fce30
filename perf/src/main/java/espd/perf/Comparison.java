package espd.perf;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// What `perf/compare` measured, as a table for people and as JSON for machines. Runs as a single
/// source file, so that nothing has to be built for it.
///
/// @param figures the rounds' figures by peer and by measure, in the order they came; `NaN` for a
///   measure that failed
public record Comparison(Map<String, Map<String, List<Double>>> figures) {

  /// Reads lines of `PEER ROUND MEASURE FIGURE` from the input, prints the table and writes the
  /// JSON.
  ///
  /// @param arguments the peer to divide by, the file for the JSON, then `KEY=VALUE` facts about
  ///   the run
  public static void main(String[] arguments) throws IOException {
    Comparison comparison;
    try (BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      comparison = read(input.lines().toList());
    }
    System.out.print(comparison.table(arguments[0]));
    List<String> facts = Arrays.asList(arguments).subList(2, arguments.length);
    Files.writeString(Path.of(arguments[1]), comparison.json(facts));
  }

  /// {@return the figures of these lines}
  ///
  /// @throws IllegalArgumentException when one is not `PEER ROUND MEASURE FIGURE`
  static Comparison read(List<String> lines) {
    Map<String, Map<String, List<Double>>> figures = new LinkedHashMap<>();
    for (String line : lines) {
      String[] words = line.split(" ", -1);
      if (words.length != 4) {
        throw new IllegalArgumentException("not a figure: " + line);
      }
      figures
          .computeIfAbsent(words[0], peer -> new LinkedHashMap<>())
          .computeIfAbsent(words[2], measure -> new ArrayList<>())
          .add(words[3].equals("nan") ? Double.NaN : Double.parseDouble(words[3]));
    }
    return new Comparison(figures);
  }

  /// {@return a row for each peer: of each measure the median, and in parentheses how many times
  /// that of `against` it is}
  ///
  /// @param against the peer to divide by; the first one where it was not measured
  String table(String against) {
    if (figures.isEmpty()) {
      return "nothing was measured\n";
    }
    String reference = figures.containsKey(against) ? against : figures.keySet().iterator().next();
    List<String> measures =
        figures.values().stream().flatMap(row -> row.keySet().stream()).distinct().toList();
    StringBuilder text = new StringBuilder("median (times " + reference + ")\n");
    text.append(padded("peer"));
    measures.forEach(measure -> text.append(padded(measure)));
    text.append('\n');
    figures.forEach(
        (peer, row) -> {
          text.append(padded(peer));
          measures.forEach(measure -> text.append(padded(cell(row, reference, measure))));
          text.append('\n');
        });
    return text.toString().replaceAll(" +\n", "\n");
  }

  private String cell(Map<String, List<Double>> row, String reference, String measure) {
    double own = median(row.getOrDefault(measure, List.of()));
    double other =
        median(figures.getOrDefault(reference, Map.of()).getOrDefault(measure, List.of()));
    if (Double.isNaN(own)) {
      return "-";
    }
    String ratio = Double.isNaN(other) || other == 0 ? "" : " (" + rounded(own / other) + ")";
    return rounded(own) + ratio;
  }

  private static String padded(String text) {
    return String.format(Locale.ROOT, "%-20s", text);
  }

  /// {@return the middle of the figures that are numbers, the mean of the middle two, or NaN}
  static double median(List<Double> figures) {
    double[] sorted =
        figures.stream().mapToDouble(d -> d).filter(d -> !Double.isNaN(d)).sorted().toArray();
    if (sorted.length == 0) {
      return Double.NaN;
    }
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }

  private static String rounded(double figure) {
    int decimals = figure >= 100 ? 0 : figure >= 10 ? 1 : 2;
    return String.format(Locale.ROOT, "%." + decimals + "f", figure);
  }

  /// {@return the run's facts, and of each peer and measure the median and the rounds}
  ///
  /// @param facts `KEY=VALUE`
  String json(List<String> facts) {
    String run =
        facts.stream()
            .map(fact -> fact.split("=", 2))
            .map(fact -> "    " + quoted(fact[0]) + ": " + quoted(fact[1]))
            .collect(Collectors.joining(",\n"));
    String peers =
        figures.entrySet().stream()
            .map(
                peer ->
                    "    "
                        + quoted(peer.getKey())
                        + ": {\n"
                        + measures(peer.getValue())
                        + "\n    }")
            .collect(Collectors.joining(",\n"));
    return "{\n  \"run\": {\n" + run + "\n  },\n  \"peers\": {\n" + peers + "\n  }\n}\n";
  }

  private static String measures(Map<String, List<Double>> row) {
    return row.entrySet().stream()
        .map(
            measure ->
                "      "
                    + quoted(measure.getKey())
                    + ": { \"median\": "
                    + number(median(measure.getValue()))
                    + ", \"rounds\": "
                    + measure.getValue().stream()
                        .map(Comparison::number)
                        .collect(Collectors.joining(", ", "[", "] }")))
        .collect(Collectors.joining(",\n"));
  }

  private static String number(double figure) {
    return Double.isNaN(figure) ? "null" : Double.toString(figure);
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
