package espd.metrics;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A strict reader of Prometheus's text format 0.0.4: what it takes, a scraper takes.
///
/// @param types from the family's name to its TYPE
/// @param samples from the sample's line up to the figure, to the figure
record Exposition(Map<String, String> types, Map<String, Double> samples) {

  private static final Pattern SAMPLE =
      Pattern.compile(
          "([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{(?:[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\\n"
              + "]|\\\\[\\\\\"n])*\",?)*})? (NaN|[+-]?Inf|[-+0-9.eE]+)");

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");

  private static final List<String> SUFFIXES = List.of("", "_sum", "_count", "_bucket", "_max");

  /// {@return the page read}
  ///
  /// @throws AssertionError names the line that breaks the format
  static Exposition read(String page) {
    Map<String, String> types = new LinkedHashMap<>();
    Map<String, Double> samples = new LinkedHashMap<>();
    Set<String> helps = new HashSet<>();
    List<String> family = new ArrayList<>(List.of(""));
    require(page.endsWith("\n"), "the last line has an end");
    for (String line : page.lines().toList()) {
      if (line.startsWith("# HELP ")) {
        require(helps.add(line.split(" ", 4)[2]), "HELP twice: " + line);
        require(line.split(" ", 4).length == 4, "HELP without a text: " + line);
      } else if (line.startsWith("# TYPE ")) {
        String[] words = line.split(" ", 4);
        require(types.put(words[2], words[3]) == null, "TYPE twice: " + line);
        require(NAME.matcher(words[2]).matches(), "name: " + line);
        require(words[3].equals("counter") == words[2].endsWith("_total"), "suffix: " + line);
        family.set(0, words[2]);
      } else {
        Matcher sample = SAMPLE.matcher(line);
        require(sample.matches(), "not a sample: " + line);
        require(
            SUFFIXES.stream().anyMatch(s -> sample.group(1).equals(family.getFirst() + s)),
            "not under its TYPE: " + line);
        String key = line.substring(0, sample.start(3) - 1);
        double figure = Double.parseDouble(sample.group(3).replaceAll("Inf$", "Infinity"));
        require(samples.put(key, figure) == null, "sample twice: " + line);
      }
    }
    return new Exposition(types, samples);
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new AssertionError(rule);
    }
  }
}
