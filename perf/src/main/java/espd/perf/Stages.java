package espd.perf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What `perf/bench` measured of single stages, as a table for people. Java runs it from its
/// source.
///
/// @param rows in the order in which they were measured
record Stages(List<Row> rows) {

  private static final String GARBAGE = ":gc.alloc.rate.norm";
  private static final String PARAMETER = "Param: ";

  /// A benchmark with its parameters.
  ///
  /// @param name such as `Spd.somePolicy`
  /// @param parameters such as `policies=10`
  /// @param nanos the time of one packet, or NaN
  /// @param error half the width of the time's 99.9 % confidence interval, or NaN
  /// @param octets that one packet leaves to the garbage collector, or NaN
  record Row(String name, String parameters, double nanos, double error, double octets) {}

  /// Prints the table and writes it.
  ///
  /// @param arguments JMH's results as CSV; the file for the table; the document with a
  ///   [MarkedPart] for it, or an empty argument; then `KEY=VALUE` facts about the run
  public static void main(String[] arguments) throws IOException {
    StringBuilder text = new StringBuilder();
    for (String fact : List.of(arguments).subList(3, arguments.length)) {
      text.append("- ").append(fact.replaceFirst("=", ": ")).append('\n');
    }
    text.append('\n').append(read(Files.readAllLines(Path.of(arguments[0]))).table());
    System.out.print(text);
    Files.writeString(Path.of(arguments[1]), text);
    if (!arguments[2].isEmpty()) {
      new MarkedPart("perf/bench").write(Path.of(arguments[2]), text.toString());
    }
  }

  /// {@return the rows of JMH's CSV: the garbage of a benchmark follows it as a row of its own}
  static Stages read(List<String> csv) {
    Map<String, Row> rows = new LinkedHashMap<>();
    List<String> heading = csv.isEmpty() ? List.of() : cells(csv.getFirst());
    for (String line : csv.subList(Math.min(1, csv.size()), csv.size())) {
      List<String> cells = cells(line);
      String benchmark = cells.getFirst().replaceFirst(":.*", "");
      String name = benchmark.replaceFirst(".*\\.(\\w+)Benchmark\\.", "$1.");
      String parameters = parameters(heading, cells);
      double score = number(cells.get(heading.indexOf("Score")));
      if (cells.getFirst().equals(benchmark)) {
        double error = number(cells.get(heading.indexOf("Score Error (99.9%)")));
        rows.put(name + ' ' + parameters, new Row(name, parameters, score, error, Double.NaN));
      } else if (cells.getFirst().endsWith(GARBAGE)) {
        rows.computeIfPresent(
            name + ' ' + parameters,
            (key, row) -> new Row(name, parameters, row.nanos, row.error, score));
      }
    }
    return new Stages(List.copyOf(rows.values()));
  }

  private static String parameters(List<String> heading, List<String> cells) {
    List<String> parameters = new ArrayList<>();
    for (int i = 0; i < cells.size(); i++) {
      if (heading.get(i).startsWith(PARAMETER) && !cells.get(i).isEmpty()) {
        parameters.add(heading.get(i).substring(PARAMETER.length()) + "=" + cells.get(i));
      }
    }
    return String.join(" ", parameters);
  }

  /// JMH quotes texts, and no cell of ours has a comma or a quotation mark.
  private static List<String> cells(String line) {
    List<String> cells = new ArrayList<>();
    for (String cell : line.split(",", -1)) {
      cells.add(cell.replace("\"", ""));
    }
    return cells;
  }

  private static double number(String text) {
    return text.isEmpty() ? Double.NaN : Double.parseDouble(text);
  }

  /// {@return a row for each benchmark and its parameters}
  String table() {
    MarkdownTable table =
        new MarkdownTable(List.of("stage and parameters", "ns a packet", "±", "octets of garbage"));
    for (Row row : rows) {
      table.add(
          List.of(
              (row.name + " " + row.parameters).strip(),
              MarkdownTable.rounded(row.nanos),
              MarkdownTable.rounded(row.error),
              MarkdownTable.rounded(row.octets)));
    }
    return table.toString();
  }
}
