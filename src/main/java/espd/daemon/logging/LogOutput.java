package espd.daemon.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.Layout;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/// Log lines go to the standard error, and whoever started the program puts them where they belong.
///
/// Logback finds this class through `META-INF/services` at the first logger, and takes it where it
/// finds no file of its own, as tests have one; until [#start] says otherwise, lines are text, from
/// `info` on.
@ConfiguratorRank(ConfiguratorRank.FALLBACK)
public final class LogOutput extends ContextAwareBase implements Configurator {

  /// Libraries speak only of trouble, whatever the level.
  private static final List<String> QUIET = List.of("io.netty");

  /// Made by Logback.
  public LogOutput() {}

  @Override
  public ExecutionStatus configure(LoggerContext loggers) {
    write(loggers, LogFormat.TEXT, Level.INFO);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /// Has all lines look so from now on.
  ///
  /// @param format how they look
  /// @param level the least that is said
  public static void start(LogFormat format, org.slf4j.event.Level level) {
    LoggerContext loggers = (LoggerContext) LoggerFactory.getILoggerFactory();
    loggers.reset();
    write(loggers, format, Level.convertAnSLF4JLevel(level));
  }

  /// How racoon's log is written.
  ///
  /// @param level the least that is said
  /// @param file that it goes to; the standard output where there is none
  /// @param places whether each line says where in the program it comes from
  public record RacoonManner(org.slf4j.event.Level level, Optional<Path> file, boolean places) {}

  /// Has all lines look as racoon's from now on. Unless more is wanted, what IKE says besides
  /// racoon's own lines is left out.
  public static void start(RacoonManner manner) {
    LoggerContext loggers = (LoggerContext) LoggerFactory.getILoggerFactory();
    loggers.reset();
    Level level = Level.convertAnSLF4JLevel(manner.level());
    boolean more = !level.isGreaterOrEqual(Level.INFO);
    Layout<ILoggingEvent> layout =
        started(loggers, TextLayout.asRacoon(ZoneId.systemDefault(), manner.places()));
    OutputStreamAppender<ILoggingEvent> appender =
        manner.file().isPresent() ? toFile(manner.file().get()) : console("System.out");
    append(loggers, appender, layout, more ? level : Level.WARN);
    loggers.getLogger("racoon").setLevel(level);
    if (!more) {
      loggers.getLogger("espd.ike").setLevel(Level.ERROR);
    }
  }

  private static OutputStreamAppender<ILoggingEvent> console(String target) {
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setTarget(target);
    return console;
  }

  private static OutputStreamAppender<ILoggingEvent> toFile(Path path) {
    FileAppender<ILoggingEvent> file = new FileAppender<>();
    file.setFile(path.toString());
    return file;
  }

  private static void write(LoggerContext loggers, LogFormat format, Level level) {
    append(loggers, console("System.err"), started(loggers, layout(format)), level);
  }

  private static void append(
      LoggerContext loggers,
      OutputStreamAppender<ILoggingEvent> appender,
      Layout<ILoggingEvent> layout,
      Level level) {
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setContext(loggers);
    encoder.setCharset(StandardCharsets.UTF_8);
    encoder.setLayout(layout);
    encoder.start();
    appender.setContext(loggers);
    appender.setName("output");
    appender.setEncoder(encoder);
    appender.start();
    Logger root = loggers.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(level);
    root.addAppender(appender);
    QUIET.forEach(name -> loggers.getLogger(name).setLevel(Level.WARN));
  }

  private static Layout<ILoggingEvent> layout(LogFormat format) {
    return switch (format) {
      case TEXT ->
          Journal.readsStandardError(System.getenv())
              ? TextLayout.forJournal()
              : TextLayout.withTimes(ZoneId.systemDefault());
      case JSON -> new JsonLayout();
    };
  }

  private static Layout<ILoggingEvent> started(
      LoggerContext loggers, Layout<ILoggingEvent> layout) {
    layout.setContext(loggers);
    layout.start();
    return layout;
  }
}
