package espd.ike.message;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/// The checked-in inputs of the fuzz targets, in `fuzz/TARGET` of the test resources.
public final class FuzzCorpus {

  private FuzzCorpus() {}

  /// {@return the files of a target}
  public static Stream<Path> files(String target) throws IOException {
    URL folder = Optional.ofNullable(FuzzCorpus.class.getResource("/fuzz/" + target)).orElseThrow();
    try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
      return files.sorted().toList().stream();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /// {@return their contents}
  public static List<byte[]> contents(String target) throws IOException {
    List<byte[]> contents = new ArrayList<>();
    for (Path file : files(target).toList()) {
      contents.add(Files.readAllBytes(file));
    }
    return contents;
  }

  /// {@return a seed that is another each time; it is printed, so that what it finds can be found
  /// again}
  public static long freshSeed(String target) {
    long seed = Long.getLong("espd.fuzz.seed", new Random().nextLong());
    System.out.println(target + ": -Despd.fuzz.seed=" + seed);
    return seed;
  }

  /// Changes up to six of the octets.
  public static void mutate(byte[] octets, RandomGenerator random) {
    for (int changes = 1 + random.nextInt(6); changes > 0 && octets.length > 0; changes--) {
      int at = random.nextInt(octets.length);
      octets[at] =
          switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> (byte) 0xff;
            case 2 -> (byte) (octets[at] ^ 1 << random.nextInt(8));
            default -> (byte) random.nextInt();
          };
    }
  }
}
