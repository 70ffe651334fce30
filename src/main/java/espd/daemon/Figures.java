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
          "espd_drops_total",
          "Packets that went no further, by reason",
          Map.of(DIRECTION, label(direction), "reason", reason.metricName()),
          () -> dataPlane.drops(direction, reason));
    }
  }

  private static String label(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
