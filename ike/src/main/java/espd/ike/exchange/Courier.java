package espd.ike.exchange;

import espd.ike.Connection;
import espd.ike.Datagram;
import espd.ike.DropReason;
import espd.ike.Extension;
import espd.ike.crypto.OpenedFragment;
import espd.ike.crypto.OpenedMessage;
import espd.ike.crypto.UnauthenticException;
import espd.ike.message.Bytes;
import espd.ike.message.EncryptedFragment;
import espd.ike.message.Header;
import espd.ike.message.MalformedException;
import espd.ike.message.Message;
import espd.ike.message.Payload;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Seals and sends messages, and opens those that come (RFC 7296 §3.14), in fragments where they
/// are too long for a packet (RFC 7383).
final class Courier {

  private final Surroundings surroundings;

  Courier(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /// Sends our request on an established IKE SA.
  ///
  /// @param pending what it is, until its response
  Established request(
      Established s, int exchange, List<Payload> payloads, Pending pending, Actions actions) {
    Header header = s.ikeSa().request(exchange, s.window().nextId());
    List<Bytes> sent = send(s.ikeSa(), s.connection(), new Message(header, payloads), actions);
    Instant againAt = actions.now().plus(surroundings.retransmission().wait(0));
    return s.pending(pending)
        .with(s.window().requested(sent, againAt))
        .with(s.timers().sent(actions.now()));
  }

  /// Sends our request of IKE_AUTH.
  ///
  /// @return the window with it
  MessageWindow authRequest(
      IkeSa ikeSa,
      MessageWindow window,
      Connection connection,
      List<Payload> payloads,
      Actions actions) {
    Message message = new Message(ikeSa.request(Header.IKE_AUTH, window.nextId()), payloads);
    List<Bytes> sent = send(ikeSa, connection, message, actions);
    return window.requested(sent, actions.now().plus(surroundings.retransmission().wait(0)));
  }

  /// Sends our response to the peer's request on an established IKE SA.
  ///
  /// @return what was sent
  List<Bytes> response(Established s, Header request, List<Payload> payloads, Actions actions) {
    IkeSa ikeSa = s.ikeSa().along(s.ikeSa().back());
    return send(ikeSa, s.connection(), new Message(ikeSa.responseTo(request), payloads), actions);
  }

  /// Sends a message.
  ///
  /// @param connection whose options say how long a packet may be
  /// @return what was sent: one datagram, or the fragments of the message
  List<Bytes> send(IkeSa ikeSa, Connection connection, Message message, Actions actions) {
    actions.generated(connection, message);
    byte[] whole = ikeSa.seal(message, surroundings.random());
    int packetOctets = connection.options().fragmentOctets();
    int largest = ikeSa.path().messageOctets(packetOctets);
    List<byte[]> datagrams = List.of(whole);
    if (packetOctets > 0 && whole.length > largest && ikeSa.has(Extension.FRAGMENTATION)) {
      datagrams = ikeSa.sealFragments(message, largest, surroundings.random());
      actions.progress(
          connection,
          "splitting IKE message (%d bytes) into %d fragments"
              .formatted(whole.length, datagrams.size()));
    }
    for (byte[] octets : datagrams) {
      actions.sent(connection, ikeSa.path().datagram(octets));
    }
    return datagrams.stream().map(Bytes::of).toList();
  }

  /// What a datagram leads to.
  ///
  /// @param window with the fragment that it was, if it was one
  /// @param message authentic, its payloads still to be read; none while fragments are missing
  record Opened(MessageWindow window, Optional<OpenedMessage> message) {}

  /// Opens a datagram that the window permits, and says so in the log.
  ///
  /// @throws UnauthenticException when the peer did not send it
  /// @throws MalformedException when it is nothing the peer would send
  Opened open(Enciphered s, Datagram datagram, Actions actions)
      throws MalformedException, UnauthenticException {
    Message outer = Message.read(datagram.payload());
    if (EncryptedFragment.in(outer).isPresent()) {
      return gather(s, outer, datagram, actions);
    }
    OpenedMessage message = s.ikeSa().open(datagram.payload());
    actions.came(s.connection(), datagram);
    return new Opened(s.window(), Optional.of(message));
  }

  /// A fragment (RFC 7383 §2.6): what is of no use costs no decryption, and what is not authentic
  /// is not kept.
  private static Opened gather(Enciphered s, Message outer, Datagram datagram, Actions actions)
      throws MalformedException, UnauthenticException {
    Header header = outer.header();
    EncryptedFragment fragment = EncryptedFragment.in(outer).orElseThrow();
    Reassembly before = s.window().fragments(header);
    if (!s.ikeSa().has(Extension.FRAGMENTATION) || !before.wants(fragment)) {
      actions.dropped(DropReason.UNWANTED_FRAGMENT);
      return new Opened(s.window(), Optional.empty());
    }
    OpenedFragment opened = s.ikeSa().openFragment(datagram.payload());
    actions.came(s.connection(), datagram);
    actions.parsed(s.connection(), outer);
    Reassembly gathered = before.plus(opened, actions.now());
    String which = "received fragment #%d of %d, ".formatted(fragment.number(), fragment.total());
    if (!gathered.isComplete()) {
      actions.progress(s.connection(), which + "waiting for complete IKE message");
      return new Opened(s.window().with(header, gathered), Optional.empty());
    }
    actions.progress(
        s.connection(),
        which + "reassembled fragmented IKE message (%d bytes)".formatted(gathered.octets()));
    return new Opened(s.window().with(header, Reassembly.NONE), Optional.of(gathered.message()));
  }

  /// Sends our response again to a duplicate of the request that the peer has sent: what a stranger
  /// makes up from the header of one is not worth an answer.
  ///
  /// @return the window of a peer that has not proven itself
  /// @throws UnauthenticException when the peer did not send it
  /// @throws MalformedException when the duplicate is nothing the peer would send
  static MessageWindow again(Enciphered s, Datagram duplicate, Actions actions)
      throws MalformedException, UnauthenticException {
    if (EncryptedFragment.in(Message.read(duplicate.payload())).isPresent()) {
      s.ikeSa().openFragment(duplicate.payload());
    } else {
      s.ikeSa().open(duplicate.payload());
    }
    return again(s.window(), duplicate, actions);
  }

  /// Sends our response again to a duplicate of the request: of its fragments the first asks for it
  /// (RFC 7383 §2.6.1).
  ///
  /// @return the window of a peer that has not proven itself
  /// @throws MalformedException when the duplicate is nothing the peer would send
  static MessageWindow again(MessageWindow window, Datagram duplicate, Actions actions)
      throws MalformedException {
    boolean asks =
        EncryptedFragment.in(Message.read(duplicate.payload()))
            .map(fragment -> fragment.number() == 1)
            .orElse(true);
    if (!asks) {
      return window;
    }
    actions.sendAgain(Path.of(duplicate), window.answer().orElseThrow());
    return window.repeated();
  }
}
