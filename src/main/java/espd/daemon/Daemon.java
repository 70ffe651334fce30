package espd.daemon;

import espd.daemon.LoadedCredentials.Sight;
import espd.daemon.cli.Exit;
import espd.daemon.cli.InboundCleartext;
import espd.daemon.cli.RunOptions;
import espd.daemon.config.Configuration;
import espd.daemon.config.HostView;
import espd.daemon.control.Counters;
import espd.daemon.control.Happenings;
import espd.daemon.control.Loading;
import espd.daemon.control.Operations;
import espd.daemon.control.SaFilter;
import espd.daemon.control.Snapshot;
import espd.daemon.control.Traced;
import espd.daemon.control.ViciCommand;
import espd.daemon.control.Wiretap;
import espd.daemon.keys.KeyLog;
import espd.daemon.pluto.Serials;
import espd.daemon.pluto.WhackCommands;
import espd.daemon.setkey.KeptPolicies;
import espd.dataplane.DataPlane;
import espd.dataplane.DataPlaneConfiguration;
import espd.dataplane.DataPlaneConfiguration.Sizes;
import espd.dataplane.DataPlaneListener;
import espd.dataplane.PacketTrace;
import espd.dataplane.Probe;
import espd.dataplane.UdpPath;
import espd.dataplane.esp.EspEngine;
import espd.ike.Datagram;
import espd.ike.driver.ChildSaChoice;
import espd.ike.driver.Ike;
import espd.ike.driver.IkeConfiguration;
import espd.ike.driver.IkeLimits;
import espd.ike.driver.IkeSaChoice;
import espd.ike.driver.IkeSaView;
import espd.ike.driver.StandingKeys;
import espd.ike.driver.ThreadScheduler;
import espd.ike.exchange.Path;
import espd.ike.exchange.Retransmission;
import espd.ike.message.Gateway;
import espd.ike.net.EpollTcp;
import espd.ike.net.NettyTransport;
import espd.ike.net.NettyTransport.BoundSocket;
import espd.ike.net.TcpStreams;
import espd.ike.pki.AskedAuthorities;
import espd.ike.pool.Pools;
import espd.metrics.Meters;
import espd.spd.Direction;
import espd.spd.InboundSa;
import espd.spd.Ipv6Address;
import espd.spd.Sa;
import espd.spd.Sadb;
import espd.spd.SpdEntry;
import espd.spd.UdpEncapsulation;
import espd.tun.HostRouting;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// Databases, data plane and IKE on this host, wired together; and what the control socket asks of
/// them.
///
/// Parts are opened in the order in which they need each other and closed in the opposite one: IKE
/// first, which tells the peers; the host's routes and device last.
final class Daemon implements Operations, AutoCloseable {

  private static final InstantSource CLOCK = InstantSource.system();

  private final Instant started = CLOCK.instant();
  private final SecureRandom random = new SecureRandom();
  private final Sadb sadb = new Sadb(CLOCK, random);
  private final Happenings happenings = new Happenings();
  private final Counters counters = new Counters();
  private final Serials serials = new Serials();
  private final Pools pools = new Pools();
  private final KeyLog.Source keys = new KeyLog.Source(sadb, new StandingKeys());
  private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
  private final ThreadScheduler ikeLoop = new ThreadScheduler(CLOCK);
  private final Opened opened = new Opened();
  private final AskedAuthorities revocations =
      opened.add(new AskedAuthorities(opened.add(new WebFetcher()), CLOCK, random));
  private final Host host;
  private final PreparedCiphers ciphers;
  private final Retransmission retransmission;
  private final Enforcement enforcement;
  private final Ike ike;
  private final DataPlane dataPlane;
  private final LiveConfiguration live;
  private final EachSecond eachSecond;

  /// Takes what it needs of the host and lets packets pass; connections start with [#begin()].
  ///
  /// @param configuration what it does
  /// @param options the names and choices of the command line
  /// @param meters are told of everything that counts
  /// @param ciphers are being prepared
  /// @throws IOException when the host lacks something, with one line that says what to do
  Daemon(Configuration configuration, RunOptions options, Meters meters, PreparedCiphers ciphers)
      throws IOException {
    this.ciphers = ciphers;
    this.retransmission = options.retransmission();
    Set<Ipv6Address> listening = configuration.locals(HostView.ofThisHost(), options.listen());
    boolean complete = false;
    try {
      host = Host.open(listening, configuration.connections(), options.tun(), opened);
      enforcement = opened.add(enforcement(options.inboundCleartext(), host));
      ProtectedTraffic traffic =
          new ProtectedTraffic(sadb, enforcement, host.network(), configuration.connections());
      sadb.subscribe(traffic);
      dataPlane = opened.add(dataPlane(host, ciphers.await()));
      IkeFigures figures = new IkeFigures(meters);
      NettyTransport transport =
          opened.add(new NettyTransport(host::sendFromNatPort, streams(figures)));
      if (options.keylog().isPresent()) {
        opened.add(LoggedKeys.open(options.keylog().get(), keys));
      }
      Sight sight = new Sight(new LiveCredentials(configuration.credentials()), revocations);
      Roaming roaming = new Roaming(host, enforcement, listening);
      ike = opened.add(ike(transport, figures, sight, roaming));
      live =
          new LiveConfiguration(
              options::files,
              configuration,
              new LiveConfiguration.Parts(
                  sadb, ike, traffic, host, sight, pools, happenings, listening),
              KeptPolicies.beside(options.control()));
      bind(meters);
      listen(transport, listening);
      dataPlane.start();
      eachSecond = eachSecond(roaming);
      complete = true;
    } finally {
      if (!complete) {
        opened.close();
      }
    }
  }

  private void listen(NettyTransport transport, Set<Ipv6Address> addresses) throws IOException {
    for (BoundSocket socket : host.ikeSockets()) {
      transport.listen(socket, ike::receive);
    }
    transport.streams().listen(addresses, host.outerAtStart().tcp().ports());
  }

  private EachSecond eachSecond(Roaming roaming) {
    Runnable look = () -> roaming.look(ike::roam);
    List<Runnable> looks =
        List.of(
            () -> host.pathMtu().follow(live.setkey().sasByHand(), dataPlane::pathMtu),
            enforcement::look,
            look);
    EachSecond each = opened.add(new EachSecond(sadb, looks));
    opened.add(Roaming.whenChanged(() -> each.execute(look)));
    return each;
  }

  private void bind(Meters meters) {
    Figures.bind(meters, sadb, dataPlane);
    Figures.bind(meters, enforcement);
    Figures.bind(meters, sadb, live::connections);
    Figures.bind(meters, pools);
  }

  private Enforcement enforcement(InboundCleartext inboundCleartext, Host host) {
    return switch (inboundCleartext) {
      case DROP -> Enforcement.open(sadb, CLOCK, host::inboundFilter);
      case ACCEPT -> Enforcement.waived(sadb, host::inboundFilter);
    };
  }

  private DataPlane dataPlane(Host host, EspEngine engine) {
    return new DataPlane(
        new DataPlaneConfiguration(
            sadb,
            host.tun(),
            host.underlay(),
            new Crossing(),
            engine,
            CLOCK,
            host.pathMtu().octets(),
            Sizes.ofHost()));
  }

  private TcpStreams streams(IkeFigures figures) {
    TcpStreams streams =
        opened.add(
            new TcpStreams(
                new EpollTcp(HostRouting.DEFAULT.mark()),
                new StreamCrossing(host.underlay(), () -> ike, figures),
                TcpStreams.Limits.STANDARD));
    host.underlay().through(streams::sendEsp);
    return streams;
  }

  private Ike ike(NettyTransport transport, IkeFigures figures, Sight sight, Roaming roaming) {
    return new Ike(
        new IkeConfiguration(
            sadb,
            sight.secrets(),
            transport,
            figures,
            new HostAddresses(
                host.network(), new IkeHappenings(CLOCK, happenings, counters, serials)),
            ikeLoop,
            random,
            retransmission,
            IkeLimits.STANDARD,
            pools,
            keys.ikeSas(),
            roaming,
            revocations));
  }

  /// Does what each connection says about its start.
  void begin() {
    live.begin();
    ciphers.warmUp();
  }

  /// {@return where peers speak to it}
  List<BoundSocket> ikeSockets() {
    return host.ikeSockets();
  }

  /// {@return completes when the daemon can no longer work, with the reason}
  CompletableFuture<Throwable> failure() {
    return failure;
  }

  /// {@return the commands of its control socket beside vici's}
  Map<String, ViciCommand> commands() {
    return new SetkeyCommands(live.setkey(), live::follow)
        .beside(new WhackCommands(this, serials, () -> System.exit(Exit.DONE)).commands());
  }

  /// {@return what a service manager shows of the daemon}
  String summary() {
    List<IkeSaView> ikeSas = ike.list();
    return "%d connections, %d IKE SAs, %d Child SAs"
        .formatted(
            live.connections().size(),
            ikeSas.stream().filter(sa -> sa.established().isPresent()).count(),
            ikeSas.stream()
                .flatMap(sa -> sa.established().stream())
                .flatMap(details -> details.children().stream())
                .filter(child -> !child.rekeyed())
                .count());
  }

  /// {@return done when IKE's loop and the timer of lifetimes have both got to it: then neither
  /// hangs; never once packets have stopped}
  CompletableFuture<?> pulse() {
    return failure.isDone()
        ? new CompletableFuture<>()
        : CompletableFuture.allOf(
            CompletableFuture.runAsync(() -> {}, ikeLoop::execute),
            CompletableFuture.runAsync(() -> {}, eachSecond::execute));
  }

  @Override
  public Outcome initiate(String connection, Consumer<String> progress) {
    return outcome(ike.initiate(connection, progress));
  }

  @Override
  public Outcome terminate(String connection, Consumer<String> progress) {
    return outcome(ike.terminate(connection, progress));
  }

  @Override
  public Outcome terminate(SaFilter which, Duration patience, Consumer<String> progress) {
    return outcome(
        which.namesChild()
            ? ike.terminate(children(which), patience, progress)
            : ike.terminate(ikeSas(which), patience, progress));
  }

  @Override
  public int rekey(SaFilter which) {
    return (which.namesChild() ? ike.rekey(children(which)) : ike.rekey(ikeSas(which))).join();
  }

  @Override
  public int reauthenticate(SaFilter which) {
    return ike.reauthenticate(ikeSas(which)).join();
  }

  @Override
  public void redirect(Set<Integer> ikeSas, Gateway gateway) {
    ike.redirect(ikeSa -> ikeSas.contains(ikeSa.serial()), gateway).join();
  }

  private static IkeSaChoice ikeSas(SaFilter which) {
    return ikeSa -> which.fitsIkeSa(ikeSa.connection(), ikeSa.serial());
  }

  private static ChildSaChoice children(SaFilter which) {
    return (ikeSa, child) -> which.fitsChildSa(child.connection(), child.serial(), ikeSa.serial());
  }

  @Override
  public Loading loading() {
    return live;
  }

  @Override
  public Counters counters() {
    return counters;
  }

  private static Outcome outcome(CompletableFuture<espd.ike.driver.Outcome> of) {
    espd.ike.driver.Outcome outcome = of.join();
    // What went well has been said by the last line of progress.
    return outcome.succeeded() ? Outcome.done("") : Outcome.failed(outcome.text());
  }

  @Override
  public Happenings happenings() {
    return happenings;
  }

  @Override
  public Snapshot status() {
    return new Survey(CLOCK.instant(), started, live, sadb, enforcement).of(ike.list(), dataPlane);
  }

  @Override
  public List<Sa> sad() {
    return sadb.sad().all();
  }

  @Override
  public List<SpdEntry> spd() {
    return sadb.spd().entries();
  }

  @Override
  public Wiretap wiretap() {
    return new Taps(keys, dataPlane);
  }

  @Override
  public Traced trace(Direction direction, Probe packet) {
    PacketTrace trace = dataPlane.trace(direction, packet);
    Enforcement.State state = enforcement.state();
    return new Traced(
        trace,
        host.outer().admits(trace.flow()),
        new Snapshot.Cleartext(state.inForce(), state.detail()));
  }

  /// Deletes the SAs at the peers, stops the packets and leaves the host as it was.
  @Override
  public void close() {
    opened.close();
  }

  /// Where the data plane hands over what it does not decide.
  private final class Crossing implements DataPlaneListener {

    @Override
    public void ikeMessage(UdpPath path, byte[] message) {
      ike.receive(
          new Datagram(path.local(), path.localPort(), path.remote(), path.remotePort(), message));
    }

    @Override
    public void peerMoved(InboundSa sa, Ipv6Address remote, UdpEncapsulation ports) {
      Ipv6Address local = sa.parameters().local();
      ike.carried(sa, new Path(local, ports.localPort(), remote, ports.remotePort()));
    }

    @Override
    public void failed(Throwable reason) {
      failure.complete(reason);
    }
  }
}
