package espd.daemon.cli;

import espd.daemon.config.ConfigException;
import espd.daemon.config.Configuration;
import espd.daemon.config.HostView;
import espd.daemon.config.Problem;
import espd.daemon.control.Background;
import espd.daemon.logging.LogOutput;
import espd.daemon.logging.LogOutput.RacoonManner;
import espd.daemon.racoon.ConfigurationFiles;
import espd.dataplane.esp.EngineChoice;
import espd.ike.exchange.Retransmission;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `espd racoon`: the daemon with racoon's options, files and log.
@Command(
    name = "racoon",
    description = {
      "Runs the daemon as racoon of ipsec-tools: its options, its racoon.conf and psk.txt, its"
          + " log.",
      "The policies are those that setkey has added, or adds later."
    },
    sortOptions = false)
final class RacoonCommand implements Callable<Integer> {

  private static final String USUAL = "/etc/racoon/racoon.conf";

  private static final String USAGE =
      """
      usage: racoon [-BdFLvV46C] [-f file] [-l logfile] [-p port] [-P natt-port]
         -B: installs SAs from a backup file (there is none here: no effect)
         -d: says more; -dd says most
         -C: shows the configuration that was read
         -L: each line says where in the program it comes from
         -F: runs in the foreground, and says everything on the terminal
         -v: says more of packets (see espd tcpdump)
         -V: shows the version
         -4: IPv4 (refused: peers are spoken to over IPv6)
         -6: IPv6
         -f: the configuration file (default: /etc/racoon/racoon.conf)
         -l: the log file
         -p: the port of ISAKMP (500 only)
         -P: the port of NAT-T (4500 only)
      """;

  private final Espd espd;
  private final Runner runner;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "-F", description = "Runs in the foreground.")
  private boolean foreground;

  @Option(names = "-d", description = "Says more; -dd says most.")
  private List<Boolean> debug = new ArrayList<>();

  @SuppressWarnings("UnusedVariable") // taken, as racoon's users give it
  @Option(names = "-v", description = "Says more of packets.")
  private List<Boolean> verbose = new ArrayList<>();

  @Option(names = "-f", paramLabel = "FILE", description = "The configuration file.")
  private Path file = Path.of(USUAL);

  @Option(names = "-l", paramLabel = "FILE", description = "The log file.")
  private Optional<Path> log = Optional.empty();

  @Option(names = "-L", description = "Each line says where in the program it comes from.")
  private boolean places;

  @Option(names = "-p", paramLabel = "PORT", description = "The port of ISAKMP.")
  private int port = 500;

  @Option(names = "-P", paramLabel = "PORT", description = "The port of NAT-T.")
  private int natPort = 4500;

  @Option(names = "-4", description = "IPv4, which is refused.")
  private boolean ipv4;

  @Option(names = "-6", description = "IPv6.")
  private boolean ipv6;

  @SuppressWarnings("UnusedVariable") // taken, as racoon's users give it
  @Option(names = "-B", description = "SAs from a backup file, of which there is none.")
  private boolean backup;

  @Option(names = "-C", description = "Shows the configuration that was read.")
  private boolean dump;

  @Option(
      names = {"-V"},
      description = "Shows the version.")
  private boolean version;

  /// Said by one racoon to another that it starts in the background.
  @Option(names = "--behind", hidden = true)
  private boolean behind;

  RacoonCommand(Espd espd, Runner runner) {
    this.espd = espd;
    this.runner = runner;
  }

  /// {@return whether it is racoon's options that are wrong}
  static boolean isOf(ParameterException error) {
    return error.getCommandLine().getCommand() instanceof RacoonCommand;
  }

  /// Answers as racoon does.
  ///
  /// @return its exit code
  static int misused(ParameterException error) {
    error.getCommandLine().getErr().println("racoon: " + error.getMessage());
    error.getCommandLine().getErr().print(USAGE);
    return Exit.FAILED;
  }

  @Override
  public Integer call() throws Exception {
    if (version) {
      spec.commandLine()
          .getOut()
          .println("@(#)espd " + Version.text() + " (racoon of ipsec-tools)");
      return Exit.DONE;
    }
    if (ipv4 && !ipv6) {
      throw new ParameterException(
          spec.commandLine(), "-4: peers are spoken to over IPv6 only, IPv4 goes in tunnels");
    }
    if (port != 500 || natPort != 4500) {
      throw new ParameterException(
          spec.commandLine(), "-p, -P: there are no other ports than 500 and 4500");
    }
    if (dump) {
      return dump();
    }
    return foreground || behind ? run() : background();
  }

  private int dump() throws ConfigException {
    Configuration read = ConfigurationFiles.read(List.of(file), HostView.ofThisHost());
    PrintWriter out = spec.commandLine().getOut();
    read.warnings().forEach(out::println);
    read.connections().forEach(each -> out.println(CheckCommand.line(each)));
    out.flush();
    return Exit.DONE;
  }

  private int run() throws IOException, InterruptedException {
    if (!behind) {
      spec.commandLine().getOut().println("Foreground mode.");
      spec.commandLine().getOut().flush();
    }
    LogOutput.start(new RacoonManner(level(), log, places));
    try {
      return runner.run(
          new RunOptions(
              List.of(file),
              List.of(),
              espd.control(),
              Optional.empty(),
              "espd0",
              EngineChoice.AUTO,
              InboundCleartext.DROP,
              Optional.empty(),
              Retransmission.STANDARD,
              Voice.RACOON));
    } catch (ConfigException e) {
      Logger racoon = LoggerFactory.getLogger("racoon");
      for (Problem problem : e.problems()) {
        racoon.error("{}", text(problem));
      }
      racoon.error("fatal parse failure ({} errors)", e.problems().size());
      spec.commandLine().getErr().println("racoon: failed to parse configuration file.");
      return Exit.FAILED;
    }
  }

  /// `FILE:LINE: "TOKEN" syntax error`, and what could stand there.
  private static String text(Problem problem) {
    return "%s:%d: %s%s, expected %s"
        .formatted(
            problem.place().file(),
            problem.place().line(),
            problem.read(),
            problem.read().startsWith("\"") ? " syntax error" : "",
            problem.expected());
  }

  /// What the file's `log` says, `info` unless it says so, and one level more for each `-d`.
  private Level level() {
    List<Level> levels = List.of(Level.ERROR, Level.WARN, Level.INFO, Level.DEBUG, Level.TRACE);
    int at =
        switch (ConfigurationFiles.racoonLog(file)) {
          case "error" -> 0;
          case "warning" -> 1;
          case "debug" -> 3;
          case "debug2" -> 4;
          default -> 2;
        };
    return levels.get(Math.min(at + debug.size(), levels.size() - 1));
  }

  /// Starts another one that runs on, and waits until it is ready.
  private int background() throws IOException, InterruptedException {
    Background daemon =
        new Background(
            espd.control(),
            log.orElse(Background.logBeside(espd.control(), System.getenv())),
            System.getenv());
    List<String> arguments = new ArrayList<>(List.of("racoon", "--behind", "-f", absolute(file)));
    log.ifPresent(each -> arguments.addAll(List.of("-l", absolute(each))));
    debug.forEach(each -> arguments.add("-d"));
    if (places) {
      arguments.add("-L");
    }
    Optional<String> failure = daemon.start(arguments);
    failure.ifPresent(spec.commandLine().getErr()::println);
    return failure.isPresent() ? Exit.FAILED : Exit.DONE;
  }

  private static String absolute(Path path) {
    return path.toAbsolutePath().toString();
  }
}
