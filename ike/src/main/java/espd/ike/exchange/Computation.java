package espd.ike.exchange;

import espd.ike.crypto.EphemeralKeyPair;
import espd.ike.crypto.InvalidPublicValueException;
import espd.ike.crypto.KeyExchangeMethod;
import espd.ike.eap.EapEnd;
import espd.ike.eap.EapTurn;
import espd.ike.message.Bytes;
import espd.ike.message.KeyExchange;
import espd.spd.KeyMaterial;
import java.security.SecureRandom;

/// One end's work in a key exchange (RFC 7296 §2.14) or its turn of EAP (§2.16): milliseconds of
/// work that nobody waits for on the event loop. Any thread may run it, one at a time.
public sealed interface Computation {

  /// Runs it.
  ///
  /// @param random where private values are drawn from
  Result run(SecureRandom random);

  /// What comes of it. A state has at most one computation of its own request and one for the
  /// peer's request under way, and their results differ in type.
  sealed interface Result extends AutoCloseable {

    /// Wipes what is secret in it: for one that comes too late.
    @Override
    default void close() {}
  }

  /// The key pair of our request.
  record Generate(KeyExchangeMethod method) implements Computation {
    @Override
    public Result run(SecureRandom random) {
      return new Generated(method.generate(random));
    }
  }

  /// A key pair.
  record Generated(EphemeralKeyPair key) implements Result {
    @Override
    public void close() {
      key.close();
    }
  }

  /// The shared secret once the response to our request is here. The key pair is used up.
  record Agree(EphemeralKeyPair key, Bytes peerPublic) implements Computation {
    @Override
    public Result run(SecureRandom random) {
      try (key) {
        return new Agreed(key.agree(peerPublic));
      } catch (InvalidPublicValueException e) {
        return new NotAgreed(String.valueOf(e.getMessage()));
      }
    }
  }

  /// The shared secret, for our request.
  record Agreed(KeyMaterial secret) implements Result {
    @Override
    public void close() {
      secret.close();
    }
  }

  /// The peer's public value in its response is not to be used.
  record NotAgreed(String why) implements Result {}

  /// Public value and shared secret for the peer's request.
  record Answer(KeyExchangeMethod method, Bytes peerPublic) implements Computation {
    @Override
    public Result run(SecureRandom random) {
      try {
        KeyExchangeMethod.Answer answer = method.answer(peerPublic, random);
        return new Answered(new KeyExchange(method.transformId(), answer.data()), answer.secret());
      } catch (InvalidPublicValueException e) {
        return new NotAnswered(String.valueOf(e.getMessage()));
      }
    }
  }

  /// Our KE payload and the shared secret.
  record Answered(KeyExchange ke, KeyMaterial secret) implements Result {
    @Override
    public void close() {
      secret.close();
    }
  }

  /// The peer's public value in its request is not to be used.
  record NotAnswered(String why) implements Result {}

  /// The next turn of a conversation by EAP, which is this computation's alone until it is there.
  record Converse(EapEnd end, Bytes packet) implements Computation {
    @Override
    public Result run(SecureRandom random) {
      return new Conversed(end, end.received(packet));
    }
  }

  /// Our end's turn.
  record Conversed(EapEnd end, EapTurn turn) implements Result {
    @Override
    public void close() {
      end.close();
      if (turn instanceof EapTurn.Succeeded succeeded) {
        succeeded.proof().msk().close();
      }
    }
  }
}
