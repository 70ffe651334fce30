package espd.daemon.cli;

import espd.daemon.tcpdump.Annotator;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `tcpdump -n … | espd match`.
@Command(
    name = "match",
    description = {
      "Reads the lines of tcpdump and tells behind each ESP packet its connection, direction,"
          + " mode,",
      "suite, the SAD's sequence number beside the packet's, and the SA's age; of an SPI that the",
      "daemon does not know it says so. Other lines pass as they are."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every ESP packet was of an SA of the daemon",
      "1:one had an unknown SPI, or the lines could not be read",
      "3:no daemon answers at the control socket"
    },
    footerHeading = "%nExample:%n",
    footer = "  tcpdump -n -l -i eth0 \"$(espd tcpdump)\" | espd match")
final class MatchCommand implements Callable<Integer> {

  /// When colours are shown.
  enum Colour {
    /// Where the output is a terminal, and NO_COLOR is not set.
    AUTO,
    /// Always.
    ALWAYS,
    /// Never.
    NEVER
  }

  private final Espd espd;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--color",
      paramLabel = "WHEN",
      defaultValue = "auto",
      description = "auto, always or never (default: ${DEFAULT-VALUE}).")
  private Colour colour = Colour.AUTO;

  @Parameters(
      paramLabel = "FILE",
      arity = "0..1",
      description = "Lines of tcpdump (default: the standard input).")
  private Optional<Path> file = Optional.empty();

  MatchCommand(Espd espd) {
    this.espd = espd;
  }

  @Override
  public Integer call() throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    Annotator annotator =
        new Annotator(
            () -> SaList.of(espd),
            InstantSource.system(),
            new Annotator.Style(
                coloured(), trouble -> err.println("espd: " + trouble + "; going on without")));
    annotator.begin();
    try (BufferedReader lines = lines()) {
      copy(lines, annotator);
    }
    if (annotator.unknownLines() == 0) {
      return Exit.DONE;
    }
    err.printf(
        "espd: %d of %d ESP packets had an unknown SPI%n",
        annotator.unknownLines(), annotator.espLines());
    err.flush();
    return Exit.FAILED;
  }

  private BufferedReader lines() throws IOException {
    return file.isPresent()
        ? Files.newBufferedReader(file.get())
        : new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
  }

  /// Each line at once, for somebody may be looking; nobody is when it cannot be written.
  private void copy(BufferedReader lines, Annotator annotator) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    String line = lines.readLine();
    while (line != null && !out.checkError()) {
      out.println(annotator.annotated(line));
      out.flush();
      line = lines.readLine();
    }
  }

  private boolean coloured() {
    return switch (colour) {
      case ALWAYS -> true;
      case NEVER -> false;
      case AUTO -> System.getenv("NO_COLOR") == null && isTerminal();
    };
  }

  /// The console that Java knows is one only where the input is a terminal too, and here it is a
  /// pipe.
  private static boolean isTerminal() {
    try {
      String output = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
      return output.startsWith("/dev/pts/") || output.startsWith("/dev/tty");
    } catch (IOException e) {
      return false;
    }
  }
}
