package espd.ike.exchange;

import espd.ike.Connection;
import espd.ike.Datagram;
import espd.ike.DropReason;
import espd.ike.Identity;
import espd.ike.Proofs.Proof;
import espd.ike.crypto.Role;
import espd.ike.crypto.UnauthenticException;
import espd.ike.eap.EapServer;
import espd.ike.eap.EapTurn;
import espd.ike.exchange.Actions.Result;
import espd.ike.exchange.Authenticating.Claimed;
import espd.ike.exchange.Authenticating.EapAsked;
import espd.ike.exchange.Authenticating.JudgingEap;
import espd.ike.exchange.Connecting.InitAnswered;
import espd.ike.message.Authentication;
import espd.ike.message.Bytes;
import espd.ike.message.Eap;
import espd.ike.message.Header;
import espd.ike.message.MalformedException;
import espd.ike.message.Message;
import espd.ike.message.NotifyType;
import espd.ike.message.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The rounds of IKE_AUTH in which a responder has the initiator prove itself by EAP (RFC 7296
/// §2.16). All of them together have the time of one half-open IKE SA.
final class EapResponder {

  private final Surroundings surroundings;
  private final AuthAnswers authAnswers;
  private final Courier courier;

  EapResponder(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.authAnswers = new AuthAnswers(surroundings);
    this.courier = new Courier(surroundings);
  }

  /// Our conversation so far.
  ///
  /// @param end ours
  /// @param peer who the initiator says it is, and the connection it means
  /// @param first its first request, whose Child SA it gets at the end
  /// @param proof what came of the method
  record Run(EapServer end, Peer peer, IkeAuth.Request first, Optional<EapTurn.Proof> proof) {

    /// Wipes what is secret in it.
    void close() {
      end.close();
      proof.ifPresent(p -> p.msk().close());
    }
  }

  /// `<-- HDR, SK {IDr, [CERT+,] AUTH, EAP}`
  ///
  /// @param own our proof: IDr, CERT, AUTH
  Step begin(Claimed state, List<Payload> own, Actions actions) {
    Connection connection = state.connection();
    InitAnswered answered = state.within();
    if (!(connection.proofs().remote() instanceof Proof.Eap eap)) {
      throw new IllegalStateException("EAP, which connection " + connection.name() + " has not");
    }
    Optional<EapServer> end = new EapMethods(surroundings, actions.now()).server(eap, state.peer());
    if (end.isEmpty()) {
      return authAnswers.unproven(state, state.header(), EapMethods.noKey(connection), actions);
    }
    Run run = new Run(end.get(), state.peer(), state.request(), Optional.empty());
    EapAsked asked =
        new EapAsked(
            answered.ikeSa(), answered.init(), answered.window(), answered.giveUpAt(), run);
    List<Payload> payloads = new ArrayList<>(own);
    payloads.add(new Eap(end.get().begin()));
    return answer(asked, state.header(), payloads, actions);
  }

  private Step answer(EapAsked state, Header header, List<Payload> payloads, Actions actions) {
    actions.exchanged(header, Role.RESPONDER, Result.OK);
    Message message = new Message(state.ikeSa().responseTo(header), payloads);
    List<Bytes> sent = courier.send(state.ikeSa(), state.connection(), message, actions);
    return actions.then(state.with(state.window().answered(sent)));
  }

  /// `--> HDR, SK {EAP}` or `--> HDR, SK {AUTH}`
  Step received(EapAsked state, Datagram datagram, Actions actions) {
    try {
      Header header = Header.read(datagram.payload());
      if (header.isResponse() || !isOfEap(header)) {
        actions.dropped(DropReason.NOT_AWAITED);
        return actions.then(state);
      }
      return switch (state.window().arrival(header.messageId())) {
        case OUTSIDE -> {
          actions.dropped(DropReason.OUTSIDE_WINDOW);
          yield actions.then(state);
        }
        case DUPLICATE -> actions.then(state.with(Courier.again(state, datagram, actions)));
        case NEXT -> round(state, datagram, header, actions);
      };
    } catch (MalformedException | UnauthenticException e) {
      actions.dropped(DropReason.UNAUTHENTIC);
      return actions.then(state);
    }
  }

  /// An initiator that has to end it says so in an exchange of its own (RFC 7296 §2.21.2).
  private static boolean isOfEap(Header header) {
    return header.exchange() == Header.IKE_AUTH || header.exchange() == Header.INFORMATIONAL;
  }

  private Step round(EapAsked before, Datagram datagram, Header header, Actions actions)
      throws MalformedException, UnauthenticException {
    Courier.Opened opened = courier.open(before, datagram, actions);
    if (opened.message().isEmpty()) {
      return actions.then(before.with(opened.window()));
    }
    EapAsked state = before.with(before.ikeSa().along(Path.of(datagram)));
    try {
      Message message = opened.message().get().read();
      actions.parsed(state.connection(), message);
      if (header.exchange() == Header.INFORMATIONAL) {
        return informed(state, message, actions);
      }
      return switch (IkeAuth.Round.from(message.payloads())) {
        case IkeAuth.Packet(Bytes packet) when state.run().proof().isEmpty() -> {
          actions.add(new Action.Compute(new Computation.Converse(state.run().end(), packet)));
          yield actions.then(new JudgingEap(state, header, Bytes.EMPTY));
        }
        case IkeAuth.Closing closing when state.run().proof().isPresent() ->
            closed(state, closing, header, actions);
        case IkeAuth.Round other -> throw new MalformedException("IKE_AUTH request out of turn");
      };
    } catch (MalformedException e) {
      actions.exchanged(header, Role.RESPONDER, Result.MALFORMED);
      state.run().close();
      Refusal refusal = Refusal.of(NotifyType.INVALID_SYNTAX, String.valueOf(e.getMessage()));
      return authAnswers.refuse(state, header, List.of(), refusal, actions);
    }
  }

  /// `--> HDR, SK {N(AUTHENTICATION_FAILED)}`: we have not proven ourselves to the initiator, or it
  /// knows that it will not to us. It can say nothing else before IKE_AUTH has ended (RFC 7296
  /// §1.4).
  private Step informed(EapAsked state, Message message, Actions actions) {
    Contents in = new Contents("INFORMATIONAL request", message.payloads());
    if (!in.endsIkeSa()) {
      actions.dropped(DropReason.NOT_AWAITED);
      return actions.then(state);
    }
    state.run().close();
    return authAnswers.ended(state, message.header(), in, actions);
  }

  /// `<-- HDR, SK {EAP}`
  Step turned(JudgingEap state, EapTurn turn, Actions actions) {
    EapAsked asked = state.within();
    return switch (turn) {
      case EapTurn.Next(Bytes packet) -> {
        asked.run().end().complaint().ifPresent(why -> actions.warning(asked.connection(), why));
        yield answer(asked, state.header(), List.of(new Eap(packet)), actions);
      }
      case EapTurn.Succeeded(Optional<Bytes> packet, EapTurn.Proof proof) ->
          succeeded(state, packet.orElseThrow(), proof, actions);
      case EapTurn.Refused refused -> throw new IllegalStateException("a server is not refused");
      case EapTurn.Failed(Optional<Bytes> packet, String why) ->
          failed(state, packet.orElseThrow(), why, actions);
    };
  }

  /// What the initiator has proven may be worth nothing, its certificate having been revoked: that
  /// is known before it is told that all is well.
  private Step succeeded(JudgingEap state, Bytes packet, EapTurn.Proof proof, Actions actions) {
    EapAsked before = state.within();
    Run run = before.run();
    EapAsked asked = before.with(new Run(run.end(), run.peer(), run.first(), Optional.of(proof)));
    proof.lines().forEach(line -> actions.progress(asked.connection(), line));
    JudgingEap judged = new JudgingEap(asked, state.header(), packet);
    if (proof.inquiry().isPresent()) {
      actions.add(new Action.Inquire(proof.inquiry().get(), proof.line()));
      return actions.then(judged);
    }
    return settled(judged, List.of(proof.line()), actions);
  }

  /// No certificate that the initiator has shown is revoked.
  Step settled(JudgingEap state, List<String> lines, Actions actions) {
    lines.forEach(line -> actions.progress(state.connection(), line));
    return answer(state.within(), state.header(), List.of(new Eap(state.success())), actions);
  }

  /// One is.
  Step notSettled(JudgingEap state, String why, Actions actions) {
    return failed(state, state.within().run().end().denial(), why, actions);
  }

  /// `<-- HDR, SK {EAP, N(AUTHENTICATION_FAILED)}`
  private Step failed(JudgingEap state, Bytes packet, String why, Actions actions) {
    EapAsked asked = state.within();
    actions.exchanged(state.header(), Role.RESPONDER, Result.REFUSED);
    asked.run().close();
    Refusal refusal = Refusal.of(NotifyType.AUTHENTICATION_FAILED, why);
    return authAnswers.refuse(asked, state.header(), List.of(new Eap(packet)), refusal, actions);
  }

  /// `<-- HDR, SK {AUTH, SAr2, TSi, TSr}`
  private Step closed(EapAsked unmixed, IkeAuth.Closing request, Header header, Actions actions) {
    Run run = unmixed.run();
    Connection connection = unmixed.connection();
    Ppk ppk =
        Ppk.chosen(connection, unmixed.ikeSa(), request.notifies(), surroundings.credentials());
    if (ppk instanceof Ppk.Refused(String why)) {
      run.close();
      return authAnswers.unproven(unmixed, header, why, actions);
    }
    Ppk.Taken taken =
        ppk.taken(unmixed.ikeSa(), connection, request.auth(), request.notifies(), actions);
    EapAsked state = unmixed.with(taken.ikeSa());
    EapTurn.Proof proof = run.proof().orElseThrow();
    Identity remote = run.peer().remote();
    SharedKey msk = new SharedKey(state.ikeSa(), state.init());
    Optional<String> refutation =
        msk.refutation(Optional.of(proof.msk()), taken.auth(), run.first().idi().body(), remote);
    if (refutation.isPresent()) {
      run.close();
      return authAnswers.unproven(state, header, refutation.get(), actions);
    }
    Authentication auth = msk.proof(proof.msk(), IkeAuth.idr(connection.localId()).body());
    run.close();
    actions.progress(connection, "authentication of '%s' with EAP successful".formatted(remote));
    Peer peer = run.peer().with(new Peer.EapIdentified(proof.type(), proof.identity()));
    return authAnswers.established(
        new AuthAnswers.Proven(
            state, state.init(), header, peer, run.first(), List.of(auth), taken.notifies()),
        actions);
  }
}
