package espd.ike.driver;

import espd.ike.Connection;
import espd.ike.Datagram;
import espd.ike.crypto.Role;
import espd.ike.driver.IkeSaTable.Entry;
import espd.ike.exchange.Action;
import espd.ike.exchange.ChildSa;
import espd.ike.exchange.ChildWish;
import espd.ike.exchange.Computation;
import espd.ike.exchange.Connecting;
import espd.ike.exchange.Departed;
import espd.ike.exchange.Established;
import espd.ike.exchange.Event;
import espd.ike.exchange.HeldTicket;
import espd.ike.exchange.IkeSaState;
import espd.ike.exchange.IsakmpState;
import espd.ike.exchange.Path;
import espd.ike.exchange.Peer;
import espd.ike.exchange.Redirected;
import espd.ike.exchange.Report;
import espd.ike.exchange.Standing;
import espd.ike.exchange.Step;
import espd.spd.InboundSa;
import espd.spd.Lifetime;
import espd.spd.Sa;
import espd.spd.Sadb;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/// Feeds each IKE SA its events and does what it decides. For the event loop.
final class IkeSas {

  private static final Logger LOG = LoggerFactory.getLogger(IkeSas.class);

  /// Who is told.
  ///
  /// @param reports takes what state machines say
  /// @param changed runs after a timer or a computation may have changed something
  /// @param connections those loaded now, by name
  record Owner(
      Consumer<Report> reports,
      Runnable changed,
      Function<String, Optional<Connection>> connections) {}

  private final IkeConfiguration configuration;
  private final Machines machines;
  private final IkeSaTable table;
  private final Owner owner;
  private final Telling telling;
  private final Milestones milestones;
  private final Outbox outbox;
  private final Errands errands;
  private final StreamUse streams;
  private final Relocations relocations;
  private final Reauthentications reauthentications;
  private final Duplicates duplicates;
  private final Redirects redirects;
  private final HeldTickets tickets;

  /// @param table that it keeps
  IkeSas(IkeConfiguration configuration, Machines machines, IkeSaTable table, Owner owner) {
    this.configuration = configuration;
    this.machines = machines;
    this.table = table;
    this.owner = owner;
    this.telling = new Telling(configuration);
    this.milestones = new Milestones(configuration.listener());
    this.outbox = new Outbox(configuration);
    this.errands = new Errands(configuration);
    this.streams = new StreamUse(configuration.transport());
    this.relocations = new Relocations(configuration.whereabouts(), machines.surroundings());
    this.reauthentications =
        new Reauthentications(configuration.scheduler(), this, table, owner.connections());
    this.redirects = new Redirects(configuration.scheduler(), this, reauthentications);
    this.tickets = new HeldTickets(configuration.scheduler());
    this.duplicates = new Duplicates(configuration.scheduler(), this, table);
  }

  /// Begins an IKE SA as initiator.
  ///
  /// @param wish its first Child SA
  /// @return our SPI of it, if it has begun
  Optional<Long> initiate(ChildWish wish) {
    return begin(machines.initiate(configuration.scheduler().now(), wish));
  }

  /// Begins an IKE SA as initiator: by a ticket where there is one (RFC 5723 §4.3), else anew.
  ///
  /// @param wish its first Child SA
  void connect(ChildWish wish) {
    Instant now = configuration.scheduler().now();
    Optional<HeldTicket> ticket = tickets.take(wish.connection(), now);
    begin(
        ticket.isPresent()
            ? machines.resume(now, wish, ticket.get())
            : machines.initiate(now, wish));
  }

  /// Begins an IKE SA as initiator with a gateway that another one has sent us to.
  ///
  /// @param wish its first Child SA
  /// @return our SPI of it, if it has begun
  Optional<Long> initiate(ChildWish wish, Redirected redirected) {
    return begin(machines.follow(configuration.scheduler().now(), wish, redirected));
  }

  /// Does the actions of a first step and keeps its state. A state that has no SPI, for the end of
  /// something that never was, is not kept.
  ///
  /// @return our SPI of what is kept
  Optional<Long> begin(Step step) {
    Optional<Long> spi = spi(step.next());
    Entry entry = new Entry(spi.orElse(0L), configuration.scheduler().now(), step.next());
    spi.ifPresent(s -> table.add(entry));
    perform(entry, step.actions());
    settle(entry);
    return spi.filter(s -> table.holds(entry));
  }

  private static Optional<Long> spi(IkeSaState state) {
    return switch (state) {
      case Connecting s -> Optional.of(s.localSpi());
      case Established s -> Optional.of(s.localSpi());
      case IsakmpState s -> Optional.of(s.localSpi());
      case Departed s -> Optional.of(s.localSpi());
      case IkeSaState.Closed s -> Optional.empty();
    };
  }

  /// Feeds an event to the IKE SA with this SPI.
  ///
  /// @return whether there is one
  boolean feed(long spi, Event event) {
    Optional<Entry> entry = table.find(spi);
    entry.ifPresent(found -> feed(found, event));
    return entry.isPresent();
  }

  /// Feeds an event to all of them.
  void feedAll(Event event) {
    table.spis(state -> true).forEach(spi -> feed(spi, event));
  }

  /// Feeds an event to the ISAKMP SA with this cookie of ours.
  ///
  /// @param role our end of it
  /// @return whether there is one
  boolean feedIsakmp(Role role, long cookie, Event event) {
    return table
            .find(cookie)
            .filter(entry -> entry.state() instanceof IsakmpState s && s.role() == role)
            .isPresent()
        && feed(cookie, event);
  }

  private void feed(Entry entry, Event event) {
    if (!table.holds(entry)) {
      return;
    }
    try {
      Step step = machines.step(entry.state(), event);
      table.become(entry, step.next());
      perform(entry, step.actions());
      settle(entry);
    } catch (RuntimeException e) {
      abandon(entry, e);
    }
  }

  /// Tells the IKE SA of this SA that it reached a limit of its lifetime.
  void expire(Sa sa, Lifetime.Limit limit) {
    Instant now = configuration.scheduler().now();
    feedOwner(sa, inboundSpi -> new Event.Expired(now, inboundSpi, limit));
  }

  /// Tells the IKE SA of this SA by which path a packet of the peer came.
  void carried(InboundSa sa, Path path) {
    Instant now = configuration.scheduler().now();
    feedOwner(sa, inboundSpi -> new Event.Carried(now, inboundSpi, path));
  }

  /// Has IKE SAs move that spoke from an address which the host has no more, and peers told of what
  /// it has.
  void roam() {
    Instant now = configuration.scheduler().now();
    for (Standing standing : table.standing().toList()) {
      relocations.of(standing, now).ifPresent(event -> feed(standing.localSpi(), event));
    }
  }

  /// Tells the IKE SAs that use a TCP stream that it has broken.
  void streamBroken(int localPort) {
    Instant now = configuration.scheduler().now();
    table
        .standing()
        .filter(s -> s.path().localPort() == localPort)
        .map(Standing::localSpi)
        .toList()
        .forEach(spi -> feed(spi, new Event.StreamBroken(now)));
  }

  /// @param event of the inbound SPI of its Child SA
  private void feedOwner(Sa sa, IntFunction<Event> event) {
    table
        .owner(sa)
        .flatMap(table::find)
        .ifPresent(
            entry ->
                childOf(entry, sa)
                    .ifPresent(child -> feed(entry, event.apply(child.inbound().spi()))));
  }

  private static Optional<ChildSa> childOf(Entry entry, Sa sa) {
    return entry.state() instanceof Standing s
        ? s.children().stream()
            .filter(child -> child.inbound() == sa || child.outbound() == sa)
            .findFirst()
        : Optional.empty();
  }

  /// A fault of ours: the state cannot be trusted any more, so its SAs go, and who waits is told.
  private void abandon(Entry entry, RuntimeException fault) {
    line(entry, LOG.atError()).setCause(fault).log("the IKE SA is dropped after a fault of ours");
    IkeSaState last = entry.state();
    table.become(entry, new IkeSaState.Closed());
    try {
      Instant now = configuration.scheduler().now();
      perform(entry, machines.step(last, new Event.Forgotten(now)).actions());
    } catch (RuntimeException again) {
      line(entry, LOG.atError()).setCause(again).log("the IKE SA has left something behind");
    } finally {
      settle(entry);
    }
  }

  /// Sets the timer, and forgets what is closed.
  private void settle(Entry entry) {
    configuration.keys().settled(entry.spi, entry.state());
    streams.follow(entry.spi, entry.state());
    if (entry.state().isClosed()) {
      entry.cancelTimer.run();
      table.remove(entry);
      reauthentications.gone(entry.spi);
      duplicates.gone(entry.spi);
      return;
    }
    table.show(entry);
    Optional<Instant> wakeAt = entry.state().wakeAt();
    if (wakeAt.equals(entry.timerAt)) {
      return;
    }
    entry.cancelTimer.run();
    entry.timerAt = wakeAt;
    entry.cancelTimer =
        wakeAt
            .map(at -> configuration.scheduler().schedule(at, () -> wake(entry)))
            .orElse(() -> {});
  }

  private void wake(Entry entry) {
    entry.timerAt = Optional.empty();
    entry.cancelTimer = () -> {};
    feed(entry, new Event.Woken(configuration.scheduler().now()));
    owner.changed.run();
  }

  private void perform(Entry entry, List<Action> actions) {
    Sadb sadb = configuration.sadb();
    if (actions.stream().anyMatch(IkeSas::changesSas)) {
      outbox.changed();
    }
    for (Action action : actions) {
      switch (action) {
        case Action.Send(Datagram datagram) -> outbox.send(datagram);
        case Action.Compute(Computation computation) ->
            errands.compute(
                computation, result -> computed(entry, result), fault -> abandon(entry, fault));
        case Action.Inquire inquire -> errands.inquire(inquire, result -> computed(entry, result));
        case Action.Install(var sa) -> sadb.install(sa);
        case Action.Remove(var sa) -> sadb.remove(sa);
        case Action.ReleaseSpi(int spi) -> sadb.releaseSpi(spi);
        case Action.Move(var sa, var local, var remote, var ports) ->
            sadb.move(sa, local, remote, ports);
        case Action.Spawn(Established successor) -> begin(new Step(successor, List.of()));
        case Action.FallBack(var wish, var redirected) ->
            begin(machines.fallBack(configuration.scheduler().now(), wish, redirected))
                .ifPresent(spi -> reauthentications.moved(entry.spi, spi));
        case Action.Anew(var wish) -> initiate(wish);
        case Action.KeepTicket(var ticket) -> tickets.keep(entry.spi, ticket);
        case Action.ForgetTicket() -> tickets.forget(entry.spi);
        case Action.Follow(var wish, var redirected) ->
            redirects.follow(entry.spi, wish, redirected);
        case Action.Reauthenticate(var connections, var elsewhere) ->
            redirects.renew(entry.spi, connections, elsewhere);
        case Action.InitialContact(Peer peer) -> duplicates.forget(entry, peer);
        case Action.Replace(Peer peer) -> duplicates.replace(entry, peer);
        case Action.Renew(var connection) ->
            begin(machines.renew(configuration.scheduler().now(), connection));
        case Action.Supersede() -> supersede(entry);
        case Action.HandOver(long successor, List<ChildSa> children) -> {
          Event adopted = new Event.Adopted(configuration.scheduler().now(), children);
          if (!feed(successor, adopted)) {
            feed(entry, adopted);
          }
        }
        case Action.Tell(Report report) -> {
          milestones.count(entry.created, report);
          telling.tell(entry.spi, view(entry), report);
          owner.reports.accept(report);
          reauthentications.told(entry.spi, report);
          duplicates.told(report);
        }
      }
    }
  }

  private static boolean changesSas(Action action) {
    return action instanceof Action.Install || action instanceof Action.Remove;
  }

  /// The IPsec SAs that came by other ISAKMP SAs of this peer live on with this one. At another
  /// address it is another host that has the same identity.
  private void supersede(Entry entry) {
    if (!(entry.state() instanceof Standing fresh)) {
      return;
    }
    Event.Superseded event =
        new Event.Superseded(configuration.scheduler().now(), fresh.localSpi());
    table
        .standingWith(fresh.peer())
        .filter(s -> s.version() == fresh.version() && s.localSpi() != fresh.localSpi())
        .filter(s -> s.path().remote().equals(fresh.path().remote()))
        .map(Standing::localSpi)
        .toList()
        .forEach(spi -> feed(spi, event));
  }

  private void computed(Entry entry, Computation.Result result) {
    if (!table.holds(entry) || entry.state() instanceof Departed) {
      result.close();
      return;
    }
    feed(entry, new Event.Computed(configuration.scheduler().now(), result));
    owner.changed.run();
  }

  /// Tells what is to be told of an IKE SA.
  void tell(long spi, Report report) {
    table.find(spi).ifPresent(entry -> perform(entry, List.of(new Action.Tell(report))));
  }

  /// {@return what is to be shown of the IKE SA, as it last was when it is gone by now}
  private Optional<IkeSaView> view(Entry entry) {
    return entry.view().or(() -> table.view(entry.spi));
  }

  private LoggingEventBuilder line(Entry entry, LoggingEventBuilder line) {
    return IkeSaLine.about(view(entry), entry.spi, line);
  }
}
