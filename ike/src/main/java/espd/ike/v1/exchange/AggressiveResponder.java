package espd.ike.v1.exchange;

import espd.ike.Connection;
import espd.ike.Datagram;
import espd.ike.Identity;
import espd.ike.IkeVersion.Phase1Mode;
import espd.ike.crypto.Role;
import espd.ike.exchange.Action;
import espd.ike.exchange.Actions;
import espd.ike.exchange.Computation;
import espd.ike.exchange.Path;
import espd.ike.exchange.Peer;
import espd.ike.exchange.Report;
import espd.ike.exchange.Step;
import espd.ike.exchange.Surroundings;
import espd.ike.message.MalformedException;
import espd.ike.v1.crypto.PhaseOneSelection;
import espd.ike.v1.exchange.Phase1.Agreed;
import espd.ike.v1.exchange.Phase1.Answering;
import espd.ike.v1.exchange.Phase1.Exchanged;
import espd.ike.v1.exchange.Phase1.Keyed;
import espd.ike.v1.exchange.Phase1.Proven;
import espd.ike.v1.message.Identification;
import espd.ike.v1.message.IsakmpMessage;
import espd.ike.v1.message.KeyExchange;
import espd.ike.v1.message.Nonce;
import espd.ike.v1.message.NotificationType;
import espd.ike.v1.message.SecurityAssociation;
import java.util.List;
import java.util.Optional;

/// The responder of aggressive mode (RFC 2409 §5.4), for connections that ask for it by name:
/// whoever sees HASH_R can guess a weak secret offline.
///
/// ```
///   --> HDR, SA, KE, Ni, IDii
///                               HDR, SA, KE, Nr, IDir, HASH_R <--
/// ```
final class AggressiveResponder {

  private final Surroundings surroundings;
  private final MainResponder main;
  private final Authentication authentication;
  private final Conclusion conclusion;
  private final Keying keying;

  AggressiveResponder(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.main = new MainResponder(surroundings);
    this.authentication = new Authentication(surroundings);
    this.conclusion = new Conclusion(surroundings);
    this.keying = new Keying(surroundings);
  }

  /// `--> HDR, SA, KE, Ni, IDii`
  ///
  /// @throws MalformedException when something is missing
  Step begin(Datagram datagram, IsakmpMessage message, Actions actions) throws MalformedException {
    SecurityAssociation offered = Quicks.required(message, SecurityAssociation.class);
    KeyExchange kei = Quicks.required(message, KeyExchange.class);
    Quicks.required(message, Nonce.class);
    Identification id = Quicks.required(message, Identification.class);
    Path path = Path.of(datagram);
    List<Connection> candidates =
        Candidates.of(surroundings.connections(), path, Phase1Mode.AGGRESSIVE).stream()
            .filter(c -> PhaseOneProof.isParty(id) && Peer.permits(c, id.identity()))
            .toList();
    if (candidates.isEmpty()) {
      String line = "no connection in aggressive mode is for '%s'".formatted(id.identity());
      MainResponder.Refused refused =
          new MainResponder.Refused(NotificationType.INVALID_ID_INFORMATION, line);
      return main.refuse(datagram, message.header(), refused, actions);
    }
    MainResponder.Choice choice = MainResponder.choose(candidates, offered);
    if (choice.chosen().isEmpty()) {
      return main.refuse(datagram, message.header(), choice.difference(), actions);
    }
    Connection connection = choice.connection().orElseThrow();
    PhaseOneSelection.Chosen chosen = choice.chosen().get();
    Courier.received(connection, datagram, message, Role.INITIATOR, actions);
    Features features = Features.of(message, connection, actions);
    actions.progress(connection, path.remote() + " is initiating a Aggressive Mode IKE_SA");
    actions.progress(connection, "selected proposal: IKE:" + chosen.suite());
    Attempt attempt = main.attempt(datagram, message, connection, features, actions);
    actions.add(new Action.Compute(new Computation.Answer(chosen.suite().method(), kei.data())));
    return actions.then(
        new Answering(attempt, new Agreed(offered, chosen), message, Taken.of(datagram.payload())));
  }

  /// `HDR, SA, KE, Nr, IDir, HASH_R <--`
  Step answered(Answering state, Computation.Answered result, Actions actions)
      throws MalformedException {
    Attempt attempt = state.attempt();
    Identification id = Quicks.required(state.message(), Identification.class);
    Optional<Identity> said = Optional.of(id.identity());
    Exchanged exchanged =
        MainResponder.exchanged(state, result, Fresh.nonce(surroundings.random()));
    Keying.Material material =
        new Keying.Material(attempt, state.agreed(), exchanged, state.message(), said);
    Optional<Keyed> keyed = keying.keyed(material, result.secret());
    if (keyed.isEmpty()) {
      return conclusion.failed(state, Report.Cause.REFUSED, Keying.noSecret(material), actions);
    }
    Proven claimed = new Proven(attempt.connection(), id, false);
    return authentication.prove(keyed.get(), Optional.of(claimed), state.taken(), actions);
  }
}
