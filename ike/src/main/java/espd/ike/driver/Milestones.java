package espd.ike.driver;

import espd.ike.exchange.ChildSa;
import espd.ike.exchange.Report;
import espd.ike.exchange.Standing;
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
      case Report.IkeSaUp(Standing s) ->
          listener.established(
              s.role().name().toLowerCase(Locale.ROOT), Duration.between(begun, s.since()));
      case Report.IkeSaRekeyed _ -> listener.rekeyed(IkeListener.IKE);
      case Report.ChildUp(ChildSa _, Optional<ChildSa> replaced) ->
          replaced.ifPresent(_ -> listener.rekeyed(IkeListener.CHILD));
      case Report.IkeSaDown _,
          Report.ChildDown _,
          Report.ChildFailed _,
          Report.Reached _,
          Report.Progress _,
          Report.Warning _,
          Report.Exchanged _,
          Report.Notified _,
          Report.Retransmitted _,
          Report.Dropped _ -> {}
    }
  }
}
