package espd.daemon.config;

import java.nio.file.Path;

/// A place in a file.
///
/// @param file the file as it was named
/// @param line 1 for the first, 0 when the whole file is meant
/// @param column in characters, 1 for the first, 0 when the whole file is meant
public record Place(Path file, int line, int column) {

  /// {@return the file as a whole}
  public static Place of(Path file) {
    return new Place(file, 0, 0);
  }

  /// {@return `FILE:LINE:COLUMN`, or `FILE` for the whole}
  @Override
  public String toString() {
    return line == 0 ? file.toString() : file + ":" + line + ":" + column;
  }
}
