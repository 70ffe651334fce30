package espd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Every source has google-java-format's form. With `-Dformat` they are given it.
class FormatTest {

  @Test
  void everySourceIsFormatted() throws IOException, FormatterException {
    boolean rewrite = System.getProperty("format") != null;
    List<Path> unformatted = new ArrayList<>();
    for (Path file : Sources.java()) {
      String source = Files.readString(file);
      String formatted = new Formatter().formatSourceAndFixImports(source);
      if (rewrite && !source.equals(formatted)) {
        Files.writeString(file, formatted);
      } else if (!source.equals(formatted)) {
        unformatted.add(Sources.root().relativize(file));
      }
    }
    assertEquals(List.of(), unformatted, "scripts/format gives these their form");
  }
}
