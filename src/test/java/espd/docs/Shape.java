package espd.docs;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What a page shows of a command's output, as a shape: what differs from run to run (numbers,
/// times, SPIs, keys) may differ, all else may not. A line `…` stands for any lines.
///
/// A 0 is no number like others: who shows `0% packet loss` means it.
final class Shape {

  private static final String ANYTHING = "…";

  /// Each named group is one kind of what varies, or must not though it looks as if; the first that
  /// matches counts.
  private static final Pattern TOKEN =
      Pattern.compile(
          """
          (?<time>(?<![\\w:])\\d{1,2}:\\d\\d:\\d\\d(?:\\.\\d+)?(?!\\w|:\\w))\
          |(?<date>\\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) +\\d{1,2}\\b)\
          |(?<ago>\\d+ ?(?:s|second|minute|hour|day)s?(?= ago))\
          |(?<mac>(?<![\\w:])[0-9a-f]{2}(?::[0-9a-f]{2}){5}(?![\\w:]))\
          |(?<link>\\bfe80::[0-9a-f:]+)\
          |(?<address>(?<![\\w.:])[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?:/\\d+)?(?!\\w))\
          |(?<prefixed>\\b0x[0-9a-f]+)\
          |(?<hex>(?<![A-Za-z0-9])[0-9a-f]{8,}(?![A-Za-z0-9]))\
          |(?<number>(?<![A-Za-z0-9_])\\d+(?:\\.\\d+)?(?:[eE][-+]?\\d+)?)\
          |(?<blank>[ \\t]+)\
          |(?<anything>…)\
          """);

  /// The shape of a line, or of any number of any lines.
  private record Line(String shown, Optional<Pattern> pattern) {

    static Line of(String shown) {
      return new Line(
          shown, shown.equals(ANYTHING) ? Optional.empty() : Optional.of(Shape.pattern(shown)));
    }

    boolean isAnyLines() {
      return pattern.isEmpty();
    }

    boolean matches(String printed) {
      return pattern.filter(each -> each.matcher(printed).matches()).isPresent();
    }
  }

  private final List<Line> lines;

  private Shape(List<Line> lines) {
    this.lines = lines;
  }

  /// {@return the shape of all that a command prints}
  static Shape of(List<String> shown) {
    return new Shape(lines(String.join("\n", shown)).map(Line::of).toList());
  }

  /// {@return the lines of a text, without blanks at their ends and empty lines at its end}
  private static Stream<String> lines(String text) {
    return text.stripTrailing().lines().map(String::stripTrailing);
  }

  /// {@return the shape of what begins with this}
  Shape andMore() {
    return new Shape(Stream.concat(lines.stream(), Stream.of(Line.of(ANYTHING))).toList());
  }

  /// {@return the first line of the shape that what was printed has nothing for; empty when it has
  /// this shape}
  Optional<String> missingIn(String printed) {
    List<String> seen = lines(printed).toList();
    int at = 0;
    int furthest = 0;
    int lastAny = -1;
    int resume = 0;
    int next = 0;
    while (next < seen.size()) {
      if (at < lines.size() && lines.get(at).isAnyLines()) {
        lastAny = at++;
        resume = next;
      } else if (at < lines.size() && lines.get(at).matches(seen.get(next))) {
        at++;
        next++;
      } else if (lastAny >= 0) {
        at = lastAny + 1;
        next = ++resume;
      } else {
        return Optional.of(shownAt(at));
      }
      furthest = Math.max(furthest, at);
    }
    while (at < lines.size() && lines.get(at).isAnyLines()) {
      at++;
    }
    return at == lines.size() ? Optional.empty() : Optional.of(shownAt(Math.max(at, furthest)));
  }

  private String shownAt(int index) {
    return index < lines.size() ? lines.get(index).shown() : "the end of the output";
  }

  private static Pattern pattern(String line) {
    StringBuilder pattern = new StringBuilder();
    Matcher token = TOKEN.matcher(line);
    int end = 0;
    while (token.find()) {
      pattern.append(Pattern.quote(line.substring(end, token.start())));
      pattern.append(like(token, line));
      end = token.end();
    }
    return Pattern.compile(pattern.append(Pattern.quote(line.substring(end))).toString());
  }

  private static String like(Matcher token, String line) {
    String text = token.group();
    return switch (kind(token)) {
      case "time" -> "\\d{1,2}:\\d\\d:\\d\\d(?:\\.\\d+)?";
      case "date" -> "[A-Z][a-z]{2} +\\d{1,2}";
      case "ago" -> "\\d+ ?(?:s|second|minute|hour|day)s?";
      case "mac" -> "[0-9a-f]{2}(?::[0-9a-f]{2}){5}";
      case "link" -> "fe80::[0-9a-f:]+";
      case "prefixed" -> text.matches("0x0+") ? text : "0x[0-9a-f]+";
      case "hex" -> "[0-9a-f]+";
      case "number" ->
          text.matches("0+(\\.0+)?") ? "0+(?:\\.0+)?" : "\\d+(?:\\.\\d+)?(?:[eE]\\S+)?";
      case "blank" -> blank(token, line);
      case "anything" -> ".*";
      default -> Pattern.quote(text);
    };
  }

  /// Where a line begins matters, unless a number there is set flush right.
  private static String blank(Matcher token, String line) {
    boolean beginning = token.start() == 0;
    boolean number = token.end() < line.length() && Character.isDigit(line.charAt(token.end()));
    if (beginning && !number) {
      return Pattern.quote(token.group());
    }
    return beginning ? "[ \\t]*" : "[ \\t]+";
  }

  private static String kind(Matcher token) {
    return TOKEN.namedGroups().keySet().stream()
        .filter(name -> token.group(name) != null)
        .findFirst()
        .orElseThrow();
  }
}
