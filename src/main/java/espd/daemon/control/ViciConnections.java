package espd.daemon.control;

import espd.ike.Connection;
import espd.ike.IkeVersion;
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
            .text("version", version(conn));
    section.text("rekey_time", seconds(conn.ikeLifetime()));
    section.text("unique", "UNIQUE_" + conn.options().uniqueness());
    if (!conn.liveness().delay().isZero()) {
      section.text("dpd_delay", conn.liveness().delay().toSeconds());
    }
    if (!conn.liveness().timeout().isZero()) {
      section.text("dpd_timeout", conn.liveness().timeout().toSeconds());
    }
    return Section.builder()
        .section(
            ike,
            section
                .section(
                    "local-1",
                    new ProofText(conn.proofs().local()).section(conn.localId().toString()))
                .section(
                    "remote-1",
                    new ProofText(conn.proofs().remote())
                        .section(conn.remoteId().map(Object::toString).orElse("%any")))
                .section("children", children.build())
                .build())
        .build();
  }

  /// {@return `IKEv1` or `IKEv2`}
  static String version(Connection conn) {
    return switch (conn.version()) {
      case IkeVersion.One _ -> "IKEv1";
      case IkeVersion.Two _ -> "IKEv2";
    };
  }

  private static Section child(Connection conn) {
    Section.Builder child = Section.builder().text("mode", conn.mode());
    Connection.Rekeying life = conn.childLifetime();
    child.text("rekey_time", seconds(life));
    child.text("rekey_bytes", life.bytes().most() - life.bytes().margin());
    child.text("rekey_packets", life.packets().most() - life.packets().margin());
    if (!conn.liveness().delay().isZero()) {
      child.text("dpd_action", action(conn.liveness().action()));
    }
    return child
        .items("local-ts", ViciSelectors.local(conn.selectors()))
        .items("remote-ts", ViciSelectors.remote(conn.selectors()))
        .build();
  }

  /// {@return when an SA is replaced, 0 for never}
  private static long seconds(Connection.Rekeying life) {
    return life.rekey() && !life.lifetime().isZero()
        ? life.lifetime().minus(life.margin()).toSeconds()
        : 0;
  }

  private static String action(Connection.DeadPeer action) {
    return switch (action) {
      case CLEAR -> "clear";
      case HOLD -> "trap";
      case RESTART -> "restart";
    };
  }
}
