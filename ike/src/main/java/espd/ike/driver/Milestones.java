package espd.ike.driver;

import espd.ike.exchange.Established;
import espd.ike.exchange.Report;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/// Counts what SAs come to: handshakes and successors. For the event loop.
final class Milestones {

  private final IkeListener listener;

  Milestones(IkeListener listener) {
    this.listener = listener;
  }

  /// Counts what a report says, if that is one of them. An IKE SA that has the SPI of the one that
  /// reports is its own handshake's; one with another is its successor.
  ///
  /// @param spi ours, of the IKE SA that reports
  /// @param begun when that one was
  void count(long spi, Instant begun, Report report) {
    if (report instanceof Report.IkeSaUp(Established s)) {
      if (s.ikeSa().localSpi() == spi) {
        String role = s.ikeSa().role().name().toLowerCase(Locale.ROOT);
        listener.established(role, Duration.between(begun, s.timers().established()));
      } else {
        listener.rekeyed(IkeListener.IKE);
      }
    } else if (report instanceof Report.ChildUp up && up.replaces()) {
      listener.rekeyed(IkeListener.CHILD);
    }
  }
}
