package espd.daemon.pluto;

import espd.daemon.control.ControlClient;
import espd.daemon.control.ControlClient.Command;
import espd.daemon.control.Section;
import espd.daemon.doctor.Examination;
import espd.daemon.doctor.Finding;
import espd.daemon.doctor.Finding.Level;
import espd.daemon.doctor.Question;
import espd.daemon.pluto.WhackClient.Request;
import espd.daemon.pluto.WhackCommands.Verb;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The command `ipsec` of Openswan, libreswan and strongSwan's starter: ipsec(8).
///
/// @param surroundings where it runs
public record Ipsec(Surroundings surroundings) {

  private static final int FAILED = 1;
  private static final int USAGE = 2;

  private static final String HELP =
      """
      Usage: ipsec COMMAND ARGUMENT...
      where COMMAND is one of:
        auto [--asynchronous] --up|--down|--add|--delete|--replace|--route|--unroute NAME
        auto --status|--ready|--rereadsecrets
        setup start|stop|restart|status
        start | stop | restart | reload | update
        up NAME | down NAME | down NAME{n} | down NAME[n] | route NAME | unroute NAME
        status [NAME] | statusall [NAME] | listalgs | rereadsecrets | rereadall
        whack --status | --name NAME --initiate | --name NAME --terminate | --shutdown ...
        verify | look | version | --version | --help
      """;

  /// Does what a command line says.
  ///
  /// @param arguments behind `ipsec`
  /// @return the exit code of the original
  /// @throws IOException when the daemon goes away meanwhile, or cannot be started
  /// @throws InterruptedException when the thread is interrupted
  public int run(List<String> arguments) throws IOException, InterruptedException {
    String verb = arguments.isEmpty() ? "--help" : arguments.getFirst();
    List<String> rest = arguments.isEmpty() ? List.of() : arguments.subList(1, arguments.size());
    WhackClient whack = new WhackClient(surroundings);
    Starter starter = new Starter(surroundings);
    return switch (verb) {
      case "auto" -> whack.auto(rest);
      case "whack" -> whack.whack(rest);
      case "setup" -> rest.isEmpty() ? unknown("setup") : setup(rest.getFirst(), starter);
      case "start" -> starter.start();
      case "stop" -> starter.stop();
      case "restart" -> starter.restart();
      case "reload" -> starter.reload("Reloading");
      case "update" -> starter.reload("Updating");
      case "up", "down", "route", "unroute" -> named(verb, rest);
      case "status", "statusall" ->
          new Stroke(surroundings).status(verb.equals("statusall"), rest.stream().findFirst());
      case "listalgs" -> new Stroke(surroundings).algorithms();
      case "rereadsecrets", "rereadall" ->
          whack.ask(new Request(Verb.REREADSECRETS, Optional.empty(), false));
      case "verify" -> verify(starter);
      case "look" -> look();
      case "version", "--version" -> version();
      case "--help", "-h" -> {
        surroundings.say("%s", HELP.stripTrailing());
        yield 0;
      }
      default -> unknown(verb);
    };
  }

  private int unknown(String verb) {
    surroundings.complain("ipsec: unknown command '%s' (`ipsec --help' for list)", verb);
    return USAGE;
  }

  private int setup(String what, Starter starter) throws IOException, InterruptedException {
    return switch (what.replaceFirst("^--", "")) {
      case "start" -> starter.start();
      case "stop" -> starter.stop();
      case "restart" -> starter.restart();
      case "status" -> {
        boolean runs = starter.isRunning();
        surroundings.say("IPsec %s", runs ? "running" : "stopped");
        yield runs ? 0 : 3;
      }
      default -> unknown("setup " + what);
    };
  }

  private int named(String verb, List<String> names) throws IOException {
    if (names.size() != 1) {
      surroundings.complain("Usage: ipsec %s <connection name>", verb);
      return USAGE;
    }
    Stroke stroke = new Stroke(surroundings);
    String name = names.getFirst();
    return switch (verb) {
      case "up" -> stroke.up(name);
      case "down" -> stroke.down(name);
      case "route" -> stroke.route(name);
      default -> stroke.unroute(name);
    };
  }

  private int version() {
    surroundings.say("Linux espd U%s (userspace)", surroundings.version());
    return 0;
  }

  /// The doctor's findings in the layout of `ipsec verify`.
  private int verify(Starter starter) {
    surroundings.say("Checking your system to see if IPsec got installed and started correctly:");
    Set<Level> seen = EnumSet.noneOf(Level.class);
    new Examination(new Question(starter.files(), surroundings.control(), "espd0"))
        .run(
            finding -> {
              seen.add(finding.level());
              show(finding);
            });
    return seen.contains(Level.FAIL) ? FAILED : 0;
  }

  private void show(Finding finding) {
    String word =
        switch (finding.level()) {
          case OK -> "OK";
          case WARN -> "WARNING";
          case FAIL -> "FAILED";
        };
    surroundings.say("%-60s\t[%s]", finding.subject(), word);
    if (finding.level() != Level.OK) {
      surroundings.say("  %s", finding.seen());
      if (!finding.mend().isEmpty()) {
        surroundings.say("  %s", finding.mend());
      }
    }
  }

  /// SAs, policies and routes.
  private int look() throws IOException {
    try (ControlClient daemon = ControlClient.connect(surroundings.control())) {
      surroundings.out().print(daemon.text(new Command(WhackCommands.LOOK, Section.EMPTY)));
      surroundings.out().flush();
      return 0;
    }
  }
}
