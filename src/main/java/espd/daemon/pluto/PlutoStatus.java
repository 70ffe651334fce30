package espd.daemon.pluto;

import espd.daemon.control.Snapshot;
import espd.daemon.control.Snapshot.ChildSa;
import espd.daemon.control.Snapshot.Configured;
import espd.daemon.control.Snapshot.IkeSa;
import espd.ike.Connection;
import espd.ike.Connection.Rekeying;
import espd.ike.Identity;
import espd.ike.IkeVersion;
import espd.ike.IkeVersion.Phase1Mode;
import espd.ike.Proofs.Proof;
import espd.ike.exchange.IsakmpStage;
import espd.ike.message.Proposal;
import espd.ike.message.Transform;
import espd.spd.AddressRange;
import espd.spd.Ipv6Address;
import espd.spd.Mode;
import espd.spd.Selector;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The lines of `ipsec auto --status`, without their `000`, as Openswan 2 prints them.
///
/// @param snapshot the daemon
/// @param serials numbers of its SAs
record PlutoStatus(Snapshot snapshot, Serials serials) {

  /// What stands between the parts.
  private static final String BLANK = " ";

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("using kernel interface: userspace");
    for (Ipv6Address address : snapshot.machine().listening()) {
      String name = interfaceOf(address);
      lines.add("interface %s/%s %s".formatted(name, name, address));
    }
    lines.add("%myid = (none)");
    lines.add("debug none");
    lines.add(BLANK);
    lines.addAll(PlutoAlgorithms.lines());
    lines.add(BLANK);
    for (Configured each : snapshot.connections()) {
      connection(each, lines);
    }
    lines.add(BLANK);
    snapshot.ikeSas().stream()
        .flatMap(sa -> Stream.concat(sa.children().stream().map(c -> child(sa, c)), state(sa)))
        .sorted(Comparator.comparing(State::connection).thenComparingInt(State::number).reversed())
        .forEach(state -> lines.addAll(state.lines()));
    return lines;
  }

  private static String interfaceOf(Ipv6Address address) {
    try {
      return Optional.ofNullable(NetworkInterface.getByInetAddress(address.toInetAddress()))
          .map(NetworkInterface::getName)
          .orElse("?");
    } catch (SocketException e) {
      return "?";
    }
  }

  // --- connections

  private void connection(Configured configured, List<String> lines) {
    Connection conn = configured.connection();
    String name = "\"" + conn.name() + "\": ";
    Optional<IkeSa> isakmp =
        snapshot.ikeSas().stream()
            .filter(sa -> sa.connection().equals(conn.name()) && sa.isUp())
            .max(Comparator.comparingInt(IkeSa::id));
    Optional<ChildSa> ipsec =
        snapshot.ikeSas().stream()
            .flatMap(sa -> sa.children().stream())
            .filter(child -> child.connection().equals(conn.name()))
            .max(Comparator.comparingInt(ChildSa::id));
    int owner = ipsec.map(child -> serials.ofChildSa(child.id())).orElse(0);
    Selector selector = conn.selectors().getFirst();
    String routed = configured.routed() ? "prospective erouted" : "unrouted";
    String eroute = (owner > 0 ? "erouted" : routed) + "; eroute owner: #" + owner;
    lines.add(name + ends(conn, selector) + "; " + eroute);
    lines.add(name + "    srcip=unset; dstip=unset; srcup=none; dstup=none;");
    lines.add(name + "  " + lifetimes(conn));
    lines.add(
        name
            + "  policy: %s; prio: %d,%d; interface: %s; "
                .formatted(
                    policy(conn),
                    prefix(selector.local()),
                    prefix(selector.remote()),
                    interfaceOf(conn.local())));
    lines.add(
        name
            + "  newest ISAKMP SA: #%d; newest IPsec SA: #%d; "
                .formatted(isakmp.map(sa -> serials.ofIkeSa(sa.id())).orElse(0), owner));
    algorithms(conn, isakmp, ipsec).forEach(line -> lines.add(name + "  " + line));
  }

  private static List<String> algorithms(
      Connection conn, Optional<IkeSa> isakmp, Optional<ChildSa> ipsec) {
    List<Proposal> ike = conn.ikeProposals();
    List<Proposal> esp = conn.espProposals();
    List<String> lines = new ArrayList<>();
    lines.add("IKE algorithms wanted: " + PlutoAlgorithms.ikeWanted(ike) + ", flags=strict");
    lines.add("IKE algorithms found:  " + PlutoAlgorithms.ikeFound(ike));
    isakmp.ifPresent(sa -> lines.add("IKE algorithm newest: " + PlutoNames.ike(sa.suite())));
    lines.add("ESP algorithms wanted: " + PlutoAlgorithms.espWanted(esp) + ", flags=strict");
    lines.add("ESP algorithms loaded: " + PlutoAlgorithms.espLoaded(esp));
    ipsec.ifPresent(
        child ->
            lines.add(
                "ESP algorithm newest: %s; pfsgroup=%s"
                    .formatted(PlutoNames.esp(child.suite()), PlutoAlgorithms.pfsGroup(ike, esp))));
    return lines;
  }

  /// `LCLIENT===LHOST[id]...RHOST[id]===RCLIENT`; a client that is the host itself is left out.
  private static String ends(Connection conn, Selector selector) {
    String local = conn.local().toString();
    String remote = conn.remote().map(Ipv6Address::toString).orElse("%any");
    return client(selector.local(), local).map(net -> net + "===").orElse("")
        + local
        + id(local, Optional.of(conn.localId()))
        + "..."
        + remote
        + id(remote, conn.remoteId())
        + client(selector.remote(), remote).map(net -> "===" + net).orElse("");
  }

  private static Optional<String> client(AddressRange range, String host) {
    return Optional.of(range.toString()).filter(net -> !net.equals(host + "/128"));
  }

  private static String id(String host, Optional<Identity> id) {
    return id.map(Identity::toString)
        .filter(each -> !each.equals(host))
        .map(each -> "[" + each + "]")
        .orElse("");
  }

  private static String lifetimes(Connection conn) {
    Rekeying ike = conn.ikeLifetime();
    return "ike_life: %ds; ipsec_life: %ds; rekey_margin: %ds; rekey_fuzz: %d%%; keyingtries: %d"
        .formatted(
            ike.lifetime().toSeconds(),
            conn.childLifetime().lifetime().toSeconds(),
            ike.margin().toSeconds(),
            ike.fuzzPercent(),
            conn.keyingTries());
  }

  private static String policy(Connection conn) {
    List<String> words = new ArrayList<>();
    words.add(conn.proofs().local() instanceof Proof.SharedKey ? "PSK" : "RSASIG");
    words.add("ENCRYPT");
    if (conn.compression() != Connection.Compression.NONE) {
      words.add("COMPRESS");
    }
    if (conn.mode() == Mode.TUNNEL) {
      words.add("TUNNEL");
    }
    if (conn.espProposals().stream()
        .anyMatch(each -> each.transforms().stream().anyMatch(t -> t.type() == Transform.DH))) {
      words.add("PFS");
    }
    if (!conn.childLifetime().rekey()) {
      words.add("DONTREKEY");
    }
    if (conn.start() == Connection.Start.START) {
      words.add("UP");
    }
    switch (conn.version()) {
      case IkeVersion.One one -> {
        if (one.modes().contains(Phase1Mode.AGGRESSIVE)) {
          words.add("AGGRESSIVE");
        }
      }
      case IkeVersion.Two _ -> words.addAll(List.of("IKEv2ALLOW", "IKEv2INIT"));
    }
    return String.join("+", words);
  }

  private static int prefix(AddressRange range) {
    String text = range.toString();
    int slash = text.lastIndexOf('/');
    return slash < 0 ? 0 : Integer.parseInt(text.substring(slash + 1));
  }

  // --- states

  private record State(String connection, int number, List<String> lines) {}

  private State child(IkeSa sa, ChildSa child) {
    int number = serials.ofChildSa(child.id());
    String at = "#" + number + ": \"" + child.connection() + "\"";
    String v2 =
        (sa.initiator() ? "STATE_V2_IPSEC_I" : "STATE_V2_IPSEC_R") + " (IPsec SA established)";
    String state =
        serials
            .stageOfChildSa(child.id())
            .map(PlutoStatus::state)
            .orElse(sa.version() == 1 ? state(quickMode(sa)) : v2);
    return new State(
        child.connection(),
        number,
        List.of(
            at
                + ":%d %s; %s; newest IPSEC; eroute owner; isakmp#%d; idle; import:admin initiate"
                    .formatted(
                        sa.remote().port(),
                        state,
                        replaced(child.rekey(), child.expires()),
                        serials.ofIkeSa(sa.id())),
            at
                + " esp:%08x@%s esp:%08x@%s"
                    .formatted(
                        child.outbound().spi(),
                        sa.remote().address(),
                        child.inbound().spi(),
                        sa.local().address())));
  }

  private static IsakmpStage quickMode(IkeSa sa) {
    return sa.initiator() ? IsakmpStage.QUICK_I2 : IsakmpStage.QUICK_R2;
  }

  private Stream<State> state(IkeSa sa) {
    int number = serials.ofIkeSa(sa.id());
    String at = "#" + number + ": \"" + sa.connection() + "\":" + sa.remote().port() + " ";
    String v2 =
        (sa.initiator() ? "STATE_PARENT_I" : "STATE_PARENT_R")
            + (sa.isUp() ? (sa.initiator() ? "3" : "2") + " (PARENT SA established)" : "1 (begun)");
    String state = serials.stageOfIkeSa(sa.id()).map(PlutoStatus::state).orElse(v2);
    String next = sa.isUp() ? replaced(sa.rekey(), Optional.empty()) : "EVENT_RETRANSMIT";
    String newest = sa.isUp() ? "; newest ISAKMP; lastdpd=-1s(seq in:0 out:0)" : "";
    return Stream.of(
        new State(
            sa.connection(),
            number,
            List.of(at + state + "; " + next + newest + "; idle; import:admin initiate")));
  }

  private static String state(IsakmpStage stage) {
    return StageText.name(stage) + " (" + StageText.story(stage) + ")";
  }

  private String replaced(Optional<Instant> rekey, Optional<Instant> expires) {
    return rekey
        .map(at -> "EVENT_SA_REPLACE in " + seconds(at) + "s")
        .or(() -> expires.map(at -> "EVENT_SA_EXPIRE in " + seconds(at) + "s"))
        .orElse("no EVENT");
  }

  private long seconds(Instant at) {
    return Math.max(0, Duration.between(snapshot.now(), at).toSeconds());
  }
}
