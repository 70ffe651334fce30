package espd.ike.exchange;

import espd.ike.Datagram;
import espd.ike.DropReason;
import espd.ike.Tcp;
import espd.ike.crypto.Role;
import espd.ike.crypto.UnauthenticException;
import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.message.MalformedException;
import espd.ike.message.Message;
import espd.ike.message.UnsupportedCriticalPayloadException;
import espd.spd.Lifetime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The state machine of IKEv2 (RFC 7296): an event makes of a state the next one and a list of
/// actions. It has no socket, no clock and no timers; randomness, secrets and connections come from
/// its [Surroundings]. For one thread.
public final class IkeMachine {

  private final Surroundings surroundings;
  private final Initiator initiator;
  private final InitiatorAuth initiatorAuth;
  private final InitiatorIntermediate initiatorIntermediate;
  private final Attempts attempts;
  private final InitiatorResume initiatorResume;
  private final Responder responder;
  private final ResponderResume responderResume;
  private final EapResponder eapResponder;
  private final Results results;
  private final Requests requests;
  private final Answers answers;
  private final Courier courier;

  /// @param surroundings what the machine draws on
  public IkeMachine(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.initiator = new Initiator(surroundings);
    this.initiatorAuth = new InitiatorAuth(surroundings);
    this.initiatorIntermediate = new InitiatorIntermediate(surroundings, initiatorAuth);
    this.attempts = new Attempts(surroundings);
    this.initiatorResume = new InitiatorResume(surroundings, initiator, initiatorAuth);
    this.responder = new Responder(surroundings);
    this.responderResume = new ResponderResume(surroundings);
    this.eapResponder = new EapResponder(surroundings);
    this.results = new Results(surroundings);
    this.requests = new Requests(surroundings);
    this.answers = new Answers(surroundings);
    this.courier = new Courier(surroundings);
  }

  /// Begins as initiator.
  ///
  /// @param now the time
  /// @param wish the first Child SA
  public Step initiate(Instant now, ChildWish wish) {
    boolean tcp = wish.connection().options().tcp().use() == Tcp.Use.YES;
    return initiator.begin(wish, tcp, Optional.empty(), new Actions(now));
  }

  /// Begins as initiator with a ticket (RFC 5723 §4.3).
  ///
  /// @param now the time
  /// @param wish the first Child SA
  /// @param ticket the machine's to close
  public Step resume(Instant now, ChildWish wish, HeldTicket ticket) {
    return initiatorResume.begin(wish, ticket, new Actions(now));
  }

  /// Begins as initiator with a gateway that another one has sent us to (RFC 5685 §3).
  ///
  /// @param now the time
  /// @param wish the first Child SA
  public Step follow(Instant now, ChildWish wish, Redirected redirected) {
    boolean tcp = wish.connection().options().tcp().use() == Tcp.Use.YES;
    return initiator.begin(wish, tcp, Optional.of(redirected), new Actions(now));
  }

  /// Begins as initiator through TCP, the peer having been silent over UDP (RFC 9329 §5.1).
  ///
  /// @param now the time
  /// @param wish the first Child SA
  /// @param redirected where to instead of the connection's peer
  public Step fallBack(Instant now, ChildWish wish, Optional<Redirected> redirected) {
    return initiator.begin(wish, true, redirected, new Actions(now));
  }

  /// Begins as responder, with an IKE_SA_INIT or IKE_SESSION_RESUME request that belongs to no IKE
  /// SA yet.
  ///
  /// @param now the time
  /// @param datagram the request as it came
  /// @param message the request
  /// @throws MalformedException when it is none
  public Step respond(Instant now, Datagram datagram, Message message) throws MalformedException {
    Actions actions = new Actions(now);
    return message.header().exchange() == Header.IKE_SESSION_RESUME
        ? responderResume.begin(datagram, message, IkeSessionResume.Request.from(message), actions)
        : responder.begin(datagram, message, IkeSaInit.Request.from(message), actions);
  }

  private record On(IkeSaState state, Event event) {}

  /// {@return what `event` makes of `state`}
  public Step step(IkeSaState state, Event event) {
    Actions actions = new Actions(event.now());
    return switch (new On(state, event)) {
      case On(Connecting.InitRequested s, Event.Received e) ->
          initiator.received(s, e.datagram(), actions);
      case On(Connecting.ResumeRequested s, Event.Received e) ->
          initiatorResume.received(s, e.datagram(), actions);
      case On(Connecting.AuthRequested s, Event.Received e) ->
          initiatorAuth.received(s, e.datagram(), actions);
      case On(Connecting.InitAnswered s, Event.Received e) ->
          responder.received(s, e.datagram(), actions);
      case On(Connecting.IntermediateRequested s, Event.Received e) ->
          initiatorIntermediate.received(s, e.datagram(), actions);
      case On(Connecting.PreparingInit s, Event.Received e) -> ignore(s, actions);
      case On(Connecting.DerivingInit s, Event.Received e) -> ignore(s, actions);
      case On(Connecting.AnsweringInit s, Event.Received e) -> ignore(s, actions);
      case On(Connecting.PreparingIntermediate s, Event.Received e) -> ignore(s, actions);
      case On(Connecting.DerivingIntermediate s, Event.Received e) -> ignore(s, actions);
      case On(Connecting.AnsweringIntermediate s, Event.Received e) -> ignore(s, actions);
      case On(Authenticating.EapAsked s, Event.Received e) ->
          eapResponder.received(s, e.datagram(), actions);
      case On(Authenticating s, Event.Received e) -> ignore(s, actions);
      case On(Established s, Event.Received e) -> received(s, e.datagram(), actions);
      case On(Departed s, Event.Received e) -> received(s, e.datagram(), actions);

      case On(Connecting.InitRequested s, Event.Woken e) -> attempts.woken(s, s.window(), actions);
      case On(Connecting.ResumeRequested s, Event.Woken e) ->
          attempts.woken(s, s.window(), actions);
      case On(Connecting.AuthRequested s, Event.Woken e) -> attempts.woken(s, s.window(), actions);
      case On(Connecting.IntermediateRequested s, Event.Woken e) ->
          attempts.woken(s, s.keying().window(), actions);
      case On(Connecting.InitAnswered s, Event.Woken e) ->
          attempts.halfOpen(s, s.giveUpAt(), actions);
      case On(Authenticating.EapAsked s, Event.Woken e) ->
          attempts.halfOpen(s, s.giveUpAt(), actions);
      case On(Authenticating s, Event.Woken e) -> actions.then(s);
      case On(Connecting.PreparingInit s, Event.Woken e) -> actions.then(s);
      case On(Connecting.DerivingInit s, Event.Woken e) -> actions.then(s);
      case On(Connecting.AnsweringInit s, Event.Woken e) -> actions.then(s);
      case On(Connecting.PreparingIntermediate s, Event.Woken e) -> actions.then(s);
      case On(Connecting.DerivingIntermediate s, Event.Woken e) -> actions.then(s);
      case On(Connecting.AnsweringIntermediate s, Event.Woken e) -> actions.then(s);
      case On(Established s, Event.Woken e) -> woken(s, actions);
      case On(Departed s, Event.Woken e) ->
          actions.then(s.until().isAfter(e.now()) ? s : new IkeSaState.Closed());

      case On(Connecting s, Event.Computed e) -> results.computed(s, e.result(), actions);
      case On(Established s, Event.Computed e) -> computed(s, e.result(), actions);
      case On(Departed s, Event.Computed e) -> actions.then(s);

      case On(Connecting s, Event.ChildWanted e) -> actions.then(s);
      case On(Established s, Event.ChildWanted e) ->
          requests.next(s.queued(new Task.NewChild(e.now(), e.wish())), actions);
      case On(Departed s, Event.ChildWanted e) -> actions.then(s);

      case On(Connecting s, Event.Expired e) -> actions.then(s);
      case On(Established s, Event.Expired e) -> expired(s, e, actions);
      case On(Departed s, Event.Expired e) -> actions.then(s);

      case On(Connecting s, Event.RekeyWanted e) -> actions.then(s);
      case On(Established s, Event.RekeyWanted e) ->
          requests.next(Lifecycle.queuedOnce(s, new Task.RekeyIke(e.now())), actions);
      case On(Departed s, Event.RekeyWanted e) -> actions.then(s);

      case On(Connecting s, Event.ReauthenticationWanted e) -> actions.then(s);
      case On(Established s, Event.ReauthenticationWanted e) ->
          actions.then(Lifecycle.reauthenticated(s, actions));
      case On(Departed s, Event.ReauthenticationWanted e) -> actions.then(s);

      case On(Connecting s, Event.RedirectWanted e) -> actions.then(s);
      case On(Established s, Event.RedirectWanted e) ->
          requests.next(Redirection.wanted(s, e.gateway(), actions), actions);
      case On(Departed s, Event.RedirectWanted e) -> actions.then(s);

      case On(Connecting s, Event.ChildUnwanted e) -> actions.then(s);
      case On(Established s, Event.ChildUnwanted e) ->
          requests.next(
              Lifecycle.queuedOnce(
                  s, new Task.DeleteChild(e.now(), e.inboundSpi(), Report.Cause.ASKED)),
              actions);
      case On(Departed s, Event.ChildUnwanted e) -> actions.then(s);

      case On(Connecting s, Event.Close e) ->
          s.connection().name().equals(e.connection()) ? cancel(s, actions) : actions.then(s);
      case On(Established s, Event.Close e) ->
          requests.next(Lifecycle.closed(s, e.connection(), e.now()), actions);
      case On(Departed s, Event.Close e) -> actions.then(s);

      case On(Connecting s, Event.Terminate e) -> cancel(s, actions);
      case On(Established s, Event.Terminate e) ->
          requests.next(s.queued(new Task.DeleteIke(e.now(), Report.Cause.ASKED)), actions);
      case On(Departed s, Event.Terminate e) -> actions.then(s);

      case On(Connecting s, Event.Carried e) -> actions.then(s);
      case On(Established s, Event.Carried e) ->
          actions.then(Mobility.carried(s, e.inboundSpi(), e.path(), actions));
      case On(Departed s, Event.Carried e) -> actions.then(s);

      case On(Connecting s, Event.Superseded e) -> actions.then(s);
      case On(Established s, Event.Superseded e) -> actions.then(s);
      case On(Departed s, Event.Superseded e) -> actions.then(s);

      case On(Connecting s, Event.Adopted e) -> actions.then(s);
      case On(Established s, Event.Adopted e) -> actions.then(s);
      case On(Departed s, Event.Adopted e) -> actions.then(s);

      case On(Connecting s, Event.StreamBroken e) -> actions.then(s);
      case On(Established s, Event.StreamBroken e) ->
          requests.next(Mobility.streamBroken(s, actions), actions);
      case On(Departed s, Event.StreamBroken e) -> actions.then(s);

      case On(Connecting s, Event.Roamed e) -> actions.then(s);
      case On(Established s, Event.Roamed e) ->
          requests.next(Multihoming.roamed(s, e.path(), e.ours(), actions), actions);
      case On(Departed s, Event.Roamed e) -> actions.then(s);

      case On(Connecting s, Event.Forgotten e) -> cancel(s, actions);
      case On(Established s, Event.Forgotten e) -> requests.gone(s, Report.Cause.PEER, actions);
      case On(Departed s, Event.Forgotten e) -> actions.then(new IkeSaState.Closed());

      case On(IsakmpState s, Event e) ->
          throw new IllegalStateException("an ISAKMP SA is not for IKEv2");
      case On(IkeSaState.Closed s, Event e) -> actions.then(s);
    };
  }

  private static Step ignore(IkeSaState state, Actions actions) {
    actions.dropped(DropReason.BEING_ANSWERED);
    return actions.then(state);
  }

  private Step cancel(Connecting state, Actions actions) {
    return attempts.close(state, Report.Cause.ASKED, "cancelled", actions);
  }

  private Step computed(Established state, Computation.Result result, Actions actions) {
    return switch (result) {
      case Computation.Generated r -> requests.generated(state, r.key(), actions);
      case Computation.Agreed r -> requests.agreed(state, r.secret(), actions);
      case Computation.NotAgreed r -> requests.notAgreed(state, r.why(), actions);
      case Computation.Answered r -> answers.computed(state, r, actions);
      case Computation.NotAnswered r -> answers.notComputed(state, r.why(), actions);
      case Computation.Conversed r -> actions.then(state);
      case Computation.Signed r -> actions.then(state);
      case Computation.NotSigned r -> actions.then(state);
      case Computation.Verified r -> actions.then(state);
      case Computation.NotVerified r -> actions.then(state);
      case Computation.Unsettled r -> actions.then(state);
      case Computation.Settled r -> actions.then(state);
      case Computation.DoneWithin r -> throw new IllegalStateException("not asked for: " + r);
    };
  }

  /// A message of an established IKE SA: window, authenticity, syntax, exchange (RFC 7296 §2.3).
  private Step received(Established state, Datagram datagram, Actions actions) {
    try {
      Header header = Header.read(datagram.payload());
      if (header.isResponse()) {
        if (!state.window().awaits(header.messageId())) {
          actions.dropped(DropReason.NOT_AWAITED);
          return actions.then(state);
        }
        return response(state, datagram, header, actions);
      }
      return switch (state.window().arrival(header.messageId())) {
        case OUTSIDE -> {
          actions.dropped(DropReason.OUTSIDE_WINDOW);
          yield actions.then(state);
        }
        case DUPLICATE -> {
          var _ = Courier.again(state, datagram, actions); // a peer that has proven itself
          yield actions.then(state);
        }
        case NEXT ->
            state.work().answering().isPresent()
                ? ignore(state, actions)
                : request(state, datagram, header, actions);
      };
    } catch (MalformedException | UnauthenticException e) {
      actions.dropped(DropReason.UNAUTHENTIC);
      return actions.then(state);
    }
  }

  private Step response(Established state, Datagram datagram, Header header, Actions actions)
      throws MalformedException, UnauthenticException {
    Courier.Opened opened = courier.open(state, datagram, actions);
    Established with = state.with(opened.window());
    if (opened.message().isEmpty()) {
      return actions.then(with);
    }
    Established heard = Mobility.heard(with, datagram, actions);
    Established s = Multihoming.answered(heard, Path.of(datagram), actions);
    try {
      Message message = opened.message().get().read();
      actions.parsed(s.connection(), message);
      return requests.responded(s, message, actions);
    } catch (MalformedException e) {
      actions.exchanged(header, Role.INITIATOR, Actions.Result.MALFORMED);
      actions.warning(s.peer().connection(), "closing IKE_SA: " + e.getMessage());
      if (s.work().pending().isPresent()
          && s.work().pending().get() instanceof Pending.DeletingIke deleting) {
        return requests.gone(s, deleting.cause(), actions); // whatever else it says
      }
      s.work().pending().ifPresent(p -> Unfinished.abandon(p, Report.Cause.REFUSED, actions));
      Task delete = new Task.DeleteIke(actions.now(), Report.Cause.REFUSED);
      return requests.next(s.with(s.window().responded()).idle().queued(delete), actions);
    }
  }

  private Step request(Established state, Datagram datagram, Header header, Actions actions)
      throws MalformedException, UnauthenticException {
    Courier.Opened opened = courier.open(state, datagram, actions);
    Established with = state.with(opened.window());
    if (opened.message().isEmpty()) {
      return actions.then(with);
    }
    Established heard = Mobility.heard(with, datagram, actions);
    Established s = heard.with(heard.ikeSa().backTo(Path.of(datagram)));
    try {
      Message message = opened.message().get().read();
      actions.parsed(s.connection(), message);
      return answers.requested(s, message, actions);
    } catch (UnsupportedCriticalPayloadException e) {
      return answers.refuse(s, header, Refusal.of(e), actions);
    } catch (MalformedException e) {
      return answers.malformed(s, header, String.valueOf(e.getMessage()), actions);
    }
  }

  private static Step received(Departed state, Datagram datagram, Actions actions) {
    try {
      Header header = Header.read(datagram.payload());
      if (!header.isResponse()
          && state.window().arrival(header.messageId()) == MessageWindow.Arrival.DUPLICATE) {
        return actions.then(state.with(Courier.again(state.window(), datagram, actions)));
      }
    } catch (MalformedException e) {
      // Counted below with all else that an IKE SA that is gone does not heed.
    }
    actions.dropped(DropReason.DEPARTED);
    return actions.then(state);
  }

  // --- time ----------------------------------------------------------------------------------

  private Step woken(Established state, Actions actions) {
    Instant now = actions.now();
    Established s = state.with(state.window().forgetting(now));
    switch (s.window().timeout(now, surroundings.retransmission())) {
      case MessageWindow.Timeout.NotYet() -> {}
      case MessageWindow.Timeout.Again(MessageWindow again, List<Bytes> datagrams) -> {
        int tries = again.outstanding().orElseThrow().tries();
        actions.progress(s.peer().connection(), "retransmit " + tries + " of request");
        actions.tell(new Report.Retransmitted(s.peer().connection().name()));
        actions.sendAgain(s.ikeSa().path(), datagrams);
        Multihoming.probe(s, datagrams, actions);
        s = s.with(again).with(s.timers().sent(now));
      }
      case MessageWindow.Timeout.GaveUp() -> {
        actions.warning(s.peer().connection(), "giving up: the peer does not answer");
        return requests.gone(s, Report.Cause.TIMEOUT, actions);
      }
    }
    s = Handover.looked(s, actions);
    s = FollowupAnswers.expired(s, actions);
    s = Lifecycle.lingered(s, actions);
    s = Lifecycle.due(s, actions);
    if (s.keepaliveAt().filter(at -> !at.isAfter(now)).isPresent()) {
      actions.sendAgain(s.ikeSa().path().datagram(Datagram.keepalive()));
      s = s.with(s.timers().sent(now));
    }
    return requests.next(s, actions);
  }

  private Step expired(Established state, Event.Expired e, Actions actions) {
    Established s =
        e.limit() == Lifetime.Limit.HARD
            ? Handover.switched(state, c -> c.inbound().spi() == e.inboundSpi(), actions)
            : state;
    Optional<ChildSa> child = s.child(e.inboundSpi()).filter(c -> !c.rekeyed());
    if (child.isEmpty()) {
      return actions.then(s);
    }
    Task task =
        switch (e.limit()) {
          case SOFT -> new Task.RekeyChild(e.now(), e.inboundSpi());
          case HARD -> new Task.DeleteChild(e.now(), e.inboundSpi(), Report.Cause.EXPIRED);
        };
    return requests.next(Lifecycle.queuedOnce(s, task), actions);
  }
}
