package espd.daemon.cli;

import espd.daemon.control.ControlClient;
import espd.daemon.control.Section;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// The commands that show something: `status`, `sad` and `spd`.
final class ShowCommands {

  private ShowCommands() {}

  /// `espd status`.
  @Command(
      name = "status",
      description = "Shows the SAs, as `ipsec status` does, and packets dropped by reason.",
      mixinStandardHelpOptions = true,
      versionProvider = Version.class)
  static final class Status implements Callable<Integer> {

    private final Espd espd;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(names = "--all", description = "Everything there is, as `ipsec statusall`.")
    private boolean all;

    @Parameters(paramLabel = "CONNECTION", arity = "0..1", description = "Only this connection.")
    private Optional<String> connection = Optional.empty();

    Status(Espd espd) {
      this.espd = espd;
    }

    @Override
    public Integer call() throws IOException {
      Section.Builder request = Section.builder();
      connection.ifPresent(name -> request.text("ike", name));
      if (all) {
        request.text("all", "yes");
      }
      return show(espd, new ControlClient.Command("espd-status", request.build()), spec);
    }
  }

  /// `espd sad`.
  @Command(
      name = "sad",
      description = "Shows the SAs with their keys, as `setkey -D` does.",
      mixinStandardHelpOptions = true,
      versionProvider = Version.class)
  static final class SadCommand implements Callable<Integer> {

    private final Espd espd;

    @Spec private CommandSpec spec = CommandSpec.create();

    SadCommand(Espd espd) {
      this.espd = espd;
    }

    @Override
    public Integer call() throws IOException {
      return show(espd, new ControlClient.Command("espd-sad", Section.EMPTY), spec);
    }
  }

  /// `espd spd`.
  @Command(
      name = "spd",
      description = "Shows the policies, as `setkey -DP` does.",
      mixinStandardHelpOptions = true,
      versionProvider = Version.class)
  static final class SpdCommand implements Callable<Integer> {

    private final Espd espd;

    @Spec private CommandSpec spec = CommandSpec.create();

    SpdCommand(Espd espd) {
      this.espd = espd;
    }

    @Override
    public Integer call() throws IOException {
      return show(espd, new ControlClient.Command("espd-spd", Section.EMPTY), spec);
    }
  }

  private static int show(Espd espd, ControlClient.Command command, CommandSpec spec)
      throws IOException {
    try (ControlClient daemon = UnreachableException.connect(espd.control())) {
      spec.commandLine().getOut().print(daemon.text(command));
      spec.commandLine().getOut().flush();
      return Exit.DONE;
    }
  }
}
