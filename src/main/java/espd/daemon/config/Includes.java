package espd.daemon.config;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.PatternSyntaxException;

/// The files that `include` means: a path, or a pattern with `*`, `?`, `[…]` and `{…}`, relative to
/// the including file. As in a shell, a dot that a name begins with is matched by a dot only: what
/// an editor leaves there is no configuration.
public final class Includes {

  /// How deep files may include one another.
  public static final int DEPTH = 10;

  private Includes() {}

  /// {@return the files that `pattern` matches, in order of their names; none when there is none}
  ///
  /// @throws Unreadable when it is no path
  public static List<Path> expand(Path including, Value pattern) throws Unreadable {
    try {
      Path path =
          Path.of(pattern.text().replaceFirst("^~/", System.getProperty("user.home") + "/"));
      Path absolute = including.toAbsolutePath().resolveSibling(path).normalize();
      List<Path> found = List.of(absolute.getRoot());
      for (Path name : absolute) {
        List<Path> deeper = new ArrayList<>();
        for (Path folder : found) {
          deeper.addAll(matches(folder, name.toString()));
        }
        found = deeper;
      }
      return found.stream().filter(Files::isRegularFile).toList();
    } catch (InvalidPathException | PatternSyntaxException e) {
      throw new Unreadable(pattern, "a path, perhaps with * and ?");
    }
  }

  private static List<Path> matches(Path folder, String name) {
    if (name.chars().noneMatch(c -> "*?[{".indexOf(c) >= 0)) {
      Path exact = folder.resolve(name);
      return Files.exists(exact) ? List.of(exact) : List.of();
    }
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, name)) {
      entries.forEach(found::add);
    } catch (IOException | DirectoryIteratorException e) {
      return List.of();
    }
    found.removeIf(each -> isHidden(each.getFileName().toString()) && !isHidden(name));
    found.sort(null);
    return found;
  }

  private static boolean isHidden(String name) {
    return name.startsWith(".");
  }
}
