package espd.daemon.cli;

import espd.daemon.control.ControlClient;
import espd.daemon.racoon.Racoonctl;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `espd racoonctl`: racoonctl of ipsec-tools.
@Command(
    name = "racoonctl",
    description = {
      "Does what racoonctl(8) of ipsec-tools does, with its output and exit codes:",
      "racoonctl show-sa isakmp; racoonctl alone lists all commands."
    })
final class RacoonctlCommand implements Callable<Integer> {

  private final Espd espd;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "ARGUMENT", arity = "0..*", description = "As those of racoonctl.")
  private List<String> arguments = new ArrayList<>();

  RacoonctlCommand(Espd espd) {
    this.espd = espd;
  }

  /// {@return the command line; its options are its own affair}
  static CommandLine commandLine(Espd espd) {
    return new CommandLine(new RacoonctlCommand(espd)).setUnmatchedOptionsArePositionalParams(true);
  }

  @Override
  public Integer call() throws IOException {
    return new Racoonctl(
            other -> ControlClient.connect(other.orElse(espd.control())),
            spec.commandLine().getOut(),
            spec.commandLine().getErr())
        .run(arguments);
  }
}
