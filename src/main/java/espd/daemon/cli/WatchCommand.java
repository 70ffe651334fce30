package espd.daemon.cli;

import espd.daemon.control.ControlClient;
import espd.daemon.watch.Sample;
import espd.daemon.watch.Screen;
import espd.daemon.watch.Terminal;
import espd.daemon.watch.Terminal.Size;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `espd watch`.
@Command(
    name = "watch",
    description = {
      "Shows SAs and drops with their rates, anew each interval until Ctrl-C.",
      "Where the output is no terminal, prints one block each interval."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class WatchCommand implements Callable<Integer> {

  private static final Size USUAL = new Size(24, 80);
  private static final double LEAST_SECONDS = 0.1;
  private static final double MOST_SECONDS = 86_400;

  private final Espd espd;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--interval",
      paramLabel = "SECONDS",
      defaultValue = "1",
      description = "Between two looks, at least 0.1 (default: ${DEFAULT-VALUE}).")
  private double interval = 1;

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "End after so many looks (default: never).")
  private Optional<Integer> count = Optional.empty();

  WatchCommand(Espd espd) {
    this.espd = espd;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (!(interval >= LEAST_SECONDS && interval <= MOST_SECONDS)) {
      throw new ParameterException(
          spec.commandLine(), "--interval: " + interval + " is not between 0.1 and 86400 seconds");
    }
    if (count.isPresent() && count.get() < 1) {
      throw new ParameterException(
          spec.commandLine(), "--count: " + count.get() + " is less than 1");
    }
    try (ControlClient daemon = UnreachableException.connect(espd.control())) {
      Sample before = Sample.take(daemon);
      Optional<Terminal> terminal = Terminal.open();
      try {
        for (int look = 0; count.isEmpty() || look < count.get(); look++) {
          Thread.sleep(Duration.ofNanos((long) (interval * 1e9)));
          Sample now = Sample.take(daemon);
          show(terminal, before, now);
          before = now;
        }
      } finally {
        terminal.ifPresent(Terminal::close);
      }
    }
    return Exit.DONE;
  }

  private void show(Optional<Terminal> terminal, Sample before, Sample now) {
    Size size = terminal.flatMap(_ -> Terminal.size()).orElse(USUAL);
    int columns = columns().orElse(size.columns());
    if (terminal.isPresent()) {
      terminal.get().show(size, new Screen(before, now, columns).lines());
      return;
    }
    PrintWriter out = spec.commandLine().getOut();
    // A file has no edge.
    new Screen(before, now, columns().orElse(Integer.MAX_VALUE)).lines().forEach(out::println);
    out.println();
    out.flush();
  }

  private static Optional<Integer> columns() {
    return Optional.ofNullable(System.getenv("COLUMNS"))
        .filter(text -> text.matches("[1-9]\\d{0,4}"))
        .map(Integer::parseInt);
  }
}
