package espd.daemon.setkey;

import espd.daemon.setkey.SetkeyParser.Draft;
import espd.daemon.setkey.Token.Kind;
import espd.spd.AddressRange;
import espd.spd.Ipv6Address;
import espd.spd.PortRange;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The statements about policies: `spdadd`, `spdupdate` and `spddelete`.
final class SpdParser {

  private static final Pattern TYPE_AND_CODE = Pattern.compile("(\\d{1,3}),(\\d{1,3})");

  private static final String MISCELLANEOUS =
      "type and code in numbers, as 128,0, for ICMP, ICMPv6 and the Mobility Header only";

  private final Tokens tokens;

  SpdParser(Tokens tokens) {
    this.tokens = tokens;
  }

  /// Source or destination of a selector.
  private record End(AddressRange range, PortRange ports) {}

  /// All of a selector but the direction, which stands behind it.
  private record Packets(End source, End destination, int protocol) {

    private PolicySelector in(Way way) {
      return new PolicySelector(
          way, source.range, source.ports, destination.range, destination.ports, protocol);
    }
  }

  /// Reads all behind `spdadd` or `spdupdate`, save `;`.
  Draft policy(BiFunction<Where, SetkeyPolicy, Statement> statement) throws SetkeyException {
    Token first = tokens.peek();
    if (first.kind() == Kind.RESERVED && tokens.text(first).equals("tagged")) {
      tagged(tokens.take());
      return tokens::unsupported;
    }
    Packets packets = packets();
    Token text = policyText();
    PolicyParser policy = new PolicyParser(tokens, text);
    SetkeyPolicy whole = policy.policy(packets::in);
    return where -> statement.apply(where, whole);
  }

  /// Reads all behind `spddelete`, save `;`.
  Draft delete() throws SetkeyException {
    Packets packets = packets();
    Token text = policyText();
    PolicySelector selector = packets.in(new PolicyParser(tokens, text).way());
    return where -> new Statement.SpdDelete(where, selector);
  }

  private void tagged(Token word) throws SetkeyException {
    tokens.expect(Kind.QUOTED, "a tag in quotes");
    policyText();
    tokens.unsupported(
        word, KernelError.NOT_SUPPORTED, "addresses: there are no tags of a packet filter here");
  }

  private Token policyText() throws SetkeyException {
    Token flag = tokens.peek();
    if (tokens.takeFlag("-ctx")) {
      SaParser.context(flag, tokens);
    }
    if (!tokens.takeFlag("-P")) {
      throw tokens.syntax(tokens.peek(), "-P and the policy");
    }
    return tokens.expect(Kind.POLICY, "in or out, and what becomes of the packets");
  }

  private Packets packets() throws SetkeyException {
    tokens.family();
    End source = end();
    Token last = tokens.peek();
    End destination = end();
    tokens.requireOneFamily(source.range.first(), destination.range.first(), last);
    Token upper = tokens.peek();
    int protocol = upperProtocol();
    Optional<Token> misc = tokens.take(Kind.WORD);
    if (misc.isPresent()) {
      return typed(source, destination, protocol, misc.get());
    }
    boolean ports = !source.ports.equals(PortRange.ANY) || !destination.ports.equals(PortRange.ANY);
    if (ports && (UpperProtocol.isTyped(protocol) || protocol == UpperProtocol.GRE)) {
      tokens.unsupported(upper, KernelError.INVALID_ARGUMENT, "no ports; " + MISCELLANEOUS);
    }
    return new Packets(source, destination, protocol);
  }

  private Packets typed(End source, End destination, int protocol, Token misc)
      throws SetkeyException {
    Matcher matcher = TYPE_AND_CODE.matcher(tokens.text(misc));
    if (protocol == UpperProtocol.GRE) {
      tokens.unsupported(misc, KernelError.NOT_SUPPORTED, "no key: GRE is one protocol here");
      return new Packets(source, destination, protocol);
    }
    if (!UpperProtocol.isTyped(protocol) || !matcher.matches()) {
      throw tokens.fault(misc, "invalid an upper layer protocol spec", MISCELLANEOUS);
    }
    int type = Integer.parseInt(matcher.group(1));
    int code = Integer.parseInt(matcher.group(2));
    if (type > 255 || code > 255) {
      throw tokens.fault(misc, "invalid an upper layer protocol spec", MISCELLANEOUS);
    }
    PortRange types = PortRange.icmp(type, code);
    return new Packets(new End(source.range, types), new End(destination.range, types), protocol);
  }

  private End end() throws SetkeyException {
    Ipv6Address address = tokens.address();
    int most = address.isIpv4() ? Tokens.IPV4_BITS : 128;
    int length = most;
    if (tokens.take(Kind.SLASH).isPresent()) {
      Token number = tokens.expect(Kind.DECIMAL, "the length of a prefix");
      if (tokens.decimal(number) > most) {
        tokens.unsupported(
            number, KernelError.INVALID_ARGUMENT, "the length of a prefix, 0 to " + most);
      } else {
        length = (int) tokens.decimal(number);
      }
    }
    return new End(AddressRange.prefix(address, length), tokens.ports());
  }

  private int upperProtocol() throws SetkeyException {
    Token word = tokens.take();
    String expected = "an upper-layer protocol: any, a number to 255, or a name such as tcp";
    return switch (word.kind()) {
      case DECIMAL -> {
        if (tokens.decimal(word) > 255) {
          tokens.unsupported(word, KernelError.INVALID_ARGUMENT, expected);
          yield 0;
        }
        yield UpperProtocol.of((int) tokens.decimal(word));
      }
      case RESERVED ->
          switch (tokens.text(word)) {
            case "any" -> 0;
            case "tcp" -> 6;
            default -> throw tokens.syntax(word, expected);
          };
      case WORD -> {
        OptionalInt number = UpperProtocol.named(tokens.text(word));
        if (number.isEmpty()) {
          throw tokens.fault(word, "invalid upper layer protocol", expected);
        }
        yield number.getAsInt();
      }
      case ALGORITHM, HEX, QUOTED, FLAG, FAMILY, POLICY, SLASH, OPEN, CLOSE, END, EOF ->
          throw tokens.syntax(word, expected);
    };
  }
}
