package espd.daemon.racoon;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/// The files of the HOWTO's chapter on racoon, as they stand in it.
final class SeedFiles {

  private SeedFiles() {}

  /// {@return the text of one of them}
  static String text(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(SeedFiles.class.getResourceAsStream("/racoon/" + name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
