package espd.daemon.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.Layout;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.List;
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

  private static void write(LoggerContext loggers, LogFormat format, Level level) {
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setContext(loggers);
    encoder.setCharset(StandardCharsets.UTF_8);
    encoder.setLayout(layout(loggers, format));
    encoder.start();
    ConsoleAppender<ILoggingEvent> standardError = new ConsoleAppender<>();
    standardError.setContext(loggers);
    standardError.setName("stderr");
    standardError.setTarget("System.err");
    standardError.setEncoder(encoder);
    standardError.start();
    Logger root = loggers.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(level);
    root.addAppender(standardError);
    QUIET.forEach(name -> loggers.getLogger(name).setLevel(Level.WARN));
  }

  private static Layout<ILoggingEvent> layout(LoggerContext loggers, LogFormat format) {
    Layout<ILoggingEvent> layout =
        switch (format) {
          case TEXT ->
              Journal.readsStandardError(System.getenv())
                  ? TextLayout.forJournal()
                  : TextLayout.withTimes(ZoneId.systemDefault());
          case JSON -> new JsonLayout();
        };
    layout.setContext(loggers);
    layout.start();
    return layout;
  }
}
