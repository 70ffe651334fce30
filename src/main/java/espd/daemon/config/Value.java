package espd.daemon.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// A piece of text read from a file, each character with its offset there, so that an error in the
/// middle of a value is shown where it stands.
public final class Value {

  private final Places source;
  private final String text;
  private final int[] offsets;

  /// Where the octets or characters of a file stand.
  @FunctionalInterface
  public interface Places {

    /// {@return the place of an offset in the file}
    Place place(int offset);
  }

  /// @param offsets of each character, and one more for the end
  public Value(Places source, String text, int[] offsets) {
    this.source = source;
    this.text = text;
    this.offsets = offsets;
  }

  /// {@return the text}
  public String text() {
    return text;
  }

  /// {@return the text in lower case}
  public String lower() {
    return text.toLowerCase(Locale.ROOT);
  }

  /// {@return whether there is no text}
  public boolean isEmpty() {
    return text.isEmpty();
  }

  /// {@return the path that the text is, from `folder` unless absolute}
  ///
  /// @throws Unreadable when it is no path
  public Path path(Path folder) throws Unreadable {
    try {
      return folder.resolve(text);
    } catch (InvalidPathException e) {
      throw new Unreadable(this, "a path");
    }
  }

  /// {@return the text as messages show it, cut where it is long}
  public String quoted() {
    String shown = text.length() > 60 ? text.substring(0, 60) + "…" : text;
    return "\"" + shown.replaceAll("\\p{Cntrl}", "?") + "\"";
  }

  /// {@return where it begins}
  public Place place() {
    return place(0);
  }

  /// {@return where the character at `index` stands}
  public Place place(int index) {
    return source.place(offsets[Math.min(index, offsets.length - 1)]);
  }

  /// {@return the offset in the file of the character at `index`}
  public int offset(int index) {
    return offsets[index];
  }

  /// {@return the part from `from` to before `to`}
  public Value part(int from, int to) {
    return new Value(source, text.substring(from, to), Arrays.copyOfRange(offsets, from, to + 1));
  }

  /// {@return the part from `from` to the end}
  public Value from(int from) {
    return part(from, text.length());
  }

  /// {@return the parts between any of `separators`, blanks around each dropped, empty ones kept}
  public List<Value> split(String separators) {
    List<Value> parts = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= text.length(); i++) {
      if (i == text.length() || separators.indexOf(text.charAt(i)) >= 0) {
        parts.add(part(start, i).strip());
        start = i + 1;
      }
    }
    return parts;
  }

  /// {@return the words between blanks and commas}
  public List<Value> words() {
    return split(" \t\r\n,").stream().filter(word -> !word.isEmpty()).toList();
  }

  private Value strip() {
    int from = 0;
    int to = text.length();
    while (from < to && Character.isWhitespace(text.charAt(from))) {
      from++;
    }
    while (to > from && Character.isWhitespace(text.charAt(to - 1))) {
      to--;
    }
    return part(from, to);
  }

  /// {@return nothing but the text}
  @Override
  public String toString() {
    return text;
  }
}
