package espd.ike.v1.exchange;

import espd.ike.Connection;
import espd.ike.Datagram;
import espd.ike.crypto.Role;
import espd.ike.exchange.Actions;
import espd.ike.exchange.Path;
import espd.ike.exchange.Report;
import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.v1.crypto.Iv;
import espd.ike.v1.crypto.PhaseOneCipher;
import espd.ike.v1.message.IsakmpMessage;
import espd.ike.v1.message.IsakmpPayload;
import espd.ike.v1.message.Notification;
import espd.ike.v1.message.NotificationType;
import java.security.SecureRandom;
import java.util.List;

/// Messages as they come and go, with the lines of the log in strongSwan's words: what the
/// initiator of an exchange sends is a request there, what the responder sends a response.
final class Courier {

  private Courier() {}

  /// Sends a message that is not encrypted.
  ///
  /// @param sender our end of the exchange
  /// @return its octets
  static Bytes send(
      Attempt attempt, List<? extends IsakmpPayload> payloads, Role sender, Actions actions) {
    IsakmpMessage message = new IsakmpMessage(attempt.header(), List.copyOf(payloads));
    Bytes octets = Bytes.of(message.write());
    generated(attempt.connection(), message, sender, actions);
    actions.sent(attempt.connection(), attempt.path().datagram(octets.toArray()));
    return octets;
  }

  /// A message that is sent.
  ///
  /// @param octets of it
  /// @param next IV of the exchange
  record Posted(Bytes octets, Iv next) {}

  /// Where and for whom a message is.
  ///
  /// @param header of the message
  /// @param sender our end of the exchange
  /// @param iv of this message
  record Letter(Header header, Role sender, Iv iv) {}

  /// Sends an encrypted message.
  static Posted send(
      IsakmpSa sa,
      Connection connection,
      Letter letter,
      List<? extends IsakmpPayload> payloads,
      Actions actions) {
    PhaseOneCipher.Sealed sealed = sa.seal(letter.header(), payloads, letter.iv());
    Bytes octets = Bytes.of(sealed.message().write());
    generated(
        connection,
        new IsakmpMessage(letter.header(), List.copyOf(payloads)),
        letter.sender(),
        actions);
    actions.sent(connection, sa.path().datagram(octets.toArray()));
    return new Posted(octets, sealed.next());
  }

  private static void generated(
      Connection connection, IsakmpMessage message, Role sender, Actions actions) {
    actions.progress(connection, "generating " + text(message, sender));
    notified(Report.Sender.US, message, actions);
  }

  /// Says what has come.
  ///
  /// @param sender the peer's end of the exchange
  static void received(
      Connection connection,
      Datagram datagram,
      IsakmpMessage message,
      Role sender,
      Actions actions) {
    actions.came(connection, datagram);
    actions.progress(connection, "parsed " + text(message, sender));
    notified(Report.Sender.PEER, message, actions);
  }

  private static String text(IsakmpMessage message, Role sender) {
    return sender == Role.INITIATOR ? message.asRequest() : message.asResponse();
  }

  private static void notified(Report.Sender sender, IsakmpMessage message, Actions actions) {
    for (Notification notification : message.all(Notification.class)) {
      if (notification.isError()) {
        actions.tell(new Report.Notified(sender, NotificationType.name(notification.type())));
      }
    }
  }

  /// Sends again what was sent before.
  static void sendAgain(Path path, Bytes octets, Actions actions) {
    actions.sendAgain(path.datagram(octets.toArray()));
  }

  /// Sends the next retransmission of a message.
  static void retransmit(
      Connection connection, Path path, Sent again, int messageId, Actions actions) {
    actions.progress(
        connection,
        "sending retransmit %d of request message ID %s"
            .formatted(again.tries(), Integer.toUnsignedString(messageId)));
    actions.tell(new Report.Retransmitted(connection.name()));
    sendAgain(path, again.octets(), actions);
  }

  /// Refuses something before there are keys: nobody has to believe it (RFC 2409 §5.7).
  ///
  /// @param refused header of the message that is refused
  /// @param type of the notification
  static void refuse(Path path, Header refused, int type, SecureRandom random, Actions actions) {
    Header header =
        new Header(
            refused.spiI(), refused.spiR(), Header.INFORMATIONAL_V1, 0, Fresh.messageId(random));
    Notification notification = Notification.ofIsakmp(header, type, Bytes.EMPTY);
    actions.tell(new Report.Notified(Report.Sender.US, NotificationType.name(type)));
    actions.sendAgain(path.datagram(new IsakmpMessage(header, List.of(notification)).write()));
  }

  /// {@return what a notification says, for people}
  static String text(Notification notification) {
    String name = NotificationType.name(notification.type()).replace('-', '_');
    return "received %s %s".formatted(name, notification.isError() ? "error notify" : "notify");
  }
}
