package espd.ike.exchange;

import espd.ike.crypto.EphemeralKeyPair;
import espd.ike.crypto.KeyExchangeMethod;
import espd.ike.crypto.Role;
import espd.ike.exchange.Actions.Result;
import espd.ike.exchange.ChildRequests.Want;
import espd.ike.message.Delete;
import espd.ike.message.Header;
import espd.ike.message.MalformedException;
import espd.ike.message.Message;
import espd.ike.message.Notify;
import espd.ike.message.NotifyType;
import espd.ike.message.Payload;
import espd.spd.KeyMaterial;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// Our requests on an established IKE SA, one at a time (RFC 7296 §2.3): what waits in the queue is
/// begun when nothing is in flight, and its response is made of what the SAD shall have.
final class Requests {

  private final ChildRequests childRequests;
  private final Courier courier;
  private final Mobility mobility;
  private final Multihoming multihoming;
  private final IkeRekey ikeRekey;
  private final FollowupRequests followups;

  Requests(Surroundings surroundings) {
    this.childRequests = new ChildRequests(surroundings);
    this.courier = new Courier(surroundings);
    this.mobility = new Mobility(surroundings);
    this.multihoming = new Multihoming(surroundings);
    this.ikeRekey = new IkeRekey(surroundings);
    this.followups = new FollowupRequests(surroundings);
  }

  /// Begins what waits, if nothing is in flight: the last thing of every step.
  Step next(Established state, Actions actions) {
    Established s = state;
    while (s.work().pending().isEmpty()) {
      Optional<Task> due =
          s.work().queue().stream()
              .filter(task -> !task.notBefore().isAfter(actions.now()))
              .filter(Predicate.not(state::holds))
              .findFirst();
      if (due.isEmpty()) {
        break;
      }
      s = begin(s.without(due.get()), due.get(), actions);
    }
    return actions.then(s);
  }

  private Established begin(Established s, Task task, Actions actions) {
    return switch (task) {
      case Task.NewChild t -> childRequests.child(s, t, Want.further(t), actions);
      case Task.RekeyChild t -> {
        Optional<ChildSa> old = s.child(t.inboundSpi()).filter(child -> !child.rekeyed());
        yield old.isEmpty() ? s : childRequests.child(s, t, Want.successor(old.get()), actions);
      }
      case Task.RekeyIke t -> {
        if (s.successor().isPresent()) {
          yield s;
        }
        actions.add(new Action.Compute(new Computation.Generate(ikeRekey.methods(s).getFirst())));
        yield s.pending(new Pending.Preparing(t));
      }
      case Task.DeleteChild t -> {
        Optional<ChildSa> child = s.child(t.inboundSpi());
        yield child.isEmpty() ? s : deleteChild(s, child.get(), t.cause(), actions);
      }
      case Task.Disown t ->
          courier.request(
              s,
              Header.INFORMATIONAL,
              List.of(Delete.esp(t.inboundSpi())),
              new Pending.CheckingLiveness(),
              actions);
      case Task.DeleteIke t -> {
        Ticketing.forget(s, actions);
        s.children().forEach(child -> ChildRequests.down(child, t.cause(), actions));
        List<Payload> payloads = List.of(Delete.ikeSa());
        Established alone = s.withChildren(List.of()).with(s.timers().lingering(List.of()));
        lingering(s, actions);
        actions.progress(
            s.peer().connection(),
            "deleting IKE_SA %s[%d]".formatted(s.peer().connection().name(), s.ikeSa().serial()));
        yield courier.request(
            alone, Header.INFORMATIONAL, payloads, new Pending.DeletingIke(t.cause()), actions);
      }
      case Task.Relocate t -> mobility.request(s, t.ours(), actions);
      case Task.Redirect t ->
          courier.request(
              s,
              Header.INFORMATIONAL,
              Redirection.order(s, t.gateway(), actions),
              new Pending.CheckingLiveness(),
              actions);
      case Task.Announce t -> multihoming.announce(s, actions);
      case Task.AskTicket t ->
          courier.request(
              s,
              Header.INFORMATIONAL,
              List.copyOf(Ticketing.request(s.connection())),
              new Pending.CheckingLiveness(),
              actions);
      case Task.Liveness t ->
          Mobility.tellsWhere(s)
              ? mobility.request(s, true, actions)
              : courier.request(
                  s, Header.INFORMATIONAL, List.of(), new Pending.CheckingLiveness(), actions);
    };
  }

  static void lingering(Established s, Actions actions) {
    s.timers().lingering().forEach(each -> actions.add(new Action.Remove(each.sa())));
  }

  private Established deleteChild(
      Established s, ChildSa child, Report.Cause cause, Actions actions) {
    actions.progress(child.connection(), "deleting CHILD_SA " + child);
    // What we delete we send no more; what the peer still sends is taken until it has answered.
    actions.add(child.removeOutbound());
    return courier.request(
        s,
        Header.INFORMATIONAL,
        List.of(Delete.esp(child.inbound().spi())),
        new Pending.DeletingChild(child, cause),
        actions);
  }

  /// The key pair of a request is there.
  Step generated(Established s, EphemeralKeyPair key, Actions actions) {
    if (s.work().pending().isPresent()
        && s.work().pending().get() instanceof Pending.PreparingFollowup p) {
      return next(followups.generated(s, p.continuation(), key, actions), actions);
    }
    if (s.work().pending().isEmpty()
        || !(s.work().pending().get() instanceof Pending.Preparing(Task task))) {
      key.close();
      return actions.then(s);
    }
    Established idle = s.idle();
    Established then =
        switch (task) {
          case Task.NewChild t ->
              childRequests.request(idle, Want.further(t), Optional.of(key), actions);
          case Task.RekeyChild t -> {
            Optional<ChildSa> old = s.child(t.inboundSpi()).filter(child -> !child.rekeyed());
            if (old.isEmpty()) {
              key.close();
              yield idle;
            }
            yield childRequests.request(idle, Want.successor(old.get()), Optional.of(key), actions);
          }
          case Task.RekeyIke t -> {
            if (s.successor().isPresent()) {
              key.close();
              yield idle;
            }
            Pending.IkeOffer offer = ikeRekey.request(s, key, actions);
            yield courier.request(
                idle,
                Header.CREATE_CHILD_SA,
                CreateChildSa.ike(offer.proposals(), offer.nonce(), offer.kei()),
                new Pending.IkeRequested(offer, Optional.empty()),
                actions);
          }
          case Task.DeleteChild _, Task.Disown _, Task.DeleteIke _ -> throw withoutKey(task);
          case Task.Relocate _, Task.Announce _, Task.Redirect _ -> throw withoutKey(task);
          case Task.AskTicket _, Task.Liveness _ -> throw withoutKey(task);
        };
    return next(then, actions);
  }

  private static IllegalStateException withoutKey(Task task) {
    return new IllegalStateException(task + " needs no key pair");
  }

  /// The response to our request, authentic.
  ///
  /// @throws MalformedException when it is none to this request
  Step responded(Established state, Message response, Actions actions) throws MalformedException {
    Established s = state.with(state.window().responded());
    Pending pending =
        state.work().pending().orElseThrow(() -> new MalformedException("nothing was asked"));
    Header header = response.header();
    return switch (pending) {
      case Pending.ChildRequested p ->
          switch (CreateChildSa.Response.from(response.payloads())) {
            case CreateChildSa.Refused(Notify notify) -> {
              actions.exchanged(header, Role.INITIATOR, Result.REFUSED);
              yield next(childRequests.refused(s.idle(), p, notify, actions), actions);
            }
            case CreateChildSa.ChildCreated created -> {
              actions.exchanged(header, Role.INITIATOR, Result.OK);
              yield next(childRequests.created(s, p, created, actions), actions);
            }
            case CreateChildSa.IkeCreated created ->
                throw new MalformedException("an IKE SA where a Child SA was asked for");
          };
      case Pending.IkeRequested p ->
          switch (CreateChildSa.Response.from(response.payloads())) {
            case CreateChildSa.Refused(Notify notify) -> {
              actions.exchanged(header, Role.INITIATOR, Result.REFUSED);
              yield next(ikeRefused(s.idle(), p, notify, actions), actions);
            }
            case CreateChildSa.IkeCreated created -> {
              actions.exchanged(header, Role.INITIATOR, Result.OK);
              ikeRekey.check(p.offer(), created);
              actions.add(
                  new Action.Compute(new Computation.Agree(p.offer().key(), created.ker().data())));
              yield actions.then(s.pending(new Pending.IkeAgreeing(p.offer(), created, p.rival())));
            }
            case CreateChildSa.ChildCreated created ->
                throw new MalformedException("a Child SA where an IKE SA was asked for");
          };
      case Pending.FollowupRequested p ->
          switch (IkeFollowupKe.Response.from(
              response.payloads(), p.continuation().remaining().getFirst())) {
            case IkeFollowupKe.Refused(Notify notify) -> {
              actions.exchanged(header, Role.INITIATOR, Result.REFUSED);
              yield next(followupRefused(s.idle(), p, notify, actions), actions);
            }
            case IkeFollowupKe.Exchanged exchanged -> {
              actions.exchanged(header, Role.INITIATOR, Result.OK);
              yield actions.then(followups.exchanged(s, p, exchanged, actions));
            }
          };
      case Pending.DeletingChild p -> {
        actions.exchanged(header, Role.INITIATOR, Result.OK);
        Optional<ChildSa> child = s.child(p.child().inbound().spi());
        yield next(child.map(c -> deleted(s, c, p.cause(), actions)).orElse(s).idle(), actions);
      }
      case Pending.DeletingIke p -> {
        actions.exchanged(header, Role.INITIATOR, Result.OK);
        yield closed(s, p.cause(), actions);
      }
      case Pending.CheckingLiveness p -> {
        actions.exchanged(header, Role.INITIATOR, Result.OK);
        Notifies said = new Contents("INFORMATIONAL", response.payloads()).notifies();
        yield next(Ticketing.kept(s.idle(), said, actions), actions);
      }
      case Pending.Relocating p -> {
        actions.exchanged(header, Role.INITIATOR, Result.OK);
        yield next(mobility.responded(s.idle(), p, response.payloads(), actions), actions);
      }
      case Pending.Preparing p -> throw new MalformedException("nothing was asked");
      case Pending.ChildAgreeing p -> throw new MalformedException("already answered");
      case Pending.IkeAgreeing p -> throw new MalformedException("already answered");
      case Pending.PreparingFollowup p -> throw new MalformedException("nothing was asked");
      case Pending.FollowupAgreeing p -> throw new MalformedException("already answered");
    };
  }

  /// The peer has answered that it sends with this Child SA no more. One that was replaced takes
  /// what is still on its way.
  private static Established deleted(
      Established s, ChildSa child, Report.Cause cause, Actions actions) {
    if (child.rekeyed()) {
      return Handover.closed(s, child, cause, actions);
    }
    ChildRequests.down(child, cause, actions);
    return s.minus(child);
  }

  /// The IKE SA and its Child SAs are no more; nobody is told on the wire.
  Step gone(Established state, Report.Cause cause, Actions actions) {
    Established s = ikeRekey.handOverToRival(state, actions);
    s.children().forEach(child -> ChildRequests.down(child, cause, actions));
    lingering(s, actions);
    return closed(s, cause, actions);
  }

  private Step closed(Established s, Report.Cause cause, Actions actions) {
    Unfinished.abandon(s.work(), cause, actions);
    if (cause != Report.Cause.TIMEOUT) {
      Ticketing.forget(s, actions);
    }
    down(s, actions);
    s.ikeSa().keys().close();
    actions.progress(
        s.peer().connection(),
        "IKE_SA %s[%d] deleted".formatted(s.peer().connection().name(), s.ikeSa().serial()));
    return actions.then(new IkeSaState.Closed());
  }

  /// Says that an IKE SA is gone, unless a successor goes on in its place.
  static void down(Established s, Actions actions) {
    if (s.successor().isEmpty()) {
      actions.tell(new Report.IkeSaDown(s));
    }
  }

  /// The shared secret of our request is there.
  Step agreed(Established s, KeyMaterial secret, Actions actions) {
    if (s.work().pending().isPresent()) {
      switch (s.work().pending().get()) {
        case Pending.Agreeing p -> {
          return next(followups.agreed(s, p, secret, actions), actions);
        }
        case Pending.FollowupAgreeing p -> {
          return next(followups.agreed(s, p, secret, actions), actions);
        }
        case Pending.PreparingFollowup p -> {}
        case Pending.FollowupRequested p -> {}
        case Pending.Preparing p -> {}
        case Pending.ChildRequested p -> {}
        case Pending.IkeRequested p -> {}
        case Pending.DeletingChild p -> {}
        case Pending.DeletingIke p -> {}
        case Pending.CheckingLiveness p -> {}
        case Pending.Relocating p -> {}
      }
    }
    secret.close();
    return actions.then(s);
  }

  /// The peer's public value in its response is not to be used: the IKE SA ends (RFC 7296 §2.21.3).
  Step notAgreed(Established s, String why, Actions actions) {
    actions.warning(s.peer().connection(), "the peer's KE: " + why);
    s.work().pending().ifPresent(p -> Unfinished.abandon(p, Report.Cause.REFUSED, actions));
    return next(s.idle().queued(new Task.DeleteIke(actions.now(), Report.Cause.REFUSED)), actions);
  }

  /// The peer does not go on with the SA: as if it had not begun with it (RFC 9370 §2.2.4).
  private Established followupRefused(
      Established s, Pending.FollowupRequested p, Notify notify, Actions actions) {
    p.pair().close();
    p.continuation().secrets().close();
    return switch (p.continuation().first()) {
      case Pending.ChildAgreeing first ->
          childRequests.refused(
              s, new Pending.ChildRequested(first.offer(), first.rival()), notify, actions);
      case Pending.IkeAgreeing first ->
          ikeRefused(s, new Pending.IkeRequested(first.offer(), first.rival()), notify, actions);
    };
  }

  private Established ikeRefused(
      Established s, Pending.IkeRequested p, Notify notify, Actions actions) {
    p.offer().key().close();
    actions.warning(
        s.peer().connection(),
        "rekeying IKE_SA failed: " + Differences.refused(notify, p.offer().proposals()));
    if (p.rival().isPresent()) {
      return ikeRekey.handOver(s, p.rival().get().successor(), actions);
    }
    Optional<KeyExchangeMethod> wanted =
        AnotherMethod.wanted(notify, ikeRekey.methods(s), p.offer().key().method());
    if (wanted.isPresent()) {
      actions.add(new Action.Compute(new Computation.Generate(wanted.get())));
      return s.pending(new Pending.Preparing(new Task.RekeyIke(actions.now())));
    }
    return notify.type() == NotifyType.TEMPORARY_FAILURE
        ? childRequests.temporarily(s, Task.RekeyIke::new, actions)
        : childRequests.later(s.with(s.work().patience().refused()), Task.RekeyIke::new, actions);
  }
}
