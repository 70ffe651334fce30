package espd.ike.v1.exchange;

import espd.ike.Datagram;
import espd.ike.crypto.EphemeralKeyPair;
import espd.ike.crypto.Role;
import espd.ike.exchange.Action;
import espd.ike.exchange.Actions;
import espd.ike.exchange.Computation;
import espd.ike.exchange.IsakmpStage;
import espd.ike.exchange.Path;
import espd.ike.exchange.Report;
import espd.ike.exchange.Step;
import espd.ike.exchange.Surroundings;
import espd.ike.message.Bytes;
import espd.ike.message.MalformedException;
import espd.ike.v1.crypto.PhaseOneTerms;
import espd.ike.v1.exchange.Phase1.Agreed;
import espd.ike.v1.exchange.Phase1.Agreeing;
import espd.ike.v1.exchange.Phase1.Exchanged;
import espd.ike.v1.exchange.Phase1.Generating;
import espd.ike.v1.exchange.Phase1.KeSent;
import espd.ike.v1.exchange.Phase1.Keyed;
import espd.ike.v1.exchange.Phase1.SaSent;
import espd.ike.v1.message.IsakmpMessage;
import espd.ike.v1.message.IsakmpPayload;
import espd.ike.v1.message.KeyExchange;
import espd.ike.v1.message.Nonce;
import espd.spd.KeyMaterial;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The initiator of main mode (RFC 2409 §5.4), until there are keys.
///
/// ```
///   HDR, SA  -->
///                  <--  HDR, SA
///   HDR, KE, Ni  -->
///                  <--  HDR, KE, Nr
/// ```
final class MainInitiator {

  private final Surroundings surroundings;
  private final Authentication authentication;
  private final Conclusion conclusion;
  private final Keying keying;

  MainInitiator(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.authentication = new Authentication(surroundings);
    this.conclusion = new Conclusion(surroundings);
    this.keying = new Keying(surroundings);
  }

  /// `HDR, SA -->`
  Step begin(Attempt attempt, PhaseOneTerms terms, Actions actions) {
    actions.progress(
        attempt.connection(),
        "initiating Main Mode IKE_SA %s[%d] to %s"
            .formatted(attempt.connection().name(), attempt.serial(), attempt.path().remote()));
    Phase1.Offer offer = Phase1.Offer.of(terms);
    List<IsakmpPayload> payloads = new ArrayList<>();
    payloads.add(offer.sa());
    payloads.addAll(Features.announced(attempt.connection()));
    Bytes octets = Courier.send(attempt, payloads, Role.INITIATOR, actions);
    Conclusion.reached(attempt, IsakmpStage.MAIN_I1, actions);
    Sent sent = Sent.now(octets, actions.now(), surroundings.retransmission());
    return actions.then(new SaSent(attempt, offer, sent));
  }

  /// `<-- HDR, SA`
  ///
  /// @throws MalformedException when something is missing
  Step chosen(SaSent state, Datagram datagram, IsakmpMessage message, Actions actions)
      throws MalformedException {
    return switch (Choice.in(state, datagram, message, actions)) {
      case Choice.None(Step step) -> step;
      case Choice.Made(Attempt attempt, Agreed agreed) -> {
        actions.add(new Action.Compute(new Computation.Generate(agreed.chosen().suite().method())));
        yield actions.then(new Generating(attempt, agreed));
      }
    };
  }

  /// `HDR, KE, Ni -->`
  Step generated(Generating state, EphemeralKeyPair key, Actions actions) {
    Attempt attempt = state.attempt();
    Agreed agreed = state.agreed();
    Bytes ni = Fresh.nonce(surroundings.random());
    List<IsakmpPayload> payloads = new ArrayList<>();
    payloads.add(new KeyExchange(key.publicValue()));
    payloads.add(new Nonce(ni));
    if (attempt.features().natTraversal()) {
      payloads.addAll(
          NatTraversal.payloads(
              agreed.chosen().suite().prf(),
              attempt.header(),
              attempt.path(),
              attempt.connection(),
              surroundings.random()));
    }
    Bytes octets = Courier.send(attempt, payloads, Role.INITIATOR, actions);
    Conclusion.reached(attempt, IsakmpStage.MAIN_I2, actions);
    Sent sent = Sent.now(octets, actions.now(), surroundings.retransmission());
    return actions.then(new KeSent(attempt, agreed, key, ni, sent));
  }

  /// `<-- HDR, KE, Nr`
  ///
  /// @throws MalformedException when something is missing
  Step exchanged(KeSent state, Datagram datagram, IsakmpMessage message, Actions actions)
      throws MalformedException {
    Bytes gXr = Quicks.required(message, KeyExchange.class).data();
    Bytes nr = Quicks.required(message, Nonce.class).data();
    Courier.received(state.connection(), datagram, message, Role.RESPONDER, actions);
    actions.add(new Action.Compute(new Computation.Agree(state.key(), gXr)));
    Exchanged exchanged = new Exchanged(state.key().publicValue(), gXr, state.ni(), nr);
    Phase1.Answer answer =
        new Phase1.Answer(message, Path.of(datagram), Taken.of(datagram.payload()));
    return actions.then(new Agreeing(state.attempt(), state.agreed(), exchanged, answer));
  }

  /// The shared secret is there.
  Step agreed(Agreeing state, KeyMaterial secret, Actions actions) {
    Attempt attempt = state.attempt();
    Keying.Material material =
        new Keying.Material(
            attempt, state.agreed(), state.exchanged(), state.answer().message(), Optional.empty());
    Optional<Keyed> keyed = keying.keyed(material, secret);
    if (keyed.isEmpty()) {
      String line = Keying.noSecret(material);
      return conclusion.failed(state, Report.Cause.REFUSED, line, actions);
    }
    IsakmpSa sa =
        Conclusion.through(
            keyed.get().sa(),
            attempt,
            NatTraversal.detect(
                state.agreed().chosen().suite().prf(),
                attempt.header(),
                state.answer().path(),
                state.answer().message()),
            actions);
    Keyed known = keyed.get().with(sa).with(attempt.towards(attempt.connection(), sa.path()));
    return authentication.prove(known, Optional.empty(), state.answer().taken(), actions);
  }
}
