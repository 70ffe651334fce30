package espd.daemon.config;

import espd.daemon.config.AlgorithmsReader.Proposals;
import espd.ike.Connection;
import espd.ike.Connection.Compression;
import espd.ike.Connection.Liveness;
import espd.ike.Connection.Rekeying;
import espd.ike.Connection.Start;
import espd.ike.ConnectionBuilder;
import espd.ike.Identity;
import espd.ike.IkeOptions;
import espd.ike.IkeVersion;
import espd.ike.InternalAddresses;
import espd.ike.Proofs;
import espd.spd.Ipv6Address;
import espd.spd.Mode;
import espd.spd.OuterTraffic;
import espd.spd.Processing;
import espd.spd.Selector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Settings to connections and shunts. A value that cannot be read is reported, and the rest of its
/// connection is read all the same, so that one run shows every error.
final class ConnReader {

  /// The reqids that are not set count up from here in steps of four, as pluto's do.
  private static final int FIRST_REQID = 16385;

  private static final int REPLAY_WINDOW = 64;
  private static final int LARGEST_WINDOW = 1 << 20;
  private static final int KEYING_TRIES = 3;
  private static final Compression NONE = Compression.NONE;
  private static final InternalAddresses NOTHING = InternalAddresses.NONE;

  private final HostView host;
  private final Findings findings;
  private final KeychainReader keychain;
  private final List<Connection> connections = new ArrayList<>();
  private final List<Shunt> shunts = new ArrayList<>();
  private final Map<Integer, String> reqids = new HashMap<>();
  private int nextReqid = FIRST_REQID;

  ConnReader(HostView host, Findings findings, KeychainReader keychain) {
    this.host = host;
    this.findings = findings;
    this.keychain = keychain;
  }

  HostView host() {
    return host;
  }

  KeychainReader keychain() {
    return keychain;
  }

  List<Connection> connections() {
    return connections;
  }

  List<Shunt> shunts() {
    return shunts;
  }

  /// Reads one connection, if `auto=` says that it is used.
  ///
  /// @param template whether others take over its settings, so that it may well be no connection
  void read(Settings settings, boolean template) {
    Optional<Value> auto = settings.value("auto");
    if (auto.isEmpty() && !template) {
      findings.warn(
          settings.name().place(),
          "connection " + settings.name() + " has no auto= and is not used; write auto=add");
    }
    Optional<Start> start = of(() -> start(auto), Optional.of(Start.ADD));
    if (start.isEmpty()) {
      return;
    }
    settings.reportUnsupported(findings);
    switch (of(() -> type(settings), Type.TUNNEL)) {
      case TUNNEL -> connection(settings, Mode.TUNNEL, manner(settings, start.get()));
      case TRANSPORT -> connection(settings, Mode.TRANSPORT, manner(settings, start.get()));
      case BYPASS -> shunt(settings, new Processing.Bypass(), start.get());
      case DISCARD -> shunt(settings, new Processing.Discard(), start.get());
    }
  }

  private <T> T of(Findings.Reading<T> reading, T otherwise) {
    return findings.tried(reading, otherwise);
  }

  private static Optional<Start> start(Optional<Value> auto) throws Unreadable {
    return switch (auto.map(Value::lower).orElse("ignore")) {
      case "ignore" -> Optional.empty();
      case "add" -> Optional.of(Start.ADD);
      case "route", "ondemand" -> Optional.of(Start.ROUTE);
      case "start", "up", "keep" -> Optional.of(Start.START);
      default -> throw new Unreadable(auto.orElseThrow(), "add, route, ondemand, start or ignore");
    };
  }

  private enum Type {
    TUNNEL,
    TRANSPORT,
    BYPASS,
    DISCARD
  }

  private Type type(Settings settings) throws Unreadable {
    Optional<Value> type = settings.value("type");
    return switch (type.map(Value::lower).orElse("tunnel")) {
      case "tunnel" -> Type.TUNNEL;
      case "transport" -> Type.TRANSPORT;
      case "pass", "passthrough" -> Type.BYPASS;
      case "drop" -> Type.DISCARD;
      case "reject" -> {
        findings.warn(type.orElseThrow().place(), "type=reject drops without an ICMPv6 message");
        yield Type.DISCARD;
      }
      default ->
          throw new Unreadable(
              type.orElseThrow(), "tunnel, transport, passthrough, drop or reject");
    };
  }

  private void shunt(Settings settings, Processing processing, Start start) {
    if (start == Start.ADD) {
      Place place = settings.value("auto").orElse(settings.name()).place();
      findings.problem(place, "auto=add for packets that need no peer", "auto=route");
    }
    int before = findings.problemCount();
    List<Selector> selectors =
        of(
            () -> TrafficSelectors.read(settings, Endpoints.ofShunt(settings, host), Mode.TUNNEL),
            List.of());
    if (findings.problemCount() == before) {
      shunts.add(new Shunt(settings.name().text(), selectors, processing));
    }
  }

  /// When a connection starts and when its SAs are replaced.
  ///
  /// @param start what happens when the program starts
  /// @param times when SAs are replaced
  /// @param host whose addresses tell which end is ours
  /// @param certification what it says of certificates
  record Manner(Start start, SaTimes times, HostView host, Certification certification) {}

  private Manner manner(Settings settings, Start start) {
    return new Manner(
        start, new Lifetimes(settings), host, new ConfCertification(settings, keychain));
  }

  /// Reads one connection that is used.
  void connection(Settings settings, Mode mode, Manner manner) {
    Start start = manner.start();
    int before = findings.problemCount();
    IkeVersion version = of(() -> new VersionReader(settings, findings).read(), IkeVersion.TWO);
    SignatureReader signatures = new SignatureReader(settings, manner.certification(), findings);
    Optional<Endpoints> ends =
        of(() -> Optional.of(Endpoints.read(settings, manner.host())), Optional.empty());
    ends.ifPresent(each -> requireAddress(each, settings, start));
    Optional<ProofsReader.Ends> proofs = proofs(settings, signatures, ends);
    List<Selector> selectors = ends.map(each -> selectors(settings, each, mode)).orElse(List.of());
    Ids ids = new Ids(id(settings, "left"), id(settings, "right")).confirmed(proofs, signatures);
    Proposals proposals = new AlgorithmsReader(settings, version, findings).read();
    Times times = times(settings, manner.times(), version);
    Packets packets = packets(settings, mode);
    IkeOptions options = options(settings);
    InternalAddresses internal = ends.map(each -> internal(settings, each, start)).orElse(NOTHING);
    int reqid = reqid(settings);
    if (findings.problemCount() > before || selectors.isEmpty() || proofs.isEmpty()) {
      return; // Without ends there are no selectors either.
    }
    ConnectionBuilder builder =
        between(settings, ends.orElseThrow(), ids)
            .version(version)
            .ikeProposals(proposals.ike())
            .espProposals(proposals.esp())
            .mode(mode)
            .selectors(selectors)
            .internal(internal)
            .reqid(reqid)
            .options(options)
            .proofs(proofs.get().of(ends.orElseThrow()))
            .start(start);
    packets.into(builder);
    times.into(builder);
    proofs.get().ppk().ifPresent(builder::ppk);
    connections.add(builder.build());
  }

  private Optional<ProofsReader.Ends> proofs(
      Settings settings, SignatureReader signatures, Optional<Endpoints> ends) {
    Optional<ProofsReader.Ends> proofs =
        of(
            () -> Optional.of(new ProofsReader(settings, signatures, findings).read()),
            Optional.empty());
    if (ends.isPresent() && proofs.isPresent()) {
      String side = ends.get().local().side();
      Proofs both = proofs.get().of(ends.get());
      of(() -> signatures.own(both, side), both);
    }
    return proofs;
  }

  private static ConnectionBuilder between(Settings settings, Endpoints ends, Ids ids) {
    Ipv6Address here = ends.local().address().orElseThrow();
    return new ConnectionBuilder(settings.name().text(), here)
        .remote(ends.remote().address())
        .localId(ids.of(ends.local()).orElse(Identity.of(here)))
        .remoteId(ids.of(ends.remote()).or(() -> remoteDefault(settings, ends.remote())));
  }

  private void requireAddress(Endpoints ends, Settings settings, Start start) {
    if (ends.remote().address().isEmpty() && start != Start.ADD) {
      Value auto = settings.value("auto").orElse(settings.name());
      findings.problem(
          auto.place(),
          auto.quoted() + " though " + ends.remote().side() + "= may be anybody",
          "auto=add, which waits for the peer");
    }
  }

  private List<Selector> selectors(Settings settings, Endpoints ends, Mode mode) {
    return of(() -> TrafficSelectors.read(settings, ends, mode), List.of());
  }

  private InternalAddresses internal(Settings settings, Endpoints ends, Start start) {
    return of(() -> new InternalAddressesReader(settings, ends).read(start), NOTHING);
  }

  private record Ids(Optional<Identity> left, Optional<Identity> right) {

    /// {@return these as the certificates of their ends confirm them}
    Ids confirmed(Optional<ProofsReader.Ends> proofs, SignatureReader signatures) {
      return proofs
          .map(
              each ->
                  new Ids(
                      signatures.identity("left", each.left(), left),
                      signatures.identity("right", each.right(), right)))
          .orElse(this);
    }

    Optional<Identity> of(Endpoints.End end) {
      return end.side().equals("left") ? left : right;
    }
  }

  private Optional<Identity> id(Settings settings, String end) {
    Optional<Value> value =
        settings.value(end, "id").filter(each -> !each.lower().matches("%any6?|\\*"));
    return of(
        () -> value.isPresent() ? Optional.of(Identities.read(value.get())) : Optional.empty(),
        Optional.empty());
  }

  private static Optional<Identity> remoteDefault(Settings settings, Endpoints.End remote) {
    boolean anyId = settings.value(remote.side(), "id").isPresent();
    return anyId ? Optional.empty() : remote.address().map(Identity::of);
  }

  private record Packets(int window, OuterTraffic outer, Compression compression) {
    void into(ConnectionBuilder builder) {
      builder.replayWindow(window).outerTraffic(outer).compression(compression);
    }
  }

  private Packets packets(Settings settings, Mode mode) {
    OuterTraffic outer =
        of(() -> new OuterTrafficReader(settings, findings).read(mode), OuterTraffic.DEFAULT);
    return new Packets(
        number(settings, "replay_window", REPLAY_WINDOW, new int[] {0, LARGEST_WINDOW}),
        outer,
        of(() -> orElse(settings.value("compress"), v -> compression(v, outer), NONE), NONE));
  }

  private Compression compression(Value value, OuterTraffic outer) throws Unreadable {
    if (!Units.truth(value)) {
      return Compression.NONE;
    }
    if (outer.padToOctets() > 0) {
      findings.warn(value.place(), "compress= has no effect: tfc= hides what it would shorten");
      return Compression.NONE;
    }
    return Compression.DEFLATE;
  }

  private IkeOptions options(Settings settings) {
    return of(() -> new IkeOptionsReader(settings).read(), IkeOptions.DEFAULT);
  }

  private record Times(Rekeying ike, Rekeying child, Liveness liveness, int tries) {
    void into(ConnectionBuilder builder) {
      builder.ikeLifetime(ike).childLifetime(child).liveness(liveness).keyingTries(tries);
    }
  }

  private Times times(Settings settings, SaTimes lifetimes, IkeVersion version) {
    Rekeying ike = of(lifetimes::ofIke, Rekeying.NEVER);
    Rekeying child = of(lifetimes::ofChild, Rekeying.NEVER);
    Liveness liveness = of(lifetimes::liveness, Liveness.NEVER);
    if (version instanceof IkeVersion.Two && !liveness.timeout().isZero()) {
      findings.warn(
          settings.value("dpdtimeout").orElse(settings.name()).place(),
          "dpdtimeout= is ignored: IKEv2 counts retransmissions instead");
    }
    Optional<Value> tries = settings.value("keyingtries");
    return new Times(
        ike, child, liveness, of(() -> orElse(tries, Units::tries, KEYING_TRIES), KEYING_TRIES));
  }

  @FunctionalInterface
  private interface ValueReading<T> {
    T read(Value value) throws Unreadable;
  }

  private static <T> T orElse(Optional<Value> value, ValueReading<T> reading, T otherwise)
      throws Unreadable {
    return value.isPresent() ? reading.read(value.get()) : otherwise;
  }

  private int number(Settings settings, String key, int otherwise, int[] range) {
    return of(
        () -> orElse(settings.value(key), v -> Units.number(v, range[0], range[1]), otherwise),
        otherwise);
  }

  private int reqid(Settings settings) {
    Optional<Value> value = settings.value("reqid");
    int reqid = number(settings, "reqid", 0, new int[] {1, 999_999_999});
    if (value.isEmpty()) {
      while (reqids.containsKey(nextReqid)) {
        nextReqid += 4;
      }
      reqid = nextReqid;
    }
    String other = reqids.putIfAbsent(reqid, settings.name().text());
    if (other != null && value.isPresent() && reqid != 0) {
      findings.problem(
          value.get().place(),
          value.get().quoted(),
          "another reqid than connection " + other + "'s");
    }
    return reqid;
  }
}
