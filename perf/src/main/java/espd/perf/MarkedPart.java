package espd.perf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The part of a Markdown document that a program writes, between `<!-- NAME -->` and `<!-- /NAME
/// -->`, each on a line of its own.
///
/// @param name the program's name
record MarkedPart(String name) {

  /// Replaces the part in a file.
  void write(Path document, String part) throws IOException {
    Files.writeString(document, in(Files.readString(document), part));
  }

  /// {@return the document with this part instead of the one it had}
  ///
  /// @throws IllegalArgumentException when the document does not have the marks, or in another
  ///   order
  String in(String document, String part) {
    String begin = "<!-- " + name + " -->\n";
    String end = "<!-- /" + name + " -->";
    int from = document.indexOf(begin);
    int to = document.indexOf(end);
    if (from < 0 || to < from) {
      throw new IllegalArgumentException("no part between the marks " + begin.strip() + " " + end);
    }
    return document.substring(0, from + begin.length())
        + "\n"
        + part
        + "\n"
        + document.substring(to);
  }
}
