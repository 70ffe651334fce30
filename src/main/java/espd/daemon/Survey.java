package espd.daemon;

import espd.daemon.cli.Version;
import espd.daemon.control.Snapshot;
import espd.daemon.control.Snapshot.Cleartext;
import espd.daemon.control.Snapshot.Configured;
import espd.daemon.control.Snapshot.Machine;
import espd.daemon.control.Snapshot.Ring;
import espd.dataplane.DataPlane;
import espd.dataplane.DataPlaneConfiguration.Sizes;
import espd.dataplane.DropReason;
import espd.ike.Connection;
import espd.ike.driver.IkeSaView;
import espd.spd.Direction;
import espd.spd.Processing;
import espd.spd.Sadb;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Puts together, at one instant, what people are shown of the daemon.
///
/// @param now the instant
/// @param started when the daemon was
/// @param live what it does
/// @param sadb whose policies stand
/// @param enforcement what keeps cleartext out
record Survey(
    Instant now, Instant started, LiveConfiguration live, Sadb sadb, Enforcement enforcement) {

  Snapshot of(List<IkeSaView> ikeSas, DataPlane dataPlane) {
    return new Snapshot(
        now,
        started,
        new Machine(
            Version.text(),
            dataPlane.engineName(),
            Sizes.ofHost().workers(),
            live.listening(),
            cleartext()),
        live.connections().stream().map(this::configured).toList(),
        ikeSas.stream().map(SaPortrait::of).toList(),
        drops(dataPlane),
        rings(dataPlane),
        dataPlane.lastDrops());
  }

  private Cleartext cleartext() {
    Enforcement.State state = enforcement.state();
    return new Cleartext(state.inForce(), state.detail());
  }

  private Configured configured(Connection connection) {
    boolean routed =
        sadb.spd().entries().stream()
            .map(entry -> entry.policy().processing())
            .anyMatch(p -> p instanceof Processing.Protect to && to.reqid() == connection.reqid());
    return new Configured(connection, routed);
  }

  private Map<String, Long> drops(DataPlane dataPlane) {
    Map<String, Long> drops = new TreeMap<>();
    long cleartext = enforcement.dropped();
    if (cleartext > 0) {
      drops.put(name(Direction.INBOUND) + " " + Enforcement.REASON, cleartext);
    }
    for (Direction direction : Direction.values()) {
      for (DropReason reason : DropReason.values()) {
        long count = dataPlane.drops(direction, reason);
        if (count > 0) {
          drops.put(name(direction) + " " + reason.metricName(), count);
        }
      }
    }
    return drops;
  }

  private static List<Ring> rings(DataPlane dataPlane) {
    List<Ring> rings = new ArrayList<>();
    for (Direction direction : Direction.values()) {
      rings.add(new Ring(name(direction), dataPlane.ringUsed(direction), dataPlane.ringCapacity()));
    }
    return rings;
  }

  private static String name(Direction direction) {
    return direction.name().toLowerCase(Locale.ROOT);
  }
}
