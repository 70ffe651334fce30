package espd.daemon.cli;

import espd.daemon.capture.CaptureFile;
import espd.daemon.capture.Progress;
import espd.daemon.control.ControlClient;
import espd.daemon.control.ControlClient.Command;
import espd.daemon.control.Section;
import espd.daemon.control.Wiretap;
import espd.daemon.control.WiretapEvents;
import espd.daemon.keys.KeyFolder;
import espd.dataplane.tap.Wish;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `espd capture`.
@CommandLine.Command(
    name = "capture",
    description = {
      "Writes the packets of the SAs to a capture file, each on both sides of ESP: interface inner",
      "in the clear, interface outer as ESP. Ends by itself, or when it is interrupted."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  espd capture --secrets DIR FILE.pcapng; WIRESHARK_CONFIG_DIR=DIR wireshark FILE.pcapng",
      "  espd capture --inner - | wireshark -k -i -"
    })
final class CaptureCommand implements Callable<Integer> {

  private static final String STANDARD_OUTPUT = "-";

  private final Espd espd;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--secrets",
      paramLabel = "DIR",
      description = {
        "Also write the keys of the SAs to this folder, as keylog --follow does. A",
        "capture file cannot hold them: there is no block of pcapng for keys of ESP."
      })
  private Optional<Path> secrets = Optional.empty();

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "End after so many packets of both sides together.")
  private Optional<Long> count = Optional.empty();

  @Option(names = "--duration", paramLabel = "SECONDS", description = "End after so long.")
  private Optional<Integer> duration = Optional.empty();

  @Option(
      names = "--snap",
      paramLabel = "OCTETS",
      description = "Keep no more of a packet, at least " + Wish.LEAST_SNAP + " (default: all).")
  private int snap = Wish.WHOLE;

  @Option(names = "--connection", paramLabel = "NAME", description = "Only the packets of its SAs.")
  private Optional<String> connection = Optional.empty();

  @Option(names = "--inner", description = "Only the packets in the clear.")
  private boolean inner;

  @Option(names = "--outer", description = "Only the ESP packets.")
  private boolean outer;

  @Parameters(
      paramLabel = "FILE",
      description = "The file, which must not be there yet; - is the standard output.")
  private String file = STANDARD_OUTPUT;

  private boolean begun;

  CaptureCommand(Espd espd) {
    this.espd = espd;
  }

  @Override
  public Integer call() throws IOException {
    try (ControlClient daemon = UnreachableException.connect(espd.control())) {
      if (secrets.isEmpty()) {
        return capture(daemon);
      }
      try (KeyFolder folder = KeyFolder.open(secrets.get());
          KeyFollower _ = KeyFollower.start(espd, folder, this::warn)) {
        warn("keys go to " + secrets.get() + "; whoever reads them reads the traffic");
        return capture(daemon);
      }
    }
  }

  private void warn(String line) {
    say("warning: " + line);
  }

  private int capture(ControlClient daemon) throws IOException {
    try (Interruption interruption = new Interruption();
        CaptureFile capture = open()) {
      Optional<Section> answer =
          daemon.follow(
              new Command(Wiretap.CAPTURE, request()),
              Wiretap.CAPTURED,
              event -> {
                begun();
                return !write(event, capture) || !interruption.isWanted();
              });
      if (answer.isPresent()) {
        ControlClient.requireDone(answer.get());
      }
      Progress all = capture.progress();
      say(
          "%d inner and %d outer packets captured, %d and %d lost"
              .formatted(all.inner(), all.outer(), all.innerDropped(), all.outerDropped()));
      return Exit.DONE;
    }
  }

  /// The daemon has begun: what passes from now on is captured.
  private void begun() {
    if (!begun) {
      begun = true;
      say("capturing to " + file);
    }
  }

  private void say(String line) {
    spec.commandLine().getErr().println("espd: " + line);
    spec.commandLine().getErr().flush();
  }

  private CaptureFile open() throws IOException {
    return file.equals(STANDARD_OUTPUT)
        ? CaptureFile.to(new FileOutputStream(FileDescriptor.out))
        : CaptureFile.create(Path.of(file));
  }

  private Section request() {
    Section.Builder request = Section.builder().text("snap", snap);
    if (inner != outer) {
      request.items("sides", List.of(inner ? "inner" : "outer"));
    }
    connection.ifPresent(name -> request.text("connection", name));
    count.ifPresent(packets -> request.text("count", packets));
    duration.ifPresent(seconds -> request.text("milliseconds", TimeUnit.SECONDS.toMillis(seconds)));
    return request.build();
  }

  /// {@return whether a block ends with what this event brings}
  private static boolean write(Section event, CaptureFile capture) throws IOException {
    capture.write(WiretapEvents.octets(event));
    Optional<Progress> progress = WiretapEvents.progress(event);
    if (progress.isPresent()) {
      capture.ended(progress.get());
    }
    return progress.isPresent();
  }
}
