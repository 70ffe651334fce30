package espd.ike.exchange;

import espd.ike.Connection;
import espd.ike.Datagram;
import espd.ike.DropReason;
import espd.ike.Tcp;
import espd.ike.crypto.IkeKeys;
import espd.ike.crypto.Role;
import espd.ike.exchange.Actions.Result;
import espd.ike.exchange.Connecting.ResumeRequested;
import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.message.MalformedException;
import espd.ike.message.Message;
import espd.ike.message.Notify;
import espd.ike.message.NotifyType;
import espd.ike.message.Transform;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The initiator's part of IKE_SESSION_RESUME (RFC 5723 §4.3.2), to its keys. Whatever goes wrong
/// with the ticket, IKE_SA_INIT follows at once.
final class InitiatorResume {

  private final Surroundings surroundings;
  private final Initiator initiator;
  private final InitiatorAuth auth;

  InitiatorResume(Surroundings surroundings, Initiator initiator, InitiatorAuth auth) {
    this.surroundings = surroundings;
    this.initiator = initiator;
    this.auth = auth;
  }

  /// `HDR, Ni, N(TICKET_OPAQUE) -->`
  Step begin(ChildWish wish, HeldTicket ticket, Actions actions) {
    Connection connection = wish.connection();
    Attempt attempt =
        initiator.attempt(
            wish,
            connection.options().tcp().use() == Tcp.Use.YES,
            Optional.empty(),
            Transform.NONE);
    actions.progress(
        connection,
        "resuming IKE_SA %s[%d] to %s"
            .formatted(connection.name(), attempt.serial(), attempt.path().remote()));
    return request(attempt, ticket, actions);
  }

  private Step request(Attempt attempt, HeldTicket ticket, Actions actions) {
    Connection connection = attempt.wish().connection();
    List<Notify> notifies =
        new ArrayList<>(
            Nat.announced(
                connection,
                attempt.header(Header.IKE_SESSION_RESUME),
                attempt.path(),
                surroundings.random()));
    notifies.addAll(
        Notifies.announcingAsInitiator(IkeSessionResume.announced(connection.extensions())));
    Message message = IkeSessionResume.request(attempt, ticket.octets(), notifies);
    Bytes octets = Bytes.of(message.write());
    actions.send(connection, message, attempt.path().datagram(octets.toArray()));
    Instant againAt = actions.now().plus(surroundings.retransmission().wait(0));
    return actions.then(
        new ResumeRequested(
            attempt, ticket, MessageWindow.fresh().requested(List.of(octets), againAt)));
  }

  /// `<-- HDR, Nr`, or what else may come. None of it is proven.
  Step received(ResumeRequested state, Datagram datagram, Actions actions) {
    try {
      Message message = Message.read(datagram.payload());
      Header header = message.header();
      if (header.exchange() != Header.IKE_SESSION_RESUME
          || !header.isResponse()
          || !state.window().awaits(header.messageId())) {
        actions.dropped(DropReason.NOT_AWAITED);
        return actions.then(state);
      }
      IkeSessionResume.Response response = IkeSessionResume.Response.from(message);
      actions.received(state.connection(), datagram, message);
      return switch (response) {
        case IkeSessionResume.CookieWanted(Bytes cookie) -> withCookie(state, cookie, actions);
        case IkeSessionResume.Refused(Notify notify) -> {
          actions.exchanged(header, Role.INITIATOR, Result.REFUSED);
          state.ticket().close();
          String line = "received " + NotifyType.name(notify.type());
          yield Attempts.anew(state.attempt().wish(), line, actions);
        }
        case IkeSessionResume.Accepted accepted -> accepted(state, accepted, datagram, actions);
      };
    } catch (MalformedException e) {
      actions.dropped(DropReason.MALFORMED);
      actions.warning(
          state.connection(), "ignoring IKE_SESSION_RESUME response: " + e.getMessage());
      return actions.then(state);
    }
  }

  /// Asks again with the cookie first, all else alike (RFC 7296 §2.6).
  private Step withCookie(ResumeRequested state, Bytes cookie, Actions actions) {
    if (!state.attempt().mayTake(cookie)) {
      actions.dropped(DropReason.COOKIE_NOT_HEEDED);
      return actions.then(state);
    }
    return request(state.attempt().withCookie(cookie), state.ticket(), actions);
  }

  private Step accepted(
      ResumeRequested state, IkeSessionResume.Accepted response, Datagram datagram, Actions actions)
      throws MalformedException {
    Header header = Header.read(datagram.payload());
    if (header.spiR() == 0) {
      throw new MalformedException("the peer's SPI is 0");
    }
    actions.exchanged(header, Role.INITIATOR, Result.OK);
    HeldTicket ticket = state.ticket();
    InitMessages init =
        new InitMessages(
                state.window().outstanding().orElseThrow().datagrams().getFirst(),
                Bytes.of(datagram.payload()),
                state.attempt().nonce(),
                response.nr().data())
            .with(new Resumed(ticket.peer(), Optional.empty()));
    IkeKeys keys =
        IkeKeys.resume(ticket.suite(), ticket.skD(), init.inputs(header.spiI(), header.spiR()));
    ticket.close();
    IkeSa ikeSa = IkeSa.initiated(state.attempt(), header.spiR(), keys, response.notifies());
    return auth.begin(
        new Keying(ikeSa, state.attempt().wish(), init, state.window().responded()), actions);
  }
}
