package espd.daemon.config;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Values of one word: truth, numbers, amounts, times, percentages.
final class Units {

  private static final long LONGEST_SECONDS = Duration.ofDays(3650).toSeconds();

  private static final Pattern VOLUME = Pattern.compile("(\\d{1,18})\\s*((?:[kmgt](?:ib)?)?)");
  private static final long MOST_VOLUME = 1L << 60;

  private Units() {}

  static boolean truth(Value value) throws Unreadable {
    return switch (value.lower()) {
      case "yes", "y", "true", "on", "1" -> true;
      case "no", "n", "false", "off", "0" -> false;
      default -> throw new Unreadable(value, "yes or no");
    };
  }

  /// {@return a time: a number and `s`, `m`, `h`, `d` or `w`; seconds where nothing follows}
  static Duration time(Value value) throws Unreadable {
    String expected = "a time: a number and s, m, h, d or w, as 3600s or 8h, at most 10 years";
    String text = value.lower();
    long unit = 1;
    if (!text.isEmpty() && "smhdw".indexOf(text.charAt(text.length() - 1)) >= 0) {
      unit =
          switch (text.charAt(text.length() - 1)) {
            case 'm' -> 60;
            case 'h' -> 3600;
            case 'd' -> 86400;
            case 'w' -> 7 * 86400;
            default -> 1;
          };
      text = text.substring(0, text.length() - 1).strip();
    }
    if (!text.matches("\\d{1,9}") || Long.parseLong(text) * unit > LONGEST_SECONDS) {
      throw new Unreadable(value, expected);
    }
    return Duration.ofSeconds(Long.parseLong(text) * unit);
  }

  /// {@return an amount of octets or packets: a number and `k`, `m`, `g` or `t` for 2^10 to 2^40,
  /// as swanctl.conf has them; `KiB` is libreswan's `k`}
  static long volume(Value value) throws Unreadable {
    String expected = "a number up to 2^60, with k, m, g or t for 2^10, 2^20, 2^30 or 2^40";
    Matcher matcher = VOLUME.matcher(value.lower());
    if (!matcher.matches()) {
      throw new Unreadable(value, expected);
    }
    int shift =
        10 * (1 + "kmgt".indexOf(matcher.group(2).isEmpty() ? '-' : matcher.group(2).charAt(0)));
    long number = Long.parseLong(matcher.group(1));
    if (number > MOST_VOLUME >> shift) {
      throw new Unreadable(value, expected);
    }
    return number << shift;
  }

  /// {@return a whole number from `least` to `most`}
  static int number(Value value, int least, int most) throws Unreadable {
    String expected = "a number from " + least + " to " + most;
    if (!value.text().matches("\\d{1,9}")) {
      throw new Unreadable(value, expected);
    }
    int number = Integer.parseInt(value.text());
    if (number < least || number > most) {
      throw new Unreadable(value, expected);
    }
    return number;
  }

  /// {@return a percentage: `N%`, or `N` alone}
  static int percent(Value value) throws Unreadable {
    if (!value.text().matches("\\d{1,4}%?")) {
      throw new Unreadable(value, "a percentage, as 100%");
    }
    return Integer.parseInt(value.text().replace("%", ""));
  }

  /// {@return how often to try; `%forever` is 0}
  static int tries(Value value) throws Unreadable {
    if (value.lower().equals("%forever")) {
      return 0;
    }
    if (!value.text().matches("\\d{1,6}")) {
      throw new Unreadable(value, "a number of attempts, or 0 for ever");
    }
    return Integer.parseInt(value.text());
  }
}
