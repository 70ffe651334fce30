package espd.daemon.control;

import espd.dataplane.AuditedDrop;
import espd.ike.Assigned;
import espd.ike.Connection;
import espd.spd.Ipcomp;
import espd.spd.Ipv6Address;
import espd.spd.Mode;
import espd.spd.SaParameters;
import espd.spd.Selector;
import espd.spd.UdpEncapsulation;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// The daemon at one instant, for those who look at it.
///
/// @param now the instant
/// @param started when the daemon did
/// @param machine what it runs on and how
/// @param connections those configured, in the order of the files
/// @param ikeSas IKE SAs, oldest first
/// @param drops packets dropped, by the name of the reason; reasons that never were may be left out
/// @param rings between the threads of the data plane; empty where there are none
/// @param lastDrops the last dropped packet of each direction and reason, newest first
public record Snapshot(
    Instant now,
    Instant started,
    Machine machine,
    List<Configured> connections,
    List<IkeSa> ikeSas,
    Map<String, Long> drops,
    List<Ring> rings,
    List<AuditedDrop> lastDrops) {

  /// Copies the lists.
  public Snapshot {
    connections = List.copyOf(connections);
    ikeSas = List.copyOf(ikeSas);
    drops = Map.copyOf(drops);
    rings = List.copyOf(rings);
    lastDrops = List.copyOf(lastDrops);
  }

  /// What the daemon runs on.
  ///
  /// @param version of the program
  /// @param engine what encrypts packets
  /// @param workers threads that encrypt packets
  /// @param listening the addresses that IKE listens at
  /// @param cleartext what becomes of packets in the clear
  public record Machine(
      String version,
      String engine,
      int workers,
      List<Ipv6Address> listening,
      Cleartext cleartext) {

    /// Copies the list.
    public Machine {
      listening = List.copyOf(listening);
    }
  }

  /// What becomes of packets that arrive in the clear and must be protected (RFC 4301 §5.2).
  ///
  /// @param dropped whether they are dropped
  /// @param detail by what, or why not
  public record Cleartext(boolean dropped, String detail) {}

  /// A configured connection.
  ///
  /// @param connection as configured
  /// @param routed whether its policies are installed and packets start it
  public record Configured(Connection connection, boolean routed) {}

  /// An IKE SA.
  ///
  /// @param version the major version of IKE, 1 or 2
  /// @param version the major version of IKE, 1 or 2
  /// @param id counting up since the start
  /// @param connection its name
  /// @param state as strongSwan names it: `CONNECTING`, `ESTABLISHED`, `REKEYING`, `DELETING`, …
  /// @param initiator whether we began it
  /// @param local our address, port and identity
  /// @param remote the peer's
  /// @param spiI the initiator's SPI
  /// @param spiR the responder's SPI, 0 before it is known
  /// @param suite the algorithms, empty before they are known
  /// @param established when it was
  /// @param rekey when it will be rekeyed
  /// @param assigned the addresses inside of its tunnels
  /// @param children its Child SAs, oldest first
  public record IkeSa(
      int version,
      int id,
      String connection,
      String state,
      boolean initiator,
      End local,
      End remote,
      long spiI,
      long spiR,
      String suite,
      Optional<Instant> established,
      Optional<Instant> rekey,
      Assigned assigned,
      List<ChildSa> children) {

    /// Copies the list.
    public IkeSa {
      children = List.copyOf(children);
    }

    /// {@return whether it is established}
    public boolean isUp() {
      return established.isPresent();
    }
  }

  /// One end of an IKE SA.
  ///
  /// @param address of its packets
  /// @param port 500 or 4500, or what a NAT made of it
  /// @param identity who it proved to be, or says it is; empty before it is known
  public record End(Ipv6Address address, int port, String identity) {}

  /// A Child SA, both directions.
  ///
  /// @param id counting up since the start
  /// @param connection its name
  /// @param state as strongSwan names it: `INSTALLED`, `REKEYED`, `DELETING`, …
  /// @param mode transport or tunnel
  /// @param reqid ties it to its policies
  /// @param encapsulation what ESP travels in, if not in packets of its own
  /// @param suite the algorithms
  /// @param inbound what arrives
  /// @param outbound what leaves
  /// @param installed when it was
  /// @param rekey when it will be rekeyed
  /// @param expires when it ends
  /// @param pathMtuOctets the longest outer packet that reaches the peer, where one has been heard
  ///   of
  /// @param selectors the packets it is for
  public record ChildSa(
      int id,
      String connection,
      String state,
      Mode mode,
      int reqid,
      Optional<UdpEncapsulation> encapsulation,
      String suite,
      Traffic inbound,
      Traffic outbound,
      Instant installed,
      Optional<Instant> rekey,
      Optional<Instant> expires,
      OptionalInt pathMtuOctets,
      List<Selector> selectors) {

    /// Copies the list.
    public ChildSa {
      selectors = List.copyOf(selectors);
    }
  }

  /// One direction of a Child SA.
  ///
  /// @param spi on the wire
  /// @param ipcomp how its packets are compressed, if they are
  /// @param bytes of payload
  /// @param packets protected or accepted
  /// @param lastUsed when the last of them was
  public record Traffic(
      int spi, Optional<Ipcomp> ipcomp, long bytes, long packets, Optional<Instant> lastUsed) {

    /// {@return `0x%08x`}
    public String spiText() {
      return SaParameters.spiText(spi);
    }
  }

  /// A ring between threads.
  ///
  /// @param name for people
  /// @param used slots in use
  /// @param size all slots
  public record Ring(String name, long used, long size) {}
}
