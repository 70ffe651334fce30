package espd.ike.exchange;

import espd.ike.Connection;
import espd.ike.Identity;
import espd.ike.crypto.Role;
import espd.ike.eap.EapPeer;
import espd.ike.eap.EapTurn;
import espd.ike.exchange.Actions.Result;
import espd.ike.exchange.Authenticating.AnsweringEap;
import espd.ike.exchange.Connecting.AuthRequested;
import espd.ike.message.Authentication;
import espd.ike.message.Bytes;
import espd.ike.message.Eap;
import espd.ike.message.Header;
import espd.ike.message.IdResponder;
import espd.ike.message.MalformedException;
import espd.ike.message.NotifyType;
import espd.ike.message.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The rounds of IKE_AUTH in which an initiator proves itself by EAP (RFC 7296 §2.16): nothing is
/// answered before the responder has proven itself.
final class EapInitiator {

  private final Surroundings surroundings;
  private final Attempts attempts;
  private final Conclusion conclusion;
  private final Courier courier;

  EapInitiator(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.attempts = new Attempts(surroundings);
    this.conclusion = new Conclusion(surroundings);
    this.courier = new Courier(surroundings);
  }

  /// Our conversation so far.
  ///
  /// @param end ours
  /// @param responder who the responder has proven it is
  /// @param proof what came of the method
  record Run(EapPeer end, Optional<IdResponder> responder, Optional<EapTurn.Proof> proof) {

    /// {@return a conversation before its first packet}
    static Run begun(EapPeer end) {
      return new Run(end, Optional.empty(), Optional.empty());
    }

    /// {@return whether the responder has yet to prove itself}
    boolean isBegun() {
      return responder.isEmpty();
    }

    /// Wipes what is secret in it.
    void close() {
      end.close();
      proof.ifPresent(p -> p.msk().close());
    }
  }

  /// A response of the responder.
  ///
  /// @throws MalformedException when it has no place here
  Step received(AuthRequested state, IkeAuth.Response response, Header header, Actions actions)
      throws MalformedException {
    Run run = state.eap().orElseThrow();
    return switch (response) {
      case IkeAuth.Refused(var notify) -> {
        actions.exchanged(header, Role.INITIATOR, Result.REFUSED);
        String why = Differences.refused(notify, state.offer().proposal());
        yield attempts.close(state, Report.Cause.REFUSED, why, actions);
      }
      case IkeAuth.Challenged c when run.proof().isPresent() ->
          throw new MalformedException("EAP after its end");
      case IkeAuth.Challenged c -> converse(state, c.packet(), header, actions);
      case IkeAuth.Confirmed c when run.proof().isEmpty() ->
          throw new MalformedException("AUTH before the end of EAP");
      case IkeAuth.Confirmed c -> confirmed(state, c, header, actions);
      case IkeAuth.Proven p -> throw new MalformedException("it lacks Eap");
    };
  }

  /// `<-- HDR, SK {IDr, [CERT+,] AUTH, EAP}`, and the responder is who it says it is
  Step introduced(
      AuthRequested state, IkeAuth.Challenged response, Header header, Actions actions) {
    // Only now it is known whom a method that proves the server too has to have before it.
    state.eap().orElseThrow().close();
    Identity responder = IkeAuth.identity(response.idr().orElseThrow());
    Optional<EapPeer> end =
        new EapMethods(surroundings, actions.now()).peer(state.connection(), responder);
    if (end.isEmpty()) {
      return conclusion.goodbye(
          state, NotifyType.AUTHENTICATION_FAILED, EapMethods.noKey(state.connection()), actions);
    }
    Run proven = new Run(end.get(), response.idr(), Optional.empty());
    return converse(state.with(proven), response.packet(), header, actions);
  }

  private static Step converse(AuthRequested state, Bytes packet, Header header, Actions actions) {
    actions.exchanged(header, Role.INITIATOR, Result.OK);
    actions.add(
        new Action.Compute(new Computation.Converse(state.eap().orElseThrow().end(), packet)));
    return actions.then(new AnsweringEap(state.with(state.window().responded())));
  }

  /// `HDR, SK {EAP} -->`, at its end `HDR, SK {AUTH} -->`, or, where it is we who end it, what says
  /// so (RFC 7296 §2.21.2)
  Step turned(AnsweringEap state, EapTurn turn, Actions actions) {
    AuthRequested round = state.within();
    return switch (turn) {
      case EapTurn.Next(Bytes packet) -> request(round, List.of(new Eap(packet)), actions);
      case EapTurn.Succeeded(var nothing, EapTurn.Proof proof) -> succeeded(round, proof, actions);
      case EapTurn.Failed(var nothing, String why) ->
          conclusion.goodbye(round, NotifyType.AUTHENTICATION_FAILED, why, actions);
      case EapTurn.Refused(String why) -> attempts.close(state, Report.Cause.REFUSED, why, actions);
    };
  }

  /// What the responder has proven may be worth nothing, its certificate having been revoked: that
  /// is known before we show it our proof.
  private Step succeeded(AuthRequested before, EapTurn.Proof proof, Actions actions) {
    Run run = before.eap().orElseThrow();
    AuthRequested round = before.with(new Run(run.end(), run.responder(), Optional.of(proof)));
    proof.lines().forEach(line -> actions.progress(round.connection(), line));
    if (proof.inquiry().isPresent()) {
      actions.add(new Action.Inquire(proof.inquiry().get(), proof.line()));
      return actions.then(new AnsweringEap(round));
    }
    actions.progress(round.connection(), proof.line());
    return prove(round, proof, actions);
  }

  /// No certificate that the responder has shown is revoked.
  Step settled(AnsweringEap state, List<String> lines, Actions actions) {
    lines.forEach(line -> actions.progress(state.connection(), line));
    EapTurn.Proof proof = state.within().eap().flatMap(Run::proof).orElseThrow();
    return prove(state.within(), proof, actions);
  }

  /// One is.
  Step notSettled(AnsweringEap state, String why, Actions actions) {
    return conclusion.goodbye(state.within(), NotifyType.AUTHENTICATION_FAILED, why, actions);
  }

  private Step prove(AuthRequested round, EapTurn.Proof proof, Actions actions) {
    Connection connection = round.connection();
    actions.progress(
        connection, "authentication of '%s' (myself) with EAP".formatted(connection.localId()));
    Bytes idi = IkeAuth.idi(connection.localId()).body();
    Ppk.Shown shown =
        Ppk.asked(connection, round.ikeSa(), surroundings.credentials())
            .shown(
                round.ikeSa(),
                connection,
                each -> new SharedKey(each, round.init()).proof(proof.msk(), idi));
    List<Payload> payloads = new ArrayList<>(List.of(shown.auth()));
    payloads.addAll(shown.notifies());
    return request(round, payloads, actions);
  }

  private Step request(AuthRequested round, List<Payload> payloads, Actions actions) {
    MessageWindow window =
        courier.authRequest(round.ikeSa(), round.window(), round.connection(), payloads, actions);
    return actions.then(round.with(window));
  }

  /// `<-- HDR, SK {AUTH, SAr2, TSi, TSr}`
  private Step confirmed(
      AuthRequested asked, IkeAuth.Confirmed response, Header header, Actions actions) {
    Optional<AuthRequested> mixed = conclusion.mixed(asked, response.notifies(), actions);
    if (mixed.isEmpty()) {
      return conclusion.refused(asked, header, Ppk.NOT_USED, actions);
    }
    AuthRequested state = mixed.get();
    Run run = state.eap().orElseThrow();
    IdResponder idr = run.responder().orElseThrow();
    Identity peer = IkeAuth.identity(idr);
    Authentication auth = response.auth();
    Optional<String> refutation =
        new SharedKey(state.ikeSa(), state.init())
            .refutation(run.proof().map(EapTurn.Proof::msk), auth, idr.body(), peer);
    if (refutation.isPresent()) {
      return conclusion.refused(state, header, refutation.get(), actions);
    }
    run.close();
    Connection connection = state.connection();
    actions.progress(connection, "authentication of '%s' with EAP successful".formatted(peer));
    actions.exchanged(header, Role.INITIATOR, Result.OK);
    Peer proven = new Peer(connection, connection.localId(), peer, true);
    Conclusion.Answer answer =
        new Conclusion.Answer(response.configuration(), response.child(), response.notifies());
    return conclusion.established(state, proven, answer, actions);
  }
}
