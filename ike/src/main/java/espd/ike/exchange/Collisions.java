package espd.ike.exchange;

import espd.ike.message.Bytes;
import espd.ike.message.Notify;
import espd.ike.message.NotifyType;
import java.util.Optional;
import java.util.stream.Stream;

/// What the peer asks for while we ask for something ourselves (RFC 7296 §2.8.1, §2.25). Both ends
/// decide by the same table, so that after any crossing they have the same SAs.
///
/// | the peer asks to, while we  | make or rekey a Child SA    | close a Child SA  | rekey the IKE SA | close the IKE SA  |
/// |-----------------------------|-----------------------------|-------------------|------------------|-------------------|
/// | make a Child SA             | granted                     | granted           | TEMPORARY_FAILURE| TEMPORARY_FAILURE |
/// | rekey a Child SA            | granted; if the same, *   | TEMPORARY_FAILURE | TEMPORARY_FAILURE| TEMPORARY_FAILURE |
/// | close a Child SA            | granted                     | granted, empty    | granted          | granted           |
/// | rekey the IKE SA            | TEMPORARY_FAILURE           | TEMPORARY_FAILURE | granted, *     | TEMPORARY_FAILURE |
/// | close the IKE SA            | granted, ours is forgotten  | granted           | granted          | granted           |
///
/// *: both are made, and of the four nonces the lowest decides: the SA made with it goes, deleted
/// by who asked for it; who asked for the other deletes the old one.
///
/// Besides, a Child SA that has its successor is not rekeyed again (TEMPORARY_FAILURE), and one
/// that is not here cannot be (CHILD_SA_NOT_FOUND). Who is told TEMPORARY_FAILURE asks again later:
/// [Patience].
final class Collisions {

  private Collisions() {}

  /// What goes on here that the request collides with (RFC 7296 §2.25).
  static Optional<Refusal> notNow(
      Established s, CreateChildSa.Child request, Optional<ChildSa> old) {
    if (s.successor().isPresent() || isRekeyingOrClosing(s)) {
      return Optional.of(
          Refusal.of(NotifyType.TEMPORARY_FAILURE, "the IKE SA is being rekeyed or closed"));
    }
    if (request.replaced().isEmpty()) {
      return Optional.empty();
    }
    if (old.isEmpty()) {
      int spi = request.replaced().get().toInt();
      return Optional.of(
          new Refusal(
              Notify.ofEsp(NotifyType.CHILD_SA_NOT_FOUND, spi),
              "no CHILD_SA with outbound SPI 0x%08x".formatted(spi)));
    }
    return old.get().rekeyed() || isDeleting(s, old.get())
        ? Optional.of(
            Refusal.of(NotifyType.TEMPORARY_FAILURE, old.get() + " is rekeyed or being closed"))
        : Optional.empty();
  }

  private static boolean isRekeyingOrClosing(Established s) {
    return s.work().pending().filter(Collisions::isRekeyingOrClosing).isPresent();
  }

  private static boolean isRekeyingOrClosing(Pending pending) {
    return switch (pending) {
      case Pending.IkeRequested p -> true;
      case Pending.IkeAgreeing p -> true;
      case Pending.Following p -> isRekeyingOrClosing(p.continuation().first());
      case Pending.DeletingIke p -> true;
      case Pending.Preparing p -> false;
      case Pending.ChildRequested p -> false;
      case Pending.ChildAgreeing p -> false;
      case Pending.DeletingChild p -> false;
      case Pending.CheckingLiveness p -> false;
      case Pending.Relocating p -> false;
    };
  }

  static boolean isDeleting(Established s, ChildSa child) {
    return s.work().pending().isPresent()
        && s.work().pending().get() instanceof Pending.DeletingChild deleting
        && deleting.child().inbound().spi() == child.inbound().spi();
  }

  /// Remembers that the peer rekeyed what we are rekeying (RFC 7296 §2.8.1).
  static Established noteRival(Established s, ChildSa old, ChildSa child, Bytes lowestNonce) {
    if (s.work().pending().isEmpty()) {
      return s;
    }
    Optional<Integer> same = Optional.of(old.inbound().spi());
    var rival = Optional.of(new Pending.Rival(child.inbound().spi(), lowestNonce));
    return s.pending(
        switch (s.work().pending().get()) {
          case Pending.ChildRequested p ->
              p.offer().replaced().equals(same) ? new Pending.ChildRequested(p.offer(), rival) : p;
          case Pending.ChildAgreeing p -> noted(p, same, rival);
          case Pending.Following p ->
              p.continuation().first() instanceof Pending.ChildAgreeing first
                  ? p.with(p.continuation().with(noted(first, same, rival)))
                  : p;
          case Pending.Preparing p -> p;
          case Pending.IkeRequested p -> p;
          case Pending.IkeAgreeing p -> p;
          case Pending.DeletingChild p -> p;
          case Pending.DeletingIke p -> p;
          case Pending.CheckingLiveness p -> p;
          case Pending.Relocating p -> p;
        });
  }

  private static Pending.ChildAgreeing noted(
      Pending.ChildAgreeing p, Optional<Integer> same, Optional<Pending.Rival> rival) {
    return p.offer().replaced().equals(same)
        ? new Pending.ChildAgreeing(p.offer(), p.response(), rival)
        : p;
  }

  /// Whether the peer rekeys the SA that we rekey in several key exchanges, and its successor is to
  /// stay (RFC 7296 §2.8.1). What both ends know after CREATE_CHILD_SA decides; the loser does not
  /// go on.
  ///
  /// @param first our request, answered
  static boolean isLost(Established s, Pending.Agreeing first) {
    Stream<Bytes> rivals =
        Stream.concat(
            first.rivalNonce().stream(),
            awaited(s, first).map(a -> a.granted().lowestNonce()).stream());
    return rivals.anyMatch(rival -> Nonces.isLower(first.lowestNonce(), rival));
  }

  /// {@return what the peer is to go on with, when it is to replace the same SA as `first`}
  static Optional<Awaited> awaited(Established s, Pending.Agreeing first) {
    return s.work().awaited().filter(first::isRivalledBy);
  }

  /// What goes on here that the rekey of the IKE SA collides with (RFC 7296 §2.25.2).
  static Optional<Refusal> notNow(Established s) {
    return s.successor().isPresent() || isMakingOrClosing(s)
        ? Optional.of(
            Refusal.of(NotifyType.TEMPORARY_FAILURE, "an SA is being made, rekeyed or closed"))
        : Optional.empty();
  }

  private static boolean isMakingOrClosing(Established s) {
    return s.work().pending().filter(Collisions::isMakingOrClosing).isPresent();
  }

  private static boolean isMakingOrClosing(Pending pending) {
    return switch (pending) {
      case Pending.Following p -> isMakingOrClosing(p.continuation().first());
      case Pending.Preparing p -> !(p.task() instanceof Task.RekeyIke);
      case Pending.ChildRequested p -> true;
      case Pending.ChildAgreeing p -> true;
      case Pending.DeletingChild p -> true;
      case Pending.DeletingIke p -> true;
      case Pending.IkeRequested p -> false;
      case Pending.IkeAgreeing p -> false;
      case Pending.CheckingLiveness p -> false;
      case Pending.Relocating p -> false;
    };
  }

  static Optional<Pending> withRival(Pending pending, Pending.IkeRival rival) {
    return switch (pending) {
      case Pending.IkeRequested p ->
          Optional.of(new Pending.IkeRequested(p.offer(), Optional.of(rival)));
      case Pending.IkeAgreeing p ->
          Optional.of(new Pending.IkeAgreeing(p.offer(), p.response(), Optional.of(rival)));
      case Pending.Following p ->
          p.continuation().first() instanceof Pending.IkeAgreeing first
              ? Optional.of(
                  p.with(
                      p.continuation()
                          .with(
                              new Pending.IkeAgreeing(
                                  first.offer(), first.response(), Optional.of(rival)))))
              : Optional.empty();
      case Pending.Preparing p -> Optional.empty();
      case Pending.ChildRequested p -> Optional.empty();
      case Pending.ChildAgreeing p -> Optional.empty();
      case Pending.DeletingChild p -> Optional.empty();
      case Pending.DeletingIke p -> Optional.empty();
      case Pending.CheckingLiveness p -> Optional.empty();
      case Pending.Relocating p -> Optional.empty();
    };
  }
}
