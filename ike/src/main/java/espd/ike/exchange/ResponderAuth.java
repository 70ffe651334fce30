package espd.ike.exchange;

import espd.ike.Connection;
import espd.ike.Credentials;
import espd.ike.Proofs.Proof;
import espd.ike.SignatureRule;
import espd.ike.crypto.Role;
import espd.ike.exchange.Authenticating.Claimed;
import espd.ike.message.Authentication;
import espd.ike.message.Bytes;
import espd.ike.message.IdResponder;
import espd.ike.message.Payload;
import espd.spd.KeyMaterial;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The responder's proofs in IKE_AUTH (RFC 7296 §2.15): first the initiator's is verified, if it
/// does not go by EAP, then ours is made.
final class ResponderAuth {

  private final Surroundings surroundings;
  private final AuthAnswers authAnswers;
  private final EapResponder eap;

  ResponderAuth(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.authAnswers = new AuthAnswers(surroundings);
    this.eap = new EapResponder(surroundings);
  }

  /// Verifies the initiator's proof.
  ///
  /// @param auth the one that counts
  Step verify(Claimed state, Authentication auth, Actions actions) {
    PeerProof.Claim claim =
        new PeerProof.Claim(
            state.ikeSa(),
            state.within().init(),
            state.peer().remote(),
            state.request().idi().body(),
            auth,
            state.request().certificates());
    return switch (PeerProof.of(
        claim, state.connection(), surroundings.credentials(), actions.now())) {
      case PeerProof.Wrong(String why) -> notVerified(state, why, actions);
      case PeerProof.Right(List<String> lines) -> verified(state, lines, actions);
      case PeerProof.ToVerify(Computation.Verify verify) -> {
        actions.add(new Action.Compute(verify));
        yield actions.then(state);
      }
    };
  }

  /// The initiator is not who it says it is, or we cannot prove who we are.
  Step notVerified(Claimed state, String why, Actions actions) {
    return authAnswers.unproven(state.within(), state.header(), why, actions);
  }

  /// The initiator is who it says it is.
  Step verified(Claimed state, List<String> lines, Actions actions) {
    lines.forEach(line -> actions.progress(state.connection(), line));
    return prove(state, actions);
  }

  /// Proves who we are.
  Step prove(Claimed state, Actions actions) {
    Connection connection = state.connection();
    Optional<Resumed> resumed = state.within().init().resumed();
    if (resumed.isPresent()) {
      return byTicket(state, resumed.get(), actions);
    }
    return switch (connection.proofs().local()) {
      case Proof.SharedKey() -> bySharedKey(state, actions);
      case Proof.Signature(SignatureRule rule) -> bySignature(state, rule, actions);
      case Proof.Eap nothing ->
          notVerified(state, "a responder does not prove itself by EAP", actions);
    };
  }

  /// The initiator has proven that the ticket is its own: only now is it used (RFC 5723 §4.3.1).
  private Step byTicket(Claimed state, Resumed resumed, Actions actions) {
    if (!surroundings.tickets().use(resumed.ticket().orElseThrow())) {
      return notVerified(state, "the ticket has been used", actions);
    }
    IdResponder idr = IkeAuth.idr(state.peer().local());
    Authentication auth = Resumed.proof(state.ikeSa(), state.within().init(), idr.body());
    return proven(state, "ticket", List.of(idr, auth), actions);
  }

  private Step bySharedKey(Claimed state, Actions actions) {
    Peer peer = state.peer();
    Credentials credentials = surroundings.credentials();
    Optional<KeyMaterial> psk = credentials.preSharedKey(peer.local(), peer.remote());
    if (psk.isEmpty()) {
      String line = "no shared key found for '%s' - '%s'".formatted(peer.local(), peer.remote());
      return notVerified(state, line, actions);
    }
    IdResponder idr = IkeAuth.idr(peer.local());
    Authentication auth =
        new SharedKey(state.ikeSa(), state.within().init()).proof(psk.get(), idr.body());
    return proven(state, "pre-shared key", List.of(idr, auth), actions);
  }

  private Step bySignature(Claimed state, SignatureRule rule, Actions actions) {
    InitMessages init = state.within().init();
    Bytes octets =
        init.octets(state.ikeSa().keys(), Role.RESPONDER, IkeAuth.idr(state.peer().local()).body());
    OwnProof.Claim claim =
        new OwnProof.Claim(
            state.connection(),
            init.hashAlgorithms(Role.INITIATOR),
            state.request().wantedEncodings(),
            new Ppk.Twice<>(octets, Optional.empty()));
    return switch (OwnProof.of(claim, rule, surroundings.credentials().keychain())) {
      case OwnProof.Impossible(String why) -> notVerified(state, why, actions);
      case OwnProof.ToSign(Computation.Sign sign) -> {
        actions.add(new Action.Compute(sign));
        yield actions.then(state);
      }
    };
  }

  /// Our signature is there.
  Step signed(Claimed state, Computation.Signed signed, Actions actions) {
    List<Payload> own = new ArrayList<>(List.of(IkeAuth.idr(state.peer().local())));
    own.addAll(signed.certificates());
    own.add(signed.auth());
    return proven(state, signed.scheme().toString(), own, actions);
  }

  private Step proven(Claimed state, String how, List<Payload> own, Actions actions) {
    actions.progress(
        state.connection(),
        "authentication of '%s' (myself) with %s".formatted(state.peer().local(), how));
    if (state.request().auth().isEmpty()) {
      return eap.begin(state, own, actions);
    }
    return authAnswers.established(
        new AuthAnswers.Proven(
            state.within(),
            state.within().init(),
            state.header(),
            state.peer(),
            state.request(),
            own,
            state.notifies()),
        actions);
  }
}
