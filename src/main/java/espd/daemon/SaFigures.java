package espd.daemon;

import espd.metrics.RowSet;
import espd.spd.InboundSa;
import espd.spd.Lifetime;
import espd.spd.OutboundSa;
import espd.spd.Sa;
import espd.spd.Sadb;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// What Prometheus is told of each SA in the SAD.
final class SaFigures {

  /// How many SAs have rows of their own.
  static final int LIMIT = 1000;

  private SaFigures() {}

  /// {@return one row for each SA}
  static RowSet<Sa> of(Sadb sadb, InstantSource clock) {
    return labelled(RowSet.<Sa>of("sa", LIMIT, () -> sadb.sad().all()))
        .counter("espd_sa_packets_total", "Packets protected or accepted", Sa::packets)
        .counter("espd_sa_bytes_total", "Octets of payload protected or accepted", Sa::bytes)
        .gauge(
            "espd_sa_sequence_number",
            "The last sequence number sent, or the highest one received",
            SaFigures::sequence)
        .gauge(
            "espd_sa_age_seconds",
            "Since the SA was made",
            sa -> Duration.between(sa.parameters().created(), clock.instant()).toMillis() / 1e3)
        .gauges(
            "espd_sa_lifetime_seconds",
            "Age at which the SA is replaced (soft) or ends (hard); absent without a limit",
            "limit",
            limits(Lifetime::softSeconds, Lifetime::hardSeconds))
        .gauges(
            "espd_sa_lifetime_bytes",
            "Octets at which the SA is replaced (soft) or ends (hard); absent without a limit",
            "limit",
            limits(Lifetime::softBytes, Lifetime::hardBytes))
        .gauges(
            "espd_sa_lifetime_packets",
            "Packets at which the SA is replaced (soft) or ends (hard); absent without a limit",
            "limit",
            limits(Lifetime::softPackets, Lifetime::hardPackets));
  }

  /// {@return one row for each inbound SA, of what only arriving packets can do}
  static RowSet<InboundSa> ofInbound(Sadb sadb) {
    return labelled(RowSet.of("inbound_sa", LIMIT, () -> only(InboundSa.class, sadb)))
        .counter(
            "espd_sa_replayed_total", "Packets refused as replayed or too old", InboundSa::replayed)
        .counter(
            "espd_sa_unauthentic_total",
            "Packets whose integrity check value was wrong",
            InboundSa::unauthentic);
  }

  /// {@return one row for each outbound SA, of what only leaving packets meet}
  static RowSet<OutboundSa> ofOutbound(Sadb sadb) {
    return labelled(RowSet.of("outbound_sa", LIMIT, () -> only(OutboundSa.class, sadb)))
        .gauge(
            "espd_sa_path_mtu_octets",
            "The longest packet that the SA's path was said to take; absent when nothing was",
            sa -> sa.pathMtu() == OutboundSa.PATH_MTU_UNKNOWN ? Double.NaN : sa.pathMtu());
  }

  private static <T extends Sa> List<T> only(Class<T> direction, Sadb sadb) {
    return sadb.sad().all().stream().filter(direction::isInstance).map(direction::cast).toList();
  }

  /// Connection, direction, SPI and peer tell SAs apart.
  private static <T extends Sa> RowSet<T> labelled(RowSet<T> rows) {
    return rows.label("connection", sa -> sa.parameters().connection())
        .label("direction", sa -> sa.direction().name().toLowerCase(Locale.ROOT))
        .label("spi", sa -> sa.parameters().spiText())
        .label("peer", sa -> sa.parameters().remote().toString());
  }

  private static double sequence(Sa sa) {
    return switch (sa) {
      case OutboundSa out -> out.sequence();
      case InboundSa in -> in.window().top();
    };
  }

  private static Map<String, ToDoubleFunction<Sa>> limits(
      ToDoubleFunction<Lifetime> soft, ToDoubleFunction<Lifetime> hard) {
    Map<String, ToDoubleFunction<Sa>> limits = new LinkedHashMap<>();
    limits.put("soft", sa -> limit(soft, sa));
    limits.put("hard", sa -> limit(hard, sa));
    return limits;
  }

  private static double limit(ToDoubleFunction<Lifetime> of, Sa sa) {
    double limit = of.applyAsDouble(sa.parameters().lifetime());
    return limit == 0 ? Double.NaN : limit;
  }
}
