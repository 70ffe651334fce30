package espd.daemon.cli;

import espd.daemon.pluto.Ipsec;
import espd.daemon.pluto.Surroundings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `espd ipsec`: the command of Openswan, libreswan and strongSwan's starter.
@Command(
    name = "ipsec",
    description = {
      "Does what ipsec(8) of Openswan, libreswan and strongSwan's starter does, with their output",
      "and exit codes: ipsec auto --up NAME, ipsec start; ipsec --help lists all."
    })
final class IpsecCommand implements Callable<Integer> {

  private final Espd espd;
  private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "ARGUMENT", arity = "0..*", description = "As those of ipsec.")
  private List<String> arguments = new ArrayList<>();

  IpsecCommand(Espd espd) {
    this.espd = espd;
  }

  @Spec
  void setSpec(CommandSpec given) {
    spec = given;
    // Its options are its own affair.
    given.parser().unmatchedOptionsArePositionalParams(true).stopAtPositional(true);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    return new Ipsec(
            new Surroundings(
                espd.control(),
                spec.commandLine().getOut(),
                spec.commandLine().getErr(),
                System.getenv(),
                Version.text()))
        .run(arguments);
  }
}
