package espd.ike.v1.exchange;

import espd.ike.Connection;
import espd.ike.Datagram;
import espd.ike.exchange.ChildWish;
import espd.ike.exchange.Event;
import espd.ike.exchange.IkeSaState;
import espd.ike.exchange.IsakmpState;
import espd.ike.exchange.Step;
import espd.ike.exchange.Surroundings;
import espd.ike.message.MalformedException;
import java.time.Instant;
import java.util.List;

/// The state machine of IKEv1 (RFC 2409, RFC 2408, RFC 2407): an event makes of a state the next
/// one and a list of actions. It has no socket, no clock and no timers; randomness, secrets and
/// connections come from its [Surroundings]. For one thread.
public final class IsakmpMachine {

  /// @param surroundings what the machine draws on
  public IsakmpMachine(Surroundings surroundings) {}

  /// Begins as initiator.
  ///
  /// @param now the time
  /// @param wish the first IPsec SA
  public Step initiate(Instant now, ChildWish wish) {
    return new Step(new IkeSaState.Closed(), List.of());
  }

  /// Begins as initiator an ISAKMP SA that is to take the place of another, without quick mode.
  ///
  /// @param now the time
  /// @param connection of both
  public Step renew(Instant now, Connection connection) {
    return new Step(new IkeSaState.Closed(), List.of());
  }

  /// Begins as responder, with a first message of main or aggressive mode.
  ///
  /// @param now the time
  /// @param first the message, whose responder cookie is 0
  /// @throws MalformedException when it is none
  public Step respond(Instant now, Datagram first) throws MalformedException {
    throw new MalformedException("no message of ISAKMP");
  }

  /// {@return what `event` makes of `state`}
  public Step step(IsakmpState state, Event event) {
    return new Step(state, List.of());
  }
}
