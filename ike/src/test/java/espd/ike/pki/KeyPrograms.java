package espd.ike.pki;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Others' programs that make keys and write them in their ways: openssl, ssh-keygen.
final class KeyPrograms {

  private KeyPrograms() {}

  /// {@return what a program prints}
  ///
  /// @param folder where there is room for it
  static byte[] printed(Path folder, String... command) throws IOException, InterruptedException {
    Path out = folder.resolve("out");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertEquals(0, process.waitFor());
    return Files.readAllBytes(out);
  }

  /// {@return the file of a new private key}
  ///
  /// @param kind the algorithm, as `openssl genpkey -algorithm` takes it, with more options
  static String made(Path folder, String kind) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("openssl", "genpkey", "-algorithm"));
    words.addAll(List.of(kind.split(" ", -1)));
    Path key = folder.resolve("key.pem");
    Files.write(key, printed(folder, words.toArray(String[]::new)));
    return key.toString();
  }
}
