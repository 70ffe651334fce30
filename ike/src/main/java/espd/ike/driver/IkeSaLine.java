package espd.ike.driver;

import java.util.Optional;
import org.slf4j.spi.LoggingEventBuilder;

/// A log line about an IKE SA: its connection, number and SPI go with it as key/value pairs, so
/// that text and JSON show them in their own way.
final class IkeSaLine {

  private IkeSaLine() {}

  /// {@return the line, which is about an IKE SA}
  ///
  /// @param ikeSa as far as it is known
  /// @param spi ours; 0 where there is none
  static LoggingEventBuilder about(Optional<IkeSaView> ikeSa, long spi, LoggingEventBuilder line) {
    return ikeSa
        .map(sa -> about(sa.connection(), ikeSa, spi, line))
        .orElseGet(() -> withSpi(spi, line));
  }

  /// {@return the same of a connection, which need not be the one that the IKE SA began with}
  static LoggingEventBuilder about(
      String connection, Optional<IkeSaView> ikeSa, long spi, LoggingEventBuilder line) {
    LoggingEventBuilder named = line.addKeyValue("connection", connection);
    return withSpi(spi, ikeSa.map(sa -> named.addKeyValue("ike_sa", sa.serial())).orElse(named));
  }

  private static LoggingEventBuilder withSpi(long spi, LoggingEventBuilder line) {
    return spi == 0 ? line : line.addKeyValue("spi", () -> "0x%016x".formatted(spi));
  }
}
