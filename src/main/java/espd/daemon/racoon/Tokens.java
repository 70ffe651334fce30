package espd.daemon.racoon;

import espd.daemon.config.Findings;
import espd.daemon.config.Place;
import espd.daemon.config.Source;
import espd.daemon.config.Unreadable;
import espd.daemon.config.Value;
import espd.daemon.racoon.Token.Kind;
import espd.spd.Ipv6Address;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/// The tokens of a file, taken one after the other. What stands before a token and is nothing by
/// itself does to it what it does in racoon: nothing to a keyword, a number becomes 0, and an
/// address or a string cannot be read.
final class Tokens {

  private static final int MOST_DIGITS = 9;

  private final Source source;
  private final Findings findings;
  private final List<Token> tokens;
  private int at;

  Tokens(Source source, Findings findings) {
    this.source = source;
    this.findings = findings;
    this.tokens = Lexer.tokens(source);
  }

  Source source() {
    return source;
  }

  Token peek() {
    return tokens.get(at);
  }

  /// {@return the next one, which is passed; the end again and again}
  Token next() {
    Token next = peek();
    at = Math.min(at + 1, tokens.size() - 1);
    return next;
  }

  boolean isAt(Kind kind) {
    return peek().kind() == kind;
  }

  /// {@return whether this stands here, which is passed then}
  boolean accept(Kind kind) {
    boolean here = isAt(kind);
    if (here) {
      next();
    }
    return here;
  }

  /// {@return whether this keyword stands here, which is passed then}
  boolean accept(String keyword) {
    boolean here = peek().is(keyword);
    if (here) {
      next();
    }
    return here;
  }

  /// {@return the next one}
  ///
  /// @throws Unreadable when it is something else
  Token expect(Kind kind, String expected) throws Unreadable {
    if (!isAt(kind)) {
      throw unexpected(expected);
    }
    return next();
  }

  /// {@return the next one, one of these keywords}
  Value keyword(List<String> keywords) throws Unreadable {
    if (!isAt(Kind.WORD) || !keywords.contains(peek().text())) {
      throw unexpected(String.join(", ", keywords));
    }
    return next().value();
  }

  /// {@return that what stands here is not what was expected}
  Unreadable unexpected(String expected) {
    Token here = peek();
    boolean alone = here.word().offset(0) + 1 >= here.value().offset(0);
    return switch (here.kind()) {
      case END -> new Unreadable(here.place(), "the end of the file", expected);
      case STRING -> new Unreadable(alone ? here.value() : here.word(), expected);
      default -> new Unreadable(here.word(), expected);
    };
  }

  /// Passes the end of a statement.
  void end() throws Unreadable {
    expect(Kind.SEMICOLON, "; at the end of the statement");
  }

  /// Passes what is left of a statement that cannot be read: up to its semicolon or block, or to
  /// where the block around it ends.
  void skip() {
    int depth = 0;
    while (!isAt(Kind.END)) {
      Kind kind = peek().kind();
      if (kind == Kind.CLOSE && depth == 0) {
        return;
      }
      next();
      depth += kind == Kind.OPEN ? 1 : kind == Kind.CLOSE ? -1 : 0;
      if (depth == 0 && (kind == Kind.SEMICOLON || kind == Kind.CLOSE)) {
        return;
      }
    }
  }

  /// {@return `on` or `yes`, `off` or `no` as `on` and `off`}
  Value onOff() throws Unreadable {
    return keyword(List.of("on", "off", "yes", "no"));
  }

  /// {@return whether a word is `on` or `yes`}
  static boolean isOn(Value word) {
    return word.text().equals("on") || word.text().equals("yes");
  }

  /// {@return a number from 0 to 999,999,999}
  int number(String expected) throws Unreadable {
    Token number = expect(Kind.NUMBER, expected);
    if (!number.glued().isEmpty()) {
      findings.warn(
          number.glued().place(),
          "%s before a number makes it 0, as in racoon".formatted(number.glued().quoted()));
      return 0;
    }
    if (number.text().length() > MOST_DIGITS) {
      throw new Unreadable(number.value(), expected);
    }
    return Integer.parseInt(number.text());
  }

  /// {@return a string}
  Value string(String expected) throws Unreadable {
    return clean(expect(Kind.STRING, expected), expected).value();
  }

  /// {@return an address, of IPv6 or IPv4}
  Ipv6Address address(String expected) throws Unreadable {
    Token token = clean(expect(Kind.ADDRESS, expected), expected);
    return address(token.value(), expected);
  }

  static Ipv6Address address(Value value, String expected) throws Unreadable {
    String text = value.text();
    try {
      return text.indexOf(':') < 0 ? Ipv6Address.parseIpv4(text) : Ipv6Address.parse(text);
    } catch (IllegalArgumentException e) {
      throw new Unreadable(value, expected);
    }
  }

  private Token clean(Token token, String expected) throws Unreadable {
    if (!token.glued().isEmpty()) {
      throw new Unreadable(token.word(), expected);
    }
    return token;
  }

  /// {@return the port in brackets, where one stands here}
  OptionalInt port() throws Unreadable {
    if (!isAt(Kind.PORT)) {
      return OptionalInt.empty();
    }
    Token port = next();
    boolean fits = port.text().length() <= 5 && Integer.parseInt(port.text()) <= 65_535;
    if (!fits) {
      throw new Unreadable(port.value(), "a port from 0 to 65535");
    }
    return OptionalInt.of(Integer.parseInt(port.text()));
  }

  /// {@return `24 hour`}
  Duration time() throws Unreadable {
    Place place = peek().place();
    int number = number("a number and a unit of time");
    Value unit =
        keyword(
            List.of(
                "sec", "secs", "second", "seconds", "min", "mins", "minute", "minutes", "hour",
                "hours"));
    Duration time =
        switch (unit.text().charAt(0)) {
          case 's' -> Duration.ofSeconds(number);
          case 'm' -> Duration.ofMinutes(number);
          default -> Duration.ofHours(number);
        };
    if (time.isZero() || time.toSeconds() > Integer.MAX_VALUE) {
      throw new Unreadable(place, number + " " + unit, "a time of at least a second");
    }
    return time;
  }

  /// {@return `lifetime time 24 hour;` behind its first word}
  Duration lifetime() throws Unreadable {
    if (peek().is("byte")) {
      throw unexpected("time (byte lifetime support is deprecated)");
    }
    keyword(List.of("time"));
    Duration time = time();
    end();
    return time;
  }

  /// {@return an algorithm and the length of its key, 0 for the usual one}
  Cipher cipher(List<String> keywords) throws Unreadable {
    Value word = keyword(keywords);
    int bits = isAt(Kind.NUMBER) ? number("a key's length in bits") : 0;
    return new Cipher(word, bits == 0 ? OptionalInt.empty() : OptionalInt.of(bits));
  }

  /// {@return `14` or `modp2048`}
  Cipher group() throws Unreadable {
    String expected = "the number of a group, or modp1024 to modp8192";
    if (isAt(Kind.NUMBER)) {
      Token number = peek();
      if (number(expected) == 0) {
        throw new Unreadable(number.value(), expected);
      }
      return new Cipher(number.value(), OptionalInt.empty());
    }
    if (!isAt(Kind.WORD) || !peek().text().startsWith("modp")) {
      throw unexpected(expected);
    }
    return new Cipher(next().value(), OptionalInt.empty());
  }

  /// {@return `TYPE [tag|file] ["…"]` of an identifier}
  Identifier identifier(Value word) throws Unreadable {
    Value type = keyword(List.of("address", "fqdn", "user_fqdn", "keyid", "asn1dn"));
    boolean isFile = type.text().equals("keyid") && !accept("tag") && isFile();
    Optional<Value> text = Optional.empty();
    if (isAt(Kind.STRING)) {
      text = Optional.of(string("a name"));
    } else if (isAt(Kind.ADDRESS)) {
      Token address = peek();
      address("an address, or a name in quotes");
      text = Optional.of(address.value());
    }
    return new Identifier(
        Identifier.Type.valueOf(type.text().toUpperCase(Locale.ROOT)), isFile, text, word);
  }

  /// A key's name is in a file unless it is tagged: `keyid "FILE"`.
  private boolean isFile() {
    accept("file");
    return true;
  }
}
