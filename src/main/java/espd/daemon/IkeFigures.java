package espd.daemon;

import espd.ike.driver.IkeListener;
import espd.metrics.Meters;
import espd.metrics.Tally;
import java.util.Map;

/// What Prometheus is told of IKE.
final class IkeFigures implements IkeListener {

  private final Tally exchanges;
  private final Tally failures;
  private final Tally retransmissions;
  private final Tally dropped;
  private volatile int established;
  private volatile int halfOpen;

  /// Has `meters` show what this object is told.
  IkeFigures(Meters meters) {
    exchanges =
        meters.tally(
            "espd_ike_exchanges_total",
            "IKE exchanges that ended, by our role in them and by how they ended",
            "exchange",
            "role",
            "result");
    failures =
        meters.tally(
            "espd_ike_failures_total",
            "Notifications that something is wrong, sent and received",
            "direction",
            "notify");
    retransmissions =
        meters.tally("espd_ike_retransmissions_total", "IKE requests that were sent again");
    dropped = meters.tally("espd_ike_dropped_total", "IKE datagrams of no use", "reason");
    meters.gauge(
        "espd_ike_sas", "IKE SAs by state", Map.of("state", "established"), () -> established);
    meters.gauge("espd_ike_sas", "IKE SAs by state", Map.of("state", "half_open"), () -> halfOpen);
  }

  @Override
  public void exchanged(String exchange, String role, String result) {
    exchanges.count(exchange, role, result);
  }

  @Override
  public void notified(String direction, String notify) {
    failures.count(direction, notify);
  }

  @Override
  public void retransmitted() {
    retransmissions.count();
  }

  @Override
  public void dropped(String reason) {
    dropped.count(reason);
  }

  @Override
  public void ikeSas(int nowEstablished, int nowHalfOpen) {
    established = nowEstablished;
    halfOpen = nowHalfOpen;
  }
}
