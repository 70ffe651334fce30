package espd.daemon.cli;

import espd.daemon.control.ControlClient;
import espd.daemon.control.Section;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `espd log-level`: how much a running daemon logs.
@Command(
    name = "log-level",
    description = {
      "Changes how much the daemon logs, and shows how much that is.",
      "LOGGER is a module (ike, dataplane, tun, daemon, metrics), a class, or root, which it is"
          + " unless said; LEVEL is error, warn, info, debug, trace, or default for that of the"
          + " logger above it. Without any, levels are only shown."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class LogLevelCommand implements Callable<Integer> {

  private final Espd espd;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "[LOGGER] LEVEL", arity = "0..*", hideParamSyntax = true)
  private List<String> words = new ArrayList<>();

  LogLevelCommand(Espd espd) {
    this.espd = espd;
  }

  @Override
  public Integer call() throws IOException {
    if (words.size() > 2) {
      throw new ParameterException(
          spec.commandLine(), "[LOGGER] LEVEL was expected, not " + words.size() + " words");
    }
    Section.Builder request = Section.builder();
    if (words.size() == 2) {
      request.text("logger", words.getFirst());
    }
    if (!words.isEmpty()) {
      request.text("level", words.getLast());
    }
    try (ControlClient daemon = UnreachableException.connect(espd.control())) {
      Section answer = ControlClient.requireDone(daemon.command("espd-log-level", request.build()));
      PrintWriter out = spec.commandLine().getOut();
      Section levels = answer.section("levels").orElse(Section.EMPTY);
      levels
          .nodes()
          .keySet()
          .forEach(name -> out.println(name + " " + levels.text(name).orElse("")));
      out.flush();
      return Exit.DONE;
    }
  }
}
