package espd.ike.v1.exchange;

import espd.ike.exchange.Action;
import espd.ike.exchange.Actions;
import espd.ike.exchange.ChildSa;
import espd.ike.exchange.Report;
import espd.spd.Lifetime;
import espd.spd.SaParameters;
import espd.spd.Selector;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// The IPsec SAs that an ISAKMP SA looks after, whichever it came by (RFC 2409 §5.5), and what they
/// wait for. Immutable.
///
/// @param all the pairs
/// @param due what is to be done with some of them
record IpsecSas(List<ChildSa> all, List<Due> due) {

  /// None.
  static final IpsecSas NONE = new IpsecSas(List.of(), List.of());

  /// How long an inbound SA takes what was on its way when its pair is closed.
  private static final Duration LINGER = Duration.ofSeconds(2);

  /// How long a pair that is replaced stays: the peer has the successor when it has our last
  /// message, which it may have to ask for again.
  private static final Duration RETIRE = Duration.ofSeconds(10);

  /// Copies the lists.
  IpsecSas {
    all = List.copyOf(all);
    due = List.copyOf(due);
  }

  /// {@return the pair with this inbound SPI}
  Optional<ChildSa> child(int inboundSpi) {
    return all.stream().filter(child -> child.inbound().spi() == inboundSpi).findFirst();
  }

  /// {@return the pair that the peer receives with at this SPI: how it names it}
  Optional<ChildSa> childOfPeer(int outboundSpi) {
    return all.stream().filter(child -> child.outbound().spi() == outboundSpi).findFirst();
  }

  /// {@return the newest pair of a connection for the same packets that is not replaced}
  Optional<ChildSa> serving(String connection, List<Selector> selectors) {
    return all.reversed().stream()
        .filter(child -> !child.rekeyed() && child.connection().name().equals(connection))
        .filter(child -> child.inbound().parameters().selectors().equals(selectors))
        .findFirst();
  }

  /// {@return when something is due}
  Optional<Instant> wakeAt() {
    return due.stream().map(Due::at).min(Instant::compareTo);
  }

  /// {@return these and one more, which replaces another}
  ///
  /// @param replaced stays until it is deleted
  IpsecSas up(ChildSa child, Optional<ChildSa> replaced, Actions actions) {
    actions.established(child, replaced);
    List<ChildSa> more = new ArrayList<>();
    for (ChildSa each : all) {
      boolean old = replaced.filter(r -> r.inbound().spi() == each.inbound().spi()).isPresent();
      more.add(old ? each.superseded() : each);
    }
    more.add(child);
    return new IpsecSas(more, due);
  }

  /// {@return these with one that is replaced without a successor of its own: there is another pair
  /// for its packets}
  IpsecSas superseded(ChildSa old) {
    return new IpsecSas(
        all.stream()
            .map(each -> each.inbound().spi() == old.inbound().spi() ? old.superseded() : each)
            .toList(),
        due);
  }

  /// Closes a pair: nothing is sent with it any more; what is on its way is taken for a moment.
  IpsecSas closed(ChildSa child, Report.Cause cause, Actions actions) {
    actions.add(child.removeOutbound());
    actions.tell(down(child, cause));
    return without(child).later(new Due.Forget(actions.now().plus(LINGER), child.inbound()));
  }

  /// Takes all pairs out of the SAD at once, and all that lingers.
  IpsecSas gone(Report.Cause cause, Actions actions) {
    forgotten(each -> true, actions);
    all.forEach(
        child -> {
          actions.addAll(child.remove());
          actions.tell(down(child, cause));
        });
    return NONE;
  }

  private static Report down(ChildSa child, Report.Cause cause) {
    return new Report.ChildDown(child, child.rekeyed() ? Report.Cause.REKEYED : cause);
  }

  private void forgotten(Predicate<Due> which, Actions actions) {
    for (Due each : due) {
      if (each instanceof Due.Forget f && which.test(f)) {
        actions.add(new Action.Remove(f.sa()));
      }
    }
  }

  /// Gives all pairs away; what lingers goes.
  List<ChildSa> handedOver(Actions actions) {
    forgotten(each -> true, actions);
    return all;
  }

  /// {@return these and those that another ISAKMP SA looked after; what should have been replaced
  /// or deleted by now soon is}
  IpsecSas adopting(List<ChildSa> others, Instant now) {
    List<ChildSa> more = new ArrayList<>(all);
    List<Due> then = new ArrayList<>(due);
    for (ChildSa child : others) {
      if (child(child.inbound().spi()).isEmpty()) {
        more.add(child);
        if (child.rekeyed()) {
          then.add(new Due.Retire(now.plus(RETIRE), child.inbound().spi()));
        } else if (isSpent(child, now)) {
          then.add(new Due.Rekey(now, child.inbound().spi()));
        }
      }
    }
    return new IpsecSas(more, then);
  }

  /// {@return whether a pair has reached a limit of its lifetime}
  private static boolean isSpent(ChildSa child, Instant now) {
    SaParameters parameters = child.inbound().parameters();
    Lifetime lifetime = parameters.lifetime();
    long age = Duration.between(parameters.created(), now).toSeconds();
    return lifetime
        .reached(
            age,
            Math.max(child.inbound().bytes(), child.outbound().bytes()),
            Math.max(child.inbound().packets(), child.outbound().packets()))
        .isPresent();
  }

  /// {@return these, with one that we have replaced to be deleted soon}
  IpsecSas retiring(ChildSa old, Instant now) {
    return later(new Due.Retire(now.plus(RETIRE), old.inbound().spi()));
  }

  /// {@return these with something more to be done}
  IpsecSas later(Due task) {
    List<Due> more = new ArrayList<>(due);
    more.removeIf(each -> each.getClass() == task.getClass() && spi(each) == spi(task));
    more.add(task);
    return new IpsecSas(all, more);
  }

  private static int spi(Due task) {
    return switch (task) {
      case Due.Forget t -> t.sa().spi();
      case Due.Retire t -> t.inboundSpi();
      case Due.Rekey t -> t.inboundSpi();
    };
  }

  /// {@return what is due now}
  List<Due> dueAt(Instant now) {
    return due.stream().filter(each -> !each.at().isAfter(now)).toList();
  }

  /// {@return these without what is done}
  IpsecSas done(Due task) {
    List<Due> rest = new ArrayList<>(due);
    rest.remove(task);
    return new IpsecSas(all, rest);
  }

  private IpsecSas without(ChildSa child) {
    int spi = child.inbound().spi();
    return new IpsecSas(
        all.stream().filter(each -> each.inbound().spi() != spi).toList(),
        due.stream().filter(each -> spi(each) != spi).toList());
  }
}
