package espd.daemon.cli;

import espd.daemon.control.ControlClient;
import espd.daemon.control.ControlClient.Command;
import espd.daemon.control.Section;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// The commands that change something: `up`, `down`, `rekey` and `reload`.
final class ChangeCommands {

  private ChangeCommands() {}

  /// `espd up`.
  @CommandLine.Command(
      name = "up",
      description = "Negotiates a connection's SAs and shows how.",
      mixinStandardHelpOptions = true,
      versionProvider = Version.class)
  static final class Up implements Callable<Integer> {

    private final Espd espd;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private Json json = new Json();

    @Parameters(paramLabel = "CONNECTION", description = "Its name in ipsec.conf.")
    private String connection = "";

    Up(Espd espd) {
      this.espd = espd;
    }

    @Override
    public Integer call() throws IOException {
      try (ControlClient daemon = UnreachableException.connect(espd.control())) {
        Change change = new Change(spec, json);
        Section named = Section.builder().text("child", connection).build();
        Change.Result result = change.run(daemon, new Command("initiate", named));
        Section children = result.succeeded() ? children(daemon, named) : Section.EMPTY;
        int exit = change.show(result, Section.builder().section("child-sas", children).build());
        if (!json.isWanted()) {
          show(children, spec.commandLine().getOut());
        }
        return exit;
      }
    }

    private static Section children(ControlClient daemon, Section named) throws IOException {
      Section.Builder children = Section.builder();
      daemon.stream(
          new Command("list-sas", named),
          "list-sa",
          sas ->
              sas.nodes().keySet().stream()
                  .flatMap(name -> sas.section(name).stream())
                  .flatMap(sa -> sa.section("child-sas").stream())
                  .forEach(all -> all.nodes().forEach(children::node)));
      return children.build();
    }

    private static void show(Section children, PrintWriter out) {
      for (String name : children.nodes().keySet()) {
        Section child = children.section(name).orElse(Section.EMPTY);
        String size = child.text("encr-keysize").map(bits -> "_" + bits).orElse("");
        String integrity = child.text("integ-alg").map(alg -> "/" + alg).orElse("");
        out.println(
            "CHILD_SA "
                + name
                + ": "
                + child.text("encr-alg").orElse("")
                + size
                + integrity
                + ", inbound SPI 0x"
                + child.text("spi-in").orElse("")
                + ", outbound SPI 0x"
                + child.text("spi-out").orElse(""));
      }
      out.flush();
    }
  }

  /// `espd down`.
  @CommandLine.Command(
      name = "down",
      description = "Deletes a connection's SAs, at the peer too.",
      mixinStandardHelpOptions = true,
      versionProvider = Version.class)
  static final class Down implements Callable<Integer> {

    private final Espd espd;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private Json json = new Json();

    @Parameters(paramLabel = "CONNECTION", description = "Its name in ipsec.conf.")
    private String connection = "";

    Down(Espd espd) {
      this.espd = espd;
    }

    @Override
    public Integer call() throws IOException {
      Section named = Section.builder().text("child", connection).build();
      return change(espd, new Command("espd-down", named), new Change(spec, json));
    }
  }

  /// `espd rekey`.
  @CommandLine.Command(
      name = "rekey",
      description = "Begins to replace a connection's Child SAs, or its IKE SA, by new ones.",
      mixinStandardHelpOptions = true,
      versionProvider = Version.class)
  static final class Rekey implements Callable<Integer> {

    private final Espd espd;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private Json json = new Json();

    @Option(names = "--ike", description = "The IKE SA; its Child SAs stay as they are.")
    private boolean ike;

    @Option(
        names = "--reauth",
        description =
            "Another IKE SA with all its Child SAs, in which both ends prove themselves anew.")
    private boolean anew;

    @Parameters(paramLabel = "CONNECTION", description = "Its name in ipsec.conf.")
    private String connection = "";

    Rekey(Espd espd) {
      this.espd = espd;
    }

    @Override
    public Integer call() throws IOException {
      Section named =
          Section.builder()
              .text(ike || anew ? "ike" : "child", connection)
              .text("reauth", anew ? "yes" : "no")
              .build();
      return change(espd, new Command("rekey", named), new Change(spec, json));
    }
  }

  /// `espd reload`.
  @CommandLine.Command(
      name = "reload",
      description = {
        "Has the daemon read its files again and do what differs. Connections that are the same"
            + " keep their SAs; files with an error change nothing."
      },
      mixinStandardHelpOptions = true,
      versionProvider = Version.class)
  static final class Reload implements Callable<Integer> {

    private final Espd espd;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private Json json = new Json();

    Reload(Espd espd) {
      this.espd = espd;
    }

    @Override
    public Integer call() throws IOException {
      return change(espd, new Command("reload-settings", Section.EMPTY), new Change(spec, json));
    }
  }

  private static int change(Espd espd, Command command, Change change) throws IOException {
    try (ControlClient daemon = UnreachableException.connect(espd.control())) {
      return change.show(change.run(daemon, command), Section.EMPTY);
    }
  }
}
