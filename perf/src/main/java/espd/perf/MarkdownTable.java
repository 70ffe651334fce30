package espd.perf;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A table that people read as it is, in a terminal, and Markdown as well: the first column to the
/// left, the others to the right.
final class MarkdownTable {

  private final List<List<String>> rows = new ArrayList<>();

  /// Makes a table with these headings.
  MarkdownTable(List<String> headings) {
    rows.add(List.copyOf(headings));
  }

  /// Adds a row with a cell for each heading.
  void add(List<String> cells) {
    rows.add(List.copyOf(cells));
  }

  @Override
  public String toString() {
    int columns = rows.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    StringBuilder text = new StringBuilder();
    line(text, rows.getFirst(), widths);
    rule(text, widths);
    for (List<String> row : rows.subList(1, rows.size())) {
      line(text, row, widths);
    }
    return text.toString();
  }

  private static void line(StringBuilder text, List<String> row, int[] widths) {
    for (int i = 0; i < widths.length; i++) {
      String gap = " ".repeat(widths[i] - row.get(i).length());
      text.append("| ").append(i == 0 ? row.get(i) + gap : gap + row.get(i)).append(' ');
    }
    text.append("|\n");
  }

  private static void rule(StringBuilder text, int[] widths) {
    for (int i = 0; i < widths.length; i++) {
      text.append('|').append("-".repeat(widths[i] + 1)).append(i == 0 ? '-' : ':');
    }
    text.append("|\n");
  }

  /// {@return a figure with three digits, or a dash for none}
  static String rounded(double figure) {
    if (Double.isNaN(figure)) {
      return "-";
    }
    double size = Math.abs(figure);
    int decimals = size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2;
    return String.format(Locale.ROOT, "%." + decimals + "f", figure);
  }
}
