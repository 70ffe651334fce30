package espd.ike.v1.exchange;

import espd.ike.exchange.Action;
import espd.ike.exchange.Actions;
import espd.ike.exchange.ChildSa;
import espd.ike.exchange.IkeSaState;
import espd.ike.exchange.Report;
import espd.ike.exchange.Step;
import espd.spd.Lifetime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What happens to IPsec SAs whose ISAKMP SA is gone.
final class Keeping {

  private static final Duration RENEW_AGAIN = Duration.ofMinutes(3);

  private Keeping() {}

  static Step woken(Kept state, Actions actions) {
    Instant now = actions.now();
    Kept s = state;
    if (s.renewAt().filter(at -> !at.isAfter(now)).isPresent()) {
      s = renewing(s, actions);
    }
    for (Due due : s.ipsecSas().dueAt(now)) {
      IpsecSas rest = s.ipsecSas().done(due);
      s =
          switch (due) {
            case Due.Forget d -> {
              actions.add(new Action.Remove(d.sa()));
              yield s.with(rest);
            }
            case Due.Retire d -> s.with(closed(rest, d.inboundSpi(), actions));
            case Due.Rekey d -> renewing(s.with(rest), actions);
          };
    }
    return then(s, actions);
  }

  private static IpsecSas closed(IpsecSas sas, int inboundSpi, Actions actions) {
    Optional<ChildSa> child = sas.child(inboundSpi);
    return child.map(c -> sas.closed(c, Report.Cause.EXPIRED, actions)).orElse(sas);
  }

  /// An IPsec SA has reached a limit. Its successor needs an ISAKMP SA, which then takes it over.
  static Step expired(Kept s, int inboundSpi, Lifetime.Limit limit, Actions actions) {
    return switch (limit) {
      case SOFT ->
          then(
              s.renewAt().isEmpty() && s.ipsecSas().child(inboundSpi).isPresent()
                  ? renewing(s, actions)
                  : s,
              actions);
      case HARD -> then(s.with(closed(s.ipsecSas(), inboundSpi, actions)), actions);
    };
  }

  private static Kept renewing(Kept s, Actions actions) {
    if (s.connection().remote().isEmpty()) {
      return s.renewing(Optional.empty());
    }
    actions.add(new Action.Renew(s.connection()));
    return s.renewing(Optional.of(actions.now().plus(RENEW_AGAIN)));
  }

  /// Closes the IPsec SAs of a connection; the peer cannot be told.
  static Step close(Kept s, String connection, Actions actions) {
    IpsecSas sas = s.ipsecSas();
    for (ChildSa child : sas.all()) {
      if (child.connection().name().equals(connection)) {
        sas = sas.closed(child, Report.Cause.ASKED, actions);
      }
    }
    return then(s.with(sas), actions);
  }

  static Step unwanted(Kept s, int inboundSpi, Actions actions) {
    Optional<ChildSa> child = s.ipsecSas().child(inboundSpi);
    return then(
        child.map(c -> s.with(s.ipsecSas().closed(c, Report.Cause.ASKED, actions))).orElse(s),
        actions);
  }

  static Step gone(Kept s, Report.Cause cause, Actions actions) {
    s.ipsecSas().gone(cause, actions);
    return actions.then(new IkeSaState.Closed());
  }

  /// Looks after the IPsec SAs of another, whose successor this was.
  static Step adopted(Kept s, List<ChildSa> children, Actions actions) {
    return actions.then(s.with(s.ipsecSas().adopting(children, actions.now())));
  }

  static Step superseded(Kept s, long successor, Actions actions) {
    List<ChildSa> children = s.ipsecSas().handedOver(actions);
    actions.add(new Action.HandOver(successor, children));
    return actions.then(new IkeSaState.Closed());
  }

  /// When the last is gone, so is what keeps them.
  private static Step then(Kept s, Actions actions) {
    boolean empty = s.children().isEmpty() && s.ipsecSas().due().isEmpty();
    return actions.then(empty ? new IkeSaState.Closed() : s);
  }
}
