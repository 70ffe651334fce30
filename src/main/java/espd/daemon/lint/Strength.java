package espd.daemon.lint;

import espd.ike.crypto.KeyExchangeMethod;
import espd.ike.message.Transform;
import espd.spd.Encryption;

/// How many bits of work break an algorithm, as far as is known: of ciphers the length of the key,
/// of groups NIST SP 800-57 part 1, table 2, and RFC 3526 §8 between its rows; of ML-KEM the AES
/// that FIPS 203 §8 compares it with.
final class Strength {

  private static final int CHACHA20_BITS = 256;

  /// Of 168, as the middle is met from both ends.
  private static final int TRIPLE_DES_BITS = 112;

  private Strength() {}

  /// {@return the bits of a cipher or a group, 0 of others}
  static int bits(Transform transform) {
    return switch (transform.type()) {
      case Transform.ENCR ->
          transform.id() == Encryption.TRIPLE_DES_CBC.transformId()
              ? TRIPLE_DES_BITS
              : transform.keyBits().orElse(CHACHA20_BITS);
      case Transform.DH -> KeyExchangeMethod.of(transform.id()).map(Strength::bits).orElse(0);
      default -> 0;
    };
  }

  private static int bits(KeyExchangeMethod group) {
    return switch (group) {
      case MODP_1024 -> 80;
      case MODP_1536 -> 90;
      case MODP_2048 -> 112;
      case MODP_3072, ECP_256, CURVE_25519, ML_KEM_512 -> 128;
      case MODP_4096 -> 150;
      case MODP_6144 -> 170;
      case MODP_8192, ECP_384, ML_KEM_768 -> 192;
      case CURVE_448 -> 224;
      case ECP_521, ML_KEM_1024 -> 256;
    };
  }
}
