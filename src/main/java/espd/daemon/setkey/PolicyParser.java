package espd.daemon.setkey;

import espd.daemon.setkey.PolicyLexer.Word;
import espd.daemon.setkey.Rule.Ends;
import espd.daemon.setkey.Rule.Level;
import espd.spd.AddressRange;
import espd.spd.Ipv6Address;
import espd.spd.Mode;
import espd.spd.Reqid;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// What stands behind `-P`: direction, priority, action and rules.
///
/// ```
/// (in | out | fwd) [prio …] (discard | none | ipsec RULE…)
/// RULE = (esp | ipcomp) / (transport | tunnel) [ / [A-B] [ / [LEVEL] ] ]
/// ```
final class PolicyParser {

  private static final long LARGEST_OFFSET = 0x3fff_ffffL;
  private static final long PRIORITY_LOW = 0xc000_0000L;
  private static final long PRIORITY_DEFAULT = 0x8000_0000L;
  private static final long PRIORITY_HIGH = 0x4000_0000L;

  private final Tokens tokens;
  private final Token whole;
  private final String text;
  private final List<Word> words;
  private int at;

  PolicyParser(Tokens tokens, Token whole) {
    this.tokens = tokens;
    this.whole = whole;
    this.text = tokens.text(whole);
    this.words = PolicyLexer.words(text);
  }

  /// {@return the direction alone, for a policy that goes away; the rest is not looked at}
  Way way() throws SetkeyException {
    Word word = take();
    return switch (word.text()) {
      case "in" -> Way.IN;
      case "out" -> Way.OUT;
      case "fwd" -> Way.FWD;
      default -> throw syntax(word, "in or out");
    };
  }

  /// {@return the whole policy}
  ///
  /// @param selector gives the packets of a direction
  SetkeyPolicy policy(Function<Way, PolicySelector> selector) throws SetkeyException {
    Way way = way();
    PolicySelector packets = selector.apply(way);
    int priority = priority();
    Word word = take();
    Action action =
        switch (word.text()) {
          case "discard" -> Action.DISCARD;
          case "none" -> Action.NONE;
          case "ipsec" -> Action.IPSEC;
          case "bypass", "entrust", "" -> {
            unsupported(word, KernelError.INVALID_ARGUMENT, "discard, none or ipsec");
            yield Action.DISCARD;
          }
          default -> throw syntax(word, "discard, none or ipsec");
        };
    List<Rule> rules = new ArrayList<>();
    Word first = peek();
    while (!peek().text().isEmpty()) {
      rules.add(rule(way, packets));
    }
    boolean protects = rules.stream().anyMatch(rule -> rule.protocol() == Protocol.ESP);
    if (action == Action.IPSEC && !protects) {
      unsupported(first, KernelError.INVALID_ARGUMENT, "a rule of ESP, as esp/transport//require");
    }
    if (action != Action.IPSEC && !rules.isEmpty()) {
      unsupported(first, KernelError.INVALID_ARGUMENT, "no rules behind " + action);
      rules.clear();
    }
    if (rules.stream().filter(rule -> rule.protocol() == Protocol.ESP).count() > 1) {
      unsupported(first, KernelError.INVALID_ARGUMENT, "one rule of ESP: there is none in another");
    }
    return new SetkeyPolicy(packets, priority, action, rules);
  }

  private int priority() throws SetkeyException {
    if (!peek().text().equals("prio") && !peek().text().equals("priority")) {
      return SetkeyPolicy.DEFAULT_PRIORITY;
    }
    take();
    Optional<Long> base = base(peek());
    if (base.isEmpty()) {
      boolean later = peek().text().equals("-");
      if (later) {
        take();
      }
      return moved(PRIORITY_DEFAULT, later, 2 * LARGEST_OFFSET);
    }
    take();
    boolean later = peek().text().equals("-");
    if (!later && !peek().text().equals("+")) {
      return base.get().intValue();
    }
    take();
    return moved(base.get(), later, LARGEST_OFFSET);
  }

  private static Optional<Long> base(Word word) {
    return switch (word.text()) {
      case "low" -> Optional.of(PRIORITY_LOW);
      case "def" -> Optional.of(PRIORITY_DEFAULT);
      case "high" -> Optional.of(PRIORITY_HIGH);
      default -> Optional.empty();
    };
  }

  /// A number that is added makes a policy more important: its priority lower.
  private int moved(long base, boolean later, long most) throws SetkeyException {
    Word number = take();
    if (!number.isNumber()) {
      throw syntax(number, "a number, or low, def or high with + or - and a number");
    }
    long offset = number.text().length() > 10 ? Long.MAX_VALUE : Long.parseLong(number.text());
    if (offset > most) {
      throw fault(number, "Invalid priority offset", "a number to " + most);
    }
    return (int) (later ? base + offset : base - offset);
  }

  private Rule rule(Way way, PolicySelector packets) throws SetkeyException {
    Word word = take();
    Protocol protocol =
        switch (word.text()) {
          case "esp" -> Protocol.ESP;
          case "ipcomp" -> Protocol.IPCOMP;
          case "ah" -> {
            unsupported(word, KernelError.PROTOCOL_NOT_SUPPORTED, "esp: there is no AH here");
            yield Protocol.AH;
          }
          default -> throw syntax(word, "a rule, as esp/transport//require");
        };
    if (!takeSlash() || peek().text().isEmpty()) {
      throw fault(word, "Too few arguments", "/transport or /tunnel behind " + word.text());
    }
    Mode mode = mode(take());
    Optional<Ends> ends = Optional.empty();
    Level level = new Level.Require();
    if (takeSlash()) {
      Word next = peek();
      boolean levelFollows = next.text().equals("/");
      boolean ruleEnds = next.text().isEmpty() || isProtocol(next);
      if (!levelFollows && !ruleEnds) {
        ends = ends(way);
      }
      if (takeSlash() && !peek().text().isEmpty() && !isProtocol(peek())) {
        level = level(take(), protocol);
      }
    }
    requireEnds(word, mode, ends, packets);
    return new Rule(protocol, mode, ends, level);
  }

  private void requireEnds(Word word, Mode mode, Optional<Ends> ends, PolicySelector packets)
      throws SetkeyException {
    if (mode == Mode.TUNNEL && ends.isEmpty()) {
      throw fault(word, "Invalid address specification", "the ends of the tunnel, as A-B");
    }
    boolean hosts = isHost(packets.source()) && isHost(packets.destination());
    if (mode == Mode.TRANSPORT && ends.isEmpty() && !hosts) {
      unsupported(
          word,
          KernelError.INVALID_ARGUMENT,
          "the ends, as A-B: without them transport mode is for one address each");
    }
    boolean overIpv4 =
        ends.map(each -> each.source().isIpv4()).orElse(packets.source().first().isIpv4());
    if (overIpv4) {
      unsupported(word, KernelError.PROTOCOL_NOT_SUPPORTED, "ends of IPv6: ESP is over IPv6 here");
    }
  }

  private static boolean isHost(AddressRange range) {
    return range.first().equals(range.last());
  }

  private static boolean isProtocol(Word word) {
    return switch (word.text()) {
      case "esp", "ah", "ipcomp" -> true;
      default -> false;
    };
  }

  private Mode mode(Word word) throws SetkeyException {
    return switch (word.text()) {
      case "transport" -> Mode.TRANSPORT;
      case "tunnel" -> Mode.TUNNEL;
      default -> throw syntax(word, "transport or tunnel");
    };
  }

  private Optional<Ends> ends(Way way) throws SetkeyException {
    Word first = take();
    if (first.text().equals("me") || first.text().equals("any")) {
      boolean outward = first.text().equals("me");
      requireHyphen();
      Word second = take();
      if (!second.text().equals(outward ? "any" : "me")) {
        throw syntax(second, outward ? "any" : "me");
      }
      if (way != (outward ? Way.OUT : Way.IN)) {
        throw fault(first, "Invalid direction", outward ? "any-me" : "me-any");
      }
      unsupported(first, KernelError.NOT_SUPPORTED, "the addresses of both ends");
      return Optional.of(new Ends(Ipv6Address.UNSPECIFIED, Ipv6Address.UNSPECIFIED));
    }
    Ipv6Address source = address(first);
    boolean port = takePort();
    requireHyphen();
    Word second = take();
    Ipv6Address destination = address(second);
    if (takePort() != port) {
      throw syntax(peek(), "a port behind both addresses, or behind none");
    }
    if (source.isIpv4() != destination.isIpv4()) {
      throw fault(second, "Address family mismatch", "two addresses of one family");
    }
    return Optional.of(new Ends(source, destination));
  }

  private Ipv6Address address(Word word) throws SetkeyException {
    try {
      return Tokens.numeric(word.text());
    } catch (IllegalArgumentException e) {
      throw syntax(word, "an address in numbers");
    }
  }

  private boolean takePort() {
    boolean port = peek().text().startsWith("[");
    if (port) {
      unsupported(take(), KernelError.NOT_SUPPORTED, "addresses without ports: IKE finds those");
    }
    return port;
  }

  private void requireHyphen() throws SetkeyException {
    Word word = take();
    if (!word.text().equals("-")) {
      throw syntax(word, "- between the addresses");
    }
  }

  private Level level(Word word, Protocol protocol) throws SetkeyException {
    String expected = "require, unique or unique:N";
    if (word.text().startsWith("unique:")) {
      String number = word.text().substring("unique:".length());
      boolean fits = number.matches("\\d{1,5}");
      int reqid = fits ? Integer.parseInt(number) : 0;
      if (reqid < 1 || reqid > Reqid.LARGEST_MANUAL) {
        unsupported(
            word,
            KernelError.INVALID_ARGUMENT,
            "unique:N with N from 1 to " + Reqid.LARGEST_MANUAL);
      }
      return new Level.UniqueId(reqid);
    }
    return switch (word.text()) {
      case "default", "require" -> new Level.Require();
      case "unique" -> new Level.Unique();
      case "use" -> {
        if (protocol != Protocol.IPCOMP) {
          unsupported(
              word,
              KernelError.NOT_SUPPORTED,
              expected + ": what a policy protects never passes in the clear here");
        }
        yield new Level.Use();
      }
      default -> throw syntax(word, expected);
    };
  }

  private boolean takeSlash() {
    boolean slash = peek().text().equals("/");
    if (slash) {
      take();
    }
    return slash;
  }

  private Word peek() {
    return words.get(at);
  }

  private Word take() {
    Word word = words.get(at);
    at = Math.min(at + 1, words.size() - 1);
    return word;
  }

  private void unsupported(Word word, KernelError error, String expected) {
    tokens.unsupported(place(word, error.toString(), expected));
  }

  private SetkeyException syntax(Word word, String expected) {
    return new SetkeyException(place(word, "Invalid argument", expected), Optional.of(word.text()));
  }

  private SetkeyException fault(Word word, String message, String expected) {
    return new SetkeyException(place(word, message, expected));
  }

  /// setkey names the whole policy; people want to know the word.
  private Fault place(Word word, String message, String expected) {
    String before = text.substring(0, word.at());
    int lineStart = before.lastIndexOf('\n') + 1;
    int linesAfter = (int) text.substring(word.at()).chars().filter(c -> c == '\n').count();
    int column = word.at() - lineStart + (lineStart == 0 ? whole.column() : 1);
    return new Fault(
        whole.line() - linesAfter,
        column,
        whole.line(),
        message,
        text,
        word.text().isEmpty() ? "the end of the policy" : "\"" + word.text() + "\"",
        expected);
  }
}
