package espd.ike.driver;

import espd.ike.Connection;
import espd.ike.Connection.DeadPeer;
import espd.ike.Connection.Start;
import espd.ike.driver.Commands.Waiter;
import espd.ike.exchange.ChildSa;
import espd.ike.exchange.ChildWish;
import espd.ike.exchange.Connecting;
import espd.ike.exchange.Departed;
import espd.ike.exchange.Event;
import espd.ike.exchange.IkeSaState;
import espd.ike.exchange.IsakmpState;
import espd.ike.exchange.Peer;
import espd.ike.exchange.Report;
import espd.ike.exchange.Standing;
import espd.ike.message.Gateway;
import espd.spd.Selector;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings connections up and down as commands, packets and dead peers ask. For the event loop.
final class Negotiations {

  private static final Logger LOG = LoggerFactory.getLogger(Negotiations.class);

  private final IkeConfiguration configuration;
  private final IkeSaTable table;
  private final IkeSas ikeSas;
  private final Runnable changed;
  private final Commands commands;
  private Map<String, Connection> connections = Map.of();
  private boolean closing;

  /// @param changed runs when time has changed something
  Negotiations(IkeConfiguration configuration, IkeSas ikeSas, IkeSaTable table, Runnable changed) {
    this.commands = new Commands(configuration.scheduler()::execute);
    this.configuration = configuration;
    this.table = table;
    this.ikeSas = ikeSas;
    this.changed = changed;
  }

  /// Replaces the connections.
  void load(Collection<Connection> loaded) {
    Map<String, Connection> byName = new LinkedHashMap<>();
    loaded.forEach(connection -> byName.put(connection.name(), connection));
    connections = byName;
  }

  /// {@return the one of this name, unless nothing new begins}
  Optional<Connection> connection(String name) {
    return closing ? Optional.empty() : Optional.ofNullable(connections.get(name));
  }

  /// {@return those loaded}
  List<Connection> connections() {
    return List.copyOf(connections.values());
  }

  /// Nothing new begins from now on.
  void close() {
    closing = true;
  }

  /// {@return whether nothing new begins}
  boolean isClosing() {
    return closing;
  }

  // --- up

  void acquired(int reqid, Selector packet) {
    Optional<Connection> connection = acquired(packet, reqid);
    if (connection.isEmpty()
        || connection.get().remote().isEmpty()
        || connection.get().start() == Start.ANSWER) {
      configuration.sadb().refuse(reqid);
      return;
    }
    if (isComing(connection.get())) {
      return;
    }
    LOG.atInfo().addKeyValue("connection", connection.get().name()).log("acquire for {}", packet);
    initiate(connection.get().name(), Optional.of(packet), Waiter.nobody());
  }

  /// Several connections may have one number: those that only their ends tie to their SAs.
  private Optional<Connection> acquired(Selector packet, int reqid) {
    List<Connection> tied = connections.values().stream().filter(c -> c.reqid() == reqid).toList();
    return tied.stream()
        .filter(c -> c.selectors().stream().anyMatch(selector -> selector.contains(packet)))
        .findFirst()
        .or(() -> tied.stream().findFirst());
  }

  /// An answer to the peer's first packet may have to wait for the last message of quick mode, by
  /// which our SA comes (RFC 2409 §5.5).
  private boolean isComing(Connection connection) {
    return connection.remote().stream()
        .flatMap(table::standingAt)
        .anyMatch(ikeSa -> ikeSa.isAnswering(connection.name()));
  }

  /// Negotiates a connection.
  ///
  /// @param packet that asks for it
  void initiate(String name, Optional<Selector> packet, Waiter waiter) {
    Connection connection = connections.get(name);
    if (connection == null || closing) {
      commands.done(waiter, new Outcome(false, "no config named '" + name + "'"));
      return;
    }
    List<ChildSa> children = table.children(name);
    if (!children.isEmpty() && !isForAnotherPair(packet, children, connection)) {
      commands.done(
          waiter, new Outcome(true, "CHILD_SA " + children.getFirst() + " is already established"));
      return;
    }
    Optional<Commands.Up> underWay = commands.up(name);
    if (underWay.isPresent()) {
      underWay.get().join(waiter);
      return;
    }
    ChildWish wish = new ChildWish(connection, packet);
    commands.begin(wish).join(waiter);
    attempt(wish);
  }

  /// A peer that takes a pair of addresses at a time wants a Child SA for each (RFC 7296 §2.9).
  private static boolean isForAnotherPair(
      Optional<Selector> packet, List<ChildSa> children, Connection connection) {
    return packet.isPresent()
        && children.stream()
            .noneMatch(child -> child.connection().selectors().equals(connection.selectors()))
        && children.stream()
            .flatMap(child -> child.inbound().parameters().selectors().stream())
            .noneMatch(selector -> selector.contains(packet.get()) || !selector.isPair());
  }

  private void attempt(ChildWish wish) {
    Optional<Standing> ikeSa = table.usableFor(wish.connection());
    if (ikeSa.isPresent()) {
      ikeSas.feed(ikeSa.get().localSpi(), new Event.ChildWanted(now(), wish));
    } else {
      ikeSas.connect(wish);
    }
  }

  /// Tells who waits for a connection a line.
  void progress(String connection, String line) {
    commands.progress(connection, line);
  }

  void up(ChildSa child) {
    String name = child.connection().name();
    commands.finish(name, new Outcome(true, "connection '" + name + "' established successfully"));
  }

  void failed(Report.ChildFailed failed) {
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

  private static Outcome failure(String name) {
    return new Outcome(false, "establishing connection '" + name + "' failed");
  }

  void down(ChildSa child, Report.Cause why) {
    boolean dead = why == Report.Cause.TIMEOUT;
    Connection connection = child.connection();
    if (dead
        && connection.liveness().action() == DeadPeer.RESTART
        && connections.containsKey(connection.name())) {
      initiate(connection.name(), Optional.empty(), Waiter.nobody());
    }
  }

  // --- down

  /// Closes a connection: its Child SAs, and the IKE SA when nothing is left in it.
  void terminate(String name, Duration patience, Waiter waiter) {
    if (spisOf(name).isEmpty()) {
      commands.done(waiter, new Outcome(false, "no active connection named '" + name + "'"));
      return;
    }
    commands.awaitDown(
        new Commands.Down(
            "connection '" + name + "'",
            Set.of(name),
            () -> spisOf(name).isEmpty(),
            () -> forgetOnly(name),
            waiter,
            later(patience)));
    commands.up(name).ifPresent(up -> commands.finish(name, failure(name)));
    feedAll(spisOf(name), new Event.Close(now(), name));
  }

  private List<Long> spisOf(String name) {
    return table.spis(
        state ->
            switch (state) {
              case Connecting s -> s.connection().name().equals(name);
              case Standing s ->
                  s.children().stream().anyMatch(c -> c.connection().name().equals(name))
                      || (s.peer().connection().name().equals(name) && s.children().isEmpty());
              case IsakmpState s -> s.connection().name().equals(name);
              case Departed s -> false;
              case IkeSaState.Closed s -> false;
            });
  }

  private void forgetOnly(String name) {
    List<Long> spis = spisOf(name);
    spis.removeAll(table.servingOthers(name));
    feedAll(spis, new Event.Forgotten(now()));
  }

  /// Closes IKE SAs with all their Child SAs.
  ///
  /// @return how many
  int terminate(IkeSaChoice which, Duration patience, Waiter waiter) {
    List<IkeSaView> chosen = table.views().stream().filter(which::includes).toList();
    Set<Long> spis = Set.copyOf(chosen.stream().map(IkeSaView::localSpi).toList());
    if (spis.isEmpty()) {
      commands.done(waiter, new Outcome(false, "no matching IKE_SAs to terminate found"));
      return 0;
    }
    commands.awaitDown(
        new Commands.Down(
            spis.size() == 1 ? "IKE_SA " + chosen.getFirst().text() : spis.size() + " IKE_SAs",
            Set.copyOf(chosen.stream().map(IkeSaView::connection).toList()),
            () -> table.views().stream().map(IkeSaView::localSpi).noneMatch(spis::contains),
            () -> feedAll(spis, new Event.Forgotten(now())),
            waiter,
            later(patience)));
    feedAll(spis, new Event.Terminate(now()));
    return spis.size();
  }

  /// Closes Child SAs; their IKE SAs stay.
  ///
  /// @return how many
  int terminate(ChildSaChoice which, Duration patience, Waiter waiter) {
    List<Chosen> chosen = chosen(which);
    if (chosen.isEmpty()) {
      commands.done(waiter, new Outcome(false, "no matching CHILD_SAs to terminate found"));
      return 0;
    }
    Set<Integer> spis = Set.copyOf(chosen.stream().map(c -> c.child().inboundSpi()).toList());
    commands.awaitDown(
        new Commands.Down(
            spis.size() == 1
                ? "CHILD_SA " + chosen.getFirst().child().text()
                : spis.size() + " CHILD_SAs",
            Set.copyOf(chosen.stream().map(c -> c.child().connection()).toList()),
            () -> chosen(which).stream().noneMatch(c -> spis.contains(c.child().inboundSpi())),
            () -> {},
            waiter,
            later(patience)));
    for (Chosen each : chosen) {
      ikeSas.feed(each.ikeSpi(), new Event.ChildUnwanted(now(), each.child().inboundSpi()));
    }
    return chosen.size();
  }

  /// @param ikeSpi of its IKE SA, ours
  private record Chosen(long ikeSpi, ChildSaView child) {}

  private List<Chosen> chosen(ChildSaChoice which) {
    return table.views().stream()
        .flatMap(
            ikeSa ->
                ikeSa.children().stream()
                    .filter(child -> !child.rekeyed() && which.includes(ikeSa, child))
                    .map(child -> new Chosen(ikeSa.localSpi(), child)))
        .toList();
  }

  /// Nobody needs a peer's addresses any more when its IKE SA is gone without a successor.
  void released(Peer peer) {
    configuration.pools().release(peer.connection().internal().pools(), peer.assigned().remote());
  }

  // --- anew

  /// Has successors negotiated for IKE SAs.
  ///
  /// @param anew whether both ends are to prove themselves anew
  /// @return for how many
  int rekey(IkeSaChoice which, boolean anew) {
    List<Long> spis = serving(which);
    feedAll(spis, anew ? new Event.ReauthenticationWanted(now()) : new Event.RekeyWanted(now()));
    return spis.size();
  }

  /// Has peers go to another gateway.
  ///
  /// @return how many
  int redirect(IkeSaChoice which, Gateway gateway) {
    List<Long> spis = serving(which);
    feedAll(spis, new Event.RedirectWanted(now(), gateway));
    return spis.size();
  }

  private List<Long> serving(IkeSaChoice which) {
    return table.views().stream()
        .filter(ikeSa -> ikeSa.isServing() && which.includes(ikeSa))
        .map(IkeSaView::localSpi)
        .toList();
  }

  /// Has successors negotiated for Child SAs, as if they were old.
  ///
  /// @return for how many
  int rekey(ChildSaChoice which) {
    List<Chosen> chosen = chosen(which);
    for (Chosen each : chosen) {
      ikeSas.feed(each.ikeSpi(), Event.Expired.soft(now(), each.child().inboundSpi()));
    }
    return chosen.size();
  }

  /// After everything that may have changed something: who waits is told.
  void settle() {
    commands.settle(now());
  }

  private void feedAll(Collection<Long> spis, Event event) {
    spis.forEach(spi -> ikeSas.feed(spi, event));
  }

  private Instant now() {
    return configuration.scheduler().now();
  }

  private Instant later(Duration patience) {
    Instant until = now().plus(patience);
    configuration.scheduler().schedule(until, changed);
    return until;
  }
}
