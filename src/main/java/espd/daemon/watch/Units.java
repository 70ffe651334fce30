package espd.daemon.watch;

import java.util.Locale;

/// Figures as people read them, short.
final class Units {

  private static final String PREFIXES = " kMGTPE";

  private Units() {}

  /// {@return `1.43 M` for 1,430,000}
  ///
  /// @param value at least 0
  static String scaled(double value) {
    int step = 0;
    double rest = value;
    while (rest >= 999.5 && step < PREFIXES.length() - 1) {
      rest /= 1000;
      step++;
    }
    boolean whole = step == 0 && rest == Math.rint(rest);
    int digits = whole || rest >= 99.5 ? 0 : rest >= 9.95 ? 1 : 2;
    String prefix = step == 0 ? "" : "" + PREFIXES.charAt(step);
    return String.format(Locale.ROOT, "%." + digits + "f %s", rest, prefix);
  }

  /// {@return a span in its two largest units: `2h03m`}
  static String span(long seconds) {
    if (seconds < 60) {
      return seconds + "s";
    }
    if (seconds < 3_600) {
      return String.format(Locale.ROOT, "%dm%02ds", seconds / 60, seconds % 60);
    }
    if (seconds < 86_400) {
      return String.format(Locale.ROOT, "%dh%02dm", seconds / 3_600, seconds % 3_600 / 60);
    }
    return String.format(Locale.ROOT, "%dd%02dh", seconds / 86_400, seconds % 86_400 / 3_600);
  }

  /// {@return a text of a peer without what a terminal would obey}
  static String harmless(String text) {
    return text.replaceAll("\\p{C}", "?");
  }
}
