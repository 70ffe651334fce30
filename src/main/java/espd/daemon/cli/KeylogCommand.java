package espd.daemon.cli;

import espd.daemon.control.ControlClient;
import espd.daemon.keys.KeyFolder;
import espd.daemon.keys.KeyLine;
import espd.daemon.keys.Table;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `espd keylog`.
@Command(
    name = "keylog",
    description = {
      "Writes the keys of the SAs and IKE SAs there are to a folder, as Wireshark's tables esp_sa,",
      "ikev2_decryption_table and ikev1_decryption_table. Whoever reads them reads the traffic."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    footerHeading = "%nExample:%n",
    footer = "  espd keylog DIR; WIRESHARK_CONFIG_DIR=DIR wireshark FILE.pcap")
final class KeylogCommand implements Callable<Integer> {

  private final Espd espd;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--follow",
      description = "Go on with the keys of all that comes, until it is interrupted.")
  private boolean follow;

  @Parameters(paramLabel = "DIR", description = "The folder; made with mode 0700 if need be.")
  private Path path = Path.of(".");

  private int written;

  KeylogCommand(Espd espd) {
    this.espd = espd;
  }

  @Override
  public Integer call() throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    KeyRequest request = new KeyRequest(espd, Set.copyOf(Table.OF_WIRESHARK));
    try (ControlClient daemon = UnreachableException.connect(espd.control());
        KeyFolder folder = KeyFolder.open(path)) {
      err.println("espd: warning: keys go to " + path + "; whoever reads them reads the traffic");
      err.flush();
      if (follow) {
        try (Interruption interruption = new Interruption()) {
          request.follow(daemon, line -> count(folder, line), () -> !interruption.isWanted());
        }
      } else {
        request.copy(line -> count(folder, line));
      }
    }
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%d keys written to %s%n", written, path);
    out.flush();
    return Exit.DONE;
  }

  private void count(KeyFolder folder, KeyLine line) throws IOException {
    written += folder.append(line) ? 1 : 0;
  }
}
