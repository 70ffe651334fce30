package espd.daemon.logging;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// The journal of systemd, which takes a line's priority from its beginning (sd-daemon(3)).
final class Journal {

  private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

  private Journal() {}

  /// Says whether the standard error leads to the journal and nowhere else: `JOURNAL_STREAM` names
  /// its device and inode, and whoever redirects it leaves the variable behind (systemd.exec(5)).
  static boolean readsStandardError(Map<String, String> environment) {
    return readsStandardError(environment, STANDARD_ERROR);
  }

  static boolean readsStandardError(Map<String, String> environment, Path standardError) {
    String stream = environment.getOrDefault("JOURNAL_STREAM", "");
    if (stream.isEmpty()) {
      return false;
    }
    try {
      Map<String, Object> file = Files.readAttributes(standardError, "unix:dev,ino");
      return stream.equals(file.get("dev") + ":" + file.get("ino"));
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  /// {@return what a line of this level begins with}
  static String priority(Level level) {
    return switch (level.toInt()) {
      case Level.ERROR_INT -> "<3>";
      case Level.WARN_INT -> "<4>";
      case Level.INFO_INT -> "<6>";
      default -> "<7>";
    };
  }
}
