package espd.ike.exchange;

import espd.ike.Connection;
import espd.ike.crypto.Role;
import espd.ike.message.Bytes;
import espd.spd.InboundSa;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// An IKE SA whose two ends have proven who they are (RFC 7296 §1.2), with its Child SAs.
///
/// @param ikeSa its SPIs, keys and path
/// @param peer who is at the other end
/// @param window the message ids
/// @param children its Child SAs
/// @param work what goes on and what waits
/// @param timers when something is due by itself
/// @param successor our SPI of the IKE SA that has taken its place (RFC 7296 §2.18); it has the
///   Child SAs, and this one only waits for its deletion
public record Established(
    IkeSa ikeSa,
    Peer peer,
    MessageWindow window,
    List<ChildSa> children,
    Work work,
    Timers timers,
    Optional<Long> successor)
    implements IkeSaState, Enciphered, Standing {

  /// Copies the list.
  public Established {
    children = List.copyOf(children);
  }

  /// What goes on and what waits.
  ///
  /// @param pending our request in flight or being prepared; with a window of one there is one
  /// @param answering the peer's request whose answer is being computed
  /// @param queue what comes after, in order
  /// @param patience with a peer that refuses
  /// @param awaited the SA that the peer is to go on with
  public record Work(
      Optional<Pending> pending,
      Optional<Answering> answering,
      List<Task> queue,
      Patience patience,
      Optional<Awaited> awaited) {

    /// Nothing goes on.
    public static final Work NONE =
        new Work(Optional.empty(), Optional.empty(), List.of(), Patience.FRESH, Optional.empty());

    /// Copies the list.
    public Work {
      queue = List.copyOf(queue);
    }

    Work pending(Optional<Pending> other) {
      return new Work(other, answering, queue, patience, awaited);
    }

    Work answering(Optional<Answering> other) {
      return new Work(pending, other, queue, patience, awaited);
    }

    Work queue(List<Task> other) {
      return new Work(pending, answering, other, patience, awaited);
    }
  }

  /// When something is due by itself.
  ///
  /// @param established when the IKE SA was
  /// @param rekeyAt when it is to be rekeyed, if ever
  /// @param reauthAt when another is to be made in its place, if ever
  /// @param endsAt when its lifetime is over, if ever
  /// @param heard when the peer last sent something authentic
  /// @param sent when we last sent something
  /// @param lingering inbound SAs that still take what is on its way
  public record Timers(
      Instant established,
      Optional<Instant> rekeyAt,
      Optional<Instant> reauthAt,
      Optional<Instant> endsAt,
      Instant heard,
      Instant sent,
      List<Lingering> lingering) {

    /// Copies the list.
    public Timers {
      lingering = List.copyOf(lingering);
    }

    Timers heard(Instant now) {
      return new Timers(established, rekeyAt, reauthAt, endsAt, now, sent, lingering);
    }

    Timers sent(Instant now) {
      return new Timers(established, rekeyAt, reauthAt, endsAt, heard, now, lingering);
    }

    Timers lingering(List<Lingering> those) {
      return new Timers(established, rekeyAt, reauthAt, endsAt, heard, sent, those);
    }

    Timers rekeyAt(Optional<Instant> then) {
      return new Timers(established, then, reauthAt, endsAt, heard, sent, lingering);
    }

    Timers reauthAt(Optional<Instant> then) {
      return new Timers(established, rekeyAt, then, endsAt, heard, sent, lingering);
    }
  }

  /// An inbound SA whose Child SA is closed, kept for packets that were on their way.
  ///
  /// @param until when it goes
  public record Lingering(InboundSa sa, Instant until) {}

  @Override
  public int version() {
    return 2;
  }

  @Override
  public Role role() {
    return ikeSa.role();
  }

  @Override
  public int serial() {
    return ikeSa.serial();
  }

  @Override
  public long spiI() {
    return ikeSa.spiI();
  }

  @Override
  public long spiR() {
    return ikeSa.spiR();
  }

  @Override
  public Path path() {
    return ikeSa.path();
  }

  @Override
  public Nat nat() {
    return ikeSa.nat();
  }

  @Override
  public String suiteText() {
    return ikeSa.keys().suite().toString();
  }

  @Override
  public Instant since() {
    return timers.established();
  }

  @Override
  public Optional<Instant> rekeyAt() {
    return timers.rekeyAt().or(timers::reauthAt);
  }

  @Override
  public Optional<Instant> endsAt() {
    return timers.endsAt();
  }

  @Override
  public boolean isReplaced() {
    return successor.isPresent();
  }

  @Override
  public Connection connection() {
    return peer.connection();
  }

  @Override
  public Optional<Instant> wakeAt() {
    return Stream.of(
            window.wakeAt().stream(),
            window.forgetAt().stream(),
            timers.rekeyAt().stream(),
            timers.reauthAt().stream(),
            timers.endsAt().stream(),
            livenessAt().stream(),
            keepaliveAt().stream(),
            timers.lingering().stream().map(Lingering::until),
            children.stream().flatMap(child -> child.switchAt().stream()),
            work.awaited().map(Awaited::until).stream(),
            taskAt().stream())
        .flatMap(times -> times)
        .min(Instant::compareTo);
  }

  /// {@return when the peer is to be asked whether it lives (RFC 7296 §2.4)}
  Optional<Instant> livenessAt() {
    var delay = peer.connection().liveness().delay();
    if (delay.isZero() || work.pending().isPresent()) {
      return Optional.empty();
    }
    return Optional.of(lastHeard(timers.heard()).plus(delay));
  }

  /// {@return when the NAT before us is to be reminded (RFC 3948 §4)}
  Optional<Instant> keepaliveAt() {
    return keepaliveAt(timers.sent());
  }

  private Optional<Instant> taskAt() {
    if (work.pending().isPresent()) {
      return Optional.empty();
    }
    return work.queue().stream()
        .filter(task -> !holds(task))
        .map(Task::notBefore)
        .min(Instant::compareTo);
  }

  /// {@return whether a task has to wait until the peer has gone on with the SA that it makes (RFC
  /// 9370 §2.2.4): it would collide with it}
  boolean holds(Task task) {
    if (work.awaited().isEmpty()) {
      return false;
    }
    Awaited awaited = work.awaited().get();
    return switch (task) {
      case Task.RekeyIke t -> true;
      case Task.NewChild t -> awaited.replacesIke();
      case Task.RekeyChild t -> awaited.replacesIke() || awaited.replaces(t.inboundSpi());
      case Task.DeleteChild t -> false;
      case Task.Disown t -> false;
      case Task.DeleteIke t -> false;
      case Task.Relocate t -> false;
      case Task.Redirect t -> false;
      case Task.Announce t -> false;
      case Task.AskTicket t -> false;
      case Task.Liveness t -> false;
    };
  }

  @Override
  public boolean isClosing() {
    return work.pending().filter(Pending.DeletingIke.class::isInstance).isPresent()
        || work.queue().stream().anyMatch(Task.DeleteIke.class::isInstance);
  }

  /// {@return the Child SA with this inbound SPI}
  Optional<ChildSa> child(int inboundSpi) {
    return children.stream().filter(child -> child.inbound().spi() == inboundSpi).findFirst();
  }

  /// {@return the Child SA whose packets to the peer have this SPI: how the peer names it (RFC 7296
  /// §1.3.3, §3.11)}
  Optional<ChildSa> childOfPeer(int outboundSpi) {
    return children.stream().filter(child -> child.outbound().spi() == outboundSpi).findFirst();
  }

  Established with(IkeSa newIkeSa) {
    return new Established(newIkeSa, peer, window, children, work, timers, successor);
  }

  Established with(MessageWindow newWindow) {
    return new Established(ikeSa, peer, newWindow, children, work, timers, successor);
  }

  Established with(Timers newTimers) {
    return new Established(ikeSa, peer, window, children, work, newTimers, successor);
  }

  Established withChildren(List<ChildSa> newChildren) {
    return new Established(ikeSa, peer, window, newChildren, work, timers, successor);
  }

  Established plus(ChildSa child) {
    return withChildren(Stream.concat(children.stream(), Stream.of(child)).toList());
  }

  Established minus(ChildSa child) {
    return withChildren(
        children.stream().filter(c -> c.inbound().spi() != child.inbound().spi()).toList());
  }

  Established replacing(ChildSa child) {
    return withChildren(
        children.stream()
            .map(c -> c.inbound().spi() == child.inbound().spi() ? child : c)
            .toList());
  }

  Established pending(Pending pending) {
    return with(work.pending(Optional.of(pending)));
  }

  Established idle() {
    return with(work.pending(Optional.empty()));
  }

  Established awaiting(Optional<Awaited> awaited) {
    return with(new Work(work.pending(), work.answering(), work.queue(), work.patience(), awaited));
  }

  Established answering(Answering answering) {
    return with(work.answering(Optional.of(answering)));
  }

  Established answered(List<Bytes> response) {
    return with(work.answering(Optional.empty())).with(window.answered(response));
  }

  Established queued(Task task) {
    List<Task> queue = new ArrayList<>(work.queue());
    queue.add(task);
    return with(work.queue(queue));
  }

  /// {@return this with a task before all others}
  Established queuedFirst(Task task) {
    List<Task> queue = new ArrayList<>(work.queue());
    queue.addFirst(task);
    return with(work.queue(queue));
  }

  Established without(Task task) {
    List<Task> queue = new ArrayList<>(work.queue());
    queue.remove(task);
    return with(work.queue(queue));
  }

  Established with(Patience patience) {
    return with(new Work(work.pending(), work.answering(), work.queue(), patience, work.awaited()));
  }

  Established succeededBy(Established next, Instant until) {
    return new Established(
        ikeSa,
        peer,
        window,
        List.of(),
        work,
        new Timers(
            timers.established(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(until),
            timers.heard(),
            timers.sent(),
            List.of()),
        Optional.of(next.ikeSa().localSpi()));
  }

  Established with(Work newWork) {
    return new Established(ikeSa, peer, window, children, newWork, timers, successor);
  }
}
