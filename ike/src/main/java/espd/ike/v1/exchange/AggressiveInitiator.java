package espd.ike.v1.exchange;

import espd.ike.Connection;
import espd.ike.Datagram;
import espd.ike.Identity;
import espd.ike.crypto.EphemeralKeyPair;
import espd.ike.crypto.KeyExchangeMethod;
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
import espd.ike.message.Proposal;
import espd.ike.message.Transform;
import espd.ike.v1.crypto.PhaseOneTerms;
import espd.ike.v1.exchange.Phase1.Agreed;
import espd.ike.v1.exchange.Phase1.Agreeing;
import espd.ike.v1.exchange.Phase1.AllSent;
import espd.ike.v1.exchange.Phase1.Exchanged;
import espd.ike.v1.exchange.Phase1.Keyed;
import espd.ike.v1.exchange.Phase1.Preparing;
import espd.ike.v1.exchange.Phase1.Proven;
import espd.ike.v1.message.Identification;
import espd.ike.v1.message.IsakmpMessage;
import espd.ike.v1.message.IsakmpPayload;
import espd.ike.v1.message.KeyExchange;
import espd.ike.v1.message.Nonce;
import espd.spd.KeyMaterial;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The initiator of aggressive mode (RFC 2409 §5.4), until there are keys. Its group is not
/// negotiated, as the public value goes with the offer.
///
/// ```
///   HDR, SA, KE, Ni, IDii  -->
///                                <--  HDR, SA, KE, Nr, IDir, HASH_R
/// ```
final class AggressiveInitiator {

  private final Surroundings surroundings;
  private final Authentication authentication;
  private final Conclusion conclusion;
  private final Keying keying;
  private final PhaseOneProof proof;

  AggressiveInitiator(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.authentication = new Authentication(surroundings);
    this.conclusion = new Conclusion(surroundings);
    this.keying = new Keying(surroundings);
    this.proof = new PhaseOneProof(surroundings);
  }

  /// {@return what a connection allows with the first of its groups; nothing when IKEv1 cannot say
  /// it}
  static Optional<PhaseOneTerms> terms(Connection connection) {
    return group(connection)
        .flatMap(
            group -> {
              List<Proposal> only =
                  connection.ikeProposals().stream()
                      .map(
                          p ->
                              p.withTransforms(
                                  p.transforms().stream()
                                      .filter(
                                          t ->
                                              t.type() != Transform.DH
                                                  || t.id() == group.transformId())
                                      .toList()))
                      .filter(p -> p.names(Transform.DH))
                      .toList();
              return PhaseOneProof.terms(connection, only);
            });
  }

  private static Optional<KeyExchangeMethod> group(Connection connection) {
    return connection.ikeProposals().stream()
        .flatMap(proposal -> proposal.ofType(Transform.DH).stream())
        .flatMap(transform -> KeyExchangeMethod.of(transform.id()).stream())
        .findFirst();
  }

  /// Has the key pair made.
  Step begin(Attempt attempt, PhaseOneTerms terms, Actions actions) {
    Connection connection = attempt.connection();
    actions.progress(
        connection,
        "initiating Aggressive Mode IKE_SA %s[%d] to %s"
            .formatted(connection.name(), attempt.serial(), attempt.path().remote()));
    actions.add(new Action.Compute(new Computation.Generate(group(connection).orElseThrow())));
    return actions.then(new Preparing(attempt, Phase1.Offer.of(terms)));
  }

  /// `HDR, SA, KE, Ni, IDii -->`
  Step generated(Preparing state, EphemeralKeyPair key, Actions actions) {
    Attempt attempt = state.attempt();
    Bytes ni = Fresh.nonce(surroundings.random());
    List<IsakmpPayload> payloads = new ArrayList<>();
    payloads.add(state.offer().sa());
    payloads.add(new KeyExchange(key.publicValue()));
    payloads.add(new Nonce(ni));
    payloads.add(PhaseOneProof.id(attempt.connection()));
    payloads.addAll(proof.requests(attempt.connection()));
    payloads.addAll(Features.announced(attempt.connection()));
    Bytes octets = Courier.send(attempt, payloads, Role.INITIATOR, actions);
    Conclusion.reached(attempt, IsakmpStage.AGGR_I1, actions);
    Sent sent = Sent.now(octets, actions.now(), surroundings.retransmission());
    return actions.then(new AllSent(attempt, state.offer(), key, ni, sent));
  }

  /// `<-- HDR, SA, KE, Nr, IDir, HASH_R`. It is believed only when there are keys.
  ///
  /// @throws MalformedException when something is missing
  Step answered(AllSent state, Datagram datagram, IsakmpMessage message, Actions actions)
      throws MalformedException {
    Bytes gXr = Quicks.required(message, KeyExchange.class).data();
    Bytes nr = Quicks.required(message, Nonce.class).data();
    Quicks.required(message, Identification.class);
    return switch (Choice.in(state, datagram, message, actions)) {
      case Choice.None(Step step) -> step;
      case Choice.Made(Attempt attempt, Agreed agreed) -> {
        actions.add(new Action.Compute(new Computation.Agree(state.key(), gXr)));
        yield actions.then(
            new Agreeing(
                attempt,
                agreed,
                new Exchanged(state.key().publicValue(), gXr, state.ni(), nr),
                new Phase1.Answer(message, Path.of(datagram), Taken.of(datagram.payload()))));
      }
    };
  }

  /// The shared secret is there.
  Step agreed(Agreeing state, KeyMaterial secret, Actions actions) throws MalformedException {
    Attempt attempt = state.attempt();
    IsakmpMessage message = state.answer().message();
    Identification id = Quicks.required(message, Identification.class);
    Optional<Identity> said = Optional.of(id.identity());
    Keying.Material material =
        new Keying.Material(attempt, state.agreed(), state.exchanged(), message, said);
    Optional<Keyed> keyed = keying.keyed(material, secret);
    if (keyed.isEmpty()) {
      return conclusion.failed(state, Report.Cause.REFUSED, Keying.noSecret(material), actions);
    }
    IsakmpSa sa =
        Conclusion.through(
            keyed.get().sa(),
            attempt,
            NatTraversal.detect(
                state.agreed().chosen().suite().prf(),
                attempt.header(),
                state.answer().path(),
                message),
            actions);
    Keyed known = keyed.get().with(sa).with(attempt.towards(attempt.connection(), sa.path()));
    Proven peer = Authentication.proven(attempt.connection(), id, message);
    return authentication.judgeAll(known, peer, message, state.answer().taken(), actions);
  }
}
