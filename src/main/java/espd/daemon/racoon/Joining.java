package espd.daemon.racoon;

import espd.daemon.config.Findings;
import espd.daemon.config.HostView;
import espd.daemon.config.PolicyKeying;
import espd.daemon.setkey.Action;
import espd.daemon.setkey.Protocol;
import espd.daemon.setkey.SetkeyPolicy;
import espd.daemon.setkey.Ties;
import espd.daemon.setkey.Way;
import espd.ike.Connection;
import espd.ike.Connection.Compression;
import espd.ike.Connection.Start;
import espd.ike.ConnectionBuilder;
import espd.ike.Identity;
import espd.spd.AddressRange;
import espd.spd.Ipv6Address;
import espd.spd.Mode;
import espd.spd.PortRange;
import espd.spd.Processing;
import espd.spd.Selector;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Where setkey's policies, `remote` and `sainfo` meet, as in racoon: an outbound policy says which
/// packets are protected and between which ends, the `remote` of the peer's end how phase 1 goes,
/// and the `sainfo` of the packets how phase 2 does.
///
/// A `remote` with `generate_policy` also has connections of its own, for peers that begin: their
/// policies come with the SAs.
final class Joining implements PolicyKeying {

  /// Connections that no policy has given a number get theirs from the daemon, from this one on.
  private static final int NUMBERED = 16_385;

  private final List<PeerPlan> peers;
  private final List<TrafficPlan> traffics;
  private final List<Ipv6Address> listening;
  private final HostView host;

  /// Where a peer may come to, as of now: later the host may have other addresses, at which no
  /// socket is open, and routes of SAs.
  private final Map<PeerPlan, List<Ipv6Address>> locals = new HashMap<>();

  /// @param peers the one to be taken first first
  /// @param traffics in their order
  /// @param listen the addresses that peers of any address speak to; all of the host where there is
  ///   none
  Joining(
      List<PeerPlan> peers, List<TrafficPlan> traffics, List<Ipv6Address> listen, HostView host) {
    this.peers = List.copyOf(peers);
    this.traffics =
        traffics.stream().sorted(Comparator.comparingInt(TrafficPlan::rank).reversed()).toList();
    this.listening = listen.isEmpty() ? host.addresses() : List.copyOf(listen);
    this.host = host;
    peers.forEach(each -> locals.put(each, locals(each)));
  }

  @Override
  public Keyed of(List<SetkeyPolicy> policies, Ties ties) {
    Findings findings = new Findings();
    List<Connection> connections = new ArrayList<>();
    for (SetkeyPolicy policy : policies) {
      if (policy.selector().way() == Way.OUT && policy.action() == Action.IPSEC) {
        joined(policy, ties.protect(policy), findings).ifPresent(connections::add);
      }
    }
    for (PeerPlan peer : peers) {
      if (!peer.remote().choice(RemoteChoice.GENERATE_POLICY).equals("off")) {
        connections.addAll(answering(peer, findings));
      }
    }
    return new Keyed(connections, findings.warnings());
  }

  @Override
  public List<Ipv6Address> listening() {
    return listening;
  }

  // --- policies

  private Optional<Connection> joined(
      SetkeyPolicy policy, Processing.Protect protect, Findings findings) {
    Selector packets = policy.selector().selector();
    Optional<PeerPlan> peer = peer(protect.remote());
    if (peer.isEmpty()) {
      return Optional.empty(); // Its SAs are added by hand, or never.
    }
    Optional<TrafficPlan> traffic = traffic(packets, peer.get(), protect.remote());
    if (traffic.isEmpty()) {
      findings.warn(
          peer.get().remote().word().place(),
          "failed to get sainfo: there is none for the packets %s, which go nowhere"
              .formatted(packets));
      return Optional.empty();
    }
    boolean compressed =
        policy.rules().stream().anyMatch(rule -> rule.protocol() == Protocol.IPCOMP);
    ConnectionBuilder builder =
        new ConnectionBuilder(name(protect, packets), protect.local())
            .remote(Optional.of(protect.remote()))
            .mode(protect.mode())
            .selectors(List.of(packets))
            .compression(
                compressed && traffic.get().sainfo().compression()
                    ? Compression.DEFLATE
                    : Compression.NONE)
            .reqid(protect.reqid())
            .start(peer.get().remote().isOn(RemoteChoice.PASSIVE) ? Start.ANSWER : Start.ROUTE);
    return Optional.of(connection(builder, peer.get(), traffic.get(), findings));
  }

  private static Connection connection(
      ConnectionBuilder builder, PeerPlan peer, TrafficPlan traffic, Findings findings) {
    peer.into(builder);
    traffic.into(builder);
    Connection connection = builder.build();
    Set<String> notes = new LinkedHashSet<>();
    notes.add("it speaks IKEv1: deprecated, RFC 9395");
    notes.addAll(peer.notes());
    notes.addAll(traffic.notes());
    findings.warn(
        peer.remote().word().place(),
        "connection " + connection.name() + ": " + String.join("; ", notes));
    return connection;
  }

  /// The peer's address; where not all packets between both ends are meant, these after a slash.
  private static String name(Processing.Protect protect, Selector packets) {
    Selector all =
        Selector.between(AddressRange.of(protect.local()), AddressRange.of(protect.remote()));
    return packets.equals(all)
        ? protect.remote().toString()
        : protect.remote() + "/" + name(packets);
  }

  private static String name(Selector packets) {
    String ends =
        end(packets.local(), packets.localPorts())
            + "-"
            + end(packets.remote(), packets.remotePorts());
    return packets.protocol() == Selector.ANY_PROTOCOL ? ends : ends + "-" + packets.protocol();
  }

  private static String end(AddressRange range, PortRange ports) {
    String text = range.first().equals(range.last()) ? range.first().toString() : range.toString();
    return ports.equals(PortRange.ANY) ? text : text + "[" + ports + "]";
  }

  private Optional<PeerPlan> peer(Ipv6Address address) {
    return peers.stream()
        .filter(
            each -> each.remote().address().filter(it -> it.address().equals(address)).isPresent())
        .findFirst()
        .or(() -> peers.stream().filter(each -> each.remote().address().isEmpty()).findFirst());
  }

  private Optional<TrafficPlan> traffic(Selector packets, PeerPlan peer, Ipv6Address address) {
    return traffics.stream()
        .filter(each -> each.isFor(packets) && fits(each, peer))
        .filter(each -> each.from().isEmpty() || isFrom(each.from().get(), peer, address))
        .findFirst();
  }

  private static boolean fits(TrafficPlan traffic, PeerPlan peer) {
    return traffic.sainfo().remoteId().isEmpty()
        || traffic.sainfo().remoteId().equals(peer.remote().amount(RemoteAmount.PH1ID));
  }

  private static boolean isFrom(Identity wanted, PeerPlan peer, Ipv6Address address) {
    return peer.remoteId().orElse(Identity.of(address)).equals(wanted);
  }

  // --- peers that begin

  private List<Connection> answering(PeerPlan peer, Findings findings) {
    List<Connection> connections = new ArrayList<>();
    for (TrafficPlan traffic : traffics) {
      if (fits(traffic, peer) && answers(traffic)) {
        Selector packets = packets(traffic.sainfo());
        String name = peerName(peer) + "/" + name(packets);
        List<Ipv6Address> ours = locals.getOrDefault(peer, List.of());
        for (Ipv6Address local : ours) {
          ConnectionBuilder builder =
              new ConnectionBuilder(ours.size() > 1 ? name + "@" + local : name, local)
                  .remote(peer.remote().address().map(RemoteName.OfAddress::address))
                  .mode(Mode.TUNNEL)
                  .selectors(List.of(packets))
                  .reqid(NUMBERED)
                  .start(Start.ADD);
          connections.add(connection(builder, peer, traffic, findings));
        }
      }
    }
    return connections;
  }

  /// Whose end is one address of another host is for that one: files are often the same on both.
  private boolean answers(TrafficPlan traffic) {
    return switch (traffic.sainfo().local()) {
      case SainfoId.Anonymous() -> true;
      case SainfoId.ClientAddress(), SainfoId.Named _ -> false;
      case SainfoId.Addresses(var range, _, _) ->
          !range.first().equals(range.last()) || host.isLocal(range.first());
    };
  }

  private static String peerName(PeerPlan peer) {
    return peer.remote().address().map(RemoteName.OfAddress::toString).orElse("anonymous");
  }

  /// Any address of the peer's is its own ([Connection#towards]).
  private static Selector packets(Sainfo sainfo) {
    SainfoId.Addresses local = addresses(sainfo.local());
    SainfoId.Addresses remote = addresses(sainfo.remote());
    return new Selector(
        local.addresses(),
        remote.addresses(),
        Math.max(local.protocol(), remote.protocol()),
        local.ports(),
        remote.ports());
  }

  private static SainfoId.Addresses addresses(SainfoId id) {
    return id instanceof SainfoId.Addresses addresses
        ? addresses
        : new SainfoId.Addresses(AddressRange.ANY, PortRange.ANY, Selector.ANY_PROTOCOL);
  }

  /// A peer of any address may come to any of ours.
  private List<Ipv6Address> locals(PeerPlan peer) {
    return peer.remote()
        .address()
        .flatMap(to -> host.sourceTowards(to.address()))
        .filter(listening::contains)
        .map(List::of)
        .orElse(listening);
  }
}
