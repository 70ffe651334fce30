package espd.ike.exchange;

import espd.ike.crypto.AdditionalKeyExchange;
import espd.ike.crypto.IntAuth;
import espd.ike.crypto.Role;
import espd.ike.exchange.Actions.Result;
import espd.ike.exchange.Connecting.AnsweringIntermediate;
import espd.ike.exchange.Connecting.InitAnswered;
import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.message.KeyExchange;
import espd.ike.message.MalformedException;
import espd.ike.message.Message;
import java.util.List;
import java.util.Optional;

/// The responder's part of IKE_INTERMEDIATE: from [InitAnswered] back to it, with new keys (RFC
/// 9370 §2.2.2). The peer has not proven itself, so its time runs on and it gets no more key
/// exchanges than were agreed.
final class ResponderIntermediate {

  private final Courier courier;

  ResponderIntermediate(Surroundings surroundings) {
    this.courier = new Courier(surroundings);
  }

  /// `--> HDR, SK {KEi(n)}`
  ///
  /// @param covered what AUTH will cover of the request
  /// @throws MalformedException when another exchange comes next
  Step requested(InitAnswered state, Message message, Bytes covered, Actions actions)
      throws MalformedException {
    var agreed = state.init().next(state.ikeSa().keys().suite());
    KeyExchange kei = IkeIntermediate.request(message.payloads(), agreed);
    actions.add(
        new Action.Compute(new Computation.Answer(agreed.orElseThrow().method(), kei.data())));
    return actions.then(new AnsweringIntermediate(state, message.header(), covered));
  }

  /// @throws MalformedException when a message is not of IKE_AUTH, or IKE_AUTH does not come next
  static void expectAuth(InitAnswered state, Header header) throws MalformedException {
    Optional<AdditionalKeyExchange> missing = state.init().next(state.ikeSa().keys().suite());
    if (header.exchange() != Header.IKE_AUTH || missing.isPresent()) {
      String next = missing.map(AdditionalKeyExchange::toString).orElse("IKE_AUTH");
      throw new MalformedException(header.exchangeName() + " before " + next);
    }
  }

  /// `<-- HDR, SK {KEr(n)}`, protected with the keys from before
  Step answered(AnsweringIntermediate state, Computation.Answered result, Actions actions) {
    InitAnswered waiting = state.waiting();
    IkeSa ikeSa = waiting.ikeSa();
    Message answer = new Message(ikeSa.responseTo(state.header()), List.of(result.ke()));
    actions.exchanged(state.header(), Role.RESPONDER, Result.OK);
    List<Bytes> sent = courier.send(ikeSa, state.connection(), answer, actions);
    IntAuth intAuth =
        waiting.init().intAuth().after(ikeSa.keys(), state.request(), IntAuth.covered(answer));
    InitMessages init = waiting.init().with(intAuth);
    return actions.then(
        new InitAnswered(
            ikeSa.updated(init, result.secret()),
            waiting.connection(),
            init,
            waiting.window().answered(sent),
            waiting.giveUpAt()));
  }
}
