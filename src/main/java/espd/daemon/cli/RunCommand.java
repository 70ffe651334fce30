package espd.daemon.cli;

import espd.daemon.logging.LogFormat;
import espd.daemon.logging.LogOutput;
import espd.dataplane.esp.EngineChoice;
import espd.ike.exchange.Retransmission;
import espd.metrics.ListenAddress;
import espd.spd.Ipv6Address;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.event.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/// `espd run`: the daemon.
@Command(
    name = "run",
    description = "Runs the daemon until SIGTERM; then its SAs are deleted and the host is clean.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false)
final class RunCommand implements Callable<Integer> {

  private final Espd espd;
  private final Runner runner;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "ipsec.conf, ipsec.secrets or swanctl.conf; may be given several times.")
  private List<Path> configs = new ArrayList<>();

  @Option(
      names = "--listen",
      paramLabel = "ADDRESS",
      converter = Local.class,
      description =
          "An address of this host that connections loaded later speak from; may be given several"
              + " times. Those of the files need none.")
  private List<Ipv6Address> listen = new ArrayList<>();

  @Option(
      names = "--metrics",
      paramLabel = "[HOST:]PORT",
      converter = Listening.class,
      description = {
        "Serve the status page and metrics over HTTP there, as 9500 or [2001:db8::1]:9500;",
        "without a host only this host can reach them."
      })
  private Optional<InetSocketAddress> metrics = Optional.empty();

  @Option(
      names = "--tun",
      paramLabel = "NAME",
      defaultValue = "espd0",
      description = "The name of the TUN device (default: ${DEFAULT-VALUE}).")
  private String tun = "espd0";

  @Option(
      names = "--crypto",
      paramLabel = "ENGINE",
      defaultValue = "auto",
      converter = Crypto.class,
      description =
          "Whose ciphers protect packets: ipsec-mb, libcrypto or jdk; auto takes the fastest there"
              + " is (default: ${DEFAULT-VALUE}).")
  private EngineChoice crypto = EngineChoice.AUTO;

  @Option(
      names = "--inbound-cleartext",
      paramLabel = "drop|accept",
      defaultValue = "drop",
      description = {
        "What becomes of packets that arrive in the clear and must be protected:",
        "drop or accept (default: ${DEFAULT-VALUE})."
      })
  private InboundCleartext inboundCleartext = InboundCleartext.DROP;

  @Option(
      names = "--keylog",
      paramLabel = "DIR",
      description = {
        "Write all keys to this folder, for Wireshark. Whoever reads them",
        "reads the traffic; nothing is written unless this is said."
      })
  private Optional<Path> keylog = Optional.empty();

  @Option(
      names = "--retransmit-tries",
      paramLabel = "N",
      defaultValue = "5",
      converter = Patience.class,
      description = {
        "How often a request of IKE is sent again before its peer is taken for dead: 5 times is",
        "165 seconds, 2 times 24 seconds (default: ${DEFAULT-VALUE})."
      })
  private Retransmission retransmission = Retransmission.STANDARD;

  @Option(
      names = "--log-level",
      paramLabel = "LEVEL",
      defaultValue = "info",
      description = "error, warn, info, debug or trace (default: ${DEFAULT-VALUE}).")
  private Level logLevel = Level.INFO;

  @Option(
      names = "--log-format",
      paramLabel = "text|json",
      defaultValue = "text",
      description = {
        "How log lines look: text, or json for one object a line (default: ${DEFAULT-VALUE})."
      })
  private LogFormat logFormat = LogFormat.TEXT;

  RunCommand(Espd espd, Runner runner) {
    this.espd = espd;
    this.runner = runner;
  }

  @Override
  public Integer call() throws Exception {
    if (configs.isEmpty() && listen.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "Missing required option: '--config=FILE', or --listen=ADDRESS");
    }
    LogOutput.start(logFormat, logLevel);
    return runner.run(
        new RunOptions(
            configs,
            listen,
            espd.control(),
            metrics,
            tun,
            crypto,
            inboundCleartext,
            keylog,
            retransmission,
            Voice.ESPD));
  }

  /// Reads how often something is sent again.
  static final class Patience implements ITypeConverter<Retransmission> {

    private static final int MOST = 9;

    /// Made by picocli.
    Patience() {}

    @Override
    public Retransmission convert(String text) {
      Retransmission usual = Retransmission.STANDARD;
      if (!text.matches("[0-" + MOST + "]")) {
        throw new TypeConversionException("'" + text + "' is no number from 0 to " + MOST);
      }
      return new Retransmission(usual.first(), usual.factor(), Integer.parseInt(text));
    }
  }

  /// Tells picocli what [EngineChoice] says.
  static final class Crypto implements ITypeConverter<EngineChoice> {

    /// Made by picocli.
    Crypto() {}

    @Override
    public EngineChoice convert(String text) {
      try {
        return EngineChoice.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }

  /// Tells picocli what an address is.
  static final class Local implements ITypeConverter<Ipv6Address> {

    /// Made by picocli.
    Local() {}

    @Override
    public Ipv6Address convert(String text) {
      try {
        return Ipv6Address.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }

  /// Tells picocli what [ListenAddress] says.
  static final class Listening implements ITypeConverter<InetSocketAddress> {

    /// Made by picocli.
    Listening() {}

    @Override
    public InetSocketAddress convert(String text) {
      try {
        return ListenAddress.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }
}
