package espd.daemon.racoon;

import espd.daemon.config.Source;
import espd.daemon.config.Value;
import espd.daemon.racoon.Token.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// The characters of a `racoon.conf` to [Token]s, as racoon's own lexer has it: what matches
/// longest is taken, a keyword of the section before anything of the same length.
///
/// So keywords need no blank behind them (`aes256`), and a character that is nothing by itself does
/// not end the reading: it stands in front of the next word, which its reader has to judge
/// ([Token#glued]), or vanishes before white space. `¬` where a line begins is the mark of a line
/// that was broken in print, and white space.
final class Lexer {

  /// What is no keyword, in the order in which it is taken where two are of one length.
  private enum Shape {
    PREFIX(Kind.PREFIX, "/", "/([0-9]{1,3})"),
    PORT(Kind.PORT, "[", "\\[([0-9]+)\\]"),
    RANGE(Kind.RANGE, "-", "-(" + ADDRESS_TEXT + ")"),
    NUMBER(Kind.NUMBER, DIGITS, "([0-9]+)"),
    HEX(Kind.HEX, "0", "(0x[0-9A-Fa-f]+)"),
    STRING(Kind.STRING, "\"", "\"([^\"]*)\""),
    ADDRESS(Kind.ADDRESS, DIGITS + "abcdefABCDEF:", "(" + ADDRESS_TEXT + ")"),
    OPEN(Kind.OPEN, "{", "(\\{)"),
    CLOSE(Kind.CLOSE, "}", "(\\})"),
    COMMA(Kind.COMMA, ",", "(,)"),
    SEMICOLON(Kind.SEMICOLON, ";", "(;)");

    private final Kind kind;

    /// What it may begin with: most places are of none, and cost no matching.
    private final String first;

    private final Pattern pattern;

    Shape(Kind kind, String first, String pattern) {
      this.kind = kind;
      this.first = first;
      this.pattern = Pattern.compile(pattern);
    }
  }

  private static final String DIGITS = "0123456789";
  private static final String ADDRESS_TEXT = "[a-fA-F0-9:][a-fA-F0-9:.]*(?:%[a-zA-Z0-9]*)?";

  /// What may begin with each character of ASCII.
  private static final List<List<Shape>> SHAPES =
      IntStream.range(0, 128).mapToObj(Lexer::beginningWith).toList();

  private static List<Shape> beginningWith(int character) {
    return Arrays.stream(Shape.values()).filter(s -> s.first.indexOf(character) >= 0).toList();
  }

  private final Source source;
  private final String text;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int glued;
  private int unread;

  private Lexer(Source source) {
    this.source = source;
    this.text = source.text();
  }

  /// {@return the tokens of a file, the last one of which is its end}
  static List<Token> tokens(Source source) {
    return new Lexer(source).all();
  }

  private List<Token> all() {
    Section section = Section.TOP;
    while (at < text.length()) {
      int blanks = blanks();
      if (blanks > 0) {
        unread = unread == at ? at + blanks : unread;
        at += blanks;
        glued = at;
        continue;
      }
      Token next = longest(section);
      if (next.kind() == Kind.END) {
        at++; // Nothing by itself: it stands in front of what follows.
        continue;
      }
      tokens.add(next);
      section = section.after(next);
      glued = at;
      unread = at;
    }
    tokens.add(token(Kind.END, text.length(), text.length()));
    return tokens;
  }

  /// {@return how many characters of white space or comment stand here}
  private int blanks() {
    char here = text.charAt(at);
    if (here == '#') {
      int end = text.indexOf('\n', at);
      return (end < 0 ? text.length() : end) - at;
    }
    boolean lineBegins = at == 0 || text.charAt(at - 1) == '\n';
    return " \t\r\n".indexOf(here) >= 0 || (here == '¬' && lineBegins) ? 1 : 0;
  }

  /// {@return the token here, which is passed; the end where nothing matches}
  private Token longest(Section section) {
    String keyword = section.keywordAt(text, at);
    Kind kind = keyword.isEmpty() ? Kind.END : Kind.WORD;
    int from = at;
    int to = at + keyword.length();
    int end = to;
    char here = text.charAt(at);
    for (Shape shape : here < SHAPES.size() ? SHAPES.get(here) : List.<Shape>of()) {
      Matcher matcher = shape.pattern.matcher(text).region(at, text.length());
      if (matcher.lookingAt() && matcher.end() > end) {
        kind = shape.kind;
        from = matcher.start(1);
        to = matcher.end(1);
        end = matcher.end();
      }
    }
    Token token = token(kind, from, to);
    at = end;
    return token;
  }

  private Token token(Kind kind, int from, int to) {
    return new Token(kind, value(from, to), value(Math.min(glued, at), at), word());
  }

  private Value value(int from, int to) {
    return new Value(source, text.substring(from, to), IntStream.rangeClosed(from, to).toArray());
  }

  /// {@return what stands since the last token, up to the end of a word}
  private Value word() {
    int to = unread;
    while (to < text.length() && !isOfWord(text.charAt(to)) && to < at) {
      to++;
    }
    while (to < text.length() && isOfWord(text.charAt(to))) {
      to++;
    }
    return value(unread, Math.max(to, Math.min(unread + 1, text.length())));
  }

  private static boolean isOfWord(char character) {
    return Character.isLetterOrDigit(character) || "_.-:%".indexOf(character) >= 0;
  }
}
