package espd.tun.facts;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The files in which the kernel says how the host is.
///
/// @param root of the file system, `/` but in tests
public record HostFiles(Path root) {

  /// Those of this host.
  public static final HostFiles OF_THIS_HOST = new HostFiles(Path.of("/"));

  /// {@return what a file says, without blanks around it, or nothing where it is not there or may
  /// not be read}
  ///
  /// @param path absolute
  public Optional<String> text(String path) {
    try {
      return Optional.of(
          new String(Files.readAllBytes(at(path)), StandardCharsets.ISO_8859_1).strip());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /// {@return the lines of a file, none where it cannot be read}
  public List<String> lines(String path) {
    return text(path).map(text -> text.lines().toList()).orElse(List.of());
  }

  /// {@return the names in a folder, none where it cannot be read}
  public List<String> names(String path) {
    try (Stream<Path> files = Files.list(at(path))) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  /// {@return where a link leads, or nothing where it cannot be read}
  public Optional<String> link(String path) {
    try {
      return Optional.of(Files.readSymbolicLink(at(path)).toString());
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.empty();
    }
  }

  /// {@return whether there is such a file or folder}
  public boolean exists(String path) {
    return Files.exists(at(path));
  }

  private Path at(String path) {
    return root.resolve(path.substring(1));
  }
}
