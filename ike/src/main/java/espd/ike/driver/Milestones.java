package espd.ike.driver;

import espd.ike.exchange.ChildSa;
import espd.ike.exchange.Established;
import espd.ike.exchange.Report;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// Counts what SAs come to: handshakes and successors. For the event loop.
final class Milestones {

  private final IkeListener listener;

  Milestones(IkeListener listener) {
    this.listener = listener;
  }

  /// Counts what a report says, if that is one of them.
  ///
  /// @param begun when the IKE SA that reports was
  void count(Instant begun, Report report) {
    switch (report) {
      case Report.IkeSaUp(Established s) ->
          listener.established(
              s.ikeSa().role().name().toLowerCase(Locale.ROOT),
              Duration.between(begun, s.timers().established()));
      case Report.IkeSaRekeyed _ -> listener.rekeyed(IkeListener.IKE);
      case Report.ChildUp(ChildSa _, Optional<ChildSa> replaced) ->
          replaced.ifPresent(_ -> listener.rekeyed(IkeListener.CHILD));
      case Report.IkeSaDown _,
          Report.ChildDown _,
          Report.ChildFailed _,
          Report.Progress _,
          Report.Warning _,
          Report.Exchanged _,
          Report.Notified _,
          Report.Retransmitted _,
          Report.Dropped _ -> {}
    }
  }
}
