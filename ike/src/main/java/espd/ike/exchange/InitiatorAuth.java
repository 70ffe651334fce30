package espd.ike.exchange;

import espd.ike.Connection;
import espd.ike.Datagram;
import espd.ike.Extension;
import espd.ike.Identity;
import espd.ike.IkeOptions.Childless;
import espd.ike.crypto.Role;
import espd.ike.crypto.UnauthenticException;
import espd.ike.exchange.Actions.Result;
import espd.ike.exchange.ChildNegotiation.Verdict;
import espd.ike.exchange.Connecting.AuthRequested;
import espd.ike.exchange.Connecting.Keying;
import espd.ike.message.Authentication;
import espd.ike.message.Bytes;
import espd.ike.message.Delete;
import espd.ike.message.Header;
import espd.ike.message.IdInitiator;
import espd.ike.message.MalformedException;
import espd.ike.message.Message;
import espd.ike.message.Notify;
import espd.ike.message.NotifyType;
import espd.ike.message.Payload;
import espd.spd.KeyMaterial;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The initiator's part of IKE_AUTH (RFC 7296 §1.2), from the last keys to [Established].
final class InitiatorAuth {

  private final Surroundings surroundings;
  private final ChildNegotiation children;
  private final Establishment establishment;
  private final Attempts attempts;
  private final Addressing addressing;
  private final Courier courier;

  InitiatorAuth(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.children = new ChildNegotiation(surroundings);
    this.establishment = new Establishment(surroundings);
    this.attempts = new Attempts(surroundings);
    this.addressing = new Addressing(surroundings);
    this.courier = new Courier(surroundings);
  }

  /// `HDR, SK {IDi, [IDr,] AUTH, SAi2, TSi, TSr} -->`
  Step begin(Keying keying, Actions actions) {
    IkeSa ikeSa = keying.ikeSa();
    Connection connection = keying.wish().connection();
    IdInitiator idi = IkeAuth.idi(connection.localId());
    Optional<KeyMaterial> psk =
        surroundings.credentials().preSharedKey(connection.localId(), expected(connection));
    if (connection.options().childless() == Childless.FORCE && !isChildless(ikeSa, connection)) {
      ikeSa.keys().close();
      String line = "the peer makes no IKE_SA without a CHILD_SA, which childless=force wants";
      return Attempts.failed(keying.wish(), Report.Cause.REFUSED, line, actions);
    }
    if (psk.isEmpty()) {
      ikeSa.keys().close();
      String line =
          "no shared key found for '%s' - '%s'"
              .formatted(connection.localId(), expected(connection));
      return Attempts.failed(keying.wish(), Report.Cause.REFUSED, line, actions);
    }
    actions.progress(
        connection,
        "authentication of '%s' (myself) with pre-shared key".formatted(connection.localId()));
    Authentication auth = new SharedKey(ikeSa, keying.init()).proof(psk.get(), idi.body());
    ChildOffer offer =
        children.request(keying.wish(), connection, Optional.empty(), Optional.empty());
    actions.progress(
        connection,
        isChildless(ikeSa, connection)
            ? "establishing IKE_SA without CHILD_SA"
            : "establishing CHILD_SA " + connection.name());
    List<Payload> rest = new ArrayList<>();
    if (surroundings.firstContact(connection)) {
      rest.add(Notify.of(NotifyType.INITIAL_CONTACT));
    }
    addressing.request(connection).ifPresent(rest::add);
    if (!isChildless(ikeSa, connection)) {
      rest.addAll(offer.proposal().payloads(List.of()));
    }
    rest.addAll(Mobility.announcement(connection));
    Header header = ikeSa.request(Header.IKE_AUTH, keying.window().nextId());
    Message message = new Message(header, IkeAuth.request(idi, connection.remoteId(), auth, rest));
    List<Bytes> sent = courier.send(ikeSa, connection, message, actions);
    Instant againAt = actions.now().plus(surroundings.retransmission().wait(0));
    return actions.then(
        new AuthRequested(ikeSa, offer, keying.init(), keying.window().requested(sent, againAt)));
  }

  /// {@return whether the IKE SA comes without a Child SA, which is made in an exchange of its own
  /// (RFC 6023 §3)}
  private static boolean isChildless(IkeSa ikeSa, Connection connection) {
    return ikeSa.has(Extension.CHILDLESS)
        && switch (connection.options().childless()) {
          case PREFER, FORCE -> true;
          case ALLOW, NEVER -> false;
        };
  }

  /// The peer's identity as far as it is known before it has said it.
  private static Identity expected(Connection connection) {
    return connection
        .remoteId()
        .or(() -> connection.remote().map(Identity::of))
        .orElseThrow(() -> new IllegalStateException("nobody to talk to"));
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
        actions.dropped("not the IKE_AUTH response");
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
            yield attempts.close(state, Report.Cause.REFUSED, why, actions);
          }
          case IkeAuth.Proven proven -> {
            IkeSa said = Mobility.announced(state.ikeSa(), message);
            AuthRequested here = state.with(Mobility.agreed(said, state.connection()));
            yield proven(here, proven, header, actions);
          }
        };
      } catch (MalformedException e) {
        actions.exchanged(header, Role.INITIATOR, Result.MALFORMED);
        return goodbye(
            state, NotifyType.INVALID_SYNTAX, "IKE_AUTH response: " + e.getMessage(), actions);
      }
    } catch (MalformedException | UnauthenticException e) {
      actions.dropped("unauthentic IKE_AUTH response");
      return actions.then(state);
    }
  }

  private Step proven(AuthRequested state, IkeAuth.Proven proven, Header header, Actions actions) {
    Connection connection = state.connection();
    Identity peer = new Identity(proven.idr().idType(), proven.idr().data());
    if (!Peer.permits(connection, peer)) {
      actions.exchanged(header, Role.INITIATOR, Result.REFUSED);
      String line =
          "the peer is '%s', expected '%s'".formatted(peer, connection.remoteId().orElseThrow());
      return goodbye(state, NotifyType.AUTHENTICATION_FAILED, line, actions);
    }
    Optional<KeyMaterial> psk = surroundings.credentials().preSharedKey(connection.localId(), peer);
    Optional<String> refutation =
        new SharedKey(state.ikeSa(), state.init())
            .refutation(psk, proven.auth(), proven.idr().body(), peer);
    if (refutation.isPresent()) {
      actions.exchanged(header, Role.INITIATOR, Result.REFUSED);
      return goodbye(state, NotifyType.AUTHENTICATION_FAILED, refutation.get(), actions);
    }
    actions.progress(
        connection, "authentication of '%s' with pre-shared key successful".formatted(peer));
    actions.exchanged(header, Role.INITIATOR, Result.OK);
    Established established =
        establishment.of(
            state.ikeSa(),
            addressing.accept(
                new Peer(connection, connection.localId(), peer, true),
                proven.configuration(),
                actions),
            state.window().responded(),
            actions);
    return firstChild(state, established, proven, actions);
  }

  /// The Child SA of the same exchange; without one the IKE SA stands (RFC 7296 §1.2).
  private Step firstChild(
      AuthRequested state, Established established, IkeAuth.Proven proven, Actions actions) {
    ChildWish wish = state.offer().wish();
    if (proven.child().isEmpty()) {
      actions.add(new Action.ReleaseSpi(state.offer().spi()));
      if (isChildless(established.ikeSa(), wish.connection()) && proven.error().isEmpty()) {
        return new Requests(surroundings)
            .next(established.queued(new Task.NewChild(actions.now(), wish)), actions);
      }
      String why =
          proven
              .error()
              .map(notify -> Differences.refused(notify, state.offer().proposal()))
              .orElse("the peer made no Child SA");
      actions.tell(new Report.ChildFailed(wish, Report.Cause.REFUSED, why));
      return actions.then(established);
    }
    return switch (verdict(state.offer(), established.peer(), proven.child().get())) {
      case Verdict.Refused(Refusal refusal) -> {
        actions.add(new Action.ReleaseSpi(state.offer().spi()));
        actions.tell(new Report.ChildFailed(wish, Report.Cause.REFUSED, refusal.explanation()));
        // The peer has a Child SA now that we do not have: without it nothing is left to keep.
        yield new Requests(surroundings)
            .next(
                established.queued(new Task.DeleteIke(actions.now(), Report.Cause.REFUSED)),
                actions);
      }
      case Verdict.Agreed(ChildChoice choice) -> {
        ChildNegotiation.Source source =
            new ChildNegotiation.Source(
                actions.now(),
                Role.INITIATOR,
                state.init().ni(),
                state.init().nr(),
                Optional.empty());
        ChildSa child = children.make(established.ikeSa(), choice, source);
        yield actions.then(establishment.up(established, child, actions));
      }
    };
  }

  private Verdict verdict(ChildOffer offer, Peer peer, ChildProposal answer) {
    return peer.assigned()
        .in(offer.wish().connection())
        .map(connection -> children.accept(offer.with(connection), answer, Optional.empty()))
        .orElseGet(
            () ->
                new Verdict.Refused(
                    Refusal.of(NotifyType.TS_UNACCEPTABLE, "the peer has assigned no virtual IP")));
  }

  /// Tells the peer, which believes that all is well, and does not wait (RFC 7296 §2.21.2).
  private Step goodbye(AuthRequested state, int notifyType, String line, Actions actions) {
    IkeSa ikeSa = state.ikeSa();
    Header header = ikeSa.request(Header.INFORMATIONAL, state.window().nextId());
    Message message = new Message(header, List.of(Delete.ikeSa(), Notify.of(notifyType)));
    courier.send(ikeSa, state.connection(), message, actions);
    return attempts.close(state, Report.Cause.REFUSED, line, actions);
  }
}
