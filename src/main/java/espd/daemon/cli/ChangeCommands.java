package espd.daemon.cli;

import espd.daemon.control.ControlClient;
import espd.daemon.control.ControlClient.Command;
import espd.daemon.control.Section;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// The commands that change something: `up` and `down`.
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

    @Parameters(paramLabel = "CONNECTION", description = "Its name in ipsec.conf.")
    private String connection = "";

    Up(Espd espd) {
      this.espd = espd;
    }

    @Override
    public Integer call() throws IOException {
      try (ControlClient daemon = UnreachableException.connect(espd.control())) {
        int exit = change(daemon, new Change("initiate", connection), spec);
        if (exit == Exit.DONE) {
          showSas(daemon, spec.commandLine().getOut());
        }
        return exit;
      }
    }

    private void showSas(ControlClient daemon, PrintWriter out) throws IOException {
      Section named = Section.builder().text("ike", connection).build();
      daemon.stream(
          new Command("list-sas", named),
          "list-sa",
          sas ->
              sas.section(connection)
                  .flatMap(sa -> sa.section("child-sas"))
                  .ifPresent(children -> show(children, out)));
      out.flush();
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

    @Parameters(paramLabel = "CONNECTION", description = "Its name in ipsec.conf.")
    private String connection = "";

    Down(Espd espd) {
      this.espd = espd;
    }

    @Override
    public Integer call() throws IOException {
      try (ControlClient daemon = UnreachableException.connect(espd.control())) {
        return change(daemon, new Change("terminate", connection), spec);
      }
    }
  }

  /// @param command of the daemon
  /// @param connection to be changed
  private record Change(String command, String connection) {}

  private static int change(ControlClient daemon, Change change, CommandSpec spec)
      throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    Section request =
        Section.builder()
            .text("child", change.connection())
            .text("ike", change.connection())
            .build();
    Section answer =
        daemon.stream(
            new Command(change.command(), request),
            "control-log",
            line -> {
              line.text("msg").ifPresent(out::println);
              out.flush();
            });
    if (answer.text("success").orElse("no").equals("yes")) {
      answer.text("msg").filter(message -> !message.isEmpty()).ifPresent(out::println);
      out.flush();
      return Exit.DONE;
    }
    spec.commandLine().getErr().println("espd: " + answer.text("errmsg").orElse("failed"));
    return Exit.FAILED;
  }
}
