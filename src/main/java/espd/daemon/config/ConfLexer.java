package espd.daemon.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The lines of an `ipsec.conf`: what strongSwan's starter and Openswan both accept, and more of
/// each where they differ.
///
/// - A `#` outside quotes starts a comment, except in the id `@#…`.
/// - A backslash before a line's end, and the sign `¬` at the start of the next line, continue a
///   line.
/// - Words of a value are joined with one blank; `"…"` may span lines and knows `\n`, `\r`, `\t`
///   and `\"`; `{…}` is a value of several words.
final class ConfLexer {

  /// The sign of a line broken by typography.
  private static final char CONTINUED = '¬';

  private final Source source;
  private final String text;
  private int at;

  ConfLexer(Source source) {
    this.source = source;
    this.text = source.text();
    if (text.startsWith("\ufeff")) {
      at = 1;
    }
  }

  /// One line that says something.
  ///
  /// @param indented whether blanks stand before it
  /// @param words those before the `=`, or all when there is none
  /// @param assigned whether there is a `=`
  /// @param value what stands behind the `=`
  record Line(boolean indented, List<Value> words, boolean assigned, Optional<Value> value) {}

  /// {@return the next line that is neither empty nor a comment, or nothing at the end}
  ///
  /// @throws Unreadable when a quotation has no end; reading can go on
  Optional<Line> next() throws Unreadable {
    while (at < text.length()) {
      int start = at;
      skipBlanks();
      boolean indented = at > start;
      if (atLineEnd()) {
        skipLineEnd();
        continue;
      }
      List<Value> words = new ArrayList<>();
      while (!atLineEnd() && text.charAt(at) != '=') {
        words.add(word("= \t\r\n\""));
        skipBlanks();
      }
      boolean assigned = at < text.length() && text.charAt(at) == '=';
      Optional<Value> value = Optional.empty();
      if (assigned) {
        at++;
        value = value();
      }
      skipLineEnd();
      return Optional.of(new Line(indented, words, assigned, value));
    }
    return Optional.empty();
  }

  private Optional<Value> value() throws Unreadable {
    Characters all = new Characters();
    skipBlanks();
    while (!atLineEnd()) {
      if (!all.isEmpty()) {
        all.add(' ', at - 1);
      }
      if (text.charAt(at) == '{') {
        braces(all);
      } else {
        all.add(word(" \t\r\n\""));
      }
      skipBlanks();
    }
    return all.isEmpty() ? Optional.empty() : Optional.of(all.toValue());
  }

  private void braces(Characters into) throws Unreadable {
    int open = at;
    int close = text.indexOf('}', open);
    int end = text.indexOf('\n', open);
    if (close < 0 || (end >= 0 && end < close)) {
      at = end < 0 ? text.length() : end;
      throw new Unreadable(source.place(open), "{ without }", "} on the same line");
    }
    for (int i = open + 1; i < close; i++) {
      into.add(text.charAt(i), i);
    }
    at = close + 1;
  }

  private Value word(String ends) throws Unreadable {
    Characters word = new Characters();
    if (text.charAt(at) == '"') {
      quotation(word);
      return word.toValue();
    }
    while (at < text.length() && ends.indexOf(text.charAt(at)) < 0 && !continued()) {
      if (text.charAt(at) == '#' && (word.isEmpty() || word.last() != '@')) {
        break;
      }
      word.add(text.charAt(at), at++);
    }
    return word.toValue();
  }

  private void quotation(Characters into) throws Unreadable {
    int open = at++;
    while (at < text.length() && text.charAt(at) != '"') {
      char c = text.charAt(at);
      int escape = c == '\\' && at + 1 < text.length() ? "nrt\"".indexOf(text.charAt(at + 1)) : -1;
      if (escape >= 0) {
        into.add("\n\r\t\"".charAt(escape), at);
        at += 2;
      } else if (continued()) {
        skipContinuation();
      } else {
        into.add(c, at++);
      }
    }
    if (at >= text.length()) {
      throw new Unreadable(source.place(open), "a quotation without end", "\" at its end");
    }
    at++;
    into.end(at);
  }

  private void skipBlanks() {
    while (at < text.length()) {
      if (continued()) {
        skipContinuation();
      } else if (" \t\r".indexOf(text.charAt(at)) >= 0) {
        at++;
      } else {
        return;
      }
    }
  }

  /// {@return whether a line end stands here that does not end the line}
  private boolean continued() {
    int lineEnd = text.charAt(at) == '\\' ? at + 1 : at;
    if (text.startsWith("\r\n", lineEnd)) {
      lineEnd++;
    }
    if (lineEnd >= text.length() || text.charAt(lineEnd) != '\n') {
      return false;
    }
    return text.charAt(at) == '\\'
        || (lineEnd + 1 < text.length() && text.charAt(lineEnd + 1) == CONTINUED);
  }

  private void skipContinuation() {
    at = text.indexOf('\n', at) + 1;
    if (at < text.length() && text.charAt(at) == CONTINUED) {
      at++;
    }
  }

  private boolean atLineEnd() {
    return at >= text.length() || text.charAt(at) == '\n' || text.charAt(at) == '#';
  }

  private void skipLineEnd() {
    do {
      int end = text.indexOf('\n', at);
      at = end < 0 ? text.length() : end + 1;
    } while (at < text.length() && text.charAt(at) == CONTINUED);
  }

  /// Characters with their offsets, growing.
  private final class Characters {

    private final StringBuilder characters = new StringBuilder();
    private final List<Integer> offsets = new ArrayList<>();
    private int end = at;

    void add(char c, int offset) {
      characters.append(c);
      offsets.add(offset);
      end = offset + 1;
    }

    void add(Value word) {
      for (int i = 0; i < word.text().length(); i++) {
        add(word.text().charAt(i), word.offset(i));
      }
    }

    void end(int offset) {
      end = offset;
    }

    boolean isEmpty() {
      return characters.isEmpty();
    }

    char last() {
      return characters.charAt(characters.length() - 1);
    }

    Value toValue() {
      int[] at = new int[offsets.size() + 1];
      for (int i = 0; i < offsets.size(); i++) {
        at[i] = offsets.get(i);
      }
      at[offsets.size()] = end;
      return new Value(source, characters.toString(), at);
    }
  }
}
