package espd.daemon.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.LoggerFactory;

/// How much is logged, looked at and changed while the program runs. Any thread.
///
/// Loggers are named by class; a level counts for all whose name begins with that of its logger. A
/// module of ours may be named alone: `ike` for `espd.ike`. Only names that classes have are taken,
/// so that nobody fills the memory with others.
public final class LogLevels {

  /// The level of all that have none of their own.
  public static final String ROOT = "root";

  /// Takes away a logger's own level.
  private static final String INHERITED = "default";

  private static final List<Level> LEVELS =
      List.of(Level.ERROR, Level.WARN, Level.INFO, Level.DEBUG, Level.TRACE);

  private LogLevels() {}

  /// {@return every logger that has a level of its own, and the level}
  public static SortedMap<String, String> all() {
    SortedMap<String, String> levels = new TreeMap<>();
    for (Logger logger : loggers().getLoggerList()) {
      if (logger.getLevel() != null) {
        levels.put(name(logger), name(logger.getLevel()));
      }
    }
    return levels;
  }

  /// Gives a logger a level from now on.
  ///
  /// @param logger a class, a package, a module of ours, or [#ROOT]
  /// @param level `error`, `warn`, `info`, `debug`, `trace`, or `default` for none of its own
  /// @throws IllegalArgumentException when there is no such logger or level, saying which there are
  public static void set(String logger, String level) {
    Logger known = known(logger);
    if (!level.equalsIgnoreCase(INHERITED)) {
      known.setLevel(level(level));
    } else if (known.getName().equals(org.slf4j.Logger.ROOT_LOGGER_NAME)) {
      throw new IllegalArgumentException("root has no other logger's level: give it one");
    } else {
      known.setLevel(null);
    }
  }

  private static Logger known(String name) {
    if (name.equalsIgnoreCase(ROOT)) {
      return loggers().getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }
    Logger logger = loggers().exists(name);
    if (logger == null) {
      logger = loggers().exists("espd." + name);
    }
    if (logger == null) {
      throw new IllegalArgumentException(
          "no logger "
              + name
              + "; there are root, "
              + String.join(
                  ", ",
                  loggers().getLoggerList().stream()
                      .map(Logger::getName)
                      .filter(each -> each.matches("espd\\.\\w+"))
                      .sorted()
                      .toList())
              + " and the classes below them");
    }
    return logger;
  }

  private static Level level(String text) {
    return LEVELS.stream()
        .filter(level -> name(level).equals(text.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no level " + text + ": error, warn, info, debug, trace or default"));
  }

  private static String name(Logger logger) {
    return logger.getName().equals(org.slf4j.Logger.ROOT_LOGGER_NAME) ? ROOT : logger.getName();
  }

  private static String name(Level level) {
    return level.toString().toLowerCase(Locale.ROOT);
  }

  private static LoggerContext loggers() {
    return (LoggerContext) LoggerFactory.getILoggerFactory();
  }
}
