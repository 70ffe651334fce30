package espd.daemon.control;

import espd.ike.Connection;
import espd.spd.Ipv6Address;
import java.util.List;

/// Connections as vici's `list-conn` shows them: one with its children.
final class ViciConnections {

  private ViciConnections() {}

  /// {@return the connections whose IKE SA has one name}
  ///
  /// @param ike that name
  static Section of(String ike, List<Connection> connections) {
    Connection conn = connections.getFirst();
    Section.Builder children = Section.builder();
    connections.forEach(
        each -> children.section(ConnectionName.of(each.name()).child(), child(each)));
    Section.Builder section =
        Section.builder()
            .items("local_addrs", List.of(conn.local().toString()))
            .items("remote_addrs", List.of(conn.remote().map(Ipv6Address::toString).orElse("%any")))
            .text("version", "IKEv2");
    Connection.Rekeying life = conn.ikeLifetime();
    if (life.rekey()) {
      section.text("rekey_time", life.lifetime().minus(life.margin()).toSeconds());
    }
    if (!conn.liveness().delay().isZero()) {
      section.text("dpd_delay", conn.liveness().delay().toSeconds());
    }
    return Section.builder()
        .section(
            ike,
            section
                .section("local-1", authentication(conn.localId().toString()))
                .section(
                    "remote-1",
                    authentication(conn.remoteId().map(Object::toString).orElse("%any")))
                .section("children", children.build())
                .build())
        .build();
  }

  private static Section authentication(String identity) {
    return Section.builder().text("class", "pre-shared key").text("id", identity).build();
  }

  private static Section child(Connection conn) {
    Section.Builder child = Section.builder().text("mode", conn.mode());
    Connection.Rekeying life = conn.childLifetime();
    if (life.rekey() && !life.lifetime().isZero()) {
      child.text("rekey_time", life.lifetime().minus(life.margin()).toSeconds());
    }
    volume("rekey_bytes", life.bytes(), child);
    volume("rekey_packets", life.packets(), child);
    if (!conn.liveness().delay().isZero()) {
      child.text("dpd_action", action(conn.liveness().action()));
    }
    return child
        .items("local-ts", ViciSelectors.local(conn.selectors()))
        .items("remote-ts", ViciSelectors.remote(conn.selectors()))
        .build();
  }

  private static void volume(String key, Connection.Volume volume, Section.Builder section) {
    if (volume.most() > 0) {
      section.text(key, volume.most() - volume.margin());
    }
  }

  private static String action(Connection.DeadPeer action) {
    return switch (action) {
      case CLEAR -> "clear";
      case HOLD -> "trap";
      case RESTART -> "restart";
    };
  }
}
