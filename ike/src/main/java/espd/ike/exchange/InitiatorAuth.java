package espd.ike.exchange;

import espd.ike.Connection;
import espd.ike.Datagram;
import espd.ike.DropReason;
import espd.ike.Identity;
import espd.ike.IkeOptions.Childless;
import espd.ike.Proofs.Proof;
import espd.ike.SignatureRule;
import espd.ike.crypto.Role;
import espd.ike.crypto.UnauthenticException;
import espd.ike.eap.EapPeer;
import espd.ike.exchange.Actions.Result;
import espd.ike.exchange.Authenticating.Proving;
import espd.ike.exchange.Authenticating.Verifying;
import espd.ike.exchange.Connecting.AuthRequested;
import espd.ike.message.Authentication;
import espd.ike.message.Bytes;
import espd.ike.message.Certificate;
import espd.ike.message.CertificateRequest;
import espd.ike.message.Header;
import espd.ike.message.IdInitiator;
import espd.ike.message.IdResponder;
import espd.ike.message.MalformedException;
import espd.ike.message.Message;
import espd.ike.message.Notify;
import espd.ike.message.NotifyType;
import espd.ike.message.Payload;
import espd.spd.KeyMaterial;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The initiator's part of IKE_AUTH (RFC 7296 §1.2), from the last keys to [Established].
final class InitiatorAuth {

  private final Surroundings surroundings;
  private final ChildNegotiation children;
  private final Attempts attempts;
  private final Addressing addressing;
  private final Conclusion conclusion;
  private final EapInitiator eap;
  private final Courier courier;
  private final Multihoming multihoming;

  InitiatorAuth(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.children = new ChildNegotiation(surroundings);
    this.attempts = new Attempts(surroundings);
    this.addressing = new Addressing(surroundings);
    this.conclusion = new Conclusion(surroundings);
    this.eap = new EapInitiator(surroundings);
    this.courier = new Courier(surroundings);
    this.multihoming = new Multihoming(surroundings);
  }

  /// `HDR, SK {IDi, [IDr,] [AUTH,] SAi2, TSi, TSr} -->`
  Step begin(Keying keying, Actions actions) {
    Connection connection = keying.wish().connection();
    if (connection.options().childless() == Childless.FORCE
        && !Conclusion.isChildless(keying.ikeSa(), connection)) {
      String line = "the peer makes no IKE_SA without a CHILD_SA, which childless=force wants";
      return given(keying, line, actions);
    }
    if (keying.init().resumed().isPresent()) {
      return byTicket(keying, actions);
    }
    return switch (Ppk.asked(connection, keying.ikeSa(), surroundings.credentials())) {
      case Ppk.Refused(String why) -> given(keying, why, actions);
      case Ppk ppk ->
          switch (connection.proofs().local()) {
            case Proof.SharedKey() -> bySharedKey(keying, ppk, actions);
            case Proof.Signature(SignatureRule rule) -> bySignature(keying, ppk, rule, actions);
            case Proof.Eap _ -> byEap(keying, actions);
          };
    };
  }

  private static Step given(Keying keying, String why, Actions actions) {
    keying.ikeSa().keys().close();
    return Attempts.failed(keying.wish(), Report.Cause.REFUSED, why, actions);
  }

  /// Without CERT, CERTREQ and EAP, and a PPK is in the ticket's key (RFC 5723 §4.3.3).
  private Step byTicket(Keying keying, Actions actions) {
    Connection connection = keying.wish().connection();
    actions.progress(
        connection, "authentication of '%s' (myself) with ticket".formatted(connection.localId()));
    Bytes idi = IkeAuth.idi(connection.localId()).body();
    Ppk.Shown shown = new Ppk.Shown(Resumed.proof(keying.ikeSa(), keying.init(), idi), List.of());
    return request(keying, new Opening(List.of(), Optional.of(shown), Optional.empty()), actions);
  }

  private Step bySharedKey(Keying keying, Ppk ppk, Actions actions) {
    Connection connection = keying.wish().connection();
    Identity peer = expected(keying);
    Optional<KeyMaterial> psk = surroundings.credentials().preSharedKey(connection.localId(), peer);
    if (psk.isEmpty()) {
      String line = "no shared key found for '%s' - '%s'".formatted(connection.localId(), peer);
      return given(keying, line, actions);
    }
    actions.progress(
        connection,
        "authentication of '%s' (myself) with pre-shared key".formatted(connection.localId()));
    Bytes idi = IkeAuth.idi(connection.localId()).body();
    Ppk.Shown shown =
        ppk.shown(
            keying.ikeSa(),
            connection,
            each -> new SharedKey(each, keying.init()).proof(psk.get(), idi));
    return request(keying, new Opening(List.of(), Optional.of(shown), Optional.empty()), actions);
  }

  private Step bySignature(Keying keying, Ppk ppk, SignatureRule rule, Actions actions) {
    Connection connection = keying.wish().connection();
    InitMessages init = keying.init();
    Bytes idi = IkeAuth.idi(connection.localId()).body();
    OwnProof.Claim claim =
        new OwnProof.Claim(
            connection,
            init.hashAlgorithms(Role.RESPONDER),
            init.wantedEncodings(),
            ppk.twice(
                keying.ikeSa(), connection, each -> init.octets(each.keys(), Role.INITIATOR, idi)));
    return switch (OwnProof.of(claim, rule, surroundings.credentials().keychain())) {
      case OwnProof.Impossible(String why) -> given(keying, why, actions);
      case OwnProof.ToSign(Computation.Sign sign) -> {
        actions.add(new Action.Compute(sign));
        yield actions.then(new Proving(keying, ppk));
      }
    };
  }

  /// Our signature is there.
  Step signed(Proving state, Computation.Signed signed, Actions actions) {
    Connection connection = state.connection();
    actions.progress(
        connection,
        "authentication of '%s' (myself) with %s".formatted(connection.localId(), signed.scheme()));
    Ppk.Shown shown = state.ppk().shown(new Ppk.Twice<>(signed.auth(), signed.withoutPpk()));
    return request(
        state.keying(),
        new Opening(signed.certificates(), Optional.of(shown), Optional.empty()),
        actions);
  }

  /// Without AUTH, which asks the responder to prove itself and to go on by EAP (RFC 7296 §2.16).
  private Step byEap(Keying keying, Actions actions) {
    Connection connection = keying.wish().connection();
    Optional<EapPeer> peer =
        new EapMethods(surroundings, actions.now()).peer(connection, expected(keying));
    return peer.isEmpty()
        ? given(keying, EapMethods.noKey(connection), actions)
        : request(
            keying,
            new Opening(List.of(), Optional.empty(), peer.map(EapInitiator.Run::begun)),
            actions);
  }

  /// How we prove ourselves: at once, or by EAP.
  private record Opening(
      List<Certificate> certificates, Optional<Ppk.Shown> proof, Optional<EapInitiator.Run> run) {}

  private Step request(Keying keying, Opening opening, Actions actions) {
    Connection connection = keying.wish().connection();
    IkeSa ikeSa = multihoming.introduced(keying.ikeSa(), connection);
    boolean childless = Conclusion.isChildless(ikeSa, connection);
    ChildOffer offer =
        children.request(keying.wish(), connection, Optional.empty(), Optional.empty());
    actions.progress(
        connection,
        childless
            ? "establishing IKE_SA without CHILD_SA"
            : "establishing CHILD_SA " + connection.name());
    List<Payload> rest = new ArrayList<>();
    Optional<Peer> resumed = keying.init().resumed().map(Resumed::peer);
    rest.addAll(resumed.isPresent() ? List.of() : certificateRequests(connection));
    if (surroundings.firstContact(connection)) {
      rest.add(Notify.of(NotifyType.INITIAL_CONTACT));
    }
    addressing.request(connection).ifPresent(rest::add);
    if (!childless) {
      rest.addAll(offer.proposal().payloads(List.of()));
    }
    rest.addAll(Mobility.announcement(connection));
    rest.addAll(Multihoming.introduction(ikeSa));
    rest.addAll(Ticketing.request(connection));
    opening.proof().ifPresent(shown -> rest.addAll(shown.notifies()));
    IdInitiator idi = IkeAuth.idi(connection.localId());
    List<Payload> payloads =
        IkeAuth.request(
            idi,
            resumed.map(Peer::remote).or(connection::remoteId),
            opening.proof().map(Ppk.Shown::auth),
            rest);
    payloads.addAll(1, opening.certificates());
    MessageWindow window =
        courier.authRequest(ikeSa, keying.window(), connection, payloads, actions);
    return actions.then(new AuthRequested(ikeSa, offer, keying.init(), window, opening.run()));
  }

  private List<CertificateRequest> certificateRequests(Connection connection) {
    return PeerProof.certificateRequests(
        List.of(connection), surroundings.credentials().keychain());
  }

  /// The peer's identity as far as it is known before it has said it.
  private static Identity expected(Keying keying) {
    return keying
        .wish()
        .connection()
        .remoteId()
        .orElseGet(() -> Identity.of(keying.ikeSa().path().remote()));
  }

  /// `<-- HDR, SK {IDr, AUTH, SAr2, TSi, TSr}`
  Step received(AuthRequested state, Datagram datagram, Actions actions) {
    Header header;
    Message message;
    try {
      header = Header.read(datagram.payload());
      if (header.exchange() != Header.IKE_AUTH
          || !header.isResponse()
          || !state.window().awaits(header.messageId())) {
        actions.dropped(DropReason.NOT_AWAITED);
        return actions.then(state);
      }
      Courier.Opened opened = courier.open(state, datagram, actions);
      if (opened.message().isEmpty()) {
        return actions.then(state.with(opened.window()));
      }
      try {
        message = opened.message().get().read();
        actions.parsed(state.connection(), message);
        return switch (IkeAuth.Response.from(message.payloads())) {
          case IkeAuth.Refused(Notify notify) -> {
            actions.exchanged(header, Role.INITIATOR, Result.REFUSED);
            String why = Differences.refused(notify, state.offer().proposal());
            yield state.init().resumed().isPresent()
                ? anew(state, why, actions)
                : attempts.close(state, Report.Cause.REFUSED, why, actions);
          }
          case IkeAuth.Challenged first
              when state.eap().filter(EapInitiator.Run::isBegun).isPresent() ->
              introduced(announced(state, message), first, header, actions);
          case IkeAuth.Proven proven
              when state.eap().filter(EapInitiator.Run::isBegun).isPresent()
                  && proven.notifies().has(NotifyType.REDIRECT) ->
              proven(announced(state, message), proven, header, actions);
          case IkeAuth.Response response when state.eap().isPresent() ->
              eap.received(announced(state, message), response, header, actions);
          case IkeAuth.Proven proven -> proven(announced(state, message), proven, header, actions);
          case IkeAuth.Challenged challenged ->
              throw new MalformedException("EAP, which was not asked for");
          case IkeAuth.Confirmed confirmed -> throw new MalformedException("it lacks IdResponder");
        };
      } catch (MalformedException e) {
        actions.exchanged(header, Role.INITIATOR, Result.MALFORMED);
        return conclusion.goodbye(
            state, NotifyType.INVALID_SYNTAX, "IKE_AUTH response: " + e.getMessage(), actions);
      }
    } catch (MalformedException | UnauthenticException e) {
      actions.dropped(DropReason.UNAUTHENTIC);
      return actions.then(state);
    }
  }

  /// The responder does not take the ticket after all.
  private static Step anew(AuthRequested state, String why, Actions actions) {
    state.close();
    actions.add(new Action.ReleaseSpi(state.offer().spi()));
    return Attempts.anew(state.offer().wish(), why, actions);
  }

  private static AuthRequested announced(AuthRequested state, Message message) {
    IkeSa said = Mobility.announced(state.ikeSa(), message);
    return state.with(Mobility.agreed(said, state.connection()));
  }

  private Step proven(
      AuthRequested asked, IkeAuth.Proven response, Header header, Actions actions) {
    Optional<AuthRequested> mixed = conclusion.mixed(asked, response.notifies(), actions);
    if (mixed.isEmpty()) {
      return conclusion.refused(asked, header, Ppk.NOT_USED, actions);
    }
    AuthRequested state = mixed.get();
    return judge(
        new Verifying(state, response, header),
        new Introduction(response.idr(), response.auth(), response.certificates()),
        actions);
  }

  /// `<-- HDR, SK {IDr, [CERT+,] AUTH, EAP}`
  private Step introduced(
      AuthRequested state, IkeAuth.Challenged response, Header header, Actions actions)
      throws MalformedException {
    if (response.idr().isEmpty() || response.auth().isEmpty()) {
      throw new MalformedException("EAP before the responder has proven itself");
    }
    return judge(
        new Verifying(state, response, header),
        new Introduction(response.idr().get(), response.auth().get(), response.certificates()),
        actions);
  }

  /// Who the responder says it is, and its proof.
  private record Introduction(
      IdResponder idr, Authentication auth, List<Certificate> certificates) {}

  private Step judge(Verifying state, Introduction introduction, Actions actions) {
    AuthRequested asked = state.within();
    Connection connection = state.connection();
    Identity peer = IkeAuth.identity(introduction.idr());
    if (!Peer.permits(connection, peer)) {
      String line =
          "the peer is '%s', expected '%s'".formatted(peer, connection.remoteId().orElseThrow());
      return notVerified(state, line, actions);
    }
    PeerProof.Claim claim =
        new PeerProof.Claim(
            asked.ikeSa(),
            asked.init(),
            peer,
            introduction.idr().body(),
            introduction.auth(),
            introduction.certificates());
    return switch (PeerProof.of(claim, connection, surroundings.credentials(), actions.now())) {
      case PeerProof.Wrong(String why) -> notVerified(state, why, actions);
      case PeerProof.Right(List<String> lines) -> verified(state, lines, actions);
      case PeerProof.ToVerify(Computation.Verify verify) -> {
        actions.add(new Action.Compute(verify));
        yield actions.then(state);
      }
    };
  }

  /// The responder is not who it says it is.
  Step notVerified(Verifying state, String why, Actions actions) {
    return conclusion.refused(state.within(), state.header(), why, actions);
  }

  /// The responder is who it says it is.
  Step verified(Verifying state, List<String> lines, Actions actions) {
    AuthRequested asked = state.within();
    Connection connection = state.connection();
    lines.forEach(line -> actions.progress(connection, line));
    return switch (state.response()) {
      case IkeAuth.Challenged first -> eap.introduced(asked, first, state.header(), actions);
      case IkeAuth.Proven response
          when asked.eap().isPresent()
              && Redirection.in(response.notifies(), connection, actions).isEmpty() ->
          notVerified(state, "its answer lacks EAP", actions);
      case IkeAuth.Proven response -> {
        actions.exchanged(state.header(), Role.INITIATOR, Result.OK);
        Identity remote = IkeAuth.identity(response.idr());
        Peer peer =
            asked
                .init()
                .resumed()
                .map(Resumed::peer)
                .orElseGet(() -> new Peer(connection, connection.localId(), remote, true));
        Conclusion.Answer answer =
            new Conclusion.Answer(response.configuration(), response.child(), response.notifies());
        yield conclusion.established(asked, peer, answer, actions);
      }
      case IkeAuth.Confirmed other -> throw new IllegalStateException("not to be verified here");
      case IkeAuth.Refused other -> throw new IllegalStateException("not to be verified here");
    };
  }
}
