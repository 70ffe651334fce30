package espd.ike.exchange;

import espd.ike.Connection;
import espd.ike.crypto.EphemeralKeyPair;
import espd.ike.crypto.KeyExchangeMethod;
import espd.ike.crypto.Role;
import espd.ike.crypto.SharedSecrets;
import espd.ike.exchange.ChildNegotiation.Verdict;
import espd.ike.exchange.Task.Breadth;
import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.message.MalformedException;
import espd.ike.message.Notify;
import espd.ike.message.NotifyType;
import espd.ike.message.Payload;
import espd.ike.message.Transform;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Our requests for Child SAs, further ones and successors (RFC 7296 §1.3.1, §1.3.3).
final class ChildRequests {

  private final Surroundings surroundings;
  private final ChildNegotiation children;
  private final Establishment establishment;
  private final Courier courier;

  ChildRequests(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.children = new ChildNegotiation(surroundings);
    this.establishment = new Establishment(surroundings);
    this.courier = new Courier(surroundings);
  }

  /// A Child SA that we want.
  ///
  /// @param wish who wants it
  /// @param old whose successor it is to be
  /// @param breadth of its selectors
  record Want(ChildWish wish, Optional<ChildSa> old, Breadth breadth) {

    /// The successor of a Child SA.
    static Want successor(ChildSa old) {
      ChildWish wish = new ChildWish(old.connection(), Optional.empty());
      return new Want(wish, Optional.of(old), Breadth.ALL);
    }

    /// A further one.
    static Want further(Task.NewChild task) {
      return new Want(task.wish(), Optional.empty(), task.breadth());
    }
  }

  Established child(Established s, Task task, Want want, Actions actions) {
    Optional<String> impossible = impossible(s, want);
    if (impossible.isPresent()) {
      actions.tell(new Report.ChildFailed(want.wish(), Report.Cause.REFUSED, impossible.get()));
      return s;
    }
    Optional<KeyExchangeMethod> group = methods(want.wish().connection()).stream().findFirst();
    if (group.isEmpty()) {
      return request(s, want, Optional.empty(), actions);
    }
    actions.add(new Action.Compute(new Computation.Generate(group.get())));
    return s.pending(new Pending.Preparing(task));
  }

  private Optional<String> impossible(Established s, Want want) {
    if (s.peer().assigned().in(want.wish().connection()).isEmpty()) {
      return Optional.of("the peer has assigned no address that it needs");
    }
    if (connection(s, want).isEmpty()) {
      return Optional.of("the peer wants a pair of addresses at a time, which a packet has to say");
    }
    return want.old().isEmpty() && s.children().size() >= 2 * surroundings.mostChildSas()
        ? Optional.of("there are too many CHILD_SAs")
        : Optional.empty();
  }

  /// The connection with the addresses that are assigned by now. A peer that has once wanted a pair
  /// of addresses at a time is asked for no more.
  private static Optional<Connection> connection(Established s, Want want) {
    Connection whole = s.peer().assigned().in(want.wish().connection()).orElseThrow();
    boolean onePair =
        want.breadth() == Breadth.ONE_PAIR
            || (want.old().isEmpty() && s.children().stream().anyMatch(c -> isPairOf(c, whole)));
    return onePair ? TrafficSelection.onePair(whole, want.wish().packet()) : Optional.of(whole);
  }

  private static boolean isPairOf(ChildSa child, Connection whole) {
    return child.connection().name().equals(whole.name())
        && TrafficSelection.isOnePair(child.connection())
        && !TrafficSelection.isOnePair(whole);
  }

  private static List<KeyExchangeMethod> methods(Connection connection) {
    return connection.espProposals().stream()
        .flatMap(proposal -> proposal.ofType(Transform.DH).stream())
        .flatMap(transform -> KeyExchangeMethod.of(transform.id()).stream())
        .distinct()
        .toList();
  }

  Established request(Established s, Want want, Optional<EphemeralKeyPair> key, Actions actions) {
    ChildWish wish = want.wish();
    Optional<ChildSa> old = want.old();
    ChildOffer offer = children.request(wish, connection(s, want).orElseThrow(), old, key);
    actions.progress(
        wish.connection(),
        old.map(child -> "rekeying CHILD_SA " + child)
            .orElse("establishing CHILD_SA " + wish.connection().name()));
    List<Payload> payloads =
        CreateChildSa.child(offer.replaced(), offer.proposal(), offer.nonce(), offer.kei());
    return courier.request(
        s,
        Header.CREATE_CHILD_SA,
        payloads,
        new Pending.ChildRequested(offer, Optional.empty()),
        actions);
  }

  Established created(
      Established s, Pending.ChildRequested p, CreateChildSa.ChildCreated created, Actions actions)
      throws MalformedException {
    Optional<ChildSa> old = p.offer().replaced().flatMap(s::child);
    Verdict verdict = children.accept(p.offer(), created.chosen(), Translation.on(s.ikeSa()), old);
    if (verdict instanceof Verdict.Agreed(ChildChoice choice)) {
      Optional<KeyExchangeMethod> group = choice.suite().method();
      if (group.isPresent()) {
        var ker = created.ker().orElseThrow(() -> new MalformedException("no KE for " + group));
        if (p.offer().key().isEmpty()
            || p.offer().key().get().method() != group.get()
            || ker.method() != group.get().transformId()) {
          throw new MalformedException("KE of group " + ker.method() + ", chosen " + group.get());
        }
        IkeFollowupKe.expectLink(choice.suite().additional(), created.link());
        actions.add(new Action.Compute(new Computation.Agree(p.offer().key().get(), ker.data())));
        return s.pending(new Pending.ChildAgreeing(p.offer(), created, p.rival()));
      }
    }
    p.offer().key().ifPresent(EphemeralKeyPair::close);
    return finish(
        s.idle(),
        new Pending.ChildAgreeing(p.offer(), created, p.rival()),
        Optional.empty(),
        actions);
  }

  Established finish(
      Established s, Pending.ChildAgreeing p, Optional<SharedSecrets> secrets, Actions actions) {
    ChildOffer offer = p.offer();
    Optional<ChildSa> old = offer.replaced().flatMap(s::child);
    return switch (children.accept(offer, p.response().chosen(), Translation.on(s.ikeSa()), old)) {
      case Verdict.Refused(Refusal refusal) -> {
        secrets.ifPresent(SharedSecrets::close);
        actions.add(new Action.ReleaseSpi(offer.spi()));
        String line = refusal.explanation();
        if (old.isPresent()) {
          actions.warning(offer.wish().connection(), line);
        } else {
          actions.tell(new Report.ChildFailed(offer.wish(), Report.Cause.REFUSED, line));
        }
        yield s.queued(new Task.Disown(actions.now(), offer.spi()));
      }
      case Verdict.Agreed(ChildChoice choice) -> {
        actions.narrowed(offer.wish().connection(), p.response().chosen());
        Bytes nr = p.response().nr().data();
        ChildSa child =
            children.make(
                s.ikeSa(),
                choice,
                new ChildNegotiation.Source(
                    actions.now(), Role.INITIATOR, offer.nonce(), nr, secrets));
        Established up = establishment.up(s.with(Patience.FRESH), child, old, actions);
        yield settle(up, child, old, p, actions);
      }
    };
  }

  /// Which of two Child SAs stays when both ends rekeyed at once: not the one made with the lowest
  /// of the four nonces, which its initiator deletes; the other's initiator deletes the old one
  /// (RFC 7296 §2.8.1).
  private Established settle(
      Established s,
      ChildSa child,
      Optional<ChildSa> old,
      Pending.ChildAgreeing p,
      Actions actions) {
    boolean lost =
        p.rival().isPresent()
            && s.child(p.rival().get().inboundSpi()).isPresent()
            && Nonces.isLower(p.lowestNonce(), p.rival().get().lowestNonce());
    if (lost) {
      return s.replacing(child.superseded())
          .queued(new Task.DeleteChild(actions.now(), child.inbound().spi(), Report.Cause.REKEYED));
    }
    return old.map(
            o ->
                s.queued(
                    new Task.DeleteChild(actions.now(), o.inbound().spi(), Report.Cause.REKEYED)))
        .orElse(s);
  }

  Established refused(Established s, Pending.ChildRequested p, Notify notify, Actions actions) {
    ChildOffer offer = p.offer();
    Connection connection = offer.wish().connection();
    String line = Differences.refused(notify, offer.proposal());
    actions.add(new Action.ReleaseSpi(offer.spi()));
    offer.key().ifPresent(EphemeralKeyPair::close);
    Optional<ChildSa> old = offer.replaced().flatMap(s::child);
    if (notify.type() == NotifyType.TEMPORARY_FAILURE) {
      actions.progress(connection, line + ", trying again");
      return temporarily(s, at -> again(offer, at), actions);
    }
    Optional<KeyExchangeMethod> wanted =
        offer.key().flatMap(key -> AnotherMethod.wanted(notify, methods(connection), key.method()));
    if (wanted.isPresent()) {
      actions.progress(connection, line + ", the peer wants " + wanted.get());
      actions.add(new Action.Compute(new Computation.Generate(wanted.get())));
      return s.pending(new Pending.Preparing(again(offer, actions.now())));
    }
    if (notify.type() == NotifyType.SINGLE_PAIR_REQUIRED
        && offer.replaced().isEmpty()
        && !TrafficSelection.isOnePair(offer.connection())) {
      actions.progress(connection, line + ", asking for one pair of addresses");
      return s.queued(new Task.NewChild(actions.now(), offer.wish(), Breadth.ONE_PAIR));
    }
    if (offer.replaced().isEmpty()) {
      actions.tell(new Report.ChildFailed(offer.wish(), Report.Cause.REFUSED, line));
      return s;
    }
    if (notify.type() == NotifyType.CHILD_SA_NOT_FOUND) {
      old.ifPresent(child -> down(child, Report.Cause.PEER, actions));
      return old.map(s::minus).orElse(s);
    }
    actions.warning(connection, "rekeying CHILD_SA failed: " + line);
    return old.filter(child -> !child.rekeyed()).isPresent()
        ? later(s.with(s.work().patience().refused()), at -> again(offer, at), actions)
        : s;
  }

  private static Task again(ChildOffer offer, Instant at) {
    return offer.replaced().isPresent()
        ? new Task.RekeyChild(at, offer.replaced().get())
        : new Task.NewChild(at, offer.wish(), breadth(offer));
  }

  private static Breadth breadth(ChildOffer offer) {
    return TrafficSelection.isOnePair(offer.connection()) ? Breadth.ONE_PAIR : Breadth.ALL;
  }

  /// The peer cannot do it now: it is asked again later, unless it has been so for minutes; then
  /// the IKE SA ends, for the two ends do not know the same of it (RFC 7296 §2.25).
  Established temporarily(Established s, Function<Instant, Task> task, Actions actions) {
    Established then = s.with(s.work().patience().temporary(actions.now()));
    if (!then.work().patience().isOver(actions.now())) {
      return later(then, task, actions);
    }
    actions.warning(s.peer().connection(), "closing IKE_SA: TEMPORARY_FAILURE for minutes");
    return then.queued(task.apply(actions.now()))
        .queuedFirst(new Task.DeleteIke(actions.now(), Report.Cause.REFUSED));
  }

  /// Asks again after a while, longer each time.
  Established later(Established s, Function<Instant, Task> task, Actions actions) {
    double random = surroundings.random().nextDouble();
    return s.queued(task.apply(s.work().patience().again(actions.now(), random)));
  }

  /// Takes a Child SA out of the SAD and says so.
  static void down(ChildSa child, Report.Cause cause, Actions actions) {
    actions.addAll(child.remove());
    actions.tell(new Report.ChildDown(child, child.rekeyed() ? Report.Cause.REKEYED : cause));
  }
}
