package espd.daemon.racoon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import espd.daemon.config.Findings;
import espd.daemon.config.Source;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// [RacoonFuzz] over what is checked in, and for a moment over something new.
class RacoonFuzzTest {

  private static final int ROUNDS = 2000;

  /// What mutations put in: what the language is made of.
  private static final String PARTS =
      " ;{}[]-/,#\"\n0123456789abcdefx:.=_%\u00ac\u00c2\u0000\u00ff";

  private static byte[] statements() throws IOException {
    try (InputStream in =
        Optional.ofNullable(RacoonFuzzTest.class.getResourceAsStream("/fuzz/racoon/statements"))
            .orElseThrow()) {
      return in.readAllBytes();
    }
  }

  @Test
  void everyStatementOfTheSeedIsRead() throws IOException {
    Findings findings = new Findings();
    RacoonParser parser = new RacoonParser(findings);
    parser.read(
        new Source(Path.of("racoon.conf"), new String(statements(), StandardCharsets.UTF_8)));
    assertEquals(
        List.of("glob found no matches for path \"nothing/*.conf\""),
        findings.problems().stream().map(each -> each.read()).toList());
    assertEquals(3, parser.read().remotes().size());
    assertEquals(2, parser.read().sainfos().size());
  }

  /// The same each time, and something new each time, whose seed is printed.
  @Test
  void nothingComesOfChangedTextButErrorsInIt() throws IOException {
    long fresh = Long.getLong("espd.fuzz.seed", new Random().nextLong());
    System.out.println("RacoonFuzz: -Despd.fuzz.seed=" + fresh);
    byte[] statements = statements();
    for (long seed : new long[] {1, fresh}) {
      Random random = new Random(seed);
      for (int i = 0; i < ROUNDS; i++) {
        byte[] text = statements.clone();
        for (int changes = 1 + random.nextInt(6); changes > 0; changes--) {
          text[random.nextInt(text.length)] = (byte) PARTS.charAt(random.nextInt(PARTS.length()));
        }
        RacoonFuzz.fuzzerTestOneInput(text);
      }
    }
  }
}
