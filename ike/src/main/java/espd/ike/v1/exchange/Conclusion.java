package espd.ike.v1.exchange;

import espd.ike.Connection;
import espd.ike.Connection.Rekeying;
import espd.ike.Uniqueness;
import espd.ike.crypto.Role;
import espd.ike.exchange.Action;
import espd.ike.exchange.Actions;
import espd.ike.exchange.IkeSaState;
import espd.ike.exchange.IsakmpStage;
import espd.ike.exchange.Jitter;
import espd.ike.exchange.Nat;
import espd.ike.exchange.Peer;
import espd.ike.exchange.Report;
import espd.ike.exchange.Step;
import espd.ike.exchange.Surroundings;
import espd.ike.message.Bytes;
import espd.ike.v1.exchange.Phase1.Keyed;
import espd.ike.v1.exchange.Phase1.Proven;
import espd.ike.v1.message.Notification;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// How phase 1 ends: with an ISAKMP SA that both ends know to be the other's, or without.
final class Conclusion {

  private final Surroundings surroundings;
  private final QuickInitiator quicks;

  Conclusion(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.quicks = new QuickInitiator(surroundings);
  }

  // --- established -------------------------------------------------------------------------------

  /// The ISAKMP SA is established. Whoever began it for the sake of an IPsec SA goes on with quick
  /// mode.
  ///
  /// @param peer who has proven itself
  /// @param last the peer's last message of phase 1, and our answer if it has one
  Step established(Keyed keyed, Proven peer, Taken last, Actions actions) {
    Attempt attempt = keyed.attempt();
    Connection connection = peer.connection();
    boolean began = attempt.role() == Role.INITIATOR;
    Peer party = new Peer(connection, connection.localId(), peer.id().identity(), began);
    Established fresh =
        new Established(
            keyed.sa(),
            party,
            IpsecSas.NONE,
            List.of(),
            MessageIds.NONE,
            timers(keyed, connection, actions.now()),
            Liveness.fresh(surroundings.random()),
            last,
            peer.initialContact(),
            Optional.empty());
    actions.established(fresh, "reauthentication");
    actions.tell(new Report.IkeSaUp(fresh));
    if (keyed.sa().encapsulates()) {
      actions.encapsulates(connection, keyed.sa().nat());
    }
    reached(attempt, end(attempt), actions);
    exchanged(attempt, Actions.Result.OK, actions);
    Uniqueness uniqueness = connection.options().uniqueness();
    if (peer.initialContact() && uniqueness.heedsInitialContact()) {
      actions.add(new Action.InitialContact(party));
    }
    if (uniqueness == Uniqueness.REPLACE && !began) {
      actions.add(new Action.Replace(party));
    }
    actions.add(new Action.Supersede());
    return actions.then(
        attempt.wish().map(wish -> quicks.wanted(fresh, wish, actions)).orElse(fresh));
  }

  private Established.Timers timers(Keyed keyed, Connection connection, Instant now) {
    Rekeying life =
        keyed.attempt().role() == Role.RESPONDER
            ? LifetimePolicy.of(connection)
                .accepted(keyed.agreed().chosen().lifetimes(), connection.ikeLifetime())
            : LifetimePolicy.confirmed(
                keyed.agreed().chosen().lifetimes(), connection.ikeLifetime());
    boolean limited = !life.lifetime().isZero();
    boolean renews = limited && life.rekey() && connection.remote().isPresent();
    Duration until = new Jitter(surroundings.random()).untilRekey(life);
    return new Established.Timers(
        now,
        renews ? Optional.of(now.plus(until)) : Optional.empty(),
        limited ? Optional.of(now.plus(life.lifetime())) : Optional.empty(),
        now,
        now);
  }

  private static IsakmpStage end(Attempt attempt) {
    boolean initiator = attempt.role() == Role.INITIATOR;
    return switch (attempt.mode()) {
      case MAIN -> initiator ? IsakmpStage.MAIN_I4 : IsakmpStage.MAIN_R3;
      case AGGRESSIVE -> initiator ? IsakmpStage.AGGR_I2 : IsakmpStage.AGGR_R2;
    };
  }

  /// Says how far phase 1 has come.
  static void reached(Attempt attempt, IsakmpStage stage, Actions actions) {
    actions.tell(
        new Report.Reached(
            attempt.connection().name(),
            attempt.serial(),
            stage,
            attempt.path(),
            Optional.empty()));
  }

  static void exchanged(Attempt attempt, Actions.Result result, Actions actions) {
    actions.exchanged(attempt.header(), attempt.role(), result);
  }

  // --- not established ---------------------------------------------------------------------------

  /// Phase 1 ends without an ISAKMP SA; the peer is not told.
  Step failed(Phase1 state, Report.Cause cause, String line, Actions actions) {
    close(state);
    Attempt attempt = state.attempt();
    String all = attempt.objection().map(o -> line + "; before that " + o).orElse(line);
    if (attempt.wish().isPresent()) {
      actions.tell(new Report.ChildFailed(attempt.wish().get(), cause, all));
    } else {
      actions.warning(attempt.connection(), all);
    }
    return actions.then(new IkeSaState.Closed());
  }

  /// Phase 1 ends because of what the peer said under our keys, which it is told.
  ///
  /// @param type of the notification
  Step refuse(Phase1.WithKeys state, int type, String line, Actions actions) {
    Keyed keyed = state.keyed();
    IsakmpSa sa = keyed.sa();
    Notification notification = Notification.ofIsakmp(keyed.attempt().header(), type, Bytes.EMPTY);
    Informational.send(
        sa, keyed.attempt().connection(), notification, surroundings.random(), actions);
    exchanged(keyed.attempt(), Actions.Result.REFUSED, actions);
    return failed(state, Report.Cause.REFUSED, line, actions);
  }

  /// Wipes what an attempt has.
  static void close(Phase1 state) {
    switch (state) {
      case Phase1.KeSent s -> s.key().close();
      case Phase1.AllSent s -> s.key().close();
      case Phase1.WithKeys s -> s.keyed().sa().keys().close();
      case Phase1.SaSent _,
          Phase1.Generating _,
          Phase1.Preparing _,
          Phase1.Agreeing _,
          Phase1.SaAnswered _,
          Phase1.Answering _ -> {}
    }
  }

  /// {@return what stands between the ends, and what that makes of an ISAKMP SA: an initiator's
  /// messages go on by port 4500 (RFC 3947 §4)}
  static IsakmpSa through(IsakmpSa sa, Attempt attempt, Nat nat, Actions actions) {
    if (!attempt.features().natTraversal()) {
      return sa;
    }
    boolean forced = attempt.connection().options().forceEncapsulation();
    actions.progress(attempt.connection(), "NAT-Traversal: RFC 3947, " + NatTraversal.text(nat));
    IsakmpSa known = sa.through(nat, nat.any() || forced);
    boolean floats = known.encapsulates() && known.role() == Role.INITIATOR;
    return floats ? known.along(known.path().floated()) : known;
  }
}
