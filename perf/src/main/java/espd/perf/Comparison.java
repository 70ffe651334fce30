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
import java.util.Map;
import java.util.stream.Stream;

/// What `perf/compare` or `perf/handshake` measured, as tables for people. Java runs it from its
/// source, so that nothing has to be built for it.
///
/// @param against the peer that the others are divided by
/// @param facts about the run, by name
record Comparison(Figures figures, String against, Map<String, String> facts) {

  private static final double DISTURBED_PERCENT = 10;

  /// Reads lines of `PEER ROUND MEASURE FIGURE` from the input, prints the tables and writes them,
  /// the JSON and the chart.
  ///
  /// @param arguments the program that measured, as `perf/compare`; the peer to divide by; a folder
  ///   and the beginning of names in it, as `results/comparison`, for `.json`, `.md`, and of
  ///   tunnels a chart, `.svg`; the document with a [MarkedPart] of the program for the tables, or
  ///   an empty argument; then `KEY=VALUE` facts about the run
  public static void main(String[] arguments) throws IOException {
    Figures figures;
    try (BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      figures = Figures.read(input.lines().toList());
    }
    List<String> facts = Arrays.asList(arguments).subList(4, arguments.length);
    Comparison comparison = of(figures, arguments[1], facts);
    System.out.print(comparison.tables());
    Path results = Path.of(arguments[2]);
    Files.writeString(beside(results, ".md"), comparison.tables());
    Files.writeString(beside(results, ".json"), new ComparisonJson(comparison).text());
    comparison.draw(results);
    if (!arguments[3].isEmpty()) {
      Path document = Path.of(arguments[3]);
      new MarkedPart(arguments[0]).write(document, comparison.tables());
      comparison.draw(document);
    }
  }

  /// Draws the chart of tunnels; responders have none.
  private void draw(Path file) throws IOException {
    if (figures.measures().contains(Measure.TCP_1)) {
      Files.writeString(beside(file, ".svg"), new ComparisonChart(figures, against).svg());
    }
  }

  private static Path beside(Path file, String ending) {
    String name = String.valueOf(file.getFileName()).replaceFirst("\\.[^.]*$", "");
    return file.resolveSibling(name + ending);
  }

  /// {@return a comparison with this peer, or with the first one where it was not measured}
  ///
  /// @param facts `KEY=VALUE`
  static Comparison of(Figures figures, String against, List<String> facts) {
    if (figures.peers().isEmpty()) {
      throw new IllegalArgumentException("nothing was measured");
    }
    Map<String, String> named = new LinkedHashMap<>();
    for (String fact : facts) {
      String[] parts = fact.split("=", 2);
      named.put(parts[0], parts[1]);
    }
    String divisor = figures.peers().contains(against) ? against : figures.peers().getFirst();
    return new Comparison(figures, divisor, named);
  }

  /// {@return the run's facts, the medians, how many times each other peer espd is, and the goals}
  String tables() {
    StringBuilder text = new StringBuilder();
    facts.forEach(
        (name, value) -> text.append("- ").append(name).append(": ").append(value).append('\n'));
    text.append(disturbance());
    text.append("\nMedians of the rounds; in parentheses, how many times ")
        .append(against)
        .append(".\n\n")
        .append(medians());
    String quotients = quotients();
    if (!quotients.isEmpty()) {
      text.append("\nEach figure of espd divided by that of another.\n\n").append(quotients);
    }
    return text.append("\nGoals.\n\n").append(goals()).toString();
  }

  /// {@return a warning when other programs took so much CPU that the figures are worth little}
  private String disturbance() {
    double most =
        figures.peers().stream()
            .mapToDouble(peer -> figures.of(peer, Measure.DISTURBANCE))
            .filter(percent -> percent > DISTURBED_PERCENT)
            .max()
            .orElse(0);
    return most == 0
        ? ""
        : "\n**Other programs took up to "
            + MarkdownTable.rounded(most)
            + " % of a core meanwhile: these figures are disturbed.**\n";
  }

  /// {@return a row for each measure, with a column for each peer}
  String medians() {
    MarkdownTable table = new MarkdownTable(row("measure", figures.peers().stream()));
    for (Measure measure : figures.measures()) {
      table.add(row(measure.title(), figures.peers().stream().map(peer -> cell(peer, measure))));
    }
    return table.toString();
  }

  private String cell(String peer, Measure measure) {
    double ratio = figures.ratio(peer, against, measure);
    String times = Double.isNaN(ratio) ? "" : " (" + MarkdownTable.rounded(ratio) + ")";
    return MarkdownTable.rounded(figures.of(peer, measure)) + times;
  }

  /// {@return a row for each measure, with a column for each peer of espd and each other one; empty
  /// when there are not both}
  String quotients() {
    List<Pair> pairs = pairs();
    if (pairs.isEmpty()) {
      return "";
    }
    MarkdownTable table = new MarkdownTable(row("measure", pairs.stream().map(Pair::heading)));
    for (Measure measure : figures.measures()) {
      if (measure.better() != Measure.Better.NEITHER) {
        table.add(
            row(
                measure.title(),
                pairs.stream()
                    .map(pair -> figures.ratio(pair.peer, pair.other, measure))
                    .map(MarkdownTable::rounded)));
      }
    }
    return table.toString();
  }

  private List<Pair> pairs() {
    List<Pair> pairs = new ArrayList<>();
    for (String peer : figures.peers()) {
      for (String other : figures.peers()) {
        if (peer.startsWith("espd") && !other.startsWith("espd")) {
          pairs.add(new Pair(peer, other));
        }
      }
    }
    return pairs;
  }

  private record Pair(String peer, String other) {
    String heading() {
      return peer + " / " + other;
    }
  }

  /// {@return a row for each goal: what was measured, and whether that reaches it}
  String goals() {
    MarkdownTable table = new MarkdownTable(List.of("goal", "measured", "reached"));
    for (Goal goal : Goal.of(figures)) {
      String reached = goal.reached(figures).map(yes -> yes ? "yes" : "no").orElse("not measured");
      table.add(List.of(goal.text(), MarkdownTable.rounded(goal.figure(figures)), reached));
    }
    return table.toString();
  }

  private static List<String> row(String first, Stream<String> others) {
    return Stream.concat(Stream.of(first), others).toList();
  }
}
