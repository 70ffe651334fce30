package espd.ike.driver;

import espd.ike.Connection;
import espd.ike.Connection.DeadPeer;
import espd.ike.Datagram;
import espd.ike.crypto.Role;
import espd.ike.exchange.ChildSa;
import espd.ike.exchange.ChildWish;
import espd.ike.exchange.Connecting;
import espd.ike.exchange.Departed;
import espd.ike.exchange.Established;
import espd.ike.exchange.Event;
import espd.ike.exchange.IkeMachine;
import espd.ike.exchange.IkeSaState;
import espd.ike.exchange.Report;
import espd.ike.message.Header;
import espd.ike.message.InvalidMajorVersionException;
import espd.ike.message.MalformedException;
import espd.spd.Lifetime;
import espd.spd.Processing;
import espd.spd.Sa;
import espd.spd.SadbListener;
import espd.spd.Selector;
import espd.spd.SpdEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// IKEv2 (RFC 7296) for one host: negotiates the connections it is given, answers peers, and fills
/// the SAD.
///
/// Any thread may call; what is called is done on the event loop. It subscribes to the SADB by
/// itself: an acquire negotiates the connection of its reqid, a soft expire rekeys, a hard one
/// deletes.
public final class Ike implements SadbListener, AutoCloseable {

  /// How long [#terminate] waits for the peer before the SAs are just dropped.
  private static final Duration TERMINATE = Duration.ofSeconds(5);

  /// How long [#close] waits for the peers.
  private static final Duration CLOSE = Duration.ofSeconds(3);

  private static final Logger LOG = LoggerFactory.getLogger(Ike.class);

  private final IkeConfiguration configuration;
  private final IkeScheduler scheduler;
  private final IkeSas ikeSas;
  private final Newcomers newcomers;
  private final IkeMachine machine;
  private final Commands commands = new Commands();
  private final AtomicInteger queued = new AtomicInteger();
  private final CompletableFuture<@Nullable Void> closed = new CompletableFuture<>();
  private Map<String, Connection> connections = Map.of();
  private boolean closing;

  /// Makes it, without connections, and subscribes it to the SADB.
  public Ike(IkeConfiguration configuration) {
    this.configuration = configuration;
    this.scheduler = configuration.scheduler();
    this.machine =
        new IkeMachine(
            new HostSurroundings(
                configuration, () -> List.copyOf(connections.values()), this::established));
    this.ikeSas =
        new IkeSas(configuration, machine, new IkeSas.Owner(this::reported, this::settle));
    this.newcomers = new Newcomers(configuration, machine, ikeSas);
    configuration.sadb().subscribe(this);
  }

  /// Replaces the connections. Nothing is started by it, and SAs that stand stay; peers may ask for
  /// the new ones from now on.
  public void load(Collection<Connection> loaded) {
    Map<String, Connection> byName = new LinkedHashMap<>();
    loaded.forEach(connection -> byName.put(connection.name(), connection));
    scheduler.execute(() -> connections = byName);
  }

  /// Negotiates a connection: with a new IKE SA, or within one there is with the same peer.
  ///
  /// @param name of a loaded connection
  /// @param progress is told each line on the way, from the event loop, in strongSwan's words; the
  ///   last ones name suite and both SPIs
  /// @return how it ended. With unlimited `keyingTries` it ends after the first try, and trying
  ///   goes on behind it
  public CompletableFuture<Outcome> initiate(String name, Consumer<String> progress) {
    CompletableFuture<Outcome> future = new CompletableFuture<>();
    scheduler.execute(() -> initiate(name, Optional.empty(), future, progress));
    return future;
  }

  /// Closes a connection: its Child SAs, and the IKE SA when nothing is left in it.
  ///
  /// @param name of the connection
  /// @param progress is told each line on the way, from the event loop
  /// @return how it ended, after some seconds at the latest; false when nothing was there
  public CompletableFuture<Outcome> terminate(String name, Consumer<String> progress) {
    CompletableFuture<Outcome> future = new CompletableFuture<>();
    scheduler.execute(() -> terminate(name, future, progress));
    return future;
  }

  /// Takes a datagram of UDP 500, or of 4500 without its non-ESP marker. More than
  /// [IkeLimits#queuedDatagrams] are dropped.
  public void receive(Datagram datagram) {
    if (queued.incrementAndGet() > configuration.limits().queuedDatagrams()) {
      queued.decrementAndGet();
      configuration.listener().dropped("too many datagrams");
      return;
    }
    scheduler.execute(
        () -> {
          queued.decrementAndGet();
          received(datagram);
        });
  }

  /// {@return the IKE SAs now, in the order they began}
  public List<IkeSaView> list() {
    return ikeSas.views().stream().sorted(Comparator.comparingInt(IkeSaView::serial)).toList();
  }

  /// Deletes all SAs at the peers; nothing new begins from now on.
  ///
  /// @return done when the peers have answered, or after three seconds
  public CompletableFuture<@Nullable Void> terminateAll() {
    scheduler.execute(this::closeAll);
    scheduler.schedule(scheduler.now().plus(CLOSE), this::giveUpAll);
    return closed;
  }

  /// Deletes all SAs at the peers, waits for their answers no longer than three seconds, and ends
  /// the threads. Not from the event loop.
  @Override
  public void close() {
    try {
      terminateAll().get(CLOSE.toMillis() + 500, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("not all peers have answered our deletions");
    }
    scheduler.close();
  }

  // --- the SADB's events -------------------------------------------------------------------------

  @Override
  public void acquire(SpdEntry entry, Selector packet) {
    if (entry.policy().processing() instanceof Processing.Protect protect) {
      scheduler.execute(() -> acquired(protect.reqid(), packet));
    }
  }

  private void acquired(int reqid, Selector packet) {
    Optional<Connection> connection =
        connections.values().stream().filter(c -> c.reqid() == reqid).findFirst();
    if (connection.isEmpty() || connection.get().remote().isEmpty()) {
      configuration.sadb().refuse(reqid);
      return;
    }
    LOG.atInfo().addKeyValue("connection", connection.get().name()).log("acquire for {}", packet);
    initiate(connection.get().name(), Optional.of(packet), new CompletableFuture<>(), line -> {});
  }

  @Override
  public void expire(Sa sa, Lifetime.Limit limit) {
    scheduler.execute(
        () -> {
          ikeSas.expire(sa, limit);
          settle();
        });
  }

  // --- datagrams

  private void received(Datagram datagram) {
    Instant now = scheduler.now();
    if (datagram.isKeepalive()) {
      return;
    }
    try {
      Header header = Header.read(datagram.payload());
      boolean first =
          header.exchange() == Header.IKE_SA_INIT
              && header.fromInitiator()
              && !header.isResponse()
              && header.spiR() == 0
              && header.spiI() != 0;
      if (first) {
        Optional<Long> begun = ikeSas.begunBy(datagram, header.spiI());
        if (begun.isPresent()) {
          ikeSas.feed(begun.get(), new Event.Received(now, datagram));
        } else if (!closing) {
          newcomers.request(datagram, now);
        }
      } else if (!ikeSas.feed(
          header.fromInitiator() ? header.spiR() : header.spiI(),
          new Event.Received(now, datagram))) {
        newcomers.stranger(datagram, header, now);
      }
    } catch (InvalidMajorVersionException e) {
      newcomers.foreign(datagram, e, now);
    } catch (MalformedException e) {
      configuration.listener().dropped("no IKE message");
    }
    settle();
  }

  // --- commands

  private void initiate(
      String name,
      Optional<Selector> packet,
      CompletableFuture<Outcome> future,
      Consumer<String> progress) {
    Connection connection = connections.get(name);
    if (connection == null || closing) {
      String line = "no config named '" + name + "'";
      progress.accept(line);
      future.complete(new Outcome(false, line));
      return;
    }
    List<ChildSa> children = ikeSas.children(name);
    if (!children.isEmpty()) {
      String line = "CHILD_SA " + children.getFirst() + " is already established";
      progress.accept(line);
      future.complete(new Outcome(true, line));
      return;
    }
    Optional<Commands.Up> underWay = commands.up(name);
    if (underWay.isPresent()) {
      underWay.get().join(future, progress);
      return;
    }
    ChildWish wish = new ChildWish(connection, packet);
    commands.begin(wish).join(future, progress);
    attempt(wish);
    settle();
  }

  private void attempt(ChildWish wish) {
    Optional<Established> ikeSa = ikeSas.usableFor(wish.connection());
    if (ikeSa.isPresent()) {
      ikeSas.feed(ikeSa.get().ikeSa().localSpi(), new Event.ChildWanted(scheduler.now(), wish));
    } else {
      ikeSas.begin(machine.initiate(scheduler.now(), wish));
    }
  }

  private void terminate(
      String name, CompletableFuture<Outcome> future, Consumer<String> progress) {
    if (isDown(name)) {
      String line = "no active connection named '" + name + "'";
      progress.accept(line);
      future.complete(new Outcome(false, line));
      return;
    }
    Instant until = scheduler.now().plus(TERMINATE);
    commands.awaitDown(name, () -> isDown(name), future, progress, until);
    commands.up(name).ifPresent(up -> commands.finish(name, failure(name)));
    feedAll(spisOf(name), new Event.Close(scheduler.now(), name));
    scheduler.schedule(until, this::settle);
    settle();
  }

  private boolean isDown(String name) {
    return spisOf(name).isEmpty();
  }

  private List<Long> spisOf(String name) {
    return ikeSas.spis(
        state ->
            switch (state) {
              case Connecting s -> s.connection().name().equals(name);
              case Established s ->
                  s.children().stream().anyMatch(c -> c.connection().name().equals(name))
                      || (s.peer().connection().name().equals(name) && s.children().isEmpty());
              case Departed s -> false;
              case IkeSaState.Closed s -> false;
            });
  }

  private void feedAll(List<Long> spis, Event event) {
    spis.forEach(spi -> ikeSas.feed(spi, event));
  }

  private void closeAll() {
    closing = true;
    feedAll(ikeSas.spis(state -> true), new Event.Terminate(scheduler.now()));
    settle();
  }

  private void giveUpAll() {
    feedAll(ikeSas.spis(state -> true), new Event.Forgotten(scheduler.now()));
    closed.complete(null);
  }

  private Stream<Established> established() {
    return ikeSas.established();
  }

  private static Outcome failure(String name) {
    return new Outcome(false, "establishing connection '" + name + "' failed");
  }

  /// After everything that may have changed something: who waits is told.
  private void settle() {
    for (String late : commands.settle(scheduler.now())) {
      List<Long> spis = spisOf(late);
      spis.removeAll(ikeSas.servingOthers(late));
      feedAll(spis, new Event.Forgotten(scheduler.now()));
      commands.settle(scheduler.now());
      commands.overdue(late);
    }
    long established = ikeSas.established().count();
    configuration.listener().ikeSas((int) established, (int) ikeSas.connecting().count());
    if (closing && established == 0 && ikeSas.connecting().findAny().isEmpty()) {
      closed.complete(null);
    }
  }

  // --- what the state machines report ------------------------------------------------------------

  private void reported(Report report) {
    IkeListener listener = configuration.listener();
    switch (report) {
      case Report.Progress(String connection, String line) -> commands.progress(connection, line);
      case Report.Warning(String connection, String line) -> commands.progress(connection, line);
      case Report.IkeSaUp up -> {}
      case Report.ChildUp(ChildSa child, boolean replaces) -> {
        String name = child.connection().name();
        commands.finish(
            name, new Outcome(true, "connection '" + name + "' established successfully"));
      }
      case Report.ChildDown(ChildSa child, Report.Cause why) -> later(() -> down(child, why));
      case Report.ChildFailed failed -> later(() -> failed(failed));
      case Report.Exchanged(String exchange, Role role, String result) ->
          listener.exchanged(exchange, role == Role.INITIATOR ? "initiator" : "responder", result);
      case Report.Notified(Report.Sender from, String name) ->
          listener.notified(from == Report.Sender.US ? "sent" : "received", name);
      case Report.Retransmitted retransmitted -> listener.retransmitted();
      case Report.Dropped(String why) -> listener.dropped(why);
    }
  }

  /// What begins something new waits until the step that reports is done.
  private void later(Runnable task) {
    scheduler.execute(
        () -> {
          task.run();
          settle();
        });
  }

  private void failed(Report.ChildFailed failed) {
    String name = failed.wish().connection().name();
    commands.progress(name, failed.line());
    configuration.sadb().refuse(failed.wish().connection().reqid());
    Optional<Commands.Up> up = commands.up(name).filter(u -> u.wish().equals(failed.wish()));
    if (up.isEmpty()) {
      return;
    }
    boolean again =
        failed.cause() == Report.Cause.TIMEOUT && !closing && connections.containsKey(name);
    if (again && up.get().triesAgain()) {
      if (failed.wish().connection().keyingTries() == 0) {
        commands.release(name, failure(name));
      }
      commands.progress(name, "peer not responding, trying again (" + up.get().tries() + ")");
      attempt(failed.wish());
    } else {
      commands.finish(name, failure(name));
    }
  }

  private void down(ChildSa child, Report.Cause why) {
    boolean dead = why == Report.Cause.TIMEOUT;
    Connection connection = child.connection();
    if (dead
        && connection.liveness().action() == DeadPeer.RESTART
        && connections.containsKey(connection.name())) {
      initiate(connection.name(), Optional.empty(), new CompletableFuture<>(), line -> {});
    }
  }
}
