package espd.ike.driver;

import espd.ike.DropReason;
import espd.ike.crypto.Role;
import espd.ike.exchange.ChildSa;
import espd.ike.exchange.Report;
import espd.ike.exchange.Standing;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Passes on what an IKE SA reports: to the log, and to whoever listens to SAs. For the event loop.
final class Telling {

  private static final Logger LOG = LoggerFactory.getLogger(Telling.class);

  /// What a peer offers may fill pages.
  private static final int LONGEST_LINE = 4_000;

  private final IkeConfiguration configuration;
  private final SaListener listener;
  private final RateLimit refusals;

  Telling(IkeConfiguration configuration) {
    this.configuration = configuration;
    this.listener = configuration.saListener();
    this.refusals = new RateLimit(configuration.limits().unsolicitedPerSecond());
  }

  /// @param spi ours, 0 for the end of something that never was
  /// @param ikeSa that reports, as it is now, or last was; nothing where there was none
  void tell(long spi, Optional<IkeSaView> ikeSa, Report report) {
    switch (report) {
      case Report.Progress(String connection, String line) -> {
        IkeSaLine.about(connection, ikeSa, spi, LOG.atInfo()).log(line);
        said(connection, ikeSa, SaLine.Weight.STEP, line);
      }
      case Report.Warning(String connection, String line) -> warn(spi, ikeSa, connection, line);
      case Report.ChildFailed failed -> {
        String connection = failed.wish().connection().name();
        IkeSaLine.about(connection, ikeSa, spi, LOG.atWarn()).log("no CHILD_SA: {}", failed.line());
        said(connection, ikeSa, SaLine.Weight.WARNING, "no CHILD_SA: " + failed.line());
      }
      case Report.ChildDown(ChildSa child, Report.Cause why) -> {
        IkeSaLine.about(child.connection().name(), ikeSa, spi, LOG.atInfo())
            .log("CHILD_SA {} is down: {}", child, why);
        down(ikeSa, child, why);
      }
      case Report.Dropped(DropReason why) ->
          IkeSaLine.about(ikeSa, spi, LOG.atDebug()).log("dropped: {}", why.sentence());
      case Report.IkeSaUp(Standing s) -> listener.changed(new SaChange.IkeSaUp(IkeSaView.of(s)));
      case Report.IkeSaDown(Standing s) ->
          listener.changed(new SaChange.IkeSaDown(IkeSaView.of(s)));
      case Report.IkeSaRekeyed(Standing old, Standing successor) ->
          listener.changed(new SaChange.IkeSaRekeyed(IkeSaView.of(old), IkeSaView.of(successor)));
      case Report.Reached(var connection, int serial, var stage, var path, var child) ->
          listener.reached(
              new SaStage(connection, serial, stage, path, child.map(ChildSaView::of)));
      case Report.ChildUp(ChildSa child, Optional<ChildSa> replaced) -> up(ikeSa, child, replaced);
      case Report.Exchanged(String exchange, Role asker, String result) ->
          listener.exchanged(ikeSa.map(IkeSaView::connection).orElse(""), exchange, asker, result);
      case Report.Notified notified -> {}
      case Report.Retransmitted retransmitted -> {}
    }
  }

  private void up(Optional<IkeSaView> ikeSa, ChildSa child, Optional<ChildSa> replaced) {
    ChildSaView view = ChildSaView.of(child);
    ikeSa.ifPresent(
        sa ->
            listener.changed(
                replaced
                    .<SaChange>map(
                        old -> new SaChange.ChildSaRekeyed(sa, ChildSaView.of(old), view))
                    .orElseGet(() -> new SaChange.ChildSaUp(sa, view))));
  }

  /// The end of a Child SA that was replaced has been told with its successor.
  private void down(Optional<IkeSaView> ikeSa, ChildSa child, Report.Cause why) {
    if (why != Report.Cause.REKEYED) {
      ikeSa.ifPresent(sa -> listener.changed(new SaChange.ChildSaDown(sa, ChildSaView.of(child))));
    }
  }

  /// What was refused at once may be any stranger's: it is said a few times a second only.
  private void warn(long spi, Optional<IkeSaView> ikeSa, String connection, String line) {
    String shown = line.length() > LONGEST_LINE ? line.substring(0, LONGEST_LINE) + "…" : line;
    if (spi != 0 || refusals.permits(configuration.scheduler().now())) {
      IkeSaLine.about(connection, ikeSa, spi, LOG.atWarn()).log(shown);
      said(connection, ikeSa, SaLine.Weight.WARNING, shown);
    } else {
      IkeSaLine.about(connection, ikeSa, spi, LOG.atDebug()).log(shown);
    }
  }

  private void said(
      String connection, Optional<IkeSaView> ikeSa, SaLine.Weight weight, String text) {
    OptionalInt serial = ikeSa.map(sa -> OptionalInt.of(sa.serial())).orElse(OptionalInt.empty());
    listener.said(new SaLine(connection, serial, weight, text));
  }
}
