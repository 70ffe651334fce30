package espd.ike.exchange;

import espd.ike.Connection;
import espd.ike.Datagram;
import espd.ike.Extension;
import espd.ike.crypto.IkeKeys;
import espd.ike.crypto.Role;
import espd.ike.crypto.TicketKey;
import espd.ike.exchange.Actions.Result;
import espd.ike.exchange.Connecting.InitAnswered;
import espd.ike.exchange.Tickets.Presented;
import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.message.Message;
import espd.ike.message.Nonce;
import espd.ike.message.Notify;
import espd.ike.message.NotifyType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The responder's part of IKE_SESSION_RESUME (RFC 5723 §4.3.2): from a ticket to [InitAnswered].
/// It needs no key exchange, so it is answered at once; a refusal keeps nothing.
final class ResponderResume {

  private final Surroundings surroundings;
  private final ChildNegotiation children;

  ResponderResume(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.children = new ChildNegotiation(surroundings);
  }

  /// `--> HDR, Ni, N(TICKET_OPAQUE)`
  Step begin(
      Datagram datagram, Message message, IkeSessionResume.Request request, Actions actions) {
    Optional<Refusal> nat = Mobility.unexpectedNat(request.notifies(), Path.of(datagram));
    if (nat.isPresent()) {
      return Responder.refuse(datagram, message, nat.get(), actions);
    }
    return switch (surroundings.tickets().open(request.ticket(), actions.now())) {
      case Presented.Bad(String why) -> refuse(datagram, message, why, actions);
      case Presented.Good(Ticket ticket, TicketKey.Serial serial) -> {
        try (ticket) {
          Optional<Connection> connection = meant(ticket, Path.of(datagram));
          yield connection.isEmpty()
              ? refuse(
                  datagram,
                  message,
                  "connection '%s' is none for it any more".formatted(ticket.connection()),
                  actions)
              : answer(
                  new Accepted(datagram, message, request, connection.get(), ticket, serial),
                  actions);
        }
      }
    };
  }

  private static Step refuse(Datagram datagram, Message message, String why, Actions actions) {
    return Responder.refuse(
        datagram, message, Refusal.of(NotifyType.TICKET_NACK, "the ticket: " + why), actions);
  }

  /// The connection that a ticket names, if it is still as it was, resumes, and may be between
  /// these addresses.
  private Optional<Connection> meant(Ticket ticket, Path path) {
    return Peer.candidates(surroundings.connections(), path.local(), path.remote()).stream()
        .filter(each -> each.name().equals(ticket.connection()))
        .filter(each -> each.hashCode() == ticket.configured())
        .filter(each -> each.options().extensions().contains(Extension.RESUMPTION))
        .filter(each -> Peer.permits(each, ticket.remote()))
        .filter(each -> Peer.allows(each, ticket.suite()))
        .findFirst();
  }

  private record Accepted(
      Datagram datagram,
      Message message,
      IkeSessionResume.Request request,
      Connection connection,
      Ticket ticket,
      TicketKey.Serial serial) {

    Path path() {
      return Path.of(datagram);
    }

    /// What both ends announce.
    Set<Extension> extensions() {
      return request
          .notifies()
          .extensionsAsResponder(IkeSessionResume.announced(connection.extensions()));
    }
  }

  /// `<-- HDR, Nr`
  private Step answer(Accepted a, Actions actions) {
    Connection connection = a.connection();
    actions.received(connection, a.datagram(), a.message());
    actions.progress(connection, "%s is resuming an IKE_SA".formatted(a.path().remote()));
    Header in = a.message().header();
    long spi = IkeSa.freshSpi(surroundings.random());
    Header header = new Header(in.spiI(), spi, in.exchange(), in.flags(), in.messageId());
    List<Notify> notifies =
        new ArrayList<>(Nat.announced(connection, header, a.path(), surroundings.random()));
    notifies.addAll(Notifies.announcingAsResponder(a.extensions()));
    Nonce nr = new Nonce(children.nonce());
    Message answer = IkeSessionResume.answer(header, nr, notifies);
    Bytes octets = Bytes.of(answer.write());
    Bytes request = Bytes.of(a.datagram().payload());
    Bytes ni = a.request().ni().data();
    InitMessages init =
        new InitMessages(request, octets, ni, nr.data())
            .with(surroundings.cookiesGiven(ni, a.path().remote(), header.spiI()))
            .with(new Resumed(a.ticket().peer(connection), Optional.of(a.serial())));
    actions.exchanged(header, Role.RESPONDER, Result.OK);
    actions.send(connection, answer, a.path().datagram(octets.toArray()));
    return actions.then(
        new InitAnswered(
            ikeSa(a, header, init),
            connection,
            init,
            MessageWindow.fresh().answered(List.of(octets)),
            actions.now().plus(surroundings.halfOpenTimeout())));
  }

  private IkeSa ikeSa(Accepted a, Header header, InitMessages init) {
    Ticket ticket = a.ticket();
    Nat nat = Nat.detect(a.request().notifies(), header.spiI(), 0, a.path());
    return new IkeSa(
        Role.RESPONDER,
        surroundings.nextIkeSerial(),
        header.spiI(),
        header.spiR(),
        IkeKeys.resume(ticket.suite(), ticket.skD(), init.inputs(header.spiI(), header.spiR())),
        a.path(),
        nat,
        nat.encapsulates(a.connection(), a.path()),
        a.extensions());
  }
}
