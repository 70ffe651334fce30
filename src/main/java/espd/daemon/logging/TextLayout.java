package espd.daemon.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.stream.Collectors;

/// A log line as text: `TIME LEVEL SUBJECT: MESSAGE`, an exception below it. The journal notes time
/// and level itself: there a line begins with its priority, each line of an exception too.
///
/// A message may repeat what a peer calls itself. Control characters in it are written as `\x0a`:
/// nobody makes two lines of one, or paints the reader's terminal.
final class TextLayout extends LayoutBase<ILoggingEvent> {

  /// Makes what stands before the subject.
  private interface Beginning {
    String of(ILoggingEvent event);
  }

  private final Beginning beginning;
  private final boolean everyLine;

  private TextLayout(Beginning beginning, boolean everyLine) {
    this.beginning = beginning;
    this.everyLine = everyLine;
  }

  /// {@return lines that begin with the time of day in `zone` and the level}
  static TextLayout withTimes(ZoneId zone) {
    DateTimeFormatter times = DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(zone);
    return new TextLayout(
        event -> "%s %-5s ".formatted(times.format(event.getInstant()), event.getLevel()), false);
  }

  /// {@return lines as racoon has them: `2005-01-01 20:30:15: INFO: …`}
  ///
  /// @param places whether each says where in the program it comes from
  static TextLayout asRacoon(ZoneId zone, boolean places) {
    DateTimeFormatter times = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withZone(zone);
    return new TextLayout(
        event ->
            times.format(event.getInstant())
                + ": "
                + level(event.getLevel())
                + ": "
                + (places ? place(event) : ""),
        false);
  }

  private static String level(Level level) {
    return level.equals(Level.WARN)
        ? "WARNING"
        : level.equals(Level.TRACE) ? "DEBUG2" : level.toString();
  }

  private static String place(ILoggingEvent event) {
    StackTraceElement[] callers = event.getCallerData();
    return callers.length == 0
        ? ""
        : "%s:%d:%s(): "
            .formatted(
                callers[0].getFileName(), callers[0].getLineNumber(), callers[0].getMethodName());
  }

  /// {@return lines that begin with the journal's priority}
  static TextLayout forJournal() {
    return new TextLayout(event -> Journal.priority(event.getLevel()), true);
  }

  @Override
  public String doLayout(ILoggingEvent event) {
    String begins = beginning.of(event);
    StringBuilder text = new StringBuilder(begins);
    printable(Subject.of(event).text(), text);
    printable(event.getFormattedMessage(), text);
    IThrowableProxy thrown = event.getThrowableProxy();
    if (thrown != null) {
      String trace = ThrowableProxyUtil.asString(thrown);
      text.append('\n')
          .append(
              trace
                  .lines()
                  .map(line -> everyLine ? begins + line : line)
                  .collect(Collectors.joining("\n")));
    }
    return text.append('\n').toString();
  }

  private static void printable(String message, StringBuilder text) {
    for (int i = 0; i < message.length(); i++) {
      char character = message.charAt(i);
      if (Character.isISOControl(character)) {
        text.append("\\x").append(HexFormat.of().toHexDigits((byte) character));
      } else {
        text.append(character);
      }
    }
  }
}
