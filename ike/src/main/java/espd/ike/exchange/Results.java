package espd.ike.exchange;

import espd.ike.exchange.Authenticating.AnsweringEap;
import espd.ike.exchange.Authenticating.Claimed;
import espd.ike.exchange.Authenticating.JudgingEap;
import espd.ike.exchange.Authenticating.Proving;
import espd.ike.exchange.Authenticating.Verifying;

/// What comes of the computations of an IKE SA on its way to be established.
final class Results {

  private final Initiator initiator;
  private final InitiatorIntermediate initiatorIntermediate;
  private final InitiatorAuth initiatorAuth;
  private final EapInitiator eapInitiator;
  private final Attempts attempts;
  private final Responder responder;
  private final ResponderIntermediate responderIntermediate;
  private final ResponderAuth responderAuth;
  private final EapResponder eapResponder;

  Results(Surroundings surroundings) {
    this.initiator = new Initiator(surroundings);
    this.initiatorAuth = new InitiatorAuth(surroundings);
    this.initiatorIntermediate = new InitiatorIntermediate(surroundings, initiatorAuth);
    this.eapInitiator = new EapInitiator(surroundings);
    this.attempts = new Attempts(surroundings);
    this.responder = new Responder(surroundings);
    this.responderIntermediate = new ResponderIntermediate(surroundings);
    this.responderAuth = new ResponderAuth(surroundings);
    this.eapResponder = new EapResponder(surroundings);
  }

  private record Got(Connecting state, Computation.Result result) {}

  /// {@return what a result makes of a state; one that comes too late is wiped}
  Step computed(Connecting state, Computation.Result result, Actions actions) {
    return switch (new Got(state, result)) {
      case Got(Connecting.PreparingInit s, Computation.Generated r) ->
          initiator.generated(s, r, actions);
      case Got(Connecting.PreparingIntermediate s, Computation.Generated r) ->
          initiatorIntermediate.generated(s, r, actions);
      case Got(Connecting.DerivingInit s, Computation.Agreed r) ->
          initiatorIntermediate.agreed(s, r.secret(), actions);
      case Got(Connecting.DerivingIntermediate s, Computation.Agreed r) ->
          initiatorIntermediate.agreed(s, r.secret(), actions);
      case Got(Connecting.DerivingInit s, Computation.NotAgreed r) ->
          initiatorIntermediate.notAgreed(s, r.why(), actions);
      case Got(Connecting.DerivingIntermediate s, Computation.NotAgreed r) ->
          initiatorIntermediate.notAgreed(s, r.why(), actions);
      case Got(Connecting.AnsweringInit s, Computation.Answered r) ->
          responder.answered(s, r, actions);
      case Got(Connecting.AnsweringIntermediate s, Computation.Answered r) ->
          responderIntermediate.answered(s, r, actions);
      case Got(Connecting.AnsweringInit s, Computation.NotAnswered r) ->
          responder.notAnswered(s, r.why(), actions);
      case Got(Connecting.AnsweringIntermediate s, Computation.NotAnswered r) ->
          responder.notAnswered(s, r.why(), actions);
      case Got(AnsweringEap s, Computation.Conversed r) ->
          eapInitiator.turned(s, r.turn(), actions);
      case Got(JudgingEap s, Computation.Conversed r) -> eapResponder.turned(s, r.turn(), actions);
      case Got(AnsweringEap s, Computation.Verified r) ->
          eapInitiator.settled(s, r.lines(), actions);
      case Got(AnsweringEap s, Computation.NotVerified r) ->
          eapInitiator.notSettled(s, r.why(), actions);
      case Got(JudgingEap s, Computation.Verified r) -> eapResponder.settled(s, r.lines(), actions);
      case Got(JudgingEap s, Computation.NotVerified r) ->
          eapResponder.notSettled(s, r.why(), actions);
      case Got(Proving s, Computation.Signed r) -> initiatorAuth.signed(s, r, actions);
      case Got(Proving s, Computation.NotSigned r) ->
          attempts.close(s, Report.Cause.REFUSED, r.why(), actions);
      case Got(Verifying s, Computation.Verified r) ->
          initiatorAuth.verified(s, r.lines(), actions);
      case Got(Verifying s, Computation.NotVerified r) ->
          initiatorAuth.notVerified(s, r.why(), actions);
      case Got(Claimed s, Computation.Verified r) -> responderAuth.verified(s, r.lines(), actions);
      case Got(Claimed s, Computation.NotVerified r) ->
          responderAuth.notVerified(s, r.why(), actions);
      case Got(Claimed s, Computation.Signed r) -> responderAuth.signed(s, r, actions);
      case Got(Claimed s, Computation.NotSigned r) ->
          responderAuth.notVerified(s, r.why(), actions);
      case Got(Authenticating s, Computation.Unsettled r) -> {
        r.lines().forEach(line -> actions.progress(s.connection(), line));
        actions.add(new Action.Inquire(r.inquiry(), r.proven()));
        yield actions.then(s);
      }
      case Got(Authenticating s, Computation.Settled r) -> {
        r.lines().forEach(line -> actions.progress(s.connection(), line));
        yield computed(s, r.verdict(), actions);
      }
      case Got(Connecting s, Computation.Result r) -> {
        r.close();
        yield actions.then(s);
      }
    };
  }
}
