package espd.daemon;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import espd.dataplane.DataPlane;
import espd.dataplane.DropReason;
import espd.dataplane.Histogram;
import espd.dataplane.Stage;
import espd.ike.Connection;
import espd.ike.pool.PoolView;
import espd.ike.pool.Pools;
import espd.metrics.Distribution;
import espd.metrics.Meters;
import espd.metrics.RowSet;
import espd.spd.Direction;
import espd.spd.OutboundSa;
import espd.spd.Sadb;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;

/// What Prometheus is told of the databases and the data plane. Label values are those of enums, or
/// bounded by [SaFigures#LIMIT].
final class Figures {

  private static final String DIRECTION = "direction";
  private static final String REASON = "reason";
  private static final String DROPS = "espd_drops_total";
  private static final String DROPS_HELP = "Packets that went no further, by reason";
  private static final double NANOS_A_SECOND = 1e9;

  private Figures() {}

  /// Has `meters` show the data plane.
  static void bind(Meters meters, Sadb sadb, DataPlane dataPlane) {
    meters.rows(SaFigures.of(sadb, InstantSource.system()));
    meters.rows(SaFigures.ofInbound(sadb));
    meters.rows(SaFigures.ofOutbound(sadb));
    for (Direction direction : Direction.values()) {
      bind(meters, sadb, direction);
      bind(meters, dataPlane, direction);
      bindTimes(meters, dataPlane, direction);
    }
    meters.gauge("espd_policies", "Policies in the SPD", Map.of(), () -> sadb.spd().size());
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

  /// Has `meters` show which connections have SAs; those that have none, too.
  ///
  /// @param connections as configured now
  static void bind(Meters meters, Sadb sadb, Supplier<List<Connection>> connections) {
    meters.rows(
        RowSet.of("connection", SaFigures.LIMIT, () -> Standing.of(connections.get(), sadb))
            .label("connection", standing -> standing.connection.name())
            .label("start", standing -> label(standing.connection.start()))
            .gauge(
                "espd_connection_sas",
                "Outbound SAs of a connection; its start is what the file says of it (auto=)",
                standing -> standing.sas));
  }

  /// Has `meters` show the pools that peers get addresses from.
  static void bind(Meters meters, Pools pools) {
    meters.rows(
        RowSet.of("pool", SaFigures.LIMIT, pools::list)
            .label("pool", view -> view.pool().name())
            .gauge("espd_pool_addresses", "Addresses that a pool has to give", PoolView::size)
            .gauge("espd_pool_online_leases", "Addresses of a pool in use", PoolView::online)
            .gauge(
                "espd_pool_offline_leases",
                "Addresses of a pool kept for who had them",
                PoolView::offline));
  }

  /// How a connection stands.
  ///
  /// @param sas that protect its packets
  private record Standing(Connection connection, long sas) {

    static List<Standing> of(List<Connection> connections, Sadb sadb) {
      Map<String, Long> sas =
          sadb.sad().all().stream()
              .filter(OutboundSa.class::isInstance)
              .collect(groupingBy(sa -> sa.parameters().connection(), counting()));
      return connections.stream()
          .map(connection -> new Standing(connection, sas.getOrDefault(connection.name(), 0L)))
          .toList();
    }
  }

  private static void bind(Meters meters, Sadb sadb, Direction direction) {
    meters.gauge(
        "espd_sas",
        "SAs in the SAD, those without rows of their own included",
        Map.of(DIRECTION, label(direction)),
        () -> sadb.sad().all().stream().filter(sa -> sa.direction() == direction).count());
  }

  private static void bindTimes(Meters meters, DataPlane dataPlane, Direction direction) {
    Map<String, String> labels = Map.of(DIRECTION, label(direction));
    for (Stage stage : Stage.values()) {
      meters.histogram(
          "espd_stage_duration_seconds",
          "How long a stage takes for a batch of packets; one batch in sixteen is timed",
          Map.of(DIRECTION, label(direction), "stage", label(stage)),
          () -> distribution(dataPlane.stageNanos(direction, stage), NANOS_A_SECOND));
    }
    meters.histogram(
        "espd_ring_occupancy_slots",
        "Batches in flight when one joins them, itself included; one batch in sixteen is looked at",
        labels,
        () -> distribution(dataPlane.ringOccupancy(direction), 1));
    meters.counter(
        "espd_ring_full_total",
        "How often packets had to wait because every slot was in use",
        labels,
        () -> dataPlane.ringFull(direction));
  }

  private static Distribution distribution(Histogram histogram, double unit) {
    DoubleStream bounds = LongStream.of(histogram.bounds()).mapToDouble(bound -> bound / unit);
    return new Distribution(
        DoubleStream.concat(bounds, DoubleStream.of(Double.POSITIVE_INFINITY)).boxed().toList(),
        LongStream.of(histogram.counts()).boxed().toList(),
        histogram.sum() / unit);
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
    meters.counter(
        "espd_ipcomp_packets_total",
        "Packets that were compressed on the wire",
        labels,
        () -> dataPlane.compressedPackets(direction));
    meters.counter(
        "espd_ipcomp_spared_bytes_total",
        "Octets that those packets were shorter on the wire",
        labels,
        () -> dataPlane.sparedOctets(direction));
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
