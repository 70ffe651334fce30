package espd.ike.exchange;

import espd.ike.Connection;
import espd.ike.Extension;
import espd.ike.crypto.Role;
import espd.ike.exchange.Actions.Result;
import espd.ike.exchange.ChildNegotiation.Verdict;
import espd.ike.exchange.Connecting.AuthRequested;
import espd.ike.message.Configuration;
import espd.ike.message.Delete;
import espd.ike.message.Header;
import espd.ike.message.Message;
import espd.ike.message.Notify;
import espd.ike.message.NotifyType;
import java.util.List;
import java.util.Optional;

/// How IKE_AUTH ends for the initiator, whatever way both ends have proven themselves.
final class Conclusion {

  private final Surroundings surroundings;
  private final ChildNegotiation children;
  private final Establishment establishment;
  private final Addressing addressing;
  private final Attempts attempts;
  private final Courier courier;

  Conclusion(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.children = new ChildNegotiation(surroundings);
    this.establishment = new Establishment(surroundings);
    this.addressing = new Addressing(surroundings);
    this.attempts = new Attempts(surroundings);
    this.courier = new Courier(surroundings);
  }

  /// {@return the state with a PPK in its keys, if the responder wants it too; nothing where there
  /// is to be no IKE SA without (RFC 8784 §3)}
  Optional<AuthRequested> mixed(AuthRequested state, Notifies answer, Actions actions) {
    Connection connection = state.connection();
    if (state.init().resumed().isPresent()) {
      return Optional.of(state);
    }
    Ppk asked = Ppk.asked(connection, state.ikeSa(), surroundings.credentials());
    return switch (asked.granted(connection, answer)) {
      case Ppk.Without() -> Optional.of(state);
      case Ppk.Refused refused -> Optional.empty();
      case Ppk.With with -> Optional.of(state.with(with.into(state.ikeSa(), connection, actions)));
    };
  }

  /// What the peer grants with its proof.
  ///
  /// @param configuration addresses inside of the tunnel
  /// @param child the Child SA as it chose it
  /// @param notifies what else it says
  record Answer(
      Optional<Configuration> configuration, Optional<ChildProposal> child, Notifies notifies) {}

  /// The peer is proven: the IKE SA stands, and its first Child SA if all goes well.
  Step established(AuthRequested state, Peer peer, Answer answer, Actions actions) {
    Optional<Redirection.Order> order =
        Redirection.in(answer.notifies(), peer.connection(), actions);
    if (order.isPresent()) {
      return redirected(state, peer, order.get(), actions);
    }
    Established established =
        establishment.of(
            state.ikeSa(),
            addressing.accept(peer, answer.configuration(), actions),
            state.window().responded(),
            actions);
    Established asked = Reauthentication.asked(established, answer.notifies(), actions);
    return firstChild(state, Ticketing.kept(asked, answer.notifies(), actions), answer, actions);
  }

  /// The peer sends us to another gateway: nothing is to be done with this IKE SA but to delete it
  /// (RFC 5685 §6).
  private Step redirected(
      AuthRequested state, Peer peer, Redirection.Order order, Actions actions) {
    ChildWish wish = state.offer().wish();
    actions.add(new Action.ReleaseSpi(state.offer().spi()));
    Action next =
        Redirection.followed(order, peer.connection(), state.ikeSa().path(), actions)
            .<Action>map(redirected -> new Action.Follow(wish, redirected))
            .orElseGet(
                () ->
                    new Action.Tell(
                        new Report.ChildFailed(
                            wish, Report.Cause.REFUSED, Redirection.unreachable(order))));
    actions.add(next);
    if (state.eap().filter(EapInitiator.Run::isBegun).isPresent()) {
      // We have not proven ourselves, so there is no IKE SA that could be deleted.
      state.close();
      return actions.then(new IkeSaState.Closed());
    }
    Established established =
        establishment.of(state.ikeSa(), peer, state.window().responded(), actions);
    return new Requests(surroundings)
        .next(established.queued(new Task.DeleteIke(actions.now(), Report.Cause.ASKED)), actions);
  }

  /// The Child SA of the same exchange; without one the IKE SA stands (RFC 7296 §1.2).
  private Step firstChild(
      AuthRequested state, Established established, Answer answer, Actions actions) {
    ChildWish wish = state.offer().wish();
    if (answer.child().isEmpty()) {
      actions.add(new Action.ReleaseSpi(state.offer().spi()));
      if (isChildless(established.ikeSa(), wish.connection())
          && answer.notifies().error().isEmpty()) {
        return new Requests(surroundings)
            .next(established.queued(new Task.NewChild(actions.now(), wish)), actions);
      }
      if (wantsOnePair(state.offer(), answer)) {
        return new Requests(surroundings)
            .next(
                established.queued(new Task.NewChild(actions.now(), wish, Task.Breadth.ONE_PAIR)),
                actions);
      }
      String why =
          answer
              .notifies()
              .error()
              .map(notify -> Differences.refused(notify, state.offer().proposal()))
              .orElse("the peer made no Child SA");
      actions.tell(new Report.ChildFailed(wish, Report.Cause.REFUSED, why));
      return actions.then(established);
    }
    return switch (verdict(state, established.peer(), answer.child().get())) {
      case Verdict.Refused(Refusal refusal) -> {
        actions.add(new Action.ReleaseSpi(state.offer().spi()));
        actions.tell(new Report.ChildFailed(wish, Report.Cause.REFUSED, refusal.explanation()));
        // The peer has a Child SA now that we do not have: without it nothing is left to keep.
        yield new Requests(surroundings)
            .next(
                established.queued(new Task.DeleteIke(actions.now(), Report.Cause.REFUSED)),
                actions);
      }
      case Verdict.Agreed(ChildChoice choice) -> {
        actions.narrowed(wish.connection(), answer.child().get());
        ChildNegotiation.Source source =
            new ChildNegotiation.Source(
                actions.now(),
                Role.INITIATOR,
                state.init().ni(),
                state.init().nr(),
                Optional.empty());
        ChildSa child = children.make(established.ikeSa(), choice, source);
        yield actions.then(establishment.up(established, child, actions));
      }
    };
  }

  /// The IKE SA stands, and the peer would have made a Child SA of less (RFC 7296 §2.9).
  private static boolean wantsOnePair(ChildOffer offer, Answer answer) {
    return answer.notifies().has(NotifyType.SINGLE_PAIR_REQUIRED)
        && !TrafficSelection.isOnePair(offer.connection());
  }

  private Verdict verdict(AuthRequested asked, Peer peer, ChildProposal answer) {
    ChildOffer offer = asked.offer();
    Translation nats = Translation.on(asked.ikeSa());
    return peer.assigned()
        .in(offer.wish().connection())
        .map(c -> children.accept(offer.with(c), answer, nats, Optional.empty()))
        .orElseGet(
            () ->
                new Verdict.Refused(
                    Refusal.of(NotifyType.TS_UNACCEPTABLE, "the peer has assigned no virtual IP")));
  }

  /// {@return whether the IKE SA comes without a Child SA, which is made in an exchange of its own
  /// (RFC 6023 §3)}
  static boolean isChildless(IkeSa ikeSa, Connection connection) {
    return ikeSa.has(Extension.CHILDLESS)
        && switch (connection.options().childless()) {
          case PREFER, FORCE -> true;
          case ALLOW, NEVER -> false;
        };
  }

  /// Tells the peer, which believes that all is well or waits for more, and does not wait itself
  /// (RFC 7296 §2.21.2).
  Step goodbye(AuthRequested state, int notifyType, String line, Actions actions) {
    IkeSa ikeSa = state.ikeSa();
    Header header = ikeSa.request(Header.INFORMATIONAL, state.window().nextId());
    Message message = new Message(header, List.of(Delete.ikeSa(), Notify.of(notifyType)));
    courier.send(ikeSa, state.connection(), message, actions);
    return attempts.close(state, Report.Cause.REFUSED, line, actions);
  }

  /// The peer has not proven itself to us.
  Step refused(AuthRequested state, Header header, String line, Actions actions) {
    actions.exchanged(header, Role.INITIATOR, Result.REFUSED);
    return goodbye(state, NotifyType.AUTHENTICATION_FAILED, line, actions);
  }
}
