package espd.ike.v1.exchange;

import espd.ike.message.Bytes;
import java.security.SecureRandom;

/// What is drawn at random.
final class Fresh {

  private static final int NONCE_OCTETS = 32;

  private Fresh() {}

  /// {@return a nonce (RFC 2409 §5: 8 to 256 octets)}
  static Bytes nonce(SecureRandom random) {
    byte[] octets = new byte[NONCE_OCTETS];
    random.nextBytes(octets);
    return Bytes.of(octets);
  }

  /// {@return a cookie, which is not 0 (RFC 2408 §2.5.3)}
  static long cookie(SecureRandom random) {
    long cookie = random.nextLong();
    return cookie == 0 ? 1 : cookie;
  }

  /// {@return a message id, which is not 0 (RFC 2408 §3.1)}
  static int messageId(SecureRandom random) {
    int id = random.nextInt();
    return id == 0 ? 1 : id;
  }
}
