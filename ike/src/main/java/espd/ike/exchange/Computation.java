package espd.ike.exchange;

import espd.ike.crypto.DhGroup;
import espd.ike.crypto.DhKeyPair;
import espd.ike.crypto.InvalidPublicValueException;
import espd.ike.message.Bytes;
import espd.spd.KeyMaterial;
import java.security.SecureRandom;

/// A Diffie-Hellman computation (RFC 7296 §2.14): milliseconds of work that nobody waits for on the
/// event loop. Any thread may run it, one at a time.
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
  record Generate(DhGroup group) implements Computation {
    @Override
    public Result run(SecureRandom random) {
      return new Generated(group.generate(random));
    }
  }

  /// A key pair.
  record Generated(DhKeyPair key) implements Result {
    @Override
    public void close() {
      key.close();
    }
  }

  /// The shared secret once the response to our request is here. The key pair is used up.
  record Agree(DhKeyPair key, Bytes peerPublic) implements Computation {
    @Override
    public Result run(SecureRandom random) {
      try (key) {
        return new Agreed(key.agree(peerPublic));
      } catch (InvalidPublicValueException e) {
        return new NotAgreed(String.valueOf(e.getMessage()));
      }
    }
  }

  /// g^ir, for our request.
  record Agreed(KeyMaterial secret) implements Result {
    @Override
    public void close() {
      secret.close();
    }
  }

  /// The peer's public value in its response is not to be used.
  record NotAgreed(String why) implements Result {}

  /// Public value and shared secret for the peer's request.
  record Answer(DhGroup group, Bytes peerPublic) implements Computation {
    @Override
    public Result run(SecureRandom random) {
      try (DhKeyPair key = group.generate(random)) {
        return new Answered(group, key.publicValue(), key.agree(peerPublic));
      } catch (InvalidPublicValueException e) {
        return new NotAnswered(String.valueOf(e.getMessage()));
      }
    }
  }

  /// Our public value and g^ir.
  record Answered(DhGroup group, Bytes publicValue, KeyMaterial secret) implements Result {
    @Override
    public void close() {
      secret.close();
    }
  }

  /// The peer's public value in its request is not to be used.
  record NotAnswered(String why) implements Result {}
}
