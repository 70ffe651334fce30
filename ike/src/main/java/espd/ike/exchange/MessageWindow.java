package espd.ike.exchange;

import espd.ike.message.Bytes;
import espd.ike.message.Header;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The message ids of one IKE SA (RFC 7296 §2.1–2.3), both ways, with a window of one: one request
/// of ours in flight, one of the peer's being answered. It alone knows duplicates, retransmission
/// and which fragments are still missing (RFC 7383 §2.6); an exchange sees each message once.
/// Immutable.
///
/// @param nextId of our next request
/// @param outstanding our request that waits for its response
/// @param expectedId of the peer's next request
/// @param answer our response to the request before that, for its duplicates, one datagram or its
///   fragments
/// @param repeats how often that response has gone out again to a peer that has not proven itself
/// @param fromRequest fragments of the peer's next request
/// @param fromResponse fragments of the response that is waited for
public record MessageWindow(
    int nextId,
    Optional<Outstanding> outstanding,
    int expectedId,
    Optional<List<Bytes>> answer,
    int repeats,
    Reassembly fromRequest,
    Reassembly fromResponse) {

  /// Who does not get a response after as many tries has given up.
  static final int MOST_REPEATS = 10;

  /// A request in flight.
  ///
  /// @param id its message id
  /// @param datagrams the message or its fragments, sent again bit by bit (RFC 7296 §2.1, RFC 7383
  ///   §2.6.1)
  /// @param tries how often it was sent again
  /// @param againAt when it is to be sent once more or given up
  public record Outstanding(int id, List<Bytes> datagrams, int tries, Instant againAt) {}

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
    record Again(MessageWindow window, List<Bytes> datagrams) implements Timeout {}

    /// The peer does not answer.
    record GaveUp() implements Timeout {}
  }

  /// {@return the window of a new IKE SA: both ends count from 0}
  public static MessageWindow fresh() {
    return new MessageWindow(
        0, Optional.empty(), 0, Optional.empty(), 0, Reassembly.NONE, Reassembly.NONE);
  }

  /// {@return this window with our request on its way}
  ///
  /// @throws IllegalStateException when one is already
  public MessageWindow requested(List<Bytes> datagrams, Instant againAt) {
    if (outstanding.isPresent()) {
      throw new IllegalStateException("request " + outstanding.get().id() + " is in flight");
    }
    Outstanding request = new Outstanding(nextId, List.copyOf(datagrams), 0, againAt);
    return new MessageWindow(
        nextId + 1,
        Optional.of(request),
        expectedId,
        answer,
        repeats,
        fromRequest,
        Reassembly.NONE);
  }

  /// {@return whether `id` is of the response that is waited for}
  public boolean awaits(int id) {
    return outstanding.isPresent() && outstanding.get().id() == id;
  }

  /// {@return this window after the response has arrived}
  public MessageWindow responded() {
    return new MessageWindow(
        nextId, Optional.empty(), expectedId, answer, repeats, fromRequest, Reassembly.NONE);
  }

  /// {@return what a request of the peer with this `id` is}
  public Arrival arrival(int id) {
    if (id == expectedId) {
      return Arrival.NEXT;
    }
    return answer.isPresent() && id == expectedId - 1 ? Arrival.DUPLICATE : Arrival.OUTSIDE;
  }

  /// {@return this window after the peer's request has been answered, with one datagram or the
  /// fragments of the response}
  public MessageWindow answered(List<Bytes> response) {
    return new MessageWindow(
        nextId,
        outstanding,
        expectedId + 1,
        Optional.of(List.copyOf(response)),
        0,
        Reassembly.NONE,
        fromResponse);
  }

  /// {@return this window after its response has gone out again to a peer that has not proven
  /// itself: there is none any more when that has been so often enough. Such a peer can name
  /// anybody as where it is to go}
  MessageWindow repeated() {
    Optional<List<Bytes>> left = answer.filter(response -> repeats + 1 < MOST_REPEATS);
    return new MessageWindow(
        nextId, outstanding, expectedId, left, repeats + 1, fromRequest, fromResponse);
  }

  /// {@return the fragments that have come of the message with this header: of the response that is
  /// waited for, or of the peer's next request}
  Reassembly fragments(Header header) {
    return header.isResponse() ? fromResponse : fromRequest;
  }

  /// {@return this window with those fragments of the message with this header}
  MessageWindow with(Header header, Reassembly fragments) {
    boolean response = header.isResponse();
    return new MessageWindow(
        nextId,
        outstanding,
        expectedId,
        answer,
        repeats,
        response ? fromRequest : fragments,
        response ? fragments : fromResponse);
  }

  /// {@return this window without the fragments that have waited too long for the others}
  MessageWindow forgetting(Instant now) {
    return new MessageWindow(
        nextId,
        outstanding,
        expectedId,
        answer,
        repeats,
        fromRequest.until().isAfter(now) ? fromRequest : Reassembly.NONE,
        fromResponse.until().isAfter(now) ? fromResponse : Reassembly.NONE);
  }

  /// {@return when [#forgetting] has something to forget}
  Optional<Instant> forgetAt() {
    return Stream.of(fromRequest, fromResponse)
        .filter(fragments -> fragments.total() > 0)
        .map(Reassembly::until)
        .min(Instant::compareTo);
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
        new Outstanding(request.id(), request.datagrams(), tries, now.plus(policy.wait(tries)));
    return new Timeout.Again(
        new MessageWindow(
            nextId, Optional.of(again), expectedId, answer, repeats, fromRequest, fromResponse),
        request.datagrams());
  }

  /// {@return when [#timeout] has something to say}
  public Optional<Instant> wakeAt() {
    return outstanding.map(Outstanding::againAt);
  }
}
