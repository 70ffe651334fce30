package espd.daemon;

import espd.ike.DropReason;
import espd.ike.driver.IkeListener;
import espd.metrics.Meters;
import espd.metrics.Tally;
import espd.metrics.Timings;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// What Prometheus is told of IKE.
final class IkeFigures implements IkeListener {

  private static final List<String> EXCHANGES =
      List.of("IKE_SA_INIT", "IKE_AUTH", "CREATE_CHILD_SA", "INFORMATIONAL");
  private static final List<String> ROLES = List.of("initiator", "responder");
  private static final List<String> RESULTS = List.of("ok", "refused", "timeout", "malformed");

  private final Tally exchanges;
  private final Tally errors;
  private final Tally retransmissions;
  private final Tally dropped;
  private final Tally cookies;
  private final Tally rekeys;
  private final Timings handshakes;
  private volatile int established;
  private volatile int halfOpen;

  /// Has `meters` show what this object is told.
  IkeFigures(Meters meters) {
    exchanges = exchanges(meters);
    errors =
        meters.tally(
            "espd_ike_error_notifies_total",
            "Notifications that something is wrong, sent and received",
            "direction",
            "notify");
    retransmissions =
        meters
            .tally("espd_ike_retransmissions_total", "IKE requests that were sent again")
            .expecting();
    dropped = drops(meters);
    cookies =
        meters
            .tally(
                "espd_ike_cookies_sent_total",
                "Requests answered with a cookie, because too many IKE SAs were half open")
            .expecting();
    rekeys =
        meters
            .tally("espd_ike_rekeys_total", "SAs that a successor took the place of", "sa")
            .expecting(IKE)
            .expecting(CHILD);
    handshakes =
        meters.timings(
            "espd_ike_handshake_duration_seconds",
            "From the first IKE_SA_INIT to the end of IKE_AUTH, of IKE SAs that came to be",
            "role",
            ROLES);
    meters.gauge(
        "espd_ike_sas", "IKE SAs by state", Map.of("state", "established"), () -> established);
    meters.gauge("espd_ike_sas", "IKE SAs by state", Map.of("state", "half_open"), () -> halfOpen);
  }

  private static Tally drops(Meters meters) {
    Tally drops =
        meters.tally("espd_ike_drops_total", "IKE datagrams of no use, by reason", "reason");
    for (DropReason reason : DropReason.values()) {
      drops.expecting(reason.metricName());
    }
    return drops;
  }

  private static Tally exchanges(Meters meters) {
    Tally exchanges =
        meters.tally(
            "espd_ike_exchanges_total",
            "IKE exchanges that ended, by our role in them and by how they ended",
            "exchange",
            "role",
            "result");
    for (String exchange : EXCHANGES) {
      ROLES.forEach(role -> RESULTS.forEach(result -> exchanges.expecting(exchange, role, result)));
    }
    return exchanges;
  }

  @Override
  public void exchanged(String exchange, String role, String result) {
    exchanges.count(exchange, role, result);
  }

  @Override
  public void established(String role, Duration handshake) {
    handshakes.took(role, handshake);
  }

  @Override
  public void rekeyed(String sa) {
    rekeys.count(sa);
  }

  @Override
  public void notified(String direction, String notify) {
    errors.count(direction, notify);
  }

  @Override
  public void cookieSent() {
    cookies.count();
  }

  @Override
  public void retransmitted() {
    retransmissions.count();
  }

  @Override
  public void dropped(DropReason reason) {
    dropped.count(reason.metricName());
  }

  @Override
  public void ikeSas(int nowEstablished, int nowHalfOpen) {
    established = nowEstablished;
    halfOpen = nowHalfOpen;
  }
}
