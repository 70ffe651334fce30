package espd.ike.driver;

import espd.ike.Connection;
import espd.ike.Datagram;
import espd.ike.IkeVersion;
import espd.ike.exchange.ChildWish;
import espd.ike.exchange.Event;
import espd.ike.exchange.HeldTicket;
import espd.ike.exchange.IkeMachine;
import espd.ike.exchange.IkeSaState;
import espd.ike.exchange.IsakmpState;
import espd.ike.exchange.Redirected;
import espd.ike.exchange.Step;
import espd.ike.message.MalformedException;
import espd.ike.message.Message;
import espd.ike.v1.exchange.IsakmpMachine;
import java.time.Instant;
import java.util.Optional;

/// The state machines of both versions of IKE. A state tells which of them it belongs to, and so
/// does a connection.
final class Machines {

  private final HostSurroundings surroundings;
  private final IkeMachine two;
  private final IsakmpMachine one;

  Machines(HostSurroundings surroundings) {
    this.surroundings = surroundings;
    this.two = new IkeMachine(surroundings);
    this.one = new IsakmpMachine(surroundings);
  }

  /// {@return what they draw on}
  HostSurroundings surroundings() {
    return surroundings;
  }

  /// {@return what an event makes of a state}
  Step step(IkeSaState state, Event event) {
    return state instanceof IsakmpState isakmp ? one.step(isakmp, event) : two.step(state, event);
  }

  /// Begins as initiator, with a new IKE SA.
  Step initiate(Instant now, ChildWish wish) {
    return switch (wish.connection().version()) {
      case IkeVersion.One _ -> one.initiate(now, wish);
      case IkeVersion.Two _ -> two.initiate(now, wish);
    };
  }

  /// Begins as initiator with a ticket.
  Step resume(Instant now, ChildWish wish, HeldTicket ticket) {
    return two.resume(now, wish, ticket);
  }

  /// Begins as initiator through TCP, after UDP did not answer.
  Step fallBack(Instant now, ChildWish wish, Optional<Redirected> redirected) {
    return two.fallBack(now, wish, redirected);
  }

  /// Begins as initiator with a gateway that another one has sent us to.
  Step follow(Instant now, ChildWish wish, Redirected redirected) {
    return two.follow(now, wish, redirected);
  }

  /// Begins an ISAKMP SA that is to take the place of another.
  Step renew(Instant now, Connection connection) {
    return one.renew(now, connection);
  }

  /// Begins as responder of IKEv2.
  ///
  /// @throws MalformedException when the message is no IKE_SA_INIT or IKE_SESSION_RESUME request
  Step respond(Instant now, Datagram datagram, Message message) throws MalformedException {
    return two.respond(now, datagram, message);
  }

  /// Begins as responder of IKEv1.
  ///
  /// @throws MalformedException when the datagram is no first message of phase 1
  Step respondToOne(Instant now, Datagram datagram) throws MalformedException {
    return one.respond(now, datagram);
  }
}
