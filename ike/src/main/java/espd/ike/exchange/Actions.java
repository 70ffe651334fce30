package espd.ike.exchange;

import espd.ike.Connection;
import espd.ike.Datagram;
import espd.ike.crypto.Role;
import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.message.Message;
import espd.ike.message.Notify;
import espd.ike.message.NotifyType;
import espd.ike.message.Payload;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// The actions of one step as they gather, with the lines of the log in strongSwan's words.
final class Actions {

  private final Instant now;
  private final List<Action> list = new ArrayList<>();

  /// @param now the time of the event
  Actions(Instant now) {
    this.now = now;
  }

  /// {@return the time of the event}
  Instant now() {
    return now;
  }

  /// {@return the step to `next`}
  Step then(IkeSaState next) {
    return new Step(next, list);
  }

  void add(Action action) {
    list.add(action);
  }

  void addAll(List<? extends Action> actions) {
    list.addAll(actions);
  }

  void tell(Report report) {
    list.add(new Action.Tell(report));
  }

  /// One line of progress.
  void progress(Connection connection, String line) {
    tell(new Report.Progress(connection.name(), line));
  }

  /// One line that a person should look at.
  void warning(Connection connection, String line) {
    tell(new Report.Warning(connection.name(), line));
  }

  /// Sends a message that was just made, and says so.
  ///
  /// @param message with its payloads as they were before encryption
  void send(Connection connection, Message message, Datagram datagram) {
    generated(connection, message);
    sent(connection, datagram);
  }

  /// Says what a message of ours is, before it is encrypted and sent.
  void generated(Connection connection, Message message) {
    progress(connection, "generating " + message);
    notifies(Report.Sender.US, message.payloads());
  }

  /// Sends a message or a fragment of one, and says so.
  void sent(Connection connection, Datagram datagram) {
    progress(connection, "sending packet: " + datagram);
    list.add(new Action.Send(datagram));
  }

  /// Sends what needs no line in the log.
  void sendAgain(Datagram datagram) {
    list.add(new Action.Send(datagram));
  }

  /// Sends again what was sent before: a message or all its fragments.
  void sendAgain(Path path, List<Bytes> datagrams) {
    datagrams.forEach(octets -> sendAgain(path.datagram(octets.toArray())));
  }

  /// Says what came in the clear.
  void received(Connection connection, Datagram datagram, Message message) {
    came(connection, datagram);
    parsed(connection, message);
  }

  /// Says that something came.
  void came(Connection connection, Datagram datagram) {
    progress(
        connection,
        "received packet: from %s[%d] to %s[%s] (%d bytes)"
            .formatted(
                datagram.remote(),
                datagram.remotePort(),
                datagram.local(),
                Datagram.portText(datagram.localPort()),
                datagram.payload().length));
  }

  /// Says what it was that came.
  ///
  /// @param message with its payloads as they are after decryption
  void parsed(Connection connection, Message message) {
    progress(connection, "parsed " + message);
    notifies(Report.Sender.PEER, message.payloads());
  }

  private void notifies(Report.Sender sender, List<Payload> payloads) {
    for (Payload payload : payloads) {
      if (payload instanceof Notify notify && notify.isError()) {
        tell(new Report.Notified(sender, NotifyType.name(notify.type())));
      }
    }
  }

  /// Counts a datagram that was of no use.
  void dropped(String why) {
    tell(new Report.Dropped(why));
  }

  /// Counts the end of an exchange.
  void exchanged(Header header, Role asker, Result result) {
    tell(new Report.Exchanged(header.exchangeName(), asker, result.text));
  }

  /// How an exchange ends.
  enum Result {
    /// As it was asked for.
    OK("ok"),
    /// With an error.
    REFUSED("refused"),
    /// Without an answer.
    TIMEOUT("timeout"),
    /// With something that cannot be read.
    MALFORMED("malformed");

    private final String text;

    Result(String text) {
      this.text = text;
    }
  }
}
