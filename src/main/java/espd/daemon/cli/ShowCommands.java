package espd.daemon.cli;

import espd.daemon.control.ControlClient;
import espd.daemon.control.ControlClient.Command;
import espd.daemon.control.Section;
import espd.daemon.control.SectionJson;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// The commands that show something: `status`, `sad` and `spd`.
final class ShowCommands {

  private ShowCommands() {}

  /// `espd status`.
  @CommandLine.Command(
      name = "status",
      description = "Shows the SAs, as `ipsec status` does, and packets dropped by reason.",
      mixinStandardHelpOptions = true,
      versionProvider = Version.class)
  static final class Status implements Callable<Integer> {

    private final Espd espd;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private Json json = new Json();

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
      try (ControlClient daemon = UnreachableException.connect(espd.control())) {
        return show(
            json.isWanted()
                ? SectionJson.of(everything(daemon, request.build())) + "\n"
                : daemon.text(new Command("espd-status", request.build())),
            spec);
      }
    }

    private static Section everything(ControlClient daemon, Section request) throws IOException {
      Section.Builder connections = Section.builder();
      Section.Builder sas = Section.builder();
      daemon.stream(
          new Command("list-conns", request),
          "list-conn",
          event -> event.nodes().forEach(connections::node));
      daemon.stream(new Command("list-sas", request), "list-sa", event -> add(event, sas));
      return Section.builder()
          .section("version", daemon.command("version", Section.EMPTY))
          .section("stats", daemon.command("stats", Section.EMPTY))
          .section("connections", connections.build())
          .section("sas", sas.build())
          .build();
    }

    /// Several IKE SAs may have one name, so each stands under its number.
    private static void add(Section event, Section.Builder sas) {
      for (String name : event.nodes().keySet()) {
        Section sa = event.section(name).orElse(Section.EMPTY);
        Section.Builder named = Section.builder().text("name", name);
        sa.nodes().forEach(named::node);
        sas.section(sa.text("uniqueid").orElse(name), named.build());
      }
    }
  }

  /// `espd sad`.
  @CommandLine.Command(
      name = "sad",
      description = "Shows the SAs with their keys, as `setkey -D` does.",
      mixinStandardHelpOptions = true,
      versionProvider = Version.class)
  static final class SadCommand implements Callable<Integer> {

    private final Espd espd;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private Json json = new Json();

    SadCommand(Espd espd) {
      this.espd = espd;
    }

    @Override
    public Integer call() throws IOException {
      try (ControlClient daemon = UnreachableException.connect(espd.control())) {
        return show(
            json.isWanted()
                ? SectionJson.array(daemon.rows(new Command("espd-sad-rows", Section.EMPTY))) + "\n"
                : daemon.text(new Command("espd-sad", Section.EMPTY)),
            spec);
      }
    }
  }

  /// `espd spd`.
  @CommandLine.Command(
      name = "spd",
      description = "Shows the policies, as `setkey -DP` does.",
      mixinStandardHelpOptions = true,
      versionProvider = Version.class)
  static final class SpdCommand implements Callable<Integer> {

    private final Espd espd;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private Json json = new Json();

    SpdCommand(Espd espd) {
      this.espd = espd;
    }

    @Override
    public Integer call() throws IOException {
      try (ControlClient daemon = UnreachableException.connect(espd.control())) {
        return show(
            json.isWanted()
                ? SectionJson.array(daemon.rows(new Command("espd-spd-rows", Section.EMPTY))) + "\n"
                : daemon.text(new Command("espd-spd", Section.EMPTY)),
            spec);
      }
    }
  }

  private static int show(String text, CommandSpec spec) {
    spec.commandLine().getOut().print(text);
    spec.commandLine().getOut().flush();
    return Exit.DONE;
  }
}
