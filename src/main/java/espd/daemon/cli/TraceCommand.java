package espd.daemon.cli;

import espd.daemon.control.ControlClient;
import espd.daemon.control.Section;
import espd.daemon.control.SectionJson;
import espd.spd.Ipv6Address;
import espd.spd.Selector;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `espd trace`: which policy and SA a packet would meet. Nothing is sent.
@Command(
    name = "trace",
    description = {
      "Says which policy and SA a packet would meet, and what would become of it.",
      "Nothing is sent, counted or negotiated."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false)
final class TraceCommand implements Callable<Integer> {

  private static final int MOST = 255;

  private static final Map<String, Integer> PROTOCOLS =
      Map.of(
          "tcp",
          6,
          "udp",
          17,
          "dccp",
          33,
          "gre",
          47,
          "esp",
          50,
          "ah",
          51,
          "icmpv6",
          Selector.ICMPV6,
          "ospf",
          89,
          "sctp",
          132,
          "mh",
          Selector.MOBILITY);

  private static final String ECHO_REQUEST = "8";
  private static final String ECHO_REQUEST_OF_ICMPV6 = "128";

  private final Espd espd;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "SRC", description = "The packet's source address.")
  private String source = "";

  @Parameters(index = "1", paramLabel = "DST", description = "The packet's destination address.")
  private String destination = "";

  @Parameters(
      index = "2",
      paramLabel = "PROTO",
      description = "The upper-layer protocol: tcp, udp, icmp, icmpv6, …, or its number.")
  private String protocol = "";

  @Parameters(
      index = "3",
      arity = "0..1",
      paramLabel = "PORT",
      description =
          "The destination port; for icmp and icmpv6 TYPE or TYPE/CODE (default: echo request).")
  private Optional<String> port = Optional.empty();

  @Option(
      names = "--source-port",
      paramLabel = "PORT",
      description = "The source port (default: one that no service has, 49152).")
  private int sourcePort = 49152;

  @Option(names = "--in", description = "The packet arrives here, in the clear.")
  private boolean in;

  @Option(
      names = "--octets",
      paramLabel = "N",
      description = "The length of the packet with its header of IP (default: a short one).")
  private Optional<Integer> octets = Optional.empty();

  @Mixin private Json json = new Json();

  TraceCommand(Espd espd) {
    this.espd = espd;
  }

  @Override
  public Integer call() throws IOException {
    Section request = request();
    try (ControlClient daemon = UnreachableException.connect(espd.control())) {
      Section answer = ControlClient.requireDone(daemon.command("espd-trace", request));
      PrintWriter out = spec.commandLine().getOut();
      out.print(json.isWanted() ? SectionJson.of(answer) + "\n" : new TraceFormat(answer).text());
      out.flush();
      return Exit.DONE;
    }
  }

  private Section request() {
    Ipv6Address from = address(source);
    Ipv6Address to = address(destination);
    if (from.isIpv4() != to.isIpv4()) {
      throw wrong("one of IPv4 and one of IPv6: " + from + " and " + to);
    }
    int number = protocol(from);
    boolean icmp = number == Selector.ICMPV6 || number == Selector.ICMP;
    int[] ports = icmp ? typeAndCode(number) : new int[] {sourcePort, port()};
    Section.Builder request =
        Section.builder()
            .text("src", from)
            .text("dst", to)
            .text("protocol", number)
            .text("source", ports[0])
            .text("destination", ports[1]);
    octets.ifPresent(length -> request.text("octets", length));
    if (in) {
      request.text("in", "yes");
    }
    return request.build();
  }

  private Ipv6Address address(String text) {
    try {
      return Ipv6Address.parseEither(text);
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  /// `icmp` is that of the packet's family.
  private int protocol(Ipv6Address from) {
    String word = protocol.toLowerCase(Locale.ROOT);
    if (word.equals("icmp") && from.isIpv4()) {
      return Selector.ICMP;
    }
    Integer known = PROTOCOLS.get(word.matches("icmp6?|ipv6-icmp") ? "icmpv6" : word);
    return known != null ? known : number(word, MOST, "a protocol, as tcp, udp, icmpv6 or 47");
  }

  private int port() {
    return port.map(text -> number(text, 0xffff, "a port")).orElse(0);
  }

  private int[] typeAndCode(int number) {
    String echo = number == Selector.ICMP ? ECHO_REQUEST : ECHO_REQUEST_OF_ICMPV6;
    String[] parts = port.orElse(echo).split("/", 2);
    String name = number == Selector.ICMP ? "ICMP" : "ICMPv6";
    String expected = "an " + name + " type and code, as " + echo + "/0";
    return new int[] {
      number(parts[0], MOST, expected), parts.length > 1 ? number(parts[1], MOST, expected) : 0
    };
  }

  private int number(String text, int most, String expected) {
    if (!text.matches("\\d{1,5}") || Integer.parseInt(text) > most) {
      throw wrong("'" + text + "' is not " + expected);
    }
    return Integer.parseInt(text);
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
