package espd.ike.v1.message;

import espd.ike.message.FuzzCorpus;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// [IsakmpFuzz] over what once was found, and for a moment over something new.
final class IsakmpFuzzTest {

  private static final int ROUNDS = 20_000;

  /// What is in `fuzz/isakmp`: seeds, and inputs that once did harm.
  @TestFactory
  Stream<DynamicTest> whatOnceDidHarmDoesNoMore() throws IOException {
    return FuzzCorpus.files("isakmp")
        .map(
            file ->
                DynamicTest.dynamicTest(
                    String.valueOf(file.getFileName()),
                    () -> IsakmpFuzz.fuzzerTestOneInput(Files.readAllBytes(file))));
  }

  /// The same each time, and something new each time, whose seed is printed.
  @Test
  void nothingButMalformedExceptionComesOfChangedMessages() throws IOException {
    List<byte[]> seeds = FuzzCorpus.contents("isakmp");
    for (long seed : new long[] {1, FuzzCorpus.freshSeed("IsakmpFuzz")}) {
      Random random = new Random(seed);
      for (int i = 0; i < ROUNDS; i++) {
        byte[] octets = seeds.get(random.nextInt(seeds.size())).clone();
        FuzzCorpus.mutate(octets, random);
        IsakmpFuzz.fuzzerTestOneInput(octets);
      }
    }
  }
}
