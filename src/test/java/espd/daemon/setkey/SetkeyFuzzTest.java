package espd.daemon.setkey;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// [SetkeyFuzz] over what is checked in, and for a moment over something new.
class SetkeyFuzzTest {

  private static final int ROUNDS = 30_000;

  /// What mutations put in: what the language is made of.
  private static final String PARTS = " ;/[]-#\"\n0123456789abcdefx:.,%+\u00ac\u00c2\u0000\u00ff";

  private static List<byte[]> seeds() throws IOException {
    List<byte[]> seeds = new ArrayList<>();
    for (String name : List.of("transport", "tunnel", "sas")) {
      try (InputStream in =
          Optional.ofNullable(SetkeyFuzzTest.class.getResourceAsStream("/fuzz/setkey/" + name))
              .orElseThrow()) {
        seeds.add(in.readAllBytes());
      }
    }
    return seeds;
  }

  @Test
  void theSeedsAreRead() throws IOException, SetkeyException {
    for (byte[] seed : seeds()) {
      SetkeyFuzz.fuzzerTestOneInput(seed);
      SetkeyParser.all(seed);
    }
  }

  /// The same each time, and something new each time, whose seed is printed.
  @Test
  void nothingButSetkeyExceptionComesOfChangedText() throws IOException {
    long fresh = Long.getLong("espd.fuzz.seed", new Random().nextLong());
    System.out.println("SetkeyFuzz: -Despd.fuzz.seed=" + fresh);
    List<byte[]> seeds = seeds();
    for (long seed : new long[] {1, fresh}) {
      Random random = new Random(seed);
      for (int i = 0; i < ROUNDS; i++) {
        byte[] text = seeds.get(random.nextInt(seeds.size())).clone();
        for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
          text[random.nextInt(text.length)] = (byte) PARTS.charAt(random.nextInt(PARTS.length()));
        }
        SetkeyFuzz.fuzzerTestOneInput(text);
      }
    }
  }
}
