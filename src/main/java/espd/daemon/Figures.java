package espd.daemon;

import espd.dataplane.DataPlane;
import espd.dataplane.DropReason;
import espd.metrics.Meters;
import espd.spd.Direction;
import espd.spd.Sadb;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;

/// What Prometheus is told of the databases and the data plane. Label values are those of enums, or
/// bounded by [SaFigures#LIMIT].
final class Figures {

  private static final String DIRECTION = "direction";
  private static final String REASON = "reason";
  private static final String DROPS = "espd_drops_total";
  private static final String DROPS_HELP = "Packets that went no further, by reason";

  private Figures() {}

  /// Has `meters` show the data plane.
  static void bind(Meters meters, Sadb sadb, DataPlane dataPlane) {
    meters.rows(SaFigures.of(sadb, InstantSource.system()));
    meters.rows(SaFigures.ofInbound(sadb));
    meters.rows(SaFigures.ofOutbound(sadb));
    for (Direction direction : Direction.values()) {
      bind(meters, dataPlane, direction);
    }
    meters.gauge(
        "espd_policies", "Policies in the SPD", Map.of(), () -> sadb.spd().entries().size());
    meters.gauge(
        "espd_held_packets", "Packets that wait for an SA", Map.of(), dataPlane::heldPackets);
    meters.gauge(
        "espd_ring_capacity_slots",
        "Batches that can be in flight in one direction",
        Map.of(),
        dataPlane::ringCapacity);
  }

  /// Has `meters` show what the host's filter does for us.
  static void bind(Meters meters, Enforcement enforcement) {
    meters.gauge(
        "espd_cleartext_filtered",
        "1 where packets in the clear that must be protected are dropped, else 0",
        Map.of(),
        () -> enforcement.state().inForce() ? 1 : 0);
    meters.counter(
        DROPS,
        DROPS_HELP,
        Map.of(DIRECTION, label(Direction.INBOUND), REASON, Enforcement.REASON),
        enforcement::dropped);
  }

  private static void bind(Meters meters, DataPlane dataPlane, Direction direction) {
    Map<String, String> labels = Map.of(DIRECTION, label(direction));
    meters.counter(
        "espd_packets_total",
        "Packets sent to the outer network, or delivered to the host",
        labels,
        () -> dataPlane.packets(direction));
    meters.counter(
        "espd_bytes_total",
        "Octets of those packets as they were handed over",
        labels,
        () -> dataPlane.octets(direction));
    meters.gauge(
        "espd_ring_used_slots", "Batches in flight", labels, () -> dataPlane.ringUsed(direction));
    for (DropReason reason : DropReason.values()) {
      meters.counter(
          DROPS,
          DROPS_HELP,
          Map.of(DIRECTION, label(direction), REASON, reason.metricName()),
          () -> dataPlane.drops(direction, reason));
    }
  }

  private static String label(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
