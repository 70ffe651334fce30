package espd.daemon.lint;

import espd.ike.crypto.KeyExchangeMethod;
import espd.ike.message.Proposal;
import espd.ike.message.Transform;
import espd.spd.Encryption;
import espd.spd.Integrity;
import java.util.Map;

/// The rank of every algorithm: RFC 8247 for IKE, RFC 8221 for ESP. RFC 9395, which updates both,
/// takes away HMAC-MD5, which both forbid already, and what espd never had.
final class Requirements {

  private static final int OPTIONAL_BITS = 192;
  private static final int PRF_SHA1 = 2;

  private static final Map<Integer, Level> PRFS =
      Map.of(1, Level.MUST_NOT, PRF_SHA1, Level.MUST_MINUS, 5, Level.MUST, 7, Level.SHOULD_PLUS);

  private static final Map<Integer, Level> IKE_INTEGRITY =
      Map.of(
          Integrity.HMAC_MD5_96.transformId(),
          Level.MUST_NOT,
          Integrity.HMAC_SHA1_96.transformId(),
          Level.MUST_MINUS,
          Integrity.HMAC_SHA2_256_128.transformId(),
          Level.MUST,
          Integrity.HMAC_SHA2_512_256.transformId(),
          Level.SHOULD);

  private static final Map<Integer, Level> GROUPS =
      Map.of(
          KeyExchangeMethod.MODP_1024.transformId(),
          Level.SHOULD_NOT,
          KeyExchangeMethod.MODP_1536.transformId(),
          Level.SHOULD_NOT,
          KeyExchangeMethod.MODP_2048.transformId(),
          Level.MUST,
          KeyExchangeMethod.ECP_256.transformId(),
          Level.SHOULD);

  private Requirements() {}

  /// A rank and who gives it.
  ///
  /// @param level the rank
  /// @param source as `RFC 8221 §5`
  record Requirement(Level level, String source) {}

  /// {@return the rank of an algorithm of this protocol}
  ///
  /// @param protocol [Proposal#IKE] or [Proposal#ESP]
  /// @param transform of a type but ESN, which nobody ranks
  static Requirement of(int protocol, Transform transform) {
    boolean ike = protocol == Proposal.IKE;
    return switch (transform.type()) {
      case Transform.ENCR ->
          new Requirement(cipher(ike, transform), ike ? "RFC 8247 §2.1" : "RFC 8221 §5");
      case Transform.PRF -> new Requirement(of(PRFS, transform), "RFC 8247 §2.2");
      case Transform.INTEG ->
          new Requirement(of(IKE_INTEGRITY, transform), ike ? "RFC 8247 §2.3" : "RFC 8221 §6");
      case Transform.DH -> new Requirement(of(GROUPS, transform), "RFC 8247 §2.4");
      default -> new Requirement(Level.UNLISTED, "");
    };
  }

  /// Both standards ask for keys of 128 and 256 bits, and leave 192 at MAY.
  private static Level cipher(boolean ike, Transform transform) {
    if (transform.id() == Encryption.TRIPLE_DES_CBC.transformId()) {
      return ike ? Level.MAY : Level.SHOULD_NOT;
    }
    if (transform.id() == Encryption.NULL.transformId()) {
      return Level.MUST;
    }
    if (transform.keyBits().orElse(0) == OPTIONAL_BITS) {
      return Level.MAY;
    }
    if (transform.id() == Encryption.AES_CBC.transformId()) {
      return Level.MUST;
    }
    if (transform.id() == Encryption.AES_GCM_16.transformId()) {
      return ike ? Level.SHOULD : Level.MUST;
    }
    return transform.id() == Encryption.CHACHA20_POLY1305.transformId()
        ? Level.SHOULD
        : Level.UNLISTED;
  }

  private static Level of(Map<Integer, Level> ranks, Transform transform) {
    return ranks.getOrDefault(transform.id(), Level.UNLISTED);
  }
}
