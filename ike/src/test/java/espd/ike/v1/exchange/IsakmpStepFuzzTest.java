package espd.ike.v1.exchange;

import espd.ike.message.FuzzCorpus;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HexFormat;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// [IsakmpStepFuzz] over what once was found, and for a moment over something new.
final class IsakmpStepFuzzTest {

  private static final int STORMS = 300;
  private static final int MOST_OCTETS = 1_200;

  /// What is in `fuzz/isakmp-step`: inputs that once did harm.
  @TestFactory
  Stream<DynamicTest> whatOnceDidHarmDoesNoMore() throws IOException {
    return FuzzCorpus.files("isakmp-step")
        .map(
            file ->
                DynamicTest.dynamicTest(
                    String.valueOf(file.getFileName()),
                    () -> IsakmpStepFuzz.fuzzerTestOneInput(Files.readAllBytes(file))));
  }

  /// The same each time, and something new each time, whose seed is printed.
  @Test
  void noStormDoesHarm() {
    for (long seed : new long[] {1, FuzzCorpus.freshSeed("IsakmpStepFuzz")}) {
      Random random = new Random(seed);
      for (int i = 0; i < STORMS; i++) {
        byte[] storm = new byte[random.nextInt(MOST_OCTETS)];
        random.nextBytes(storm);
        try {
          IsakmpStepFuzz.fuzzerTestOneInput(storm);
        } catch (RuntimeException e) {
          throw new AssertionError("storm " + HexFormat.of().formatHex(storm), e);
        }
      }
    }
  }
}
