package espd.ike.exchange;

import espd.ike.Connection;
import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.message.Notify;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// An end within IKE_AUTH whose proofs take computations or rounds: signatures (RFC 7296 §2.15) and
/// EAP (§2.16).
public sealed interface Authenticating extends Connecting.Keyed {

  /// {@return whether the peer has begun and has not proven itself}
  boolean isHalfOpen();

  /// The initiator's signature is being made.
  ///
  /// @param keying what we know
  /// @param ppk what is asked for
  record Proving(Keying keying, Ppk ppk) implements Authenticating {
    @Override
    public Optional<Instant> wakeAt() {
      return Optional.empty();
    }

    @Override
    public boolean isHalfOpen() {
      return false;
    }

    @Override
    public IkeSa ikeSa() {
      return keying.ikeSa();
    }

    @Override
    public MessageWindow window() {
      return keying.window();
    }

    @Override
    public Connection connection() {
      return keying.wish().connection();
    }
  }

  /// A computation in a state that goes on after it.
  sealed interface Within extends Authenticating {

    /// {@return that state}
    Connecting.Keyed within();

    @Override
    default Optional<Instant> wakeAt() {
      return Optional.empty();
    }

    @Override
    default boolean isHalfOpen() {
      return !(within() instanceof Connecting.AuthRequested);
    }

    @Override
    default IkeSa ikeSa() {
      return within().ikeSa();
    }

    @Override
    default MessageWindow window() {
      return within().window();
    }

    @Override
    default Connection connection() {
      return within().connection();
    }
  }

  /// The initiator has the responder's proof; its certificate and signature are being verified.
  ///
  /// @param within what was asked
  /// @param response the proof, and what else the responder says
  /// @param header of the response
  record Verifying(Connecting.AuthRequested within, IkeAuth.Response response, Header header)
      implements Within {}

  /// The initiator has the responder's packet of EAP; our answer is being made, and before the last
  /// perhaps asked whether a certificate is revoked.
  ///
  /// @param within what was asked for, its response taken from the window
  record AnsweringEap(Connecting.AuthRequested within) implements Within {}

  /// The responder has the initiator's first request: the proof in it is being verified, and then
  /// ours made.
  ///
  /// @param within what was waited in, with the keys that count
  /// @param request what the initiator says
  /// @param header of the request
  /// @param peer who it says it is
  /// @param notifies what the answer says of a PPK
  record Claimed(
      Connecting.InitAnswered within,
      IkeAuth.Request request,
      Header header,
      Peer peer,
      List<Notify> notifies)
      implements Within {
    @Override
    public Connection connection() {
      return peer.connection();
    }
  }

  /// The responder has sent a packet of EAP and waits for the next request.
  ///
  /// @param ikeSa SPIs, keys and path
  /// @param init what AUTH signs
  /// @param window holds the response
  /// @param giveUpAt when the peer has had its time for all of IKE_AUTH
  /// @param run our conversation
  record EapAsked(
      IkeSa ikeSa, InitMessages init, MessageWindow window, Instant giveUpAt, EapResponder.Run run)
      implements Authenticating {

    EapAsked with(IkeSa newIkeSa) {
      return new EapAsked(newIkeSa, init, window, giveUpAt, run);
    }

    EapAsked with(MessageWindow newWindow) {
      return new EapAsked(ikeSa, init, newWindow, giveUpAt, run);
    }

    EapAsked with(EapResponder.Run newRun) {
      return new EapAsked(ikeSa, init, window, giveUpAt, newRun);
    }

    /// Wipes the keys, and what EAP knows.
    void close() {
      ikeSa.keys().close();
      run.close();
    }

    @Override
    public Optional<Instant> wakeAt() {
      return Optional.of(giveUpAt);
    }

    @Override
    public boolean isHalfOpen() {
      return true;
    }

    @Override
    public Connection connection() {
      return run.peer().connection();
    }
  }

  /// The responder has the initiator's packet of EAP; what it leads to is being found out, and then
  /// perhaps whether a certificate is revoked.
  ///
  /// @param within what was waited for
  /// @param header of the request
  /// @param success what is to be said when none is revoked; empty before that is asked
  record JudgingEap(EapAsked within, Header header, Bytes success) implements Within {}
}
