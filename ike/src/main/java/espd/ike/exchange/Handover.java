package espd.ike.exchange;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// How a Child SA takes over from the one it replaces, so that no packet is lost (RFC 7296 §2.8).
///
/// ```
/// initiator of the rekey                    responder
///                              request -->  new: receives
/// new: receives, then sends  <-- answer     old: still sends
/// old: sends no more           delete -->   new: sends
/// old: receives for a while   <-- answer    old: receives for a while
/// ```
final class Handover {

  /// How often a responder looks whether the initiator uses the new SA.
  private static final Duration LOOK = Duration.ofSeconds(1);

  /// How long an inbound SA takes what was on its way when its peer stopped sending with it:
  /// packets that wait in queues are overtaken by IKE's messages.
  private static final Duration LINGER = Duration.ofSeconds(2);

  private Handover() {}

  /// {@return the successor as the responder of its rekey makes it: the old SA sends on until the
  /// initiator is known to receive with this one}
  static ChildSa deferred(ChildSa successor, Instant now) {
    return successor.switchingAt(now.plus(LOOK));
  }

  /// Sends with those successors that the initiator has sent something with: it can receive with
  /// them too. The others are looked at again.
  static Established looked(Established s, Actions actions) {
    Established then = s;
    for (ChildSa child : s.children()) {
      if (child.switchAt().isPresent() && !child.switchAt().get().isAfter(actions.now())) {
        then =
            child.inbound().packets() > 0
                ? switched(then, child, actions)
                : then.replacing(deferred(child, actions.now()));
      }
    }
    return then;
  }

  /// Sends with what replaces `old` from now on: the initiator deletes `old`, so it has our answer;
  /// or `old` has come to its end.
  static Established switched(Established s, Predicate<ChildSa> old, Actions actions) {
    Established then = s;
    for (ChildSa gone : s.children().stream().filter(old).filter(ChildSa::rekeyed).toList()) {
      for (ChildSa child : then.children()) {
        if (child.switchAt().isPresent() && child.connection().equals(gone.connection())) {
          then = switched(then, child, actions);
        }
      }
    }
    return then;
  }

  private static Established switched(Established s, ChildSa child, Actions actions) {
    actions.add(new Action.Install(child.outbound()));
    return s.replacing(child.switched());
  }

  /// Takes a Child SA that is deleted out of its IKE SA, and its outbound SA out of the SAD; the
  /// inbound one goes a moment later.
  static Established closed(Established s, ChildSa child, Report.Cause cause, Actions actions) {
    actions.add(child.removeOutbound());
    actions.tell(new Report.ChildDown(child, child.rekeyed() ? Report.Cause.REKEYED : cause));
    List<Established.Lingering> lingering = new ArrayList<>(s.timers().lingering());
    lingering.add(new Established.Lingering(child.inbound(), actions.now().plus(LINGER)));
    return s.minus(child).with(s.timers().lingering(lingering));
  }
}
