package espd.ike.exchange;

import espd.ike.Connection;
import espd.ike.crypto.EphemeralKeyPair;
import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.message.Proposal;
import java.time.Instant;
import java.util.Optional;

/// An IKE SA on its way to be established.
public sealed interface Connecting extends IkeSaState {

  /// {@return our SPI, by which messages find this state}
  long localSpi();

  /// {@return the path of its messages}
  Path path();

  /// {@return the connection, as far as it is known: a responder's may change with the peer's
  /// identity}
  Connection connection();

  /// {@return the number by which people know it}
  int serial();

  /// An initiator without keys: all that is known is its attempt.
  sealed interface ByAttempt extends Connecting {

    /// {@return what we know}
    Attempt attempt();

    @Override
    default long localSpi() {
      return attempt().spi();
    }

    @Override
    default Path path() {
      return attempt().path();
    }

    @Override
    default Connection connection() {
      return attempt().wish().connection();
    }

    @Override
    default int serial() {
      return attempt().serial();
    }
  }

  /// An end that has keys and waits for the peer's proof.
  sealed interface Keyed extends Connecting, Enciphered
      permits ByKeying, AuthRequested, InitAnswered, AnsweringIntermediate, Authenticating {

    @Override
    Connection connection();

    @Override
    default long localSpi() {
      return ikeSa().localSpi();
    }

    @Override
    default Path path() {
      return ikeSa().path();
    }

    @Override
    default int serial() {
      return ikeSa().serial();
    }
  }

  /// The key pair of the initiator is being made.
  record PreparingInit(Attempt attempt) implements ByAttempt {
    @Override
    public Optional<Instant> wakeAt() {
      return Optional.empty();
    }
  }

  /// The initiator has asked.
  ///
  /// @param attempt what we know
  /// @param key our key pair
  /// @param window holds the request
  record InitRequested(Attempt attempt, EphemeralKeyPair key, MessageWindow window)
      implements ByAttempt {
    @Override
    public Optional<Instant> wakeAt() {
      return window.wakeAt();
    }
  }

  /// The initiator has asked for an IKE SA to be resumed (RFC 5723 §4.3.2).
  ///
  /// @param attempt what we know
  /// @param ticket that it has shown
  /// @param window holds the request
  record ResumeRequested(Attempt attempt, HeldTicket ticket, MessageWindow window)
      implements ByAttempt {

    ResumeRequested with(MessageWindow newWindow) {
      return new ResumeRequested(attempt, ticket, newWindow);
    }

    @Override
    public Optional<Instant> wakeAt() {
      return window.wakeAt();
    }
  }

  /// The initiator has its answer; the shared secret is being made.
  ///
  /// @param attempt what we know
  /// @param chosen the proposal the peer chose
  /// @param response the answer
  /// @param spiR the peer's SPI
  /// @param init what AUTH will sign
  /// @param window past IKE_SA_INIT
  record DerivingInit(
      Attempt attempt,
      Proposal chosen,
      IkeSaInit.Accepted response,
      long spiR,
      InitMessages init,
      MessageWindow window)
      implements ByAttempt {
    @Override
    public Optional<Instant> wakeAt() {
      return Optional.empty();
    }
  }

  /// An initiator between IKE_SA_INIT and IKE_AUTH.
  sealed interface ByKeying extends Keyed {

    /// {@return what we know}
    Keying keying();

    @Override
    default IkeSa ikeSa() {
      return keying().ikeSa();
    }

    @Override
    default MessageWindow window() {
      return keying().window();
    }

    @Override
    default Connection connection() {
      return keying().wish().connection();
    }
  }

  /// The key pair of an additional key exchange is being made.
  record PreparingIntermediate(Keying keying) implements ByKeying {
    @Override
    public Optional<Instant> wakeAt() {
      return Optional.empty();
    }
  }

  /// The initiator has asked for an additional key exchange.
  ///
  /// @param keying what we know; its window holds the request
  /// @param key our key pair
  /// @param request what AUTH will cover of the request
  record IntermediateRequested(Keying keying, EphemeralKeyPair key, Bytes request)
      implements ByKeying {

    IntermediateRequested with(MessageWindow window) {
      return new IntermediateRequested(keying.with(window), key, request);
    }

    @Override
    public Optional<Instant> wakeAt() {
      return keying.window().wakeAt();
    }
  }

  /// The shared secret of an additional key exchange is being made.
  ///
  /// @param keying what we know, with this exchange in what AUTH signs
  record DerivingIntermediate(Keying keying) implements ByKeying {
    @Override
    public Optional<Instant> wakeAt() {
      return Optional.empty();
    }
  }

  /// The initiator has proven itself and waits for the peer to do so.
  ///
  /// @param ikeSa SPIs, keys and path
  /// @param offer the first Child SA
  /// @param init what AUTH signs
  /// @param window holds the request
  /// @param eap our conversation, when we prove ourselves by EAP
  record AuthRequested(
      IkeSa ikeSa,
      ChildOffer offer,
      InitMessages init,
      MessageWindow window,
      Optional<EapInitiator.Run> eap)
      implements Keyed {

    AuthRequested with(IkeSa newIkeSa) {
      return new AuthRequested(newIkeSa, offer, init, window, eap);
    }

    AuthRequested with(MessageWindow newWindow) {
      return new AuthRequested(ikeSa, offer, init, newWindow, eap);
    }

    AuthRequested with(EapInitiator.Run run) {
      return new AuthRequested(ikeSa, offer, init, window, Optional.of(run));
    }

    /// Wipes the keys, and what EAP knows.
    void close() {
      ikeSa.keys().close();
      eap.ifPresent(EapInitiator.Run::close);
    }

    @Override
    public Optional<Instant> wakeAt() {
      return window.wakeAt();
    }

    @Override
    public Connection connection() {
      return offer.wish().connection();
    }
  }

  /// The responder has read the request; the shared secret is being made.
  ///
  /// @param header of the request, with our SPI in it
  /// @param serial the n of `NAME[n]`
  /// @param path where it came from
  /// @param request the request
  /// @param octets the request as it came
  /// @param chosen the proposal we choose
  /// @param connection the first that fits
  record AnsweringInit(
      Header header,
      int serial,
      Path path,
      IkeSaInit.Request request,
      Bytes octets,
      Proposal chosen,
      Connection connection)
      implements Connecting {

    @Override
    public Optional<Instant> wakeAt() {
      return Optional.empty();
    }

    @Override
    public long localSpi() {
      return header.spiR();
    }
  }

  /// The responder has answered and waits for the peer to prove itself.
  ///
  /// @param ikeSa SPIs, keys and path
  /// @param connection the first that may be meant
  /// @param init what AUTH signs
  /// @param window holds the response
  /// @param giveUpAt when the peer has had its time
  record InitAnswered(
      IkeSa ikeSa, Connection connection, InitMessages init, MessageWindow window, Instant giveUpAt)
      implements Keyed {

    InitAnswered with(IkeSa newIkeSa) {
      return new InitAnswered(newIkeSa, connection, init, window, giveUpAt);
    }

    InitAnswered with(MessageWindow newWindow) {
      return new InitAnswered(ikeSa, connection, init, newWindow, giveUpAt);
    }

    @Override
    public Optional<Instant> wakeAt() {
      return Optional.of(giveUpAt);
    }
  }

  /// The responder has read a request for an additional key exchange; the shared secret is being
  /// made.
  ///
  /// @param waiting as it was before
  /// @param header of the request
  /// @param request what AUTH will cover of the request
  record AnsweringIntermediate(InitAnswered waiting, Header header, Bytes request)
      implements Keyed {
    @Override
    public Optional<Instant> wakeAt() {
      return Optional.empty();
    }

    @Override
    public IkeSa ikeSa() {
      return waiting.ikeSa();
    }

    @Override
    public MessageWindow window() {
      return waiting.window();
    }

    @Override
    public Connection connection() {
      return waiting.connection();
    }
  }
}
