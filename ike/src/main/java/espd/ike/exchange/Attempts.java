package espd.ike.exchange;

import espd.ike.Tcp;
import espd.ike.crypto.Role;
import espd.ike.exchange.Connecting.AuthRequested;
import espd.ike.exchange.Connecting.DerivingInit;
import espd.ike.exchange.Connecting.InitRequested;
import espd.ike.exchange.Connecting.IntermediateRequested;
import espd.ike.exchange.Connecting.PreparingInit;
import espd.ike.exchange.Connecting.ResumeRequested;
import espd.ike.message.Bytes;
import espd.ike.message.Notify;
import espd.ike.message.NotifyType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The ends of an attempt at an IKE SA: given up, cancelled or refused (RFC 7296 §2.4, §2.21).
final class Attempts {

  /// After a request was sent again so often without an answer, something else is tried: TCP where
  /// that is allowed, IKE_SA_INIT instead of a ticket.
  private static final int OTHERWISE_TRIES = 1;

  private final Surroundings surroundings;

  Attempts(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /// Sends the request again, or gives up (RFC 7296 §2.4).
  Step woken(Connecting state, MessageWindow window, Actions actions) {
    MessageWindow.Timeout timeout = window.timeout(actions.now(), surroundings.retransmission());
    if (state instanceof InitRequested s && fallsBack(s, timeout)) {
      actions.progress(s.connection(), "no answer over UDP, falling back to TCP");
      s.key().close();
      actions.add(new Action.FallBack(s.attempt().wish(), s.attempt().redirected()));
      return actions.then(new IkeSaState.Closed());
    }
    if (state instanceof ResumeRequested s && isSilent(timeout)) {
      actions.add(new Action.KeepTicket(s.ticket()));
      actions.tell(new Report.Exchanged("IKE_SESSION_RESUME", Role.INITIATOR, "timeout"));
      return anew(s.attempt().wish(), "no answer", actions);
    }
    return switch (timeout) {
      case MessageWindow.Timeout.NotYet() -> actions.then(state);
      case MessageWindow.Timeout.Again(MessageWindow again, List<Bytes> datagrams) -> {
        int tries = again.outstanding().orElseThrow().tries();
        actions.progress(state.connection(), "retransmit " + tries + " of request");
        actions.tell(new Report.Retransmitted(state.connection().name()));
        actions.sendAgain(state.path(), datagrams);
        yield actions.then(with(state, again));
      }
      case MessageWindow.Timeout.GaveUp() -> {
        int tries = window.outstanding().orElseThrow().tries();
        String line = "giving up after " + tries + " retransmits";
        actions.tell(
            new Report.Exchanged(
                switch (state) {
                  case AuthRequested s -> "IKE_AUTH";
                  case IntermediateRequested s -> "IKE_INTERMEDIATE";
                  default -> "IKE_SA_INIT";
                },
                Role.INITIATOR,
                "timeout"));
        yield close(state, Report.Cause.TIMEOUT, line, actions);
      }
    };
  }

  /// Tries without a ticket: no ticket of ours, or nobody, resumes it (RFC 5723 §4.3.2).
  static Step anew(ChildWish wish, String why, Actions actions) {
    actions.progress(
        wish.connection(), "IKE_SA is not resumed: %s, trying without ticket".formatted(why));
    actions.add(new Action.Anew(wish));
    return actions.then(new IkeSaState.Closed());
  }

  /// Whether the peer has been silent for long enough to try something else.
  private static boolean isSilent(MessageWindow.Timeout timeout) {
    return switch (timeout) {
      case MessageWindow.Timeout.NotYet() -> false;
      case MessageWindow.Timeout.Again(MessageWindow again, List<Bytes> datagrams) ->
          again.outstanding().orElseThrow().tries() > OTHERWISE_TRIES;
      case MessageWindow.Timeout.GaveUp() -> true;
    };
  }

  /// Whether the peer has been silent for long enough over UDP (RFC 9329 §5.1).
  private static boolean fallsBack(InitRequested s, MessageWindow.Timeout timeout) {
    return isSilent(timeout)
        && !s.path().isStream()
        && s.connection().options().tcp().use() == Tcp.Use.FALLBACK;
  }

  private static Connecting with(Connecting state, MessageWindow window) {
    return switch (state) {
      case InitRequested s -> new InitRequested(s.attempt(), s.key(), window);
      case ResumeRequested s -> s.with(window);
      case AuthRequested s -> s.with(window);
      case IntermediateRequested s -> s.with(window);
      case Connecting.PreparingIntermediate s -> s;
      case Connecting.DerivingIntermediate s -> s;
      case Connecting.AnsweringIntermediate s -> s;
      case PreparingInit s -> s;
      case DerivingInit s -> s;
      case Connecting.AnsweringInit s -> s;
      case Connecting.InitAnswered s -> s;
      case Authenticating s -> s;
    };
  }

  /// Ends an attempt at our own wish or for want of an answer; the peer is not told.
  Step close(Connecting state, Report.Cause cause, String line, Actions actions) {
    switch (state) {
      case InitRequested s -> s.key().close();
      case ResumeRequested s -> s.ticket().close();
      case AuthRequested s -> {
        s.close();
        actions.add(new Action.ReleaseSpi(s.offer().spi()));
      }
      case IntermediateRequested s -> {
        s.key().close();
        s.ikeSa().keys().close();
      }
      case Connecting.PreparingIntermediate s -> s.ikeSa().keys().close();
      case Connecting.DerivingIntermediate s -> s.ikeSa().keys().close();
      case Connecting.AnsweringIntermediate s -> s.ikeSa().keys().close();
      case Authenticating.AnsweringEap s -> {
        s.within().close();
        actions.add(new Action.ReleaseSpi(s.within().offer().spi()));
      }
      case Authenticating.EapAsked s -> s.close();
      case Authenticating.JudgingEap s -> s.within().close();
      case Authenticating.Verifying s -> {
        s.within().close();
        actions.add(new Action.ReleaseSpi(s.within().offer().spi()));
      }
      case Authenticating.Proving s -> s.ikeSa().keys().close();
      case Authenticating.Claimed s -> s.ikeSa().keys().close();
      case PreparingInit s -> {}
      case DerivingInit s -> {}
      case Connecting.AnsweringInit s -> {}
      case Connecting.InitAnswered s -> s.ikeSa().keys().close();
    }
    return wish(state)
        .map(wish -> failed(wish, cause, line, actions))
        .orElseGet(() -> actions.then(new IkeSaState.Closed()));
  }

  private static Optional<ChildWish> wish(Connecting state) {
    return switch (state) {
      case PreparingInit s -> Optional.of(s.attempt().wish());
      case InitRequested s -> Optional.of(s.attempt().wish());
      case ResumeRequested s -> Optional.of(s.attempt().wish());
      case DerivingInit s -> Optional.of(s.attempt().wish());
      case AuthRequested s -> Optional.of(s.offer().wish());
      case Connecting.ByKeying s -> Optional.of(s.keying().wish());
      case Connecting.AnsweringIntermediate s -> Optional.empty();
      case Connecting.AnsweringInit s -> Optional.empty();
      case Connecting.InitAnswered s -> Optional.empty();
      case Authenticating.AnsweringEap s -> Optional.of(s.within().offer().wish());
      case Authenticating.Verifying s -> Optional.of(s.within().offer().wish());
      case Authenticating.Proving s -> Optional.of(s.keying().wish());
      case Authenticating.Claimed _, Authenticating.EapAsked _, Authenticating.JudgingEap _ ->
          Optional.empty();
    };
  }

  /// The end of an attempt.
  static Step failed(ChildWish wish, Report.Cause cause, String line, Actions actions) {
    actions.tell(new Report.ChildFailed(wish, cause, line));
    return actions.then(new IkeSaState.Closed());
  }

  static String refusedBy(Notify notify) {
    return "received " + NotifyType.name(notify.type()) + " error notify";
  }

  /// A responder's peer has had its time, or not yet.
  Step halfOpen(Connecting state, Instant giveUpAt, Actions actions) {
    if (giveUpAt.isAfter(actions.now())) {
      return actions.then(state);
    }
    String line = "deleting half open IKE_SA with " + state.path().remote() + " after timeout";
    actions.warning(state.connection(), line);
    return close(state, Report.Cause.TIMEOUT, line, actions);
  }
}
