package espd.daemon.setkey;

import espd.daemon.setkey.Token.Kind;
import espd.spd.Ipv6Address;
import espd.spd.PortRange;
import java.util.Optional;

/// The words of a statement one after the other, with what parsers of setkey's language expect of
/// them.
final class Tokens {

  static final int IPV4_BITS = 32;

  private static final int MOST_PORT = 65535;

  /// No number has more characters: what is longer may be a key, which no message repeats.
  private static final int LONGEST_SHOWN_HEX = 18;

  private final SetkeyLexer lexer;
  private Optional<Token> ahead = Optional.empty();
  private Optional<Fault> unsupported = Optional.empty();
  private Family family = Family.ANY;

  /// Which addresses a statement's option admits.
  private enum Family {
    ANY,
    IPV4,
    IPV6
  }

  Tokens(SetkeyLexer lexer) {
    this.lexer = lexer;
  }

  /// Begins another statement.
  void begin() {
    unsupported = Optional.empty();
    family = Family.ANY;
  }

  /// {@return the next word, which stays the next one}
  Token peek() throws SetkeyException {
    if (ahead.isEmpty()) {
      ahead = Optional.of(lexer.next());
    }
    return ahead.get();
  }

  /// {@return the next word}
  Token take() throws SetkeyException {
    Token token = peek();
    ahead = Optional.empty();
    return token;
  }

  /// {@return the next word when it is of this kind, or nothing, and it stays}
  Optional<Token> take(Kind kind) throws SetkeyException {
    return peek().kind() == kind ? Optional.of(take()) : Optional.empty();
  }

  /// {@return whether the next word was this option, which is taken then}
  boolean takeFlag(String flag) throws SetkeyException {
    boolean here = peek().kind() == Kind.FLAG && text(peek()).equals(flag);
    if (here) {
      take();
    }
    return here;
  }

  /// {@return the next word, which has to be of this kind}
  Token expect(Kind kind, String expected) throws SetkeyException {
    if (peek().kind() != kind) {
      throw syntax(peek(), expected);
    }
    return take();
  }

  /// {@return the text of a word that is no key}
  String text(Token token) {
    return lexer.text(token);
  }

  /// {@return the octet at `index` of the text}
  byte octet(int index) {
    return lexer.octet(index);
  }

  /// {@return a number, 2^63-1 where it is larger}
  long decimal(Token token) {
    long number = 0;
    for (int i = token.from(); i < token.to(); i++) {
      int digit = lexer.octet(i) - '0';
      if (number > (Long.MAX_VALUE - digit) / 10) {
        return Long.MAX_VALUE;
      }
      number = number * 10 + digit;
    }
    return number;
  }

  /// Reads `-n`, `-4` and `-6`.
  void family() throws SetkeyException {
    for (Optional<Token> flags = take(Kind.FAMILY); flags.isPresent(); flags = take(Kind.FAMILY)) {
      for (char flag : text(flags.get()).toCharArray()) {
        family = flag == '4' ? Family.IPV4 : flag == '6' ? Family.IPV6 : family;
      }
    }
  }

  /// {@return the address that is next}
  ///
  /// @throws SetkeyException also for host names: only numbers are read
  Ipv6Address address() throws SetkeyException {
    String expected = "an address in numbers, of IPv6 or IPv4";
    Token token = expect(Kind.WORD, expected);
    Ipv6Address address;
    try {
      address = numeric(text(token));
    } catch (IllegalArgumentException e) {
      throw fault(token, "Name or service not known", expected);
    }
    boolean fits = family == Family.ANY || (family == Family.IPV4) == address.isIpv4();
    if (!fits) {
      throw fault(
          token,
          "Address family for hostname not supported",
          "an address as the option says, of IPv" + (family == Family.IPV4 ? 4 : 6));
    }
    return address;
  }

  /// {@return the address that a text is in numbers}
  ///
  /// @throws IllegalArgumentException when it is none
  static Ipv6Address numeric(String text) {
    return text.indexOf(':') < 0 ? Ipv6Address.parseIpv4(text) : Ipv6Address.parse(text);
  }

  /// Two addresses have to be of one family; setkey says no more than that it failed.
  void requireOneFamily(Ipv6Address source, Ipv6Address destination, Token last)
      throws SetkeyException {
    if (source.isIpv4() != destination.isIpv4()) {
      throw new SetkeyException(
          new Fault(
              last.line(),
              last.column(),
              last.line(),
              "",
              "",
              source + " and " + destination,
              "two addresses of IPv6, or two of IPv4"));
    }
  }

  /// {@return the ports between brackets; all where there are none, or `[any]`, or `[0]`}
  PortRange ports() throws SetkeyException {
    if (take(Kind.OPEN).isEmpty()) {
      return PortRange.ANY;
    }
    Token token = take();
    String expected = "a port as a number to 65535, or any";
    PortRange ports =
        switch (token.kind()) {
          case DECIMAL -> {
            if (decimal(token) > MOST_PORT) {
              throw service(token, expected);
            }
            yield decimal(token) == 0 ? PortRange.ANY : PortRange.of((int) decimal(token));
          }
          case WORD -> throw service(token, expected);
          case RESERVED -> {
            if (!text(token).equals("any")) {
              throw syntax(token, expected);
            }
            yield PortRange.ANY;
          }
          case ALGORITHM, HEX, QUOTED, FLAG, FAMILY, POLICY, SLASH, OPEN, CLOSE, END, EOF ->
              throw syntax(token, expected);
        };
    expect(Kind.CLOSE, "]");
    return ports;
  }

  private SetkeyException service(Token token, String expected) {
    return fault(token, "Servname not supported for ai_socktype", expected);
  }

  /// Notes that a statement can be read but not done: the first reason is kept.
  void unsupported(Token token, KernelError error, String expected) {
    unsupported(fault(token, error.toString(), expected).fault());
  }

  void unsupported(Fault fault) {
    unsupported = unsupported.or(() -> Optional.of(fault));
  }

  /// {@return a statement that cannot be done, of which no more is known}
  Statement unsupported(Where where) {
    return new Statement.Unsupported(where, unsupported.orElseThrow());
  }

  /// {@return why the statement cannot be done, where it cannot}
  Optional<Fault> unsupported() {
    return unsupported;
  }

  /// {@return that a word may not stand where it does}
  SetkeyException syntax(Token token, String expected) {
    return fault(token, Fault.SYNTAX, expected);
  }

  /// {@return that a word means nothing}
  ///
  /// @param message setkey's
  SetkeyException fault(Token token, String message, String expected) {
    String shown = shown(token);
    String read = token.kind() == Kind.EOF ? "the end of the text" : "\"" + shown + "\"";
    return new SetkeyException(
        new Fault(token.line(), token.column(), token.line(), message, shown, read, expected));
  }

  private String shown(Token token) {
    boolean secret =
        token.kind() == Kind.QUOTED
            || (token.kind() == Kind.HEX && token.to() - token.from() > LONGEST_SHOWN_HEX);
    return secret ? "…" : text(token);
  }
}
