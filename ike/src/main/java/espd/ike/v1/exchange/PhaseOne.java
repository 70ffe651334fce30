package espd.ike.v1.exchange;

import espd.ike.Connection;
import espd.ike.Datagram;
import espd.ike.DropReason;
import espd.ike.IkeVersion;
import espd.ike.IkeVersion.Phase1Mode;
import espd.ike.crypto.Role;
import espd.ike.crypto.TransformNames;
import espd.ike.exchange.Action;
import espd.ike.exchange.Actions;
import espd.ike.exchange.ChildWish;
import espd.ike.exchange.Computation;
import espd.ike.exchange.IkeSaState;
import espd.ike.exchange.Path;
import espd.ike.exchange.Report;
import espd.ike.exchange.Step;
import espd.ike.exchange.Surroundings;
import espd.ike.message.Header;
import espd.ike.message.MalformedException;
import espd.ike.v1.crypto.PhaseOneTerms;
import espd.ike.v1.message.EncryptedMessage;
import espd.ike.v1.message.IsakmpDatagram;
import espd.ike.v1.message.IsakmpMessage;
import espd.ike.v1.message.Notification;
import espd.ike.v1.message.NotificationType;
import java.time.Instant;
import java.util.Optional;

/// Phase 1 (RFC 2409 §5): which state a message, a result or a moment is for.
final class PhaseOne {

  private final Surroundings surroundings;
  private final MainInitiator mainInitiator;
  private final MainResponder mainResponder;
  private final AggressiveInitiator aggressiveInitiator;
  private final AggressiveResponder aggressiveResponder;
  private final Authentication authentication;
  private final Conclusion conclusion;

  PhaseOne(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.mainInitiator = new MainInitiator(surroundings);
    this.mainResponder = new MainResponder(surroundings);
    this.aggressiveInitiator = new AggressiveInitiator(surroundings);
    this.aggressiveResponder = new AggressiveResponder(surroundings);
    this.authentication = new Authentication(surroundings);
    this.conclusion = new Conclusion(surroundings);
  }

  // --- how it begins -----------------------------------------------------------------------------

  /// Begins as initiator, in the first of the connection's modes.
  ///
  /// @param wish for whose sake, if any
  Step initiate(Connection connection, Optional<ChildWish> wish, Actions actions) {
    Phase1Mode mode =
        connection.version() instanceof IkeVersion.One one
            ? one.modes().getFirst()
            : Phase1Mode.MAIN;
    Optional<PhaseOneTerms> terms =
        switch (mode) {
          case MAIN -> PhaseOneProof.terms(connection);
          case AGGRESSIVE -> AggressiveInitiator.terms(connection);
        };
    if (connection.remote().isEmpty() || terms.isEmpty()) {
      String line =
          connection.remote().isEmpty()
              ? "no address of the peer to initiate to"
              : "proposals and authentication are none of IKEv1";
      wish.ifPresent(w -> actions.tell(new Report.ChildFailed(w, Report.Cause.REFUSED, line)));
      return actions.then(new IkeSaState.Closed());
    }
    Attempt attempt =
        new Attempt(
            Role.INITIATOR,
            mode,
            surroundings.nextIkeSerial(),
            Fresh.cookie(surroundings.random()),
            0,
            Path.between(connection.local(), connection.remote().get()),
            connection,
            wish,
            Features.NONE,
            Optional.empty(),
            Optional.empty());
    return switch (mode) {
      case MAIN -> mainInitiator.begin(attempt, terms.get(), actions);
      case AGGRESSIVE -> aggressiveInitiator.begin(attempt, terms.get(), actions);
    };
  }

  /// Begins as responder.
  ///
  /// @throws MalformedException when it is no first message
  Step respond(Datagram first, Actions actions) throws MalformedException {
    if (!(IsakmpDatagram.read(first.payload()) instanceof IsakmpMessage message)) {
      throw new MalformedException("a first message that is encrypted");
    }
    Header header = message.header();
    if (header.spiI() == 0 || header.spiR() != 0 || header.messageId() != 0) {
      throw new MalformedException("no first message: cookies or message id");
    }
    return switch (header.exchange()) {
      case Header.IDENTITY_PROTECTION -> mainResponder.begin(first, message, actions);
      case Header.AGGRESSIVE -> aggressiveResponder.begin(first, message, actions);
      default -> throw new MalformedException("no exchange of phase 1: " + header.exchangeName());
    };
  }

  // --- messages ----------------------------------------------------------------------------------

  /// A message of phase 1, or an informational one. What does not fit changes nothing.
  Step received(Phase1 state, Datagram datagram, Actions actions) {
    try {
      IsakmpDatagram in = IsakmpDatagram.read(datagram.payload());
      Header header = in.header();
      if (header.spiI() != state.spiI() || !isTheirs(state, header)) {
        actions.dropped(DropReason.UNKNOWN_SPI);
        return actions.then(state);
      }
      if (header.exchange() == Header.INFORMATIONAL_V1) {
        return informed(state, datagram, in, actions);
      }
      if (repeats(state, datagram, header, actions)) {
        return actions.then(state);
      }
      if (header.exchange() != state.attempt().header().exchange() || header.messageId() != 0) {
        actions.dropped(DropReason.OTHER_EXCHANGE);
        return actions.then(state);
      }
      if (!knowsCookie(state, header)) {
        actions.dropped(DropReason.NOT_AWAITED);
        return actions.then(state);
      }
      return dispatch(state, datagram, in, actions);
    } catch (MalformedException e) {
      actions.dropped(DropReason.MALFORMED);
      return actions.then(state);
    }
  }

  /// The responder's cookie is new in its first message, and missing in duplicates of ours.
  private static boolean isTheirs(Phase1 state, Header header) {
    return knowsCookie(state, header) || header.spiR() == 0;
  }

  /// Who has forged its address does not know what we sent there, and has nothing computed for it
  /// (RFC 2408 §2.5.3).
  private static boolean knowsCookie(Phase1 state, Header header) {
    return state.spiR() == 0 || header.spiR() == state.spiR();
  }

  /// A responder answers a duplicate as it did before. In aggressive mode so it does when the
  /// initiator goes on without its last message having come, which makes it send that again; nobody
  /// else has our answer, which is longer than what asks for it, sent to him.
  private static boolean repeats(Phase1 state, Datagram datagram, Header header, Actions actions) {
    Optional<Taken> last =
        switch (state) {
          case Phase1.SaAnswered s -> Optional.of(s.taken());
          case Phase1.KeAnswered s -> Optional.of(s.taken());
          case Phase1.Answering _,
              Phase1.Proving _,
              Phase1.Verifying _,
              Phase1.SaSent _,
              Phase1.KeSent _,
              Phase1.AllSent _,
              Phase1.ProofSent _,
              Phase1.Generating _,
              Phase1.Preparing _,
              Phase1.Agreeing _ ->
              Optional.empty();
        };
    boolean goesOn =
        header.exchange() == Header.QUICK_MODE
            && state.attempt().mode() == Phase1Mode.AGGRESSIVE
            && knowsCookie(state, header)
            && datagram.remote().equals(state.path().remote());
    if (last.isEmpty() || !(goesOn || last.get().isRepeatedBy(datagram.payload()))) {
      return false;
    }
    last.get().answer().ifPresent(octets -> Courier.sendAgain(Path.of(datagram), octets, actions));
    return true;
  }

  private record In(Phase1 state, IsakmpDatagram message) {}

  private Step dispatch(Phase1 state, Datagram datagram, IsakmpDatagram message, Actions actions)
      throws MalformedException {
    return switch (new In(state, message)) {
      case In(Phase1.SaSent s, IsakmpMessage m) -> mainInitiator.chosen(s, datagram, m, actions);
      case In(Phase1.KeSent s, IsakmpMessage m) -> mainInitiator.exchanged(s, datagram, m, actions);
      case In(Phase1.AllSent s, IsakmpMessage m) ->
          aggressiveInitiator.answered(s, datagram, m, actions);
      case In(Phase1.ProofSent s, EncryptedMessage m) ->
          authentication.answered(s, new Incoming(datagram, m), actions);
      case In(Phase1.SaAnswered s, IsakmpMessage m) ->
          mainResponder.exchanged(s, datagram, m, actions);
      case In(Phase1.KeAnswered s, IsakmpDatagram m) ->
          authentication.received(s, datagram, m, actions);
      case In(Phase1 s, IsakmpDatagram m) -> {
        actions.dropped(DropReason.NOT_AWAITED);
        yield actions.then(s);
      }
    };
  }

  /// Without keys anybody may have sent it: it is told and remembered, and ends nothing at once
  /// (RFC 2409 §5.7). With keys an error ends the attempt.
  private Step informed(Phase1 state, Datagram datagram, IsakmpDatagram message, Actions actions) {
    return switch (new In(state, message)) {
      case In(Phase1.WithKeys s, EncryptedMessage m) ->
          underKeys(s, new Incoming(datagram, m), actions);
      case In(Phase1.WithKeys s, IsakmpMessage m) -> {
        actions.dropped(DropReason.NOT_ENCRYPTED);
        yield actions.then(s);
      }
      case In(Phase1 s, IsakmpMessage m) ->
          objected(
              s,
              m.first(Notification.class)
                  .filter(Notification::isError)
                  .map(notification -> refusal(s, notification)),
              actions);
      case In(Phase1 s, EncryptedMessage m) -> {
        actions.dropped(DropReason.WITHOUT_KEYS);
        yield actions.then(s);
      }
    };
  }

  /// What cannot be read may be the peer's, who cannot read ours either.
  private Step underKeys(Phase1.WithKeys s, Incoming in, Actions actions) {
    IsakmpMessage opened;
    try {
      opened = Informational.open(s.keyed().sa(), in);
    } catch (MalformedException e) {
      return objected(s, Optional.of(Authentication.UNREADABLE), actions);
    }
    Courier.received(s.connection(), in.datagram(), opened, Role.INITIATOR, actions);
    Optional<Notification> error =
        opened.all(Notification.class).stream().filter(Notification::isError).findFirst();
    if (error.isEmpty()) {
      return actions.then(s);
    }
    Conclusion.exchanged(s.attempt(), Actions.Result.REFUSED, actions);
    return conclusion.failed(s, Report.Cause.REFUSED, Courier.text(error.get()), actions);
  }

  /// {@return what a notification in the clear says, with what it refuses}
  private static String refusal(Phase1 state, Notification notification) {
    String said = Courier.text(notification);
    return state instanceof Phase1.Offering offering
            && notification.type() == NotificationType.NO_PROPOSAL_CHOSEN
        ? said + ": offered " + TransformNames.of(offering.offer().terms().proposals())
        : said;
  }

  /// What waits for an answer waits for it once more only.
  private static Step objected(Phase1 state, Optional<String> line, Actions actions) {
    if (line.isEmpty() || line.equals(state.attempt().objection())) {
      actions.dropped(DropReason.NOTHING_PROVEN);
      return actions.then(state);
    }
    actions.warning(state.connection(), line.get() + "; nobody has proven that the peer says so");
    Phase1 doubted =
        state instanceof Phase1.Waiting waiting ? waiting.with(waiting.sent().refused()) : state;
    return actions.then(doubted.with(doubted.attempt().objected(line.get())));
  }

  // --- results -----------------------------------------------------------------------------------

  private record Got(Phase1 state, Computation.Result result) {}

  /// {@return what a result makes of a state; one that comes too late is wiped}
  Step computed(Phase1 state, Computation.Result result, Actions actions) {
    try {
      return switch (new Got(state, result)) {
        case Got(Phase1.Generating s, Computation.Generated r) ->
            mainInitiator.generated(s, r.key(), actions);
        case Got(Phase1.Preparing s, Computation.Generated r) ->
            aggressiveInitiator.generated(s, r.key(), actions);
        case Got(Phase1.Agreeing s, Computation.Agreed r) ->
            switch (s.attempt().mode()) {
              case MAIN -> mainInitiator.agreed(s, r.secret(), actions);
              case AGGRESSIVE -> aggressiveInitiator.agreed(s, r.secret(), actions);
            };
        case Got(Phase1.Agreeing s, Computation.NotAgreed r) ->
            conclusion.failed(s, Report.Cause.REFUSED, "the peer's KE: " + r.why(), actions);
        case Got(Phase1.Answering s, Computation.Answered r) ->
            switch (s.attempt().mode()) {
              case MAIN -> mainResponder.answered(s, r, actions);
              case AGGRESSIVE -> aggressiveResponder.answered(s, r, actions);
            };
        case Got(Phase1.Answering s, Computation.NotAnswered r) ->
            mainResponder.notAnswered(s, r.why(), actions);
        case Got(Phase1.Proving s, Computation.Signed r) -> authentication.signed(s, r, actions);
        case Got(Phase1.Proving s, Computation.NotSigned r) ->
            conclusion.failed(s, Report.Cause.REFUSED, r.why(), actions);
        case Got(Phase1.Verifying s, Computation.Verified r) ->
            authentication.verified(s, r, actions);
        case Got(Phase1.Verifying s, Computation.NotVerified r) ->
            authentication.notVerified(s, r.why(), actions);
        case Got(Phase1.Verifying s, Computation.Unsettled r) -> {
          r.lines().forEach(line -> actions.progress(s.peer().connection(), line));
          actions.add(new Action.Inquire(r.inquiry(), r.proven()));
          yield actions.then(s);
        }
        case Got(Phase1.Verifying s, Computation.Settled r) -> {
          r.lines().forEach(line -> actions.progress(s.peer().connection(), line));
          yield computed(s, r.verdict(), actions);
        }
        case Got(Phase1 s, Computation.Result r) -> {
          r.close();
          yield actions.then(s);
        }
      };
    } catch (MalformedException e) {
      throw new IllegalStateException("a message that was read before", e);
    }
  }

  // --- time --------------------------------------------------------------------------------------

  /// Sends again, or gives up.
  Step woken(Phase1 state, Actions actions) {
    Instant now = actions.now();
    return switch (state) {
      case Phase1.Waiting s -> {
        if (!s.sent().isDue(now)) {
          yield actions.then(s);
        }
        if (s.sent().isExhausted(surroundings.retransmission())) {
          Conclusion.exchanged(s.attempt(), Actions.Result.TIMEOUT, actions);
          String line = "giving up after " + s.sent().tries() + " retransmits";
          yield conclusion.failed(s, Report.Cause.TIMEOUT, line, actions);
        }
        Sent again = s.sent().again(now, surroundings.retransmission());
        Courier.retransmit(s.connection(), s.path(), again, 0, actions);
        yield actions.then(s.with(again));
      }
      case Phase1 s -> {
        if (s.attempt().until().filter(until -> !until.isAfter(now)).isEmpty()) {
          yield actions.then(s);
        }
        String line = "deleting half open IKE_SA with " + s.path().remote() + " after timeout";
        yield conclusion.failed(s, Report.Cause.TIMEOUT, line, actions);
      }
    };
  }

  /// Ends an attempt at our own wish.
  Step cancel(Phase1 state, Actions actions) {
    return conclusion.failed(state, Report.Cause.ASKED, "cancelled", actions);
  }
}
