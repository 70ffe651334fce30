package espd.daemon.racoon;

import espd.daemon.config.Findings;
import espd.daemon.config.Place;
import espd.daemon.config.Problem;
import espd.daemon.config.Source;
import espd.daemon.config.Warning;
import java.nio.file.Path;
import java.util.stream.Stream;

/// Any octets as a `racoon.conf`: a target for Jazzer, which calls [#fuzzerTestOneInput], and for
/// [RacoonFuzzTest].
public final class RacoonFuzz {

  private static final Path FILE = Path.of("/nowhere/racoon.conf");

  private RacoonFuzz() {}

  /// Reads what people may have written, and makes of it what connections are made of. Every error
  /// and warning stands within the text.
  ///
  /// @param data the text
  /// @throws IllegalStateException when one does not
  public static void fuzzerTestOneInput(byte[] data) {
    Findings findings = new Findings();
    RacoonParser parser = new RacoonParser(findings);
    Source source = Source.of(FILE, data);
    parser.read(source);
    for (Sainfo sainfo : parser.read().sainfos()) {
      if (!sainfo.encryption().isEmpty() && !sainfo.authentication().isEmpty()) {
        TrafficPlan.of(sainfo, findings);
      }
    }
    long lines = source.text().chars().filter(c -> c == '\n').count() + 1;
    Stream.concat(
            findings.problems().stream().map(Problem::place),
            findings.warnings().stream().map(Warning::place))
        .forEach(place -> within(place, lines));
  }

  private static void within(Place place, long lines) {
    if (place.line() < 1 || place.column() < 1 || place.line() > lines) {
      throw new IllegalStateException("not within the text: " + place);
    }
  }
}
