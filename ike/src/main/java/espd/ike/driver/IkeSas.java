package espd.ike.driver;

import espd.ike.Connection;
import espd.ike.Datagram;
import espd.ike.Extension;
import espd.ike.Identity;
import espd.ike.exchange.Action;
import espd.ike.exchange.Authenticating;
import espd.ike.exchange.ChildSa;
import espd.ike.exchange.Computation;
import espd.ike.exchange.Connecting;
import espd.ike.exchange.Departed;
import espd.ike.exchange.Established;
import espd.ike.exchange.Event;
import espd.ike.exchange.IkeMachine;
import espd.ike.exchange.IkeSaState;
import espd.ike.exchange.IsakmpState;
import espd.ike.exchange.Path;
import espd.ike.exchange.Report;
import espd.ike.exchange.Standing;
import espd.ike.exchange.Step;
import espd.spd.InboundSa;
import espd.spd.Ipv6Address;
import espd.spd.Lifetime;
import espd.spd.OutboundSa;
import espd.spd.Sa;
import espd.spd.Sadb;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/// The IKE SAs by our SPI: feeds each its events and does what it decides. For the event loop,
/// except [#views()].
final class IkeSas {

  private static final Logger LOG = LoggerFactory.getLogger(IkeSas.class);

  /// One IKE SA and its timer.
  private static final class Entry {
    private final long spi;
    private final Instant created;
    private IkeSaState state;
    private Runnable cancelTimer = () -> {};
    private Optional<Instant> timerAt = Optional.empty();

    private Entry(long spi, Instant created, IkeSaState state) {
      this.spi = spi;
      this.created = created;
      this.state = state;
    }
  }

  /// Who is told.
  ///
  /// @param reports takes what state machines say
  /// @param changed runs after a timer or a computation may have changed something
  record Owner(Consumer<Report> reports, Runnable changed) {}

  private final IkeConfiguration configuration;
  private final IkeMachine machine;
  private final Owner owner;
  private final Telling telling;
  private final Milestones milestones;
  private final Outbox outbox;
  private final StreamUse streams;
  private final Map<Long, Entry> bySpi = new HashMap<>();
  private final Map<Long, IkeSaView> views = new ConcurrentHashMap<>();

  IkeSas(IkeConfiguration configuration, IkeMachine machine, Owner owner) {
    this.configuration = configuration;
    this.machine = machine;
    this.owner = owner;
    this.telling = new Telling(configuration);
    this.milestones = new Milestones(configuration.listener());
    this.outbox = new Outbox(configuration);
    this.streams = new StreamUse(configuration.transport());
  }

  /// Does the actions of a first step and keeps its state. A state that has no SPI, for the end of
  /// something that never was, is not kept.
  void begin(Step step) {
    Optional<Long> spi = spi(step.next());
    Entry entry = new Entry(spi.orElse(0L), configuration.scheduler().now(), step.next());
    spi.ifPresent(s -> bySpi.put(s, entry));
    perform(entry, step.actions());
    settle(entry);
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
    Entry entry = bySpi.get(spi);
    if (entry == null) {
      return false;
    }
    feed(entry, event);
    return true;
  }

  private void feed(Entry entry, Event event) {
    if (bySpi.get(entry.spi) != entry) {
      return;
    }
    try {
      Step step = machine.step(entry.state, event);
      entry.state = step.next();
      perform(entry, step.actions());
      settle(entry);
    } catch (RuntimeException e) {
      abandon(entry, e);
    }
  }

  /// Tells the IKE SA of this SA that it reached a limit of its lifetime.
  void expire(Sa sa, Lifetime.Limit limit) {
    Instant now = configuration.scheduler().now();
    feedOwner(sa, child -> new Event.Expired(now, child.inbound().spi(), limit));
  }

  /// Tells the IKE SA of this SA by which path a packet of the peer came.
  void carried(InboundSa sa, Path path) {
    Instant now = configuration.scheduler().now();
    feedOwner(sa, child -> new Event.Carried(now, child.inbound().spi(), path));
  }

  /// Has IKE SAs move that spoke from an address which the host has no more.
  void roam(Whereabouts host) {
    Instant now = configuration.scheduler().now();
    for (Standing standing : established().toList()) {
      Path path = standing.path();
      if (standing instanceof Established s
          && s.peer().called()
          && s.ikeSa().has(Extension.MOBIKE)
          && !host.isHere(path.local())) {
        host.sourceTowards(path.remote())
            .ifPresent(local -> feed(s.localSpi(), new Event.Roamed(now, local)));
      }
    }
  }

  private void feedOwner(Sa sa, Function<ChildSa, Event> event) {
    for (Standing s : established().toList()) {
      for (ChildSa child : s.children()) {
        Sa mine =
            switch (sa) {
              case InboundSa in -> child.inbound();
              case OutboundSa out -> child.outbound();
            };
        if (mine == sa) {
          feed(s.localSpi(), event.apply(child));
        }
      }
    }
  }

  /// A fault of ours: the state cannot be trusted any more, so its SAs go, and who waits is told.
  private void abandon(Entry entry, RuntimeException fault) {
    line(entry, LOG.atError()).setCause(fault).log("the IKE SA is dropped after a fault of ours");
    IkeSaState last = entry.state;
    entry.state = new IkeSaState.Closed();
    try {
      Instant now = configuration.scheduler().now();
      perform(entry, machine.step(last, new Event.Forgotten(now)).actions());
    } catch (RuntimeException again) {
      line(entry, LOG.atError()).setCause(again).log("the IKE SA has left something behind");
    } finally {
      settle(entry);
    }
  }

  /// Sets the timer, and forgets what is closed.
  private void settle(Entry entry) {
    configuration.keys().settled(entry.spi, entry.state);
    streams.follow(entry.spi, entry.state);
    if (entry.state.isClosed()) {
      entry.cancelTimer.run();
      bySpi.remove(entry.spi, entry);
      views.remove(entry.spi);
      return;
    }
    IkeSaView.of(entry.state)
        .ifPresentOrElse(view -> views.put(entry.spi, view), () -> views.remove(entry.spi));
    Optional<Instant> wakeAt = entry.state.wakeAt();
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
    for (Action action : actions) {
      switch (action) {
        case Action.Send(Datagram datagram) -> outbox.send(datagram);
        case Action.Compute(Computation computation) -> compute(entry, computation);
        case Action.Install(var sa) -> {
          sadb.install(sa);
          outbox.changed();
        }
        case Action.Remove(var direction, int spi, var remote) -> {
          sadb.remove(direction, spi, remote);
          outbox.changed();
        }
        case Action.ReleaseSpi(int spi) -> sadb.releaseSpi(spi);
        case Action.Move(var sa, var local, var remote, var ports) ->
            sadb.move(sa, local, remote, ports);
        case Action.Spawn(Established successor) -> begin(new Step(successor, List.of()));
        case Action.FallBack(var wish) ->
            begin(machine.fallBack(configuration.scheduler().now(), wish));
        case Action.InitialContact(Identity local, Identity remote) ->
            forgetOthers(entry, local, remote);
        case Action.Renew renew -> throw new IllegalStateException("IKEv2 rekeys instead");
        case Action.Supersede() -> supersede(entry);
        case Action.HandOver(long successor, List<ChildSa> children) ->
            feed(successor, new Event.Adopted(configuration.scheduler().now(), children));
        case Action.Tell(Report report) -> {
          milestones.count(entry.created, report);
          telling.tell(entry.spi, view(entry), report);
          owner.reports.accept(report);
        }
      }
    }
  }

  /// The IPsec SAs that came by other ISAKMP SAs of this peer live on with this one.
  private void supersede(Entry entry) {
    if (!(entry.state instanceof Standing fresh)) {
      return;
    }
    Event.Superseded event =
        new Event.Superseded(configuration.scheduler().now(), fresh.localSpi());
    established()
        .filter(s -> s.version() == fresh.version() && s.localSpi() != fresh.localSpi())
        .filter(s -> s.peer().local().equals(fresh.peer().local()))
        .filter(s -> s.peer().remote().equals(fresh.peer().remote()))
        .map(Standing::localSpi)
        .toList()
        .forEach(spi -> feed(spi, event));
  }

  private void compute(Entry entry, Computation computation) {
    IkeScheduler scheduler = configuration.scheduler();
    scheduler.compute(
        () -> {
          try {
            Computation.Result result = computation.run(configuration.random());
            scheduler.execute(() -> computed(entry, result));
          } catch (RuntimeException e) {
            scheduler.execute(() -> abandon(entry, e));
          }
        });
  }

  private void computed(Entry entry, Computation.Result result) {
    if (bySpi.get(entry.spi) != entry || entry.state instanceof Departed) {
      result.close();
      return;
    }
    feed(entry, new Event.Computed(configuration.scheduler().now(), result));
    owner.changed.run();
  }

  /// The peer says that it has only this IKE SA; what was there before it began is stale (RFC 7296
  /// §2.4).
  private void forgetOthers(Entry entry, Identity local, Identity remote) {
    for (Entry other : List.copyOf(bySpi.values())) {
      if (other != entry
          && other.state instanceof Standing standing
          && standing.peer().local().equals(local)
          && standing.peer().remote().equals(remote)
          && standing.since().isBefore(entry.created)) {
        line(other, LOG.atInfo()).log("the IKE SA is forgotten: INITIAL_CONTACT");
        feed(other, new Event.Forgotten(configuration.scheduler().now()));
      }
    }
  }

  /// {@return what is to be shown of the IKE SA, as it last was when it is gone by now}
  private Optional<IkeSaView> view(Entry entry) {
    return IkeSaView.of(entry.state).or(() -> Optional.ofNullable(views.get(entry.spi)));
  }

  private LoggingEventBuilder line(Entry entry, LoggingEventBuilder line) {
    return IkeSaLine.about(view(entry), entry.spi, line);
  }

  /// {@return the established IKE SAs}
  Stream<Standing> established() {
    return bySpi.values().stream()
        .map(entry -> entry.state)
        .filter(Standing.class::isInstance)
        .map(Standing.class::cast);
  }

  /// {@return those on their way}
  Stream<Connecting> connecting() {
    return bySpi.values().stream()
        .map(entry -> entry.state)
        .filter(Connecting.class::isInstance)
        .map(Connecting.class::cast);
  }

  /// {@return our SPI of the responder's state that this request began}
  Optional<Long> begunBy(Datagram request, long spiI) {
    return connecting()
        .filter(
            state ->
                switch (state) {
                  case Connecting.AnsweringInit s -> s.header().spiI() == spiI;
                  case Connecting.InitAnswered s -> s.ikeSa().spiI() == spiI;
                  case Connecting.AnsweringIntermediate s -> s.ikeSa().spiI() == spiI;
                  case Authenticating s -> s.isHalfOpen() && s.ikeSa().spiI() == spiI;
                  case Connecting.ByAttempt s -> false;
                  case Connecting.ByKeying s -> false;
                  case Connecting.AuthRequested s -> false;
                })
        .filter(state -> state.path().remote().equals(request.remote()))
        .map(Connecting::localSpi)
        .findFirst();
  }

  /// {@return where the peers are that have not proven themselves yet, or could not just now}
  Stream<Ipv6Address> unproven() {
    return bySpi.values().stream()
        .flatMap(
            entry ->
                switch (entry.state) {
                  case Connecting.AnsweringInit s -> Stream.of(s.path().remote());
                  case Connecting.InitAnswered s -> Stream.of(s.path().remote());
                  case Authenticating s ->
                      s.isHalfOpen() ? Stream.of(s.path().remote()) : Stream.empty();
                  case Departed s -> s.unproven().stream();
                  case Connecting.AnsweringIntermediate s -> Stream.of(s.path().remote());
                  case Connecting.ByAttempt _, Connecting.ByKeying _ -> Stream.empty();
                  case Connecting.AuthRequested s -> Stream.empty();
                  case IsakmpState s ->
                      s.isHalfOpen() ? Stream.of(s.path().remote()) : Stream.empty();
                  case Established _, IkeSaState.Closed _ -> Stream.empty();
                });
  }

  /// {@return an IKE SA that a further Child SA of `connection` can be made in}
  Optional<Standing> usableFor(Connection connection) {
    return established()
        .filter(s -> !s.isReplaced() && !s.isClosing())
        .filter(
            s -> {
              Connection own = s.peer().connection();
              return own.version().equals(connection.version())
                  && own.local().equals(connection.local())
                  && connection.remote().filter(s.path().remote()::equals).isPresent()
                  && s.peer().local().equals(connection.localId())
                  && connection.remoteId().map(s.peer().remote()::equals).orElse(true)
                  && own.ikeProposals().equals(connection.ikeProposals())
                  && own.options().forceEncapsulation()
                      == connection.options().forceEncapsulation();
            })
        .findFirst();
  }

  /// {@return the Child SAs of a connection that serve, or will, once they are not replaced}
  List<ChildSa> children(String connection) {
    return established()
        .flatMap(s -> s.children().stream())
        .filter(child -> child.connection().name().equals(connection) && !child.rekeyed())
        .toList();
  }

  /// {@return our SPIs of the states that `matches`, the caller's own list}
  List<Long> spis(Predicate<IkeSaState> matches) {
    return bySpi.values().stream()
        .filter(entry -> matches.test(entry.state))
        .map(entry -> entry.spi)
        .collect(Collectors.toCollection(ArrayList::new));
  }

  /// {@return our SPIs of the IKE SAs that have Child SAs of other connections: these do not go for
  /// want of one answer}
  List<Long> servingOthers(String connection) {
    return spis(
        state ->
            state instanceof Standing s
                && s.children().stream()
                    .anyMatch(child -> !child.connection().name().equals(connection)));
  }

  /// {@return what is to be shown; any thread}
  Collection<IkeSaView> views() {
    return List.copyOf(views.values());
  }
}
