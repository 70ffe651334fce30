package espd.daemon.setkey;

import espd.daemon.setkey.Token.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/// The words of setkey's language. Of what could stand at a place the longest is taken; a `¬` at
/// the start of a line, with which books show that a line goes on, is white space.
final class SetkeyLexer {

  private static final Set<String> RESERVED =
      Set.of(
          "add",
          "delete",
          "deleteall",
          "get",
          "flush",
          "dump",
          "exit",
          "quit",
          "bye",
          "spdadd",
          "spdupdate",
          "spddelete",
          "spddump",
          "spdflush",
          "tagged",
          "ah",
          "esp",
          "ah-old",
          "esp-old",
          "esp-udp",
          "ipcomp",
          "tcp",
          "any",
          "transport",
          "tunnel",
          "oui",
          "deflate",
          "lzs",
          "random-pad",
          "seq-pad",
          "zero-pad",
          "nocyclic-seq");

  private static final Set<String> FLAGS =
      Set.of(
          "-P", "-A", "-E", "-C", "-R", "-m", "-u", "-f", "-r", "-lh", "-ls", "-bh", "-bs", "-ctx");

  private static final int NOT_SIGN = 0xac;
  private static final int UTF8_LEAD = 0xc2;

  private final byte[] octets;
  private int at;
  private int line = 1;
  private int lineStart;
  private boolean inPolicy;
  private boolean algorithmNext;

  /// @param octets borrowed; not changed
  SetkeyLexer(byte[] octets) {
    this.octets = octets;
  }

  /// {@return the text of a token that is no key}
  String text(Token token) {
    return text(token.from(), token.to());
  }

  private String text(int from, int to) {
    return new String(octets, from, to - from, StandardCharsets.ISO_8859_1);
  }

  /// {@return the octet at `index`}
  byte octet(int index) {
    return octets[index];
  }

  /// {@return the next word; at the end of the text one of kind [Kind#EOF] for ever}
  ///
  /// @throws SetkeyException when a character begins none
  Token next() throws SetkeyException {
    if (inPolicy) {
      int end = policyEnd(at);
      if (end > at) {
        return policy(end);
      }
    }
    skipBlanks();
    if (at == octets.length) {
      return token(Kind.EOF, at);
    }
    boolean algorithm = algorithmNext;
    algorithmNext = false;
    char c = character(at);
    return switch (c) {
      case ';' -> {
        inPolicy = false;
        yield token(Kind.END, at + 1);
      }
      case '/' -> token(Kind.SLASH, at + 1);
      case '[' -> token(Kind.OPEN, at + 1);
      case ']' -> token(Kind.CLOSE, at + 1);
      case '"' -> quoted();
      case '-' -> flag();
      default -> word(algorithm);
    };
  }

  private Token token(Kind kind, int end) {
    Token token = new Token(kind, at, end, line, at - lineStart + 1);
    at = end;
    return token;
  }

  private Token policy(int end) {
    int from = at;
    int column = from - lineStart + 1;
    for (; at < end; at++) {
      countLine();
    }
    return new Token(Kind.POLICY, from, end, line, column);
  }

  private int policyEnd(int from) {
    int end = from;
    while (end < octets.length) {
      char c = character(end);
      boolean first = isLetterOrDigit(c) || ":.-_/ \n\t".indexOf(c) >= 0;
      if (!first && (end == from || "%+][".indexOf(c) < 0) && continuation(end) == 0) {
        break;
      }
      end++;
    }
    return end;
  }

  private void skipBlanks() {
    while (at < octets.length) {
      char c = character(at);
      if (c == '#') {
        while (at < octets.length && octets[at] != '\n') {
          at++;
        }
      } else if (c == ' ' || c == '\t' || c == '\n') {
        countLine();
        at++;
      } else if (continuation(at) > 0) {
        at += continuation(at);
      } else {
        return;
      }
    }
  }

  private void countLine() {
    if (octets[at] == '\n') {
      line++;
      lineStart = at + 1;
    }
  }

  /// {@return how many octets a `¬` at the start of a line has here, in UTF-8 or ISO 8859-1; 0 for
  /// none}
  private int continuation(int index) {
    int start = index;
    if (start > 0 && character(start) == NOT_SIGN && character(start - 1) == UTF8_LEAD) {
      start--;
    }
    if (start > 0 && octets[start - 1] != '\n') {
      return 0;
    }
    boolean utf8 =
        character(start) == UTF8_LEAD
            && start + 1 < octets.length
            && character(start + 1) == NOT_SIGN;
    return utf8 ? start + 2 - index : character(start) == NOT_SIGN ? 1 : 0;
  }

  private Token quoted() throws SetkeyException {
    int close = at + 1;
    while (close < octets.length && octets[close] != '"') {
      close++;
    }
    if (close == octets.length) {
      throw unknown("a quotation without end", "the second quote of a key");
    }
    Token token = token(Kind.QUOTED, close + 1);
    for (int i = token.from(); i < token.to(); i++) {
      if (octets[i] == '\n') {
        line++;
        lineStart = i + 1;
      }
    }
    return token;
  }

  private Token flag() throws SetkeyException {
    int family = at + 1;
    while (family < octets.length && "n46".indexOf(character(family)) >= 0) {
      family++;
    }
    if (family > at + 1) {
      return token(Kind.FAMILY, family);
    }
    Optional<String> flag =
        FLAGS.stream().filter(this::isHere).max((a, b) -> a.length() - b.length());
    if (flag.isEmpty()) {
      throw unknown("\"-\"", "an option of the statement, such as -m or -E");
    }
    inPolicy = flag.get().equals("-P");
    algorithmNext = flag.get().equals("-A") || flag.get().equals("-E");
    return token(Kind.FLAG, at + flag.get().length());
  }

  private boolean isHere(String text) {
    return at + text.length() <= octets.length && text(at, at + text.length()).equals(text);
  }

  private Token word(boolean algorithm) throws SetkeyException {
    int end = span(at, ":%.-");
    int numbers = at;
    while (numbers < octets.length && (isDigit(character(numbers)) || octets[numbers] == ',')) {
      numbers++;
    }
    if (numbers > end) {
      return token(Kind.WORD, numbers);
    }
    char c = character(at);
    if (!isLetterOrDigit(c) && c != ':') {
      throw unknown(shown(c), "a word, a number, an address or ;");
    }
    return token(kind(at, end, algorithm), end);
  }

  private int span(int from, String others) {
    int end = from;
    while (end < octets.length
        && (isLetterOrDigit(character(end)) || others.indexOf(character(end)) >= 0)) {
      end++;
    }
    return end;
  }

  private Kind kind(int from, int end, boolean algorithm) {
    int digits = from;
    while (digits < end && isDigit(character(digits))) {
      digits++;
    }
    if (digits == end) {
      return Kind.DECIMAL;
    }
    if (isHex(from, end)) {
      return Kind.HEX;
    }
    // Longer than any word that means something by itself: what is so long may be a key.
    String text = text(from, Math.min(end, from + 32));
    if (algorithm && (Algorithms.isEncryption(text) || Algorithms.isAuthentication(text))) {
      return Kind.ALGORITHM;
    }
    return RESERVED.contains(text) ? Kind.RESERVED : Kind.WORD;
  }

  private boolean isHex(int from, int end) {
    if (end - from < 3 || octets[from] != '0' || (octets[from + 1] | 0x20) != 'x') {
      return false;
    }
    for (int i = from + 2; i < end; i++) {
      if (Character.digit(character(i), 16) < 0) {
        return false;
      }
    }
    return true;
  }

  private SetkeyException unknown(String read, String expected) {
    String c = String.valueOf(character(at));
    return new SetkeyException(
        new Fault(line, at - lineStart + 1, line, Fault.LEXICAL, c, read, expected));
  }

  private static String shown(char c) {
    return c < ' ' || c > '~' ? "the octet 0x%02x".formatted((int) c) : "\"" + c + "\"";
  }

  private char character(int index) {
    return (char) (octets[index] & 0xff);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isLetterOrDigit(char c) {
    return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }
}
