package espd.daemon.cli;

import espd.daemon.config.ConfigException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// The program's command line.
@Command(
    name = "espd",
    description = "IPsec in userspace: IKEv2 and ESP over IPv6 on hosts whose kernel has none.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:it could not be done",
      "2:the command line is wrong",
      "3:no daemon answers at the control socket"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  espd check ipsec.conf ipsec.secrets",
      "  espd doctor --config ipsec.conf --config ipsec.secrets",
      "  espd run --config ipsec.conf --config ipsec.secrets --metrics 127.0.0.1:9500",
      "  espd up ipv6-p1-p2",
      "  espd status --all",
      "  espd sad",
      "  espd trace 2001:db8:1:1::1 2001:db8:2:2::2 tcp 443",
      "  espd --control /run/other.ctl down ipv6-p1-p2"
    })
public final class Espd implements Callable<Integer> {

  /// Where a daemon answers unless told otherwise.
  public static final String DEFAULT_CONTROL = "/run/espd.ctl";

  /// The same, or what the environment says: where espd is installed, that is another place.
  private static final String CONTROL = "${env:ESPD_CONTROL:-" + DEFAULT_CONTROL + "}";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--control",
      paramLabel = "SOCKET",
      description = "The daemon's control socket (default: ${DEFAULT-VALUE}).",
      defaultValue = CONTROL,
      scope = ScopeType.INHERIT)
  private Path control = Path.of(DEFAULT_CONTROL);

  private Espd() {}

  /// {@return the command line of the program}
  ///
  /// @param runner what `run` runs
  public static CommandLine commandLine(Runner runner) {
    Espd espd = new Espd();
    CommandLine all = new CommandLine(espd);
    IParameterExceptionHandler usual = all.getParameterExceptionHandler();
    return all.setParameterExceptionHandler(
            (error, arguments) ->
                RacoonCommand.isOf(error)
                    ? RacoonCommand.misused(error)
                    : usual.handleParseException(error, arguments))
        .addSubcommand(new RunCommand(espd, runner))
        .addSubcommand(new ChangeCommands.Up(espd))
        .addSubcommand(new ChangeCommands.Down(espd))
        .addSubcommand(new ChangeCommands.Rekey(espd))
        .addSubcommand(new ChangeCommands.Reload(espd))
        .addSubcommand(new ShowCommands.Status(espd))
        .addSubcommand(new ShowCommands.SadCommand(espd))
        .addSubcommand(new ShowCommands.SpdCommand(espd))
        .addSubcommand(new WatchCommand(espd))
        .addSubcommand(new MatchCommand(espd))
        .addSubcommand(new TcpdumpCommand(espd))
        .addSubcommand(new KeylogCommand(espd))
        .addSubcommand(new CaptureCommand(espd))
        .addSubcommand(new LogLevelCommand(espd))
        .addSubcommand(new CheckCommand())
        .addSubcommand(new DoctorCommand(espd))
        .addSubcommand(new TraceCommand(espd))
        .addSubcommand(new IpsecCommand(espd))
        .addSubcommand(new RacoonCommand(espd, runner))
        .addSubcommand(RacoonctlCommand.commandLine(espd))
        .addSubcommand(setkey(espd))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(Espd::failed);
  }

  /// setkey reads its options itself, as getopt does.
  private static CommandLine setkey(Espd espd) {
    return new CommandLine(new SetkeyCommand(espd)).setUnmatchedOptionsArePositionalParams(true);
  }

  /// {@return the control socket}
  Path control() {
    return control;
  }

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "Missing command: run, up, down, status, …");
  }

  private static int failed(Exception failure, CommandLine command, ParseResult parsed) {
    switch (failure) {
      case UnreachableException e -> {
        command.getErr().println(e.getMessage());
        return Exit.UNREACHABLE;
      }
      case ConfigException e -> e.problems().forEach(problem -> command.getErr().println(problem));
      case RuntimeException e -> e.printStackTrace(command.getErr());
      case Exception e ->
          command.getErr().println("espd: " + (e.getMessage() == null ? e : e.getMessage()));
    }
    return Exit.FAILED;
  }
}
