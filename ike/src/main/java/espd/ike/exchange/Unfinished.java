package espd.ike.exchange;

import espd.ike.crypto.EphemeralKeyPair;

/// What an IKE SA has begun and will not end.
final class Unfinished {

  private Unfinished() {}

  /// What goes on and what waits in an IKE SA will not come to its end: who wants a Child SA is
  /// told, and what was reserved or drawn for it goes.
  static void abandon(Established.Work work, Report.Cause cause, Actions actions) {
    work.pending().ifPresent(pending -> abandon(pending, cause, actions));
    work.awaited().ifPresent(awaited -> FollowupAnswers.abandon(awaited, actions));
    if (work.answering().isPresent()
        && work.answering().get() instanceof Answering.Child answering) {
      actions.add(new Action.ReleaseSpi(answering.choice().inboundSpi()));
    }
    work.queue().stream()
        .filter(Task.NewChild.class::isInstance)
        .map(Task.NewChild.class::cast)
        .forEach(task -> unfulfilled(task.wish(), cause, actions));
  }

  private static void unfulfilled(ChildWish wish, Report.Cause cause, Actions actions) {
    actions.tell(new Report.ChildFailed(wish, cause, "the IKE SA is gone"));
  }

  static void abandon(Pending pending, Report.Cause cause, Actions actions) {
    switch (pending) {
      case Pending.ChildRequested p -> abandon(p.offer(), cause, actions);
      case Pending.ChildAgreeing p -> abandon(p.offer(), cause, actions);
      case Pending.IkeRequested p -> p.offer().key().close();
      case Pending.Following p -> {
        p.continuation().secrets().close();
        p.key().ifPresent(EphemeralKeyPair::close);
        abandon(p.continuation().first(), cause, actions);
      }
      case Pending.Preparing p -> {
        if (p.task() instanceof Task.NewChild task) {
          unfulfilled(task.wish(), cause, actions);
        }
      }
      case Pending.IkeAgreeing p -> {}
      case Pending.DeletingChild p -> {}
      case Pending.DeletingIke p -> {}
      case Pending.CheckingLiveness p -> {}
      case Pending.Relocating p -> {}
    }
  }

  private static void abandon(ChildOffer offer, Report.Cause cause, Actions actions) {
    actions.add(new Action.ReleaseSpi(offer.spi()));
    offer.key().ifPresent(EphemeralKeyPair::close);
    if (offer.replaced().isEmpty()) {
      unfulfilled(offer.wish(), cause, actions);
    }
  }
}
