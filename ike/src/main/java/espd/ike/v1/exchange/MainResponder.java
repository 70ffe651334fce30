package espd.ike.v1.exchange;

import espd.ike.Connection;
import espd.ike.Datagram;
import espd.ike.IkeVersion.Phase1Mode;
import espd.ike.crypto.Role;
import espd.ike.exchange.Action;
import espd.ike.exchange.Actions;
import espd.ike.exchange.Computation;
import espd.ike.exchange.IkeSaState;
import espd.ike.exchange.IsakmpStage;
import espd.ike.exchange.Path;
import espd.ike.exchange.Report;
import espd.ike.exchange.Step;
import espd.ike.exchange.Surroundings;
import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.message.MalformedException;
import espd.ike.v1.crypto.PhaseOneSelection;
import espd.ike.v1.exchange.Phase1.Agreed;
import espd.ike.v1.exchange.Phase1.Answering;
import espd.ike.v1.exchange.Phase1.Exchanged;
import espd.ike.v1.exchange.Phase1.KeAnswered;
import espd.ike.v1.exchange.Phase1.Keyed;
import espd.ike.v1.exchange.Phase1.SaAnswered;
import espd.ike.v1.message.IsakmpMessage;
import espd.ike.v1.message.IsakmpPayload;
import espd.ike.v1.message.KeyExchange;
import espd.ike.v1.message.Nonce;
import espd.ike.v1.message.NotificationType;
import espd.ike.v1.message.SecurityAssociation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The responder of main mode (RFC 2409 §5.4), until there are keys.
///
/// ```
///   --> HDR, SA
///                 HDR, SA <--
///   --> HDR, KE, Ni
///                 HDR, KE, Nr <--
/// ```
final class MainResponder {

  private static final PhaseOneSelection NOTHING =
      new PhaseOneSelection.Mismatch(
          NotificationType.NO_PROPOSAL_CHOSEN, "nothing that IKEv1 can say");

  private final Surroundings surroundings;
  private final Conclusion conclusion;
  private final Keying keying;
  private final PhaseOneProof proof;

  MainResponder(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.conclusion = new Conclusion(surroundings);
    this.keying = new Keying(surroundings);
    this.proof = new PhaseOneProof(surroundings);
  }

  /// What the peer offers to one of the connections that it may mean.
  ///
  /// @param connection the first that allows it, with what is chosen
  /// @param chosen of the offer
  /// @param difference what the first of the others does not allow
  record Choice(
      Optional<Connection> connection,
      Optional<PhaseOneSelection.Chosen> chosen,
      Refused difference) {}

  /// Why an offer is refused.
  ///
  /// @param type of the notification
  /// @param line for people
  record Refused(int type, String line) {}

  /// {@return what a connection allows of an offer}
  static Optional<PhaseOneSelection.Chosen> select(
      Connection connection, SecurityAssociation offered) {
    return choose(List.of(connection), offered).chosen();
  }

  /// {@return the first of the connections that allows something of an offer}
  static Choice choose(List<Connection> candidates, SecurityAssociation offered) {
    Optional<Refused> first = Optional.empty();
    for (Connection connection : candidates) {
      PhaseOneSelection selection =
          PhaseOneProof.terms(connection)
              .map(terms -> terms.choose(offered))
              .orElseGet(() -> NOTHING);
      Refused refused;
      switch (selection) {
        case PhaseOneSelection.Chosen chosen -> {
          Optional<String> objection =
              LifetimePolicy.of(connection)
                  .objection(chosen.lifetimes(), connection.ikeLifetime().lifetime());
          if (objection.isEmpty()) {
            return new Choice(Optional.of(connection), Optional.of(chosen), new Refused(0, ""));
          }
          refused = new Refused(NotificationType.NO_PROPOSAL_CHOSEN, objection.get());
        }
        case PhaseOneSelection.Mismatch(int type, String difference) ->
            refused = new Refused(type, difference);
      }
      first =
          first.or(
              () ->
                  Optional.of(
                      new Refused(refused.type(), connection.name() + ": " + refused.line())));
    }
    return new Choice(
        Optional.empty(),
        Optional.empty(),
        first.orElseGet(
            () ->
                new Refused(
                    NotificationType.NO_PROPOSAL_CHOSEN, "no connection is for these addresses")));
  }

  /// `--> HDR, SA`. A refusal keeps nothing of the peer.
  ///
  /// @throws MalformedException when something is missing
  Step begin(Datagram datagram, IsakmpMessage message, Actions actions) throws MalformedException {
    SecurityAssociation offered = Quicks.required(message, SecurityAssociation.class);
    Path path = Path.of(datagram);
    List<Connection> candidates = Candidates.of(surroundings.connections(), path, Phase1Mode.MAIN);
    Choice choice = choose(candidates, offered);
    if (choice.chosen().isEmpty()) {
      return refuse(datagram, message.header(), choice.difference(), actions);
    }
    Connection connection = choice.connection().orElseThrow();
    PhaseOneSelection.Chosen chosen = choice.chosen().get();
    Courier.received(connection, datagram, message, Role.INITIATOR, actions);
    Features features = Features.of(message, connection, actions);
    actions.progress(connection, path.remote() + " is initiating a Main Mode IKE_SA");
    actions.progress(connection, "selected proposal: IKE:" + chosen.suite());
    Attempt attempt = attempt(datagram, message, connection, features, actions);
    List<IsakmpPayload> payloads = new ArrayList<>();
    payloads.add(chosen.answer());
    payloads.addAll(Features.announced(connection));
    Bytes octets = Courier.send(attempt, payloads, Role.RESPONDER, actions);
    Conclusion.reached(attempt, IsakmpStage.MAIN_R1, actions);
    Taken taken = Taken.of(datagram.payload()).answered(octets);
    return actions.then(new SaAnswered(attempt, new Agreed(offered, chosen), taken));
  }

  /// {@return the start of an attempt of the peer, with a cookie of ours}
  Attempt attempt(
      Datagram datagram,
      IsakmpMessage message,
      Connection connection,
      Features features,
      Actions actions) {
    Phase1Mode mode =
        message.header().exchange() == Header.AGGRESSIVE ? Phase1Mode.AGGRESSIVE : Phase1Mode.MAIN;
    return new Attempt(
        Role.RESPONDER,
        mode,
        surroundings.nextIkeSerial(),
        message.header().spiI(),
        Fresh.cookie(surroundings.random()),
        Path.of(datagram),
        connection,
        Optional.empty(),
        features,
        Optional.of(actions.now().plus(surroundings.halfOpenTimeout())),
        Optional.empty());
  }

  /// `HDR, N <--`: nobody has to believe it (RFC 2409 §5.7).
  Step refuse(Datagram datagram, Header first, Refused refused, Actions actions) {
    Path path = Path.of(datagram);
    String who = path.remote() + "[" + path.remotePort() + "]";
    String name = NotificationType.name(refused.type()).replace('-', '_');
    actions.tell(new Report.Warning(who, name + " sent: " + refused.line()));
    actions.exchanged(first, Role.RESPONDER, Actions.Result.REFUSED);
    Courier.refuse(path, first, refused.type(), surroundings.random(), actions);
    return actions.then(new IkeSaState.Closed());
  }

  /// `--> HDR, KE, Ni`, or the first message once more.
  ///
  /// @throws MalformedException when something is missing
  Step exchanged(SaAnswered state, Datagram datagram, IsakmpMessage message, Actions actions)
      throws MalformedException {
    KeyExchange kei = Quicks.required(message, KeyExchange.class);
    Quicks.required(message, Nonce.class);
    Courier.received(state.connection(), datagram, message, Role.INITIATOR, actions);
    actions.add(
        new Action.Compute(
            new Computation.Answer(state.agreed().chosen().suite().method(), kei.data())));
    return actions.then(
        new Answering(state.attempt(), state.agreed(), message, Taken.of(datagram.payload())));
  }

  /// `HDR, KE, Nr <--`
  Step answered(Answering state, Computation.Answered result, Actions actions)
      throws MalformedException {
    Attempt attempt = state.attempt();
    Bytes nr = Fresh.nonce(surroundings.random());
    Exchanged exchanged = exchanged(state, result, nr);
    Keying.Material material =
        new Keying.Material(attempt, state.agreed(), exchanged, state.message(), Optional.empty());
    Optional<Keyed> keyed = keying.keyed(material, result.secret());
    if (keyed.isEmpty()) {
      return conclusion.failed(state, Report.Cause.REFUSED, Keying.noSecret(material), actions);
    }
    List<IsakmpPayload> payloads = new ArrayList<>();
    payloads.add(new KeyExchange(exchanged.gXr()));
    payloads.add(new Nonce(nr));
    payloads.addAll(proof.requests(attempt.connection()));
    IsakmpSa sa = keyed.get().sa();
    if (attempt.features().natTraversal()) {
      payloads.addAll(
          NatTraversal.payloads(
              sa.keys().suite().prf(),
              attempt.header(),
              attempt.path(),
              attempt.connection(),
              surroundings.random()));
      sa =
          Conclusion.through(
              sa,
              attempt,
              NatTraversal.detect(
                  sa.keys().suite().prf(), attempt.header(), attempt.path(), state.message()),
              actions);
    }
    Bytes octets = Courier.send(attempt, payloads, Role.RESPONDER, actions);
    Conclusion.reached(attempt, IsakmpStage.MAIN_R2, actions);
    return actions.then(
        new KeAnswered(keyed.get().with(sa), Optional.empty(), state.taken().answered(octets)));
  }

  /// {@return what both ends sent to make keys of}
  static Exchanged exchanged(Answering state, Computation.Answered result, Bytes nr)
      throws MalformedException {
    return new Exchanged(
        Quicks.required(state.message(), KeyExchange.class).data(),
        result.ke().data(),
        Quicks.required(state.message(), Nonce.class).data(),
        nr);
  }

  /// The peer's public value is not to be used.
  Step notAnswered(Answering state, String why, Actions actions) {
    Attempt attempt = state.attempt();
    actions.exchanged(attempt.header(), Role.RESPONDER, Actions.Result.MALFORMED);
    int type = NotificationType.INVALID_KEY_INFORMATION;
    Courier.refuse(attempt.path(), attempt.header(), type, surroundings.random(), actions);
    return conclusion.failed(
        state,
        Report.Cause.REFUSED,
        "INVALID_KEY_INFORMATION sent: the peer's KE: " + why,
        actions);
  }
}
