package espd.daemon.setkey;

import espd.daemon.setkey.SetkeyParser.Draft;
import espd.daemon.setkey.Token.Kind;
import espd.spd.Ipv6Address;
import espd.spd.Lifetime;
import espd.spd.Mode;
import espd.spd.PortRange;
import espd.spd.SaParameters;
import espd.spd.UdpEncapsulation;
import java.util.Optional;
import java.util.function.BiFunction;

/// The statements about SAs: `add`, `get`, `delete`, `deleteall`, `flush` and `dump`.
final class SaParser {

  private static final int LARGEST_WINDOW = 1 << 20;
  private static final String PROTOCOLS = "esp, or esp-udp for ESP in UDP";

  private final Tokens tokens;
  private final KeyingParser keyings;

  SaParser(Tokens tokens) {
    this.tokens = tokens;
    this.keyings = new KeyingParser(tokens);
  }

  /// What stands before `-E`, for a statement to come.
  private record Head(SaName name, Optional<UdpEncapsulation> encapsulation) {}

  /// The options of an SA, for those that a statement does not set.
  private static final class Extensions {
    private Mode mode = Mode.TRANSPORT;
    private long reqid;
    private long replayWindow;
    private long softSeconds;
    private long hardSeconds;
    private long softBytes;
    private long hardBytes;

    private Lifetime lifetime() {
      return new Lifetime(softSeconds, hardSeconds, softBytes, hardBytes, 0, 0);
    }
  }

  /// Reads all behind `add`, save `;`.
  Draft add() throws SetkeyException {
    Head head = head();
    Extensions extensions = extensions();
    Optional<Statement.Keying> keying = keyings.read(head.name.protocol());
    if (keying.isEmpty()) {
      return tokens::unsupported;
    }
    return where ->
        new Statement.Add(
            where,
            head.name,
            extensions.mode,
            head.encapsulation,
            (int) extensions.reqid,
            (int) extensions.replayWindow,
            extensions.lifetime(),
            keying.get());
  }

  /// Reads all behind `get` or `delete`, save `;`.
  Draft named(BiFunction<Where, SaName, Statement> statement) throws SetkeyException {
    Head head = head();
    extensions();
    return where -> statement.apply(where, head.name);
  }

  /// Reads all behind `deleteall`, save `;`.
  Draft deleteAll() throws SetkeyException {
    tokens.family();
    Ipv6Address source = tokens.address();
    Token last = tokens.peek();
    Ipv6Address destination = tokens.address();
    tokens.requireOneFamily(source, destination, last);
    Optional<Protocol> protocol = protocol();
    return where -> new Statement.DeleteAll(where, source, destination, protocol);
  }

  /// Reads all behind `flush` or `dump`, save `;`.
  Draft ofProtocol(BiFunction<Where, Optional<Protocol>, Statement> statement)
      throws SetkeyException {
    Optional<Protocol> protocol = protocol();
    return where -> statement.apply(where, protocol);
  }

  private Head head() throws SetkeyException {
    tokens.family();
    Ipv6Address source = tokens.address();
    Token sourceEnd = tokens.peek();
    PortRange sourcePort = tokens.ports();
    Token last = tokens.peek();
    Ipv6Address destination = tokens.address();
    PortRange destinationPort = tokens.ports();
    tokens.requireOneFamily(source, destination, last);
    if (source.isIpv4()) {
      tokens.unsupported(
          last, KernelError.PROTOCOL_NOT_SUPPORTED, "ends of IPv6: ESP is over IPv6 here");
    }
    Token word = tokens.peek();
    Protocol protocol =
        protocol().orElseThrow(() -> tokens.syntax(word, "the protocol: " + PROTOCOLS));
    if (protocol != Protocol.ESP && protocol != Protocol.ESP_UDP) {
      tokens.unsupported(word, KernelError.PROTOCOL_NOT_SUPPORTED, PROTOCOLS);
    }
    boolean inUdp = protocol == Protocol.ESP_UDP;
    if (!inUdp && !(sourcePort.equals(PortRange.ANY) && destinationPort.equals(PortRange.ANY))) {
      tokens.unsupported(sourceEnd, KernelError.INVALID_ARGUMENT, "ports only for esp-udp");
    }
    if (inUdp && tokens.peek().kind() == Kind.WORD) {
      tokens.unsupported(
          tokens.peek(), KernelError.NOT_SUPPORTED, "no original address: IPv6 has none");
      tokens.address();
    }
    Optional<UdpEncapsulation> encapsulation =
        inUdp
            ? Optional.of(new UdpEncapsulation(port(sourcePort), port(destinationPort)))
            : Optional.empty();
    return new Head(new SaName(source, destination, protocol, spi()), encapsulation);
  }

  private static int port(PortRange ports) {
    return ports.equals(PortRange.ANY) ? UdpEncapsulation.PORT : ports.first();
  }

  private Optional<Protocol> protocol() throws SetkeyException {
    Token word = tokens.peek();
    if (word.kind() != Kind.RESERVED) {
      return Optional.empty();
    }
    Optional<Protocol> protocol = Protocol.named(tokens.text(word));
    if (protocol.isPresent()) {
      tokens.take();
    }
    return protocol;
  }

  private int spi() throws SetkeyException {
    Token token = tokens.take();
    String expected = "an SPI from 256 to 4294967295, or as 0x100 to 0xffffffff";
    long spi =
        switch (token.kind()) {
          case DECIMAL -> tokens.decimal(token);
          case HEX -> hex(token);
          case RESERVED,
              ALGORITHM,
              WORD,
              QUOTED,
              FLAG,
              FAMILY,
              POLICY,
              SLASH,
              OPEN,
              CLOSE,
              END,
              EOF ->
              throw tokens.syntax(token, expected);
        };
    if (spi > 0xffff_ffffL) {
      throw tokens.fault(token, "SPI too big.", expected);
    }
    if (spi < SaParameters.LEAST_SPI) {
      tokens.unsupported(token, KernelError.INVALID_ARGUMENT, expected);
    }
    return (int) spi;
  }

  /// {@return the number of hexadecimal digits, 2^63-1 where it is larger}
  private long hex(Token token) {
    long number = 0;
    for (int i = token.from() + 2; i < token.to(); i++) {
      if (number >> 59 != 0) {
        return Long.MAX_VALUE;
      }
      number = number << 4 | Character.digit(tokens.octet(i), 16);
    }
    return number;
  }

  private Extensions extensions() throws SetkeyException {
    Extensions extensions = new Extensions();
    while (tokens.peek().kind() == Kind.FLAG) {
      Token flag = tokens.peek();
      String text = tokens.text(flag);
      if (text.equals("-E") || text.equals("-A") || text.equals("-C")) {
        break;
      }
      tokens.take();
      switch (text) {
        case "-m" -> extensions.mode = mode();
        case "-f" -> padding();
        case "-u" -> extensions.reqid = number(Integer.MAX_VALUE, "a reqid to 2147483647");
        case "-r" ->
            extensions.replayWindow = number(LARGEST_WINDOW, "a window of 0 to 1048576 numbers");
        case "-lh" -> extensions.hardSeconds = number(Long.MAX_VALUE, "seconds");
        case "-ls" -> extensions.softSeconds = number(Long.MAX_VALUE, "seconds");
        case "-bh" -> extensions.hardBytes = number(Long.MAX_VALUE, "octets");
        case "-bs" -> extensions.softBytes = number(Long.MAX_VALUE, "octets");
        case "-ctx" -> context(flag, tokens);
        default -> throw tokens.syntax(flag, "-m, -u, -r, -f, -lh, -ls, -bh, -bs or -E");
      }
    }
    return extensions;
  }

  private long number(long most, String expected) throws SetkeyException {
    Token token = tokens.expect(Kind.DECIMAL, expected);
    long number = tokens.decimal(token);
    if (number > most) {
      tokens.unsupported(token, KernelError.INVALID_ARGUMENT, expected);
      return 0;
    }
    return number;
  }

  private Mode mode() throws SetkeyException {
    String expected = "transport, tunnel or any";
    Token word = tokens.expect(Kind.RESERVED, expected);
    return switch (tokens.text(word)) {
      case "transport", "any" -> Mode.TRANSPORT;
      case "tunnel" -> Mode.TUNNEL;
      default -> throw tokens.syntax(word, expected);
    };
  }

  /// Padding counts up, as RFC 4303 §2.4 has it, and sequence numbers never wrap: the other two
  /// would be something else.
  private void padding() throws SetkeyException {
    Token word = tokens.expect(Kind.RESERVED, "seq-pad or nocyclic-seq");
    switch (tokens.text(word)) {
      case "seq-pad", "nocyclic-seq" -> {}
      case "zero-pad", "random-pad" ->
          tokens.unsupported(
              word, KernelError.INVALID_ARGUMENT, "seq-pad, the padding of RFC 4303 §2.4");
      default -> throw tokens.syntax(word, "seq-pad or nocyclic-seq");
    }
  }

  /// Reads the label behind `-ctx`, for which there is no use.
  static void context(Token flag, Tokens tokens) throws SetkeyException {
    tokens.expect(Kind.DECIMAL, "the domain of a security context");
    tokens.expect(Kind.DECIMAL, "the algorithm of a security context");
    tokens.expect(Kind.QUOTED, "a security context in quotes");
    tokens.unsupported(
        flag, KernelError.NOT_SUPPORTED, "no security context: only a kernel knows those");
  }
}
