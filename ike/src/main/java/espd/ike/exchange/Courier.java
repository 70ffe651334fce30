package espd.ike.exchange;

import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.message.Message;
import espd.ike.message.Payload;
import java.time.Instant;
import java.util.List;

/// Seals and sends the messages of an established IKE SA (RFC 7296 §3.14).
final class Courier {

  private final Surroundings surroundings;

  Courier(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /// Sends our request.
  ///
  /// @param pending what it is, until its response
  Established request(
      Established s, int exchange, List<Payload> payloads, Pending pending, Actions actions) {
    Header header = s.ikeSa().request(exchange, s.window().nextId());
    Bytes octets = send(s, new Message(header, payloads), actions);
    Instant againAt = actions.now().plus(surroundings.retransmission().wait(0));
    return s.pending(pending)
        .with(s.window().requested(octets, againAt))
        .with(s.timers().sent(actions.now()));
  }

  /// Sends our response to the peer's request.
  Bytes response(Established s, Header request, List<Payload> payloads, Actions actions) {
    return send(s, new Message(s.ikeSa().responseTo(request), payloads), actions);
  }

  private Bytes send(Established s, Message message, Actions actions) {
    Bytes octets = Bytes.of(s.ikeSa().seal(message, surroundings.random()));
    actions.send(s.peer().connection(), message, s.ikeSa().path().datagram(octets.toArray()));
    return octets;
  }
}
