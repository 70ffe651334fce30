package espd.ike.v1.exchange;

import espd.ike.Connection;
import espd.ike.Datagram;
import espd.ike.crypto.Role;
import espd.ike.exchange.Actions;
import espd.ike.exchange.Step;
import espd.ike.message.MalformedException;
import espd.ike.v1.crypto.PhaseOneSelection;
import espd.ike.v1.exchange.Phase1.Agreed;
import espd.ike.v1.exchange.Phase1.Offering;
import espd.ike.v1.message.IsakmpMessage;
import espd.ike.v1.message.SecurityAssociation;

/// What the responder says to our offer (RFC 2409 §5), in either mode. Nothing proves it to be the
/// peer's word: what does not fit changes nothing, and the right answer may still come.
sealed interface Choice {

  /// It is of what was offered.
  ///
  /// @param attempt with the responder's cookie and what it can
  record Made(Attempt attempt, Agreed agreed) implements Choice {}

  /// It is not.
  ///
  /// @param step that goes on waiting
  record None(Step step) implements Choice {}

  /// {@return the choice in a message that has all that its mode asks for}
  ///
  /// @throws MalformedException when there is none
  static Choice in(Offering state, Datagram datagram, IsakmpMessage message, Actions actions)
      throws MalformedException {
    Connection connection = state.connection();
    SecurityAssociation answered = Quicks.required(message, SecurityAssociation.class);
    long cookie = message.header().spiR();
    if (cookie == 0) {
      throw new MalformedException("no cookie of the responder");
    }
    Courier.received(connection, datagram, message, Role.RESPONDER, actions);
    return switch (state.offer().terms().confirm(answered)) {
      case PhaseOneSelection.Mismatch mismatch -> {
        actions.warning(connection, mismatch.difference());
        Attempt objected = state.attempt().objected(mismatch.difference());
        yield new None(actions.then(state.with(objected)));
      }
      case PhaseOneSelection.Chosen chosen -> {
        actions.progress(connection, "selected proposal: IKE:" + chosen.suite());
        Features features = Features.of(message, connection, actions);
        yield new Made(
            state.attempt().answered(cookie, features), new Agreed(state.offer().sa(), chosen));
      }
    };
  }
}
