package espd.ike.exchange;

import espd.ike.message.Bytes;
import java.time.Instant;
import java.util.Optional;

/// The message ids of one IKE SA (RFC 7296 §2.1–2.3), both ways, with a window of one: one request
/// of ours in flight, one of the peer's being answered. It alone knows duplicates and
/// retransmission; an exchange sees each message once. Immutable.
///
/// @param nextId of our next request
/// @param outstanding our request that waits for its response
/// @param expectedId of the peer's next request
/// @param answer our response to the request before that, for its duplicates
public record MessageWindow(
    int nextId, Optional<Outstanding> outstanding, int expectedId, Optional<Bytes> answer) {

  /// A request in flight.
  ///
  /// @param id its message id
  /// @param octets the message, sent again bit by bit (RFC 7296 §2.1)
  /// @param tries how often it was sent again
  /// @param againAt when it is to be sent once more or given up
  public record Outstanding(int id, Bytes octets, int tries, Instant againAt) {}

  /// What a request of the peer is to this window.
  public enum Arrival {
    /// To be processed and answered.
    NEXT,
    /// Already answered: the same response goes out again.
    DUPLICATE,
    /// Outside of the window: ignored (RFC 7296 §2.3).
    OUTSIDE
  }

  /// What the clock brings.
  public sealed interface Timeout {
    /// Nothing is due.
    record NotYet() implements Timeout {}

    /// The request goes out once more.
    record Again(MessageWindow window, Bytes octets) implements Timeout {}

    /// The peer does not answer.
    record GaveUp() implements Timeout {}
  }

  /// {@return the window of a new IKE SA: both ends count from 0}
  public static MessageWindow fresh() {
    return new MessageWindow(0, Optional.empty(), 0, Optional.empty());
  }

  /// {@return this window with our request on its way}
  ///
  /// @throws IllegalStateException when one is already
  public MessageWindow requested(Bytes octets, Instant againAt) {
    if (outstanding.isPresent()) {
      throw new IllegalStateException("request " + outstanding.get().id() + " is in flight");
    }
    Outstanding request = new Outstanding(nextId, octets, 0, againAt);
    return new MessageWindow(nextId + 1, Optional.of(request), expectedId, answer);
  }

  /// {@return whether `id` is of the response that is waited for}
  public boolean awaits(int id) {
    return outstanding.isPresent() && outstanding.get().id() == id;
  }

  /// {@return this window after the response has arrived}
  public MessageWindow responded() {
    return new MessageWindow(nextId, Optional.empty(), expectedId, answer);
  }

  /// {@return what a request of the peer with this `id` is}
  public Arrival arrival(int id) {
    if (id == expectedId) {
      return Arrival.NEXT;
    }
    return answer.isPresent() && id == expectedId - 1 ? Arrival.DUPLICATE : Arrival.OUTSIDE;
  }

  /// {@return this window after the peer's request has been answered}
  public MessageWindow answered(Bytes response) {
    return new MessageWindow(nextId, outstanding, expectedId + 1, Optional.of(response));
  }

  /// {@return what is due at `now` (RFC 7296 §2.4)}
  public Timeout timeout(Instant now, Retransmission policy) {
    if (outstanding.isEmpty() || now.isBefore(outstanding.get().againAt())) {
      return new Timeout.NotYet();
    }
    Outstanding request = outstanding.get();
    if (request.tries() == policy.tries()) {
      return new Timeout.GaveUp();
    }
    int tries = request.tries() + 1;
    Outstanding again =
        new Outstanding(request.id(), request.octets(), tries, now.plus(policy.wait(tries)));
    return new Timeout.Again(
        new MessageWindow(nextId, Optional.of(again), expectedId, answer), request.octets());
  }

  /// {@return when [#timeout] has something to say}
  public Optional<Instant> wakeAt() {
    return outstanding.map(Outstanding::againAt);
  }
}
