package espd.daemon.cli;

import espd.daemon.control.ListedSa;
import espd.daemon.keys.KeyFile;
import espd.daemon.keys.KeyLine;
import espd.daemon.keys.Table;
import espd.daemon.tcpdump.Filter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `espd tcpdump`.
@Command(
    name = "tcpdump",
    description = "Prints tcpdump's filter for IKE and ESP with the peers of the SAs there are.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  tcpdump -n -i eth0 \"$(espd tcpdump)\"",
      "  espd tcpdump --keys FILE; tcpdump -n -Z root -E \"file FILE\" -i eth0 esp"
    })
final class TcpdumpCommand implements Callable<Integer> {

  private final Espd espd;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--spis",
      description = "A filter for the packets of exactly the SAs there are now.")
  private boolean spis;

  @Option(
      names = "--keys",
      paramLabel = "FILE",
      description = {
        "Also write the keys of the SAs there are to this file, for tcpdump -E.",
        "Whoever reads it reads their traffic. tcpdump knows AES-CBC with",
        "HMAC-SHA1-96 only; which SAs it cannot decrypt is said."
      })
  private Optional<Path> keys = Optional.empty();

  @Parameters(paramLabel = "CONNECTION", arity = "0..1", description = "Only its SAs.")
  private Optional<String> connection = Optional.empty();

  TcpdumpCommand(Espd espd) {
    this.espd = espd;
  }

  @Override
  public Integer call() throws IOException {
    List<ListedSa> sas =
        SaList.of(espd).stream()
            .filter(sa -> connection.map(sa.connection()::equals).orElse(true))
            .toList();
    if (sas.isEmpty() && (spis || connection.isPresent())) {
      throw new IOException("there is no SA; bring the connection up first: espd up NAME");
    }
    if (keys.isPresent()) {
      write(keys.get());
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(spis ? Filter.ofSpis(sas) : Filter.ofPeers(sas));
    out.flush();
    return Exit.DONE;
  }

  private void write(Path path) throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    err.println("espd: warning: keys go to " + path + "; whoever reads it reads the traffic");
    try (KeyFile file = KeyFile.open(Table.TCPDUMP, path)) {
      new KeyRequest(espd, Set.of(Table.TCPDUMP))
          .copy(
              line -> {
                file.append(line);
                remark(line, err);
              });
    }
    err.flush();
  }

  /// A line that begins so says what tcpdump cannot do, and has no key.
  private static void remark(KeyLine line, PrintWriter err) {
    String first = StandardCharsets.US_ASCII.decode(line.octets().slice(0, 1)).toString();
    if (first.equals("#")) {
      err.print(
          "espd: warning: "
              + StandardCharsets.US_ASCII
                  .decode(line.octets())
                  .subSequence(1, line.octets().remaining()));
    }
  }
}
