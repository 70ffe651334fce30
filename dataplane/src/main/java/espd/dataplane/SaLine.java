package espd.dataplane;

import espd.spd.Direction;
import espd.spd.Sa;
import java.util.Locale;
import org.slf4j.spi.LoggingEventBuilder;

/// A log line about an SA: its connection, SPI and direction go with it as key/value pairs, so that
/// text and JSON show them in their own way.
public final class SaLine {

  private SaLine() {}

  /// {@return the line, which is about this SA}
  public static LoggingEventBuilder about(Sa sa, LoggingEventBuilder line) {
    return about(
        sa.parameters().spiText(),
        sa.direction(),
        line.addKeyValue("connection", sa.parameters().connection()));
  }

  /// {@return the line, which is about an SPI that no SA has}
  static LoggingEventBuilder about(String spi, Direction direction, LoggingEventBuilder line) {
    return about(direction, line.addKeyValue("spi", spi));
  }

  /// {@return the line, which is about a packet that goes this way}
  static LoggingEventBuilder about(Direction direction, LoggingEventBuilder line) {
    return line.addKeyValue("direction", direction.name().toLowerCase(Locale.ROOT));
  }
}
