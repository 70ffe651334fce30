package espd.ike;

import java.util.regex.Pattern;

/// Text of a peer's choosing, as people may be shown it.
public final class Printable {

  /// Controls of ASCII and above it, what has no width, and separators of lines and paragraphs.
  private static final Pattern DISTURBING = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

  private Printable() {}

  /// {@return the text with a `?` for each character that could disturb a terminal or a log}
  public static String of(String text) {
    return DISTURBING.matcher(text).replaceAll("?");
  }
}
