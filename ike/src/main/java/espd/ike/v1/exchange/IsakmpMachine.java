package espd.ike.v1.exchange;

import espd.ike.Connection;
import espd.ike.Datagram;
import espd.ike.DropReason;
import espd.ike.exchange.Actions;
import espd.ike.exchange.ChildWish;
import espd.ike.exchange.Computation;
import espd.ike.exchange.Event;
import espd.ike.exchange.IsakmpState;
import espd.ike.exchange.Report;
import espd.ike.exchange.Step;
import espd.ike.exchange.Surroundings;
import espd.ike.message.Header;
import espd.ike.message.MalformedException;
import espd.ike.v1.message.EncryptedMessage;
import espd.ike.v1.message.IsakmpDatagram;
import java.time.Instant;
import java.util.Optional;

/// The state machine of IKEv1 (RFC 2409, RFC 2408, RFC 2407): an event makes of a state the next
/// one and a list of actions. It has no socket, no clock and no timers; randomness, secrets and
/// connections come from its [Surroundings]. For one thread.
public final class IsakmpMachine {

  private final PhaseOne phaseOne;
  private final Quicks quicks;
  private final QuickInitiator initiator;
  private final Informational informational;
  private final Lifecycle lifecycle;

  /// @param surroundings what the machine draws on
  public IsakmpMachine(Surroundings surroundings) {
    this.phaseOne = new PhaseOne(surroundings);
    this.quicks = new Quicks(surroundings);
    this.initiator = new QuickInitiator(surroundings);
    this.informational = new Informational(surroundings);
    this.lifecycle = new Lifecycle(surroundings);
  }

  /// Begins as initiator.
  ///
  /// @param now the time
  /// @param wish the first IPsec SA
  public Step initiate(Instant now, ChildWish wish) {
    return phaseOne.initiate(wish.connection(), Optional.of(wish), new Actions(now));
  }

  /// Begins as initiator an ISAKMP SA that is to take the place of another, without quick mode.
  ///
  /// @param now the time
  /// @param connection of both
  public Step renew(Instant now, Connection connection) {
    return phaseOne.initiate(connection, Optional.empty(), new Actions(now));
  }

  /// Begins as responder, with a first message of main or aggressive mode.
  ///
  /// @param now the time
  /// @param first the message, whose responder cookie is 0
  /// @throws MalformedException when it is none
  public Step respond(Instant now, Datagram first) throws MalformedException {
    return phaseOne.respond(first, new Actions(now));
  }

  private record On(Isakmp state, Event event) {}

  /// {@return what `event` makes of `state`}
  ///
  /// @throws IllegalArgumentException when another machine has made the state
  public Step step(IsakmpState state, Event event) {
    if (!(state instanceof Isakmp ours)) {
      throw new IllegalArgumentException("no state of IKEv1: " + state);
    }
    Actions actions = new Actions(event.now());
    return switch (new On(ours, event)) {
      case On(Phase1 s, Event.Received e) -> phaseOne.received(s, e.datagram(), actions);
      case On(Established s, Event.Received e) -> received(s, e.datagram(), actions);
      case On(Kept s, Event.Received e) -> {
        actions.dropped(DropReason.DEPARTED);
        yield actions.then(s);
      }

      case On(Phase1 s, Event.Woken e) -> phaseOne.woken(s, actions);
      case On(Established s, Event.Woken e) -> lifecycle.woken(s, actions);
      case On(Kept s, Event.Woken e) -> Keeping.woken(s, actions);

      case On(Phase1 s, Event.Computed e) -> phaseOne.computed(s, e.result(), actions);
      case On(Established s, Event.Computed e) -> computed(s, e.result(), actions);
      case On(Kept s, Event.Computed e) -> late(s, e.result(), actions);

      case On(Phase1 s, Event.ChildWanted e) -> actions.then(s);
      case On(Established s, Event.ChildWanted e) ->
          actions.then(initiator.wanted(s, e.wish(), actions));
      case On(Kept s, Event.ChildWanted e) -> actions.then(s);

      case On(Phase1 s, Event.Expired e) -> actions.then(s);
      case On(Established s, Event.Expired e) ->
          actions.then(lifecycle.expired(s, e.inboundSpi(), e.limit(), actions));
      case On(Kept s, Event.Expired e) -> Keeping.expired(s, e.inboundSpi(), e.limit(), actions);

      case On(Phase1 s, Event.RekeyWanted e) -> actions.then(s);
      case On(Established s, Event.RekeyWanted e) -> actions.then(lifecycle.renewing(s, actions));
      case On(Kept s, Event.RekeyWanted e) -> actions.then(s);

      // A successor is never made but by proving anew.
      case On(Phase1 s, Event.RedirectWanted e) -> actions.then(s);
      case On(Established s, Event.RedirectWanted e) -> {
        actions.warning(s.connection(), "unable to redirect IKEv1 SA");
        yield actions.then(s);
      }
      case On(Kept s, Event.RedirectWanted e) -> actions.then(s);

      case On(Phase1 s, Event.ReauthenticationWanted e) -> actions.then(s);
      case On(Established s, Event.ReauthenticationWanted e) ->
          actions.then(lifecycle.renewing(s, actions));
      case On(Kept s, Event.ReauthenticationWanted e) -> actions.then(s);

      case On(Phase1 s, Event.ChildUnwanted e) -> actions.then(s);
      case On(Established s, Event.ChildUnwanted e) ->
          actions.then(lifecycle.deleted(s, e.inboundSpi(), Report.Cause.ASKED, actions));
      case On(Kept s, Event.ChildUnwanted e) -> Keeping.unwanted(s, e.inboundSpi(), actions);

      case On(Phase1 s, Event.Close e) ->
          s.connection().name().equals(e.connection())
              ? phaseOne.cancel(s, actions)
              : actions.then(s);
      case On(Established s, Event.Close e) -> lifecycle.close(s, e.connection(), actions);
      case On(Kept s, Event.Close e) -> Keeping.close(s, e.connection(), actions);

      case On(Phase1 s, Event.Terminate e) -> phaseOne.cancel(s, actions);
      case On(Established s, Event.Terminate e) ->
          lifecycle.terminate(s, Report.Cause.ASKED, actions);
      case On(Kept s, Event.Terminate e) -> Keeping.gone(s, Report.Cause.ASKED, actions);

      case On(Phase1 s, Event.Forgotten e) -> phaseOne.cancel(s, actions);
      case On(Established s, Event.Forgotten e) -> lifecycle.gone(s, Report.Cause.PEER, actions);
      case On(Kept s, Event.Forgotten e) -> Keeping.gone(s, Report.Cause.PEER, actions);

      case On(Phase1 s, Event.Superseded e) -> actions.then(s);
      case On(Established s, Event.Superseded e) -> Lifecycle.superseded(s, e.successor(), actions);
      case On(Kept s, Event.Superseded e) -> Keeping.superseded(s, e.successor(), actions);

      case On(Phase1 s, Event.Adopted e) -> actions.then(s);
      case On(Established s, Event.Adopted e) -> lifecycle.adopted(s, e.children(), actions);
      case On(Kept s, Event.Adopted e) -> Keeping.adopted(s, e.children(), actions);

      case On(Phase1 s, Event.Carried e) -> actions.then(s);
      case On(Established s, Event.Carried e) ->
          actions.then(Lifecycle.carried(s, e.inboundSpi(), e.path(), actions));
      case On(Kept s, Event.Carried e) -> actions.then(s);

      // Neither streams nor mobility are of IKEv1.
      case On(Isakmp s, Event.StreamBroken e) -> actions.then(s);
      case On(Isakmp s, Event.Roamed e) -> actions.then(s);
    };
  }

  private Step computed(Established s, Computation.Result result, Actions actions) {
    return result instanceof Computation.DoneWithin done
        ? actions.then(Lifecycle.handedOver(quicks.computed(s, done, actions), actions))
        : late(s, result, actions);
  }

  private static Step late(Isakmp s, Computation.Result result, Actions actions) {
    result.close();
    return actions.then(s);
  }

  /// A message of an established ISAKMP SA: whether it repeats one of phase 1, and which exchange
  /// of phase 2 it is of.
  private Step received(Established s, Datagram datagram, Actions actions) {
    try {
      IsakmpDatagram message = IsakmpDatagram.read(datagram.payload());
      Header header = message.header();
      if (header.spiI() != s.spiI() || header.messageId() == 0) {
        repeated(s, datagram, actions);
        return actions.then(s);
      }
      if (header.spiR() != s.spiR() || !(message instanceof EncryptedMessage encrypted)) {
        actions.dropped(DropReason.NOT_ENCRYPTED);
        return actions.then(s);
      }
      return phaseTwo(s, new Incoming(datagram, encrypted), actions);
    } catch (MalformedException e) {
      actions.dropped(DropReason.MALFORMED);
      return actions.then(s);
    }
  }

  private static void repeated(Established s, Datagram datagram, Actions actions) {
    if (s.phaseOne().isRepeatedBy(datagram.payload()) && s.phaseOne().answer().isPresent()) {
      Courier.sendAgain(s.path(), s.phaseOne().answer().get(), actions);
    } else {
      actions.dropped(DropReason.EXCHANGE_OVER);
    }
  }

  private Step phaseTwo(Established s, Incoming in, Actions actions) {
    return switch (in.message().header().exchange()) {
      case Header.QUICK_MODE ->
          actions.then(Lifecycle.handedOver(quicks.received(s, in, actions), actions));
      case Header.INFORMATIONAL_V1 -> {
        Outcome outcome = informational.received(s, in, actions);
        yield outcome.ends()
            ? lifecycle.deletedByPeer(outcome.state(), actions)
            : actions.then(outcome.state());
      }
      default -> {
        actions.dropped(DropReason.OTHER_EXCHANGE);
        yield actions.then(s);
      }
    };
  }
}
