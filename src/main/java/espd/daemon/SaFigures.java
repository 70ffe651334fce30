package espd.daemon;

import espd.dataplane.DropReason;
import espd.metrics.RowSet;
import espd.spd.InboundSa;
import espd.spd.Lifetime;
import espd.spd.OutboundSa;
import espd.spd.Sa;
import espd.spd.Sadb;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/// What Prometheus is told of each SA in the SAD.
///
/// An SPI is a label here because these are ours to choose, or a proven peer's, and at most
/// [#LIMIT] have rows. Of packets that name no SA of ours the SPI is the sender's to invent, and as
/// a label would let any stranger make a new series with each packet: they are counted by reason
/// only, and the status shows the last of each ([espd.dataplane.DataPlane#lastDrops]).
///
/// What is left until a limit is shown, and not the limit: that is what was carried, or the age,
/// and the rest.
final class SaFigures {

  /// How many SAs have rows of their own.
  static final int LIMIT = 1000;

  private static final String LIMIT_LABEL = "limit";

  private SaFigures() {}

  /// {@return one row for each SA}
  static RowSet<Sa> of(Sadb sadb, InstantSource clock) {
    return labelled(RowSet.<Sa>of("sa", LIMIT, () -> sadb.sad().all()))
        .counter("espd_sa_packets_total", "Packets protected or accepted", Sa::packets)
        .counter("espd_sa_bytes_total", "Octets of payload protected or accepted", Sa::bytes)
        .gauge(
            "espd_sa_sequence_number",
            "The last sequence number sent, or the highest one received",
            Sa::sequence)
        .gauge("espd_sa_age_seconds", "Since the SA was made", sa -> age(sa, clock))
        .gauges(
            "espd_sa_remaining_seconds",
            "Until the SA is replaced (soft) or ends (hard); absent without a limit",
            LIMIT_LABEL,
            remaining(Lifetime::softSeconds, Lifetime::hardSeconds, sa -> age(sa, clock)))
        .gauges(
            "espd_sa_remaining_bytes",
            "Octets until the SA is replaced (soft) or ends (hard); absent without a limit",
            LIMIT_LABEL,
            remaining(Lifetime::softBytes, Lifetime::hardBytes, Sa::bytes))
        .gauges(
            "espd_sa_remaining_packets",
            "Packets until the SA is replaced (soft) or ends (hard); absent without a limit",
            LIMIT_LABEL,
            remaining(Lifetime::softPackets, Lifetime::hardPackets, Sa::packets));
  }

  private static double age(Sa sa, InstantSource clock) {
    return Duration.between(sa.parameters().created(), clock.instant()).toMillis() / 1e3;
  }

  /// {@return one row for each inbound SA, of what only arriving packets can do}
  static RowSet<InboundSa> ofInbound(Sadb sadb) {
    return labelled(RowSet.of("inbound_sa", LIMIT, () -> only(InboundSa.class, sadb)))
        .counters(
            "espd_sa_drops_total",
            "Packets that named the SA and went no further, by reason",
            "reason",
            Map.of(
                DropReason.REPLAYED.metricName(), InboundSa::replayed,
                DropReason.BAD_ICV.metricName(), InboundSa::unauthentic))
        .gauge(
            "espd_sa_replay_window_packets",
            "How many sequence numbers the receiver looks back; 0 when replays are not looked for",
            sa -> sa.window().size())
        .gauge(
            "espd_sa_replay_gap_packets",
            "Sequence numbers of the replay window that were not seen: lost, or late",
            sa -> sa.window().unseen());
  }

  /// {@return one row for each outbound SA, of what only leaving packets meet}
  static RowSet<OutboundSa> ofOutbound(Sadb sadb) {
    return labelled(RowSet.of("outbound_sa", LIMIT, () -> only(OutboundSa.class, sadb)))
        .gauge(
            "espd_sa_remaining_sequence_numbers",
            "Sequence numbers left to send under, of 2^32 or with ESN 2^64",
            SaFigures::sequencesLeft)
        .gauge(
            "espd_sa_path_mtu_bytes",
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

  /// As an unsigned number, to some sixteen digits.
  private static double sequencesLeft(OutboundSa sa) {
    return (sa.sequencesLeft() >>> 1) * 2.0;
  }

  private static Map<String, ToDoubleFunction<? super Sa>> remaining(
      ToLongFunction<Lifetime> soft, ToLongFunction<Lifetime> hard, ToDoubleFunction<Sa> used) {
    return Map.of("soft", sa -> remaining(soft, sa, used), "hard", sa -> remaining(hard, sa, used));
  }

  private static double remaining(
      ToLongFunction<Lifetime> limit, Sa sa, ToDoubleFunction<Sa> used) {
    long most = limit.applyAsLong(sa.parameters().lifetime());
    return most == 0 ? Double.NaN : most - used.applyAsDouble(sa);
  }
}
