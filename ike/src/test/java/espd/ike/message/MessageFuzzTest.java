package espd.ike.message;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// [MessageFuzz] over what once was found, and for a moment over something new.
final class MessageFuzzTest {

  private static final int ROUNDS = 20_000;

  /// What is in `fuzz/message`: seeds, and inputs that once did harm.
  @TestFactory
  Stream<DynamicTest> whatOnceDidHarmDoesNoMore() throws IOException {
    return FuzzCorpus.files("message")
        .map(
            file ->
                DynamicTest.dynamicTest(
                    String.valueOf(file.getFileName()),
                    () -> MessageFuzz.fuzzerTestOneInput(Files.readAllBytes(file))));
  }

  /// The same each time, and something new each time, whose seed is printed.
  @Test
  void nothingButMalformedExceptionComesOfChangedMessages() throws IOException {
    List<byte[]> seeds = FuzzCorpus.contents("message");
    for (long seed : new long[] {1, FuzzCorpus.freshSeed("MessageFuzz")}) {
      Random random = new Random(seed);
      for (int i = 0; i < ROUNDS; i++) {
        byte[] octets = seeds.get(random.nextInt(seeds.size())).clone();
        FuzzCorpus.mutate(octets, random);
        MessageFuzz.fuzzerTestOneInput(octets);
      }
    }
  }
}
