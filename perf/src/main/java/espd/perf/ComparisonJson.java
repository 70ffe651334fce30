package espd.perf;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// A comparison for machines: the run's facts, of each peer and measure the median and the rounds,
/// and the goals (RFC 8259).
///
/// @param comparison what it shows
record ComparisonJson(Comparison comparison) {

  /// {@return the JSON}
  String text() {
    return "{\n  \"run\": "
        + object(comparison.facts(), "  ", ComparisonJson::quoted)
        + ",\n  \"against\": "
        + quoted(comparison.against())
        + ",\n  \"peers\": "
        + object(comparison.figures().rounds(), "  ", this::measures)
        + ",\n  \"goals\": [\n"
        + Goal.of(comparison.figures()).stream().map(this::goal).collect(Collectors.joining(",\n"))
        + "\n  ]\n}\n";
  }

  private String measures(Map<Measure, List<Double>> row) {
    Map<String, List<Double>> named =
        row.entrySet().stream()
            .collect(
                Collectors.toMap(
                    entry -> entry.getKey().key(),
                    Map.Entry::getValue,
                    (one, other) -> one,
                    LinkedHashMap::new));
    return object(named, "    ", ComparisonJson::rounds);
  }

  private static String rounds(List<Double> rounds) {
    return "{ \"median\": "
        + number(Figures.median(rounds))
        + ", \"rounds\": "
        + rounds.stream().map(ComparisonJson::number).collect(Collectors.joining(", ", "[", "] }"));
  }

  private String goal(Goal goal) {
    return "    { \"goal\": "
        + quoted(goal.text())
        + ", \"measured\": "
        + number(goal.figure(comparison.figures()))
        + ", \"reached\": "
        + goal.reached(comparison.figures()).map(String::valueOf).orElse("null")
        + " }";
  }

  private static <T> String object(
      Map<String, T> entries, String indent, Function<T, String> value) {
    return entries.entrySet().stream()
        .map(entry -> indent + "  " + quoted(entry.getKey()) + ": " + value.apply(entry.getValue()))
        .collect(Collectors.joining(",\n", "{\n", "\n" + indent + "}"));
  }

  private static String number(double figure) {
    return Double.isFinite(figure) ? Double.toString(figure) : "null";
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
