package espd.ike.v1.exchange;

import espd.ike.message.Bytes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/// The last message of the peer in an exchange, by its hash, and what we answered: messages of one
/// exchange have one message id, so this is how a duplicate is told (RFC 2408 §5.1).
///
/// @param hash of the peer's message
/// @param answer ours, if there was one
record Taken(Bytes hash, Optional<Bytes> answer) {

  /// {@return that a message has come, whose answer is still to be made}
  static Taken of(byte[] message) {
    return new Taken(hash(message), Optional.empty());
  }

  /// {@return the same with our answer}
  Taken answered(Bytes octets) {
    return new Taken(hash, Optional.of(octets));
  }

  /// {@return whether this message has come before}
  boolean isRepeatedBy(byte[] message) {
    return hash.equals(hash(message));
  }

  private static Bytes hash(byte[] message) {
    try {
      return Bytes.of(MessageDigest.getInstance("SHA-256").digest(message));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
