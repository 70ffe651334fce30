package espd.ike.driver;

import espd.ike.Connection;
import espd.ike.Datagram;
import espd.ike.Identity;
import espd.ike.crypto.Role;
import espd.ike.exchange.Authenticating;
import espd.ike.exchange.ChildSa;
import espd.ike.exchange.Connecting;
import espd.ike.exchange.Departed;
import espd.ike.exchange.Established;
import espd.ike.exchange.IkeSaState;
import espd.ike.exchange.IsakmpState;
import espd.ike.exchange.Peer;
import espd.ike.exchange.Standing;
import espd.spd.Ipv6Address;
import espd.spd.Sa;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The IKE SAs of this host by our SPI, and all by which they are looked for, so that nothing that
/// a peer does costs more the more of them there are. For the event loop, except [#views()].
final class IkeSaTable {

  /// One IKE SA and its timer.
  static final class Entry {
    final long spi;
    final Instant created;
    Runnable cancelTimer = () -> {};
    Optional<Instant> timerAt = Optional.empty();
    private IkeSaState state;
    private IkeSaState indexed = new IkeSaState.Closed();

    /// Of the state, once somebody has asked for it.
    private @Nullable IkeSaView view;

    /// @param spi ours; 0 for the end of something that never was
    Entry(long spi, Instant created, IkeSaState state) {
      this.spi = spi;
      this.created = created;
      this.state = state;
    }

    IkeSaState state() {
      return state;
    }

    private void become(IkeSaState next) {
      state = next;
      view = null;
    }

    /// {@return what is to be shown of it; nothing of what is gone}
    Optional<IkeSaView> view() {
      if (view == null) {
        view = IkeSaView.of(state).orElse(null);
      }
      return Optional.ofNullable(view);
    }
  }

  /// What a first message of a peer is known by when it comes again.
  private record Beginning(long spiI, Ipv6Address remote) {}

  /// Who an IKE SA is between, as both have proven it.
  private record Between(Identity local, Identity remote) {

    Between(Peer peer) {
      this(peer.local(), peer.proven());
    }
  }

  /// Who we are in an IKE SA, and where its peer is.
  private record Facing(Identity local, Ipv6Address remote) {

    Facing(Standing ikeSa) {
      this(ikeSa.peer().local(), ikeSa.path().remote());
    }
  }

  private final Map<Long, Entry> bySpi = new HashMap<>();
  private final Map<Beginning, Long> begun = new HashMap<>();

  /// An SA equals itself alone. An IdentityHashMap would tell the numbers apart as well, box by
  /// box, and let nothing be taken out by its number.
  private final Map<Sa, Long> owners = new HashMap<>();

  private final MultiMap<Long> halfOpen = new MultiMap<>();
  private final MultiMap<Ipv6Address> standingAt = new MultiMap<>();
  private final MultiMap<Between> between = new MultiMap<>();
  private final MultiMap<Facing> facing = new MultiMap<>();
  private final MultiMap<String> serving = new MultiMap<>();
  private final Map<Long, IkeSaView> views = new ConcurrentHashMap<>();
  private int standing;
  private int connecting;

  /// Keeps an IKE SA that has just begun.
  void add(Entry entry) {
    bySpi.put(entry.spi, entry);
    index(entry);
  }

  /// {@return the IKE SA with this SPI of ours}
  Optional<Entry> find(long spi) {
    return Optional.ofNullable(bySpi.get(spi));
  }

  /// {@return whether this is still one of them}
  boolean holds(Entry entry) {
    return bySpi.get(entry.spi) == entry;
  }

  /// Gives an IKE SA its next state.
  void become(Entry entry, IkeSaState next) {
    entry.become(next);
    if (holds(entry)) {
      index(entry);
    }
  }

  /// Shows the state to all threads.
  void show(Entry entry) {
    entry.view().ifPresentOrElse(view -> views.put(entry.spi, view), () -> views.remove(entry.spi));
  }

  /// Forgets an IKE SA.
  void remove(Entry entry) {
    if (bySpi.remove(entry.spi, entry)) {
      entry.become(new IkeSaState.Closed());
      index(entry);
      views.remove(entry.spi);
    }
  }

  // --- what they are looked for by

  private void index(Entry entry) {
    IkeSaState before = entry.indexed;
    IkeSaState now = entry.state;
    entry.indexed = now;
    beginning(before).ifPresent(key -> begun.remove(key, entry.spi));
    beginning(now).ifPresent(key -> begun.put(key, entry.spi));
    unproven(before).ifPresent(peer -> halfOpen.remove(peer.high(), entry.spi));
    unproven(now).ifPresent(peer -> halfOpen.add(peer.high(), entry.spi));
    connecting += (isConnecting(now) ? 1 : 0) - (isConnecting(before) ? 1 : 0);
    if (before instanceof Standing s) {
      standing--;
      standingAt.remove(s.path().remote(), entry.spi);
      between.remove(new Between(s.peer()), entry.spi);
      facing.remove(new Facing(s), entry.spi);
      s.children().forEach(child -> disown(child, entry.spi));
    }
    if (now instanceof Standing s) {
      standing++;
      standingAt.add(s.path().remote(), entry.spi);
      between.add(new Between(s.peer()), entry.spi);
      facing.add(new Facing(s), entry.spi);
      s.children().forEach(child -> own(child, entry.spi));
    }
  }

  private void own(ChildSa child, long spi) {
    owners.put(child.inbound(), spi);
    owners.put(child.outbound(), spi);
    serving.add(child.connection().name(), spi);
  }

  /// Another may own it by now: the successor of the one with this SPI.
  private void disown(ChildSa child, long spi) {
    owners.remove(child.inbound(), spi);
    owners.remove(child.outbound(), spi);
    serving.remove(child.connection().name(), spi);
  }

  private static Optional<Beginning> beginning(IkeSaState state) {
    return switch (state) {
      case Connecting.AnsweringInit s -> beginning(s.header().spiI(), s);
      case Connecting.InitAnswered s -> beginning(s.ikeSa().spiI(), s);
      case Connecting.AnsweringIntermediate s -> beginning(s.ikeSa().spiI(), s);
      case Authenticating s -> s.isHalfOpen() ? beginning(s.ikeSa().spiI(), s) : Optional.empty();
      case IsakmpState s ->
          s.role() == Role.RESPONDER
              ? Optional.of(new Beginning(s.spiI(), s.path().remote()))
              : Optional.empty();
      case Connecting.ByAttempt _, Connecting.ByKeying _ -> Optional.empty();
      case Connecting.AuthRequested _ -> Optional.empty();
      case Established s -> answered(s);
      case Departed _, IkeSaState.Closed _ -> Optional.empty();
    };
  }

  private static Optional<Beginning> beginning(long spiI, Connecting state) {
    return Optional.of(new Beginning(spiI, state.path().remote()));
  }

  private static Optional<Beginning> answered(Standing s) {
    return s.role() == Role.RESPONDER
        ? Optional.of(new Beginning(s.spiI(), s.path().remote()))
        : Optional.empty();
  }

  /// {@return where the peer is, if it has not proven itself yet, or could not just now}
  private static Optional<Ipv6Address> unproven(IkeSaState state) {
    return switch (state) {
      case Connecting.AnsweringInit s -> Optional.of(s.path().remote());
      case Connecting.InitAnswered s -> Optional.of(s.path().remote());
      case Connecting.AnsweringIntermediate s -> Optional.of(s.path().remote());
      case Authenticating s -> s.isHalfOpen() ? Optional.of(s.path().remote()) : Optional.empty();
      case Departed s -> s.unproven();
      case IsakmpState s -> s.isHalfOpen() ? Optional.of(s.path().remote()) : Optional.empty();
      case Connecting.ByAttempt _, Connecting.ByKeying _ -> Optional.empty();
      case Connecting.AuthRequested _ -> Optional.empty();
      case Established _, IkeSaState.Closed _ -> Optional.empty();
    };
  }

  private static boolean isConnecting(IkeSaState state) {
    return state instanceof Connecting
        || (state instanceof IsakmpState && !(state instanceof Standing));
  }

  // --- what is asked

  /// {@return how many are established}
  int countStanding() {
    return standing;
  }

  /// {@return how many are on their way}
  int countConnecting() {
    return connecting;
  }

  /// {@return how many peers have not proven themselves}
  int countHalfOpen() {
    return halfOpen.size();
  }

  /// {@return how many peers of this network have not proven themselves}
  ///
  /// @param network the first half of an address
  int countHalfOpen(long network) {
    return halfOpen.get(network).size();
  }

  /// {@return our SPI of the responder's state that this first message began}
  Optional<Long> begunBy(Datagram first, long spiI) {
    return Optional.ofNullable(begun.get(new Beginning(spiI, first.remote())));
  }

  /// {@return our SPI of the IKE SA that looks after `sa`}
  Optional<Long> owner(Sa sa) {
    return Optional.ofNullable(owners.get(sa));
  }

  /// {@return all established IKE SAs}
  Stream<Standing> standing() {
    return standing(bySpi.keySet());
  }

  /// {@return the established IKE SAs with peers at this address}
  Stream<Standing> standingAt(Ipv6Address remote) {
    return standing(standingAt.get(remote));
  }

  /// {@return the established IKE SAs with peers at the address of `connection`, in which we have
  /// its identity}
  Stream<Standing> facing(Connection connection) {
    return connection.remote().stream()
        .map(remote -> new Facing(connection.localId(), remote))
        .flatMap(ends -> standing(facing.get(ends)));
  }

  /// {@return the established IKE SAs between both identities of `connection`, if it names the
  /// peer's}
  Stream<Standing> between(Connection connection) {
    return connection.remoteId().stream()
        .map(remote -> new Between(connection.localId(), remote))
        .flatMap(ends -> standing(between.get(ends)));
  }

  /// {@return the established IKE SAs with this peer}
  Stream<Standing> standingWith(Peer peer) {
    return standing(between.get(new Between(peer))).filter(s -> s.peer().isSameAs(peer));
  }

  /// {@return those of them that serve a connection like the peer's, of which there may be one
  /// only}
  Stream<Standing> duplicates(Peer peer) {
    return standingWith(peer)
        .filter(s -> !s.isReplaced() && !s.isClosing())
        .filter(s -> s.peer().connection().sharesIkeSaWith(peer.connection()));
  }

  private Stream<Standing> standing(Collection<Long> spis) {
    return spis.stream()
        .map(bySpi::get)
        .map(Entry::state)
        .filter(Standing.class::isInstance)
        .map(Standing.class::cast);
  }

  /// {@return an IKE SA that a further Child SA of `connection` can be made in: the newest, as an
  /// older one may be about to be closed in its favour (RFC 7296 §2.8.3)}
  Optional<Standing> usableFor(Connection connection) {
    return facing(connection)
        .filter(s -> !s.isReplaced() && !s.isClosing())
        .filter(s -> connection.remoteId().map(s.peer().remote()::equals).orElse(true))
        .filter(s -> s.peer().connection().sharesIkeSaWith(connection))
        .reduce((older, newer) -> newer);
  }

  /// {@return the Child SAs of a connection that serve, or will, once they are not replaced}
  List<ChildSa> children(String connection) {
    return standing(serving.get(connection))
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

  /// {@return what is shown of the IKE SA with this SPI, as it last was}
  Optional<IkeSaView> view(long spi) {
    return Optional.ofNullable(views.get(spi));
  }

  /// {@return what is to be shown; any thread}
  Collection<IkeSaView> views() {
    return List.copyOf(views.values());
  }
}
