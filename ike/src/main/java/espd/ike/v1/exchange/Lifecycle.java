package espd.ike.v1.exchange;

import espd.ike.Datagram;
import espd.ike.crypto.Role;
import espd.ike.exchange.Action;
import espd.ike.exchange.Actions;
import espd.ike.exchange.ChildSa;
import espd.ike.exchange.IkeSaState;
import espd.ike.exchange.Path;
import espd.ike.exchange.Report;
import espd.ike.exchange.Step;
import espd.ike.exchange.Surroundings;
import espd.ike.message.Bytes;
import espd.ike.v1.message.Delete;
import espd.ike.v1.message.Notification;
import espd.ike.v1.message.NotificationType;
import espd.spd.Lifetime;
import espd.spd.Sa;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What time and wishes make of an established ISAKMP SA and of the IPsec SAs that it looks after:
/// successors, deletions, the question whether the peer lives, and the end.
final class Lifecycle {

  /// When a successor that did not come is asked for again: no attempt takes longer.
  private static final Duration RENEW_AGAIN = Duration.ofMinutes(3);

  /// How long its initiator leaves an ISAKMP SA alone whose place another has taken.
  private static final Duration REPLACED = Duration.ofSeconds(10);

  /// How long its responder does: when both ends have made a successor at the same time they may
  /// not agree which came last, and the initiator may still use it.
  private static final Duration SUPERSEDED = Duration.ofDays(1);

  private final Surroundings surroundings;
  private final Quicks quicks;
  private final QuickInitiator initiator;

  Lifecycle(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.quicks = new Quicks(surroundings);
    this.initiator = new QuickInitiator(surroundings);
  }

  // --- the peer is heard -------------------------------------------------------------------------

  /// The peer has sent something authentic: it lives, and if a NAT has moved it what we send
  /// follows.
  static Established heard(Established s, Datagram datagram, Actions actions) {
    Established alive = s.with(s.timers().heard(actions.now())).with(s.liveness().answered());
    return followed(alive, Path.of(datagram), actions);
  }

  /// A packet of an IPsec SA, authentic, has come by this path.
  static Established carried(Established s, int inboundSpi, Path path, Actions actions) {
    return s.ipsecSas().child(inboundSpi).isPresent() ? followed(s, path, actions) : s;
  }

  private static Established followed(Established s, Path path, Actions actions) {
    if (!s.nat().follows(s.path(), path)) {
      return s;
    }
    actions.progress(
        s.connection(), "the peer moved to %s[%d]".formatted(path.remote(), path.remotePort()));
    Established there = s.with(s.sa().along(path));
    for (ChildSa child : s.children()) {
      for (Sa sa : List.of(child.inbound(), child.outbound())) {
        actions.add(new Action.Move(sa, path.local(), path.remote(), there.sa().encapsulation()));
      }
    }
    return there;
  }

  // --- time --------------------------------------------------------------------------------------

  /// Does what is due.
  Step woken(Established state, Actions actions) {
    Instant now = actions.now();
    Outcome outcome = quicks.woken(state, actions);
    Established s = outcome.state();
    if (outcome.ends()) {
      return lost(s, actions);
    }
    if (isDue(s.livenessAt(), now)) {
      if (isDead(s, now)) {
        actions.warning(s.connection(), "DPD check timed out, enforcing DPD action");
        return gone(s, Report.Cause.TIMEOUT, actions);
      }
      s = askedWhetherAlive(s, actions);
    }
    if (isDue(s.endsAt(), now)) {
      return expired(s, actions);
    }
    if (isDue(s.rekeyAt(), now)) {
      s = renewing(s, actions);
    }
    if (isDue(s.keepaliveAt(), now)) {
      actions.sendAgain(s.path().datagram(Datagram.keepalive()));
      s = s.with(s.timers().sent(now));
    }
    for (Due due : s.ipsecSas().dueAt(now)) {
      s = done(s.with(s.ipsecSas().done(due)), due, actions);
    }
    return actions.then(s);
  }

  private static boolean isDue(Optional<Instant> at, Instant now) {
    return at.isPresent() && !at.get().isAfter(now);
  }

  private Established done(Established s, Due due, Actions actions) {
    return switch (due) {
      case Due.Forget d -> {
        forget(d, actions);
        yield s;
      }
      case Due.Retire d -> deleted(s, d.inboundSpi(), Report.Cause.REKEYED, actions);
      case Due.Rekey d -> initiator.rekey(s, d.inboundSpi(), actions);
    };
  }

  private static void forget(Due.Forget due, Actions actions) {
    actions.add(new Action.Remove(due.sa()));
  }

  /// Where the connection says how long the peer may be silent, that counts; else how often it was
  /// asked (RFC 3706 §5.5). Either way it has been asked, and had the time to answer.
  private boolean isDead(Established s, Instant now) {
    return s.liveness()
        .asked()
        .filter(
            asked ->
                s.connection().liveness().timeout().isZero()
                    ? asked.tries() >= surroundings.retransmission().tries()
                    : !now.isBefore(deadAt(s, asked.since())))
        .isPresent();
  }

  private Instant deadAt(Established s, Instant asked) {
    Instant silent = s.lastHeard(s.timers().heard()).plus(s.connection().liveness().timeout());
    Instant answered = asked.plus(surroundings.retransmission().wait(0));
    return silent.isAfter(answered) ? silent : answered;
  }

  /// `N(R-U-THERE) -->`, each with a number of its own (RFC 3706 §5.3, §6.2).
  private Established askedWhetherAlive(Established s, Actions actions) {
    int tries = s.liveness().asked().map(asked -> asked.tries() + 1).orElse(0);
    actions.progress(s.connection(), "sending DPD request");
    Notification question =
        Notification.ofIsakmp(
            s.sa().header(0, 0), NotificationType.R_U_THERE, Bytes.ofInt(s.liveness().next()));
    Informational.send(s.sa(), s.connection(), question, surroundings.random(), actions);
    return s.with(s.liveness().asking(actions.now(), againAt(s, tries, actions.now())));
  }

  private Instant againAt(Established s, int tries, Instant now) {
    espd.ike.Connection.Liveness watch = s.connection().liveness();
    if (watch.timeout().isZero()) {
      return now.plus(surroundings.retransmission().wait(tries));
    }
    Instant again = now.plus(watch.delay());
    Instant dead = deadAt(s, s.liveness().asked().map(Liveness.Asked::since).orElse(now));
    return again.isBefore(dead) ? again : dead;
  }

  /// Begins an ISAKMP SA that is to take the place of this one.
  Established renewing(Established s, Actions actions) {
    if (s.isReplaced() || s.connection().remote().isEmpty()) {
      return s.with(s.timers().rekeyAt(Optional.empty()));
    }
    actions.progress(
        s.connection(),
        "reauthenticating IKE_SA %s[%d]".formatted(s.connection().name(), s.serial()));
    actions.add(new Action.Renew(s.connection()));
    return s.with(s.timers().rekeyAt(Optional.of(actions.now().plus(RENEW_AGAIN))));
  }

  // --- IPsec SAs ---------------------------------------------------------------------------------

  /// An IPsec SA has reached a limit.
  Established expired(Established s, int inboundSpi, Lifetime.Limit limit, Actions actions) {
    return switch (limit) {
      case SOFT -> initiator.rekey(s, inboundSpi, actions);
      case HARD -> deleted(s, inboundSpi, Report.Cause.EXPIRED, actions);
    };
  }

  /// `HDR*, HASH(1), D -->`: the peer learns that we receive with this SPI no more.
  Established deleted(Established s, int inboundSpi, Report.Cause cause, Actions actions) {
    Optional<ChildSa> child = s.ipsecSas().child(inboundSpi);
    if (child.isEmpty()) {
      return s;
    }
    delete(s, child.get(), actions);
    return s.with(s.ipsecSas().closed(child.get(), cause, actions));
  }

  private void delete(Established s, ChildSa child, Actions actions) {
    actions.progress(child.connection(), "deleting CHILD_SA " + child);
    Delete delete = Delete.esp(child.inbound().spi());
    Informational.send(s.sa(), s.connection(), delete, surroundings.random(), actions);
  }

  /// Closes the IPsec SAs of a connection, and the ISAKMP SA when it is left without any.
  Step close(Established state, String connection, Actions actions) {
    boolean others =
        state.children().stream()
            .anyMatch(c -> !c.connection().name().equals(connection) && !c.rekeyed());
    if (!others) {
      return terminate(state, Report.Cause.ASKED, actions);
    }
    Established s = state;
    for (ChildSa child : state.children()) {
      if (child.connection().name().equals(connection)) {
        s = deleted(s, child.inbound().spi(), Report.Cause.ASKED, actions);
      }
    }
    return actions.then(s);
  }

  // --- the end -----------------------------------------------------------------------------------

  /// `HDR*, HASH(1), D -->` for each IPsec SA and for the ISAKMP SA, which end.
  Step terminate(Established s, Report.Cause cause, Actions actions) {
    s.children().forEach(child -> delete(s, child, actions));
    deleteIsakmp(s, actions);
    return gone(s, cause, actions);
  }

  private void deleteIsakmp(Established s, Actions actions) {
    actions.progress(
        s.connection(), "deleting IKE_SA %s[%d]".formatted(s.connection().name(), s.serial()));
    Delete delete = Delete.isakmp(s.sa().header(0, 0));
    Informational.send(s.sa(), s.connection(), delete, surroundings.random(), actions);
  }

  /// The lifetime of the ISAKMP SA is over; its IPsec SAs have their own.
  private Step expired(Established s, Actions actions) {
    deleteIsakmp(s, actions);
    return ended(s, Report.Cause.EXPIRED, actions);
  }

  /// The peer has deleted the ISAKMP SA.
  Step deletedByPeer(Established s, Actions actions) {
    actions.progress(
        s.connection(),
        "received DELETE for IKE_SA %s[%d]".formatted(s.connection().name(), s.serial()));
    return ended(s, Report.Cause.PEER, actions);
  }

  /// The peer does not answer: it may have lost the ISAKMP SA, and a fresh one is worth a try.
  private Step lost(Established s, Actions actions) {
    deleteIsakmp(s, actions);
    return ended(s, Report.Cause.TIMEOUT, actions);
  }

  /// The ISAKMP SA is no more; the IPsec SAs that it looked after live on (RFC 2408 §4.3: one may
  /// end without the other).
  private Step ended(Established s, Report.Cause cause, Actions actions) {
    Quicks.abandon(s, cause, actions);
    down(s, actions);
    if (s.children().isEmpty()) {
      s.ipsecSas().gone(cause, actions);
      return actions.then(new IkeSaState.Closed());
    }
    return actions.then(Kept.of(s));
  }

  /// The ISAKMP SA and its IPsec SAs are no more; nobody is told on the wire.
  Step gone(Established s, Report.Cause cause, Actions actions) {
    Quicks.abandon(s, cause, actions);
    s.ipsecSas().gone(cause, actions);
    down(s, actions);
    return actions.then(new IkeSaState.Closed());
  }

  private static void down(Established s, Actions actions) {
    if (!s.isReplaced()) {
      actions.tell(new Report.IkeSaDown(s));
    }
    s.sa().keys().close();
    actions.progress(
        s.connection(), "IKE_SA %s[%d] deleted".formatted(s.connection().name(), s.serial()));
  }

  // --- successors --------------------------------------------------------------------------------

  /// Another ISAKMP SA has taken the place of this one, which stays for what is on its way.
  static Step superseded(Established s, long successor, Actions actions) {
    actions.add(new Action.HandOver(successor, s.ipsecSas().handedOver(actions)));
    Duration stays = s.role() == Role.INITIATOR ? REPLACED : SUPERSEDED;
    return actions.then(
        s.with(IpsecSas.NONE)
            .succeededBy(successor)
            .with(s.timers().endsBy(actions.now().plus(stays))));
  }

  /// Gives what a quick mode has just made in a replaced ISAKMP SA to its successor.
  static Established handedOver(Established s, Actions actions) {
    if (s.successor().isEmpty() || s.children().isEmpty()) {
      return s;
    }
    actions.add(new Action.HandOver(s.successor().get(), s.ipsecSas().handedOver(actions)));
    return s.with(IpsecSas.NONE);
  }

  /// Looks after the IPsec SAs of another, or again after its own when its successor is gone.
  Step adopted(Established state, List<ChildSa> children, Actions actions) {
    Established s = state.unsucceeded();
    if (!children.isEmpty()) {
      actions.progress(
          s.connection(), "adopting %d IPsec SAs of an older IKE_SA".formatted(children.size()));
    }
    return actions.then(s.with(s.ipsecSas().adopting(children, actions.now())));
  }
}
