package espd.daemon.cli;

import espd.daemon.doctor.Examination;
import espd.daemon.doctor.Finding;
import espd.daemon.doctor.Finding.Level;
import espd.daemon.doctor.Question;
import espd.daemon.doctor.Report;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `espd doctor`: whether this host gives a daemon what it needs.
@Command(
    name = "doctor",
    description = {
      "Looks whether this host gives espd what it needs, and says what to do where it does not.",
      "Beside a running daemon or without one; what it makes to try something it removes again.",
      "Exit code 1 when something fails."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false)
final class DoctorCommand implements Callable<Integer> {

  private final Espd espd;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Looks also at the peers, addresses and algorithms of these files.")
  private List<Path> configs = new ArrayList<>();

  @Option(
      names = "--tun",
      paramLabel = "NAME",
      defaultValue = "espd0",
      description = "The name of the daemon's TUN device (default: ${DEFAULT-VALUE}).")
  private String tun = "espd0";

  @Mixin private Json json = new Json();

  DoctorCommand(Espd espd) {
    this.espd = espd;
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Report report = new Report();
    new Examination(new Question(configs, espd.control(), tun))
        .run(
            finding -> {
              report.add(finding);
              if (!json.isWanted()) {
                Report.show(finding, out, level -> coloured(finding, level));
              }
            });
    long fails = report.counts().getOrDefault(Level.FAIL, 0L);
    if (json.isWanted()) {
      out.println(report.json());
    } else {
      long warnings = report.counts().getOrDefault(Level.WARN, 0L);
      out.printf("%n%d fail, %d warn%n", fails, warnings);
    }
    out.flush();
    return fails == 0 ? Exit.DONE : Exit.FAILED;
  }

  private static String coloured(Finding finding, String text) {
    String colour =
        switch (finding.level()) {
          case OK -> "green";
          case WARN -> "yellow";
          case FAIL -> "bold,red";
        };
    return Ansi.AUTO.string("@|" + colour + " " + text + "|@");
  }
}
