package espd.ike.crypto;

import espd.ike.message.Bytes;
import espd.spd.KeyMaterial;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.stream.Stream;

/// The key exchange methods (RFC 7296 §3.3.2, transform type 4, as RFC 9370 §2.1 names them):
/// Diffie-Hellman groups, where both ends do the same, and key encapsulation mechanisms, where the
/// responder answers the initiator's key with a secret encapsulated to it.
///
/// ```
///                  initiator                  responder
///   a group        g^i                  -->
///                                       <--   g^r, whatever g^i is
///   ML-KEM         encapsulation key    -->
///                                       <--   ciphertext of a secret for that key
/// ```
public enum KeyExchangeMethod {
  /// 1024 bits (RFC 7296 appendix B.2); broken by those who can afford it, only when named.
  MODP_1024(Family.MODP, 2, 128, 128),
  /// 1536 bits (RFC 3526 §2); only when named.
  MODP_1536(Family.MODP, 5, 192, 192),
  /// 2048 bits (RFC 3526 §3).
  MODP_2048(Family.MODP, 14, 256, 256),
  /// 3072 bits (RFC 3526 §4).
  MODP_3072(Family.MODP, 15, 384, 384),
  /// 4096 bits (RFC 3526 §5).
  MODP_4096(Family.MODP, 16, 512, 512),
  /// 6144 bits (RFC 3526 §6).
  MODP_6144(Family.MODP, 17, 768, 768),
  /// 8192 bits (RFC 3526 §7).
  MODP_8192(Family.MODP, 18, 1024, 1024),
  /// The NIST curve P-256 (RFC 5903 §3.1).
  ECP_256(Family.ECP, 19, 64, 32),
  /// The NIST curve P-384 (RFC 5903 §3.2).
  ECP_384(Family.ECP, 20, 96, 48),
  /// The NIST curve P-521 (RFC 5903 §3.3).
  ECP_521(Family.ECP, 21, 132, 66),
  /// Curve25519 (RFC 8031).
  CURVE_25519(Family.MONTGOMERY, 31, 32, 32),
  /// Curve448 (RFC 8031).
  CURVE_448(Family.MONTGOMERY, 32, 56, 56),
  /// ML-KEM-512 (FIPS 203 §8): as hard to break as AES-128.
  ML_KEM_512(Family.ML_KEM, 35, 800, 768, 32),
  /// ML-KEM-768 (FIPS 203 §8): as hard to break as AES-192.
  ML_KEM_768(Family.ML_KEM, 36, 1184, 1088, 32),
  /// ML-KEM-1024 (FIPS 203 §8): as hard to break as AES-256.
  ML_KEM_1024(Family.ML_KEM, 37, 1568, 1568, 32);

  private enum Family {
    MODP,
    ECP,
    MONTGOMERY,
    ML_KEM
  }

  private final Family family;
  private final int transformId;
  private final int requestOctets;
  private final int responseOctets;
  private final int sharedOctets;

  KeyExchangeMethod(Family family, int transformId, int publicOctets, int sharedOctets) {
    this(family, transformId, publicOctets, publicOctets, sharedOctets);
  }

  KeyExchangeMethod(
      Family family, int transformId, int requestOctets, int responseOctets, int sharedOctets) {
    this.family = family;
    this.transformId = transformId;
    this.requestOctets = requestOctets;
    this.responseOctets = responseOctets;
    this.sharedOctets = sharedOctets;
  }

  /// The responder's half of a key exchange.
  ///
  /// @param data what it sends, exactly [#responseOctets()] long
  /// @param secret what both ends share
  public record Answer(Bytes data, KeyMaterial secret) {}

  /// {@return the method of a transform id, or nothing when we do not have it}
  public static Optional<KeyExchangeMethod> of(int transformId) {
    return Stream.of(values()).filter(method -> method.transformId == transformId).findAny();
  }

  /// {@return the number of IANA's IKEv2 registry, transform type 4, as in a KE payload}
  public int transformId() {
    return transformId;
  }

  /// {@return the octets that the initiator sends}
  public int requestOctets() {
    return requestOctets;
  }

  /// {@return the octets that the responder sends}
  public int responseOctets() {
    return responseOctets;
  }

  /// {@return the octets of a shared secret, leading zeros included}
  public int sharedOctets() {
    return sharedOctets;
  }

  /// {@return a fresh key pair, the initiator's half}
  ///
  /// @param random where the private value is drawn from
  public EphemeralKeyPair generate(SecureRandom random) {
    return switch (family) {
      case MODP -> ModpKeyPair.generate(this, random);
      case ECP -> EcpKeyPair.generate(this, random);
      case MONTGOMERY -> MontgomeryKeyPair.generate(this, random);
      case ML_KEM -> MlKemKeyPair.generate(this, random);
    };
  }

  /// {@return the responder's half, fresh for each request}
  ///
  /// @param request what the initiator sent, as it came
  /// @param random where the private value, or what is encapsulated, is drawn from
  /// @throws InvalidPublicValueException when it is not a value of the method that is safe to use
  public Answer answer(Bytes request, SecureRandom random) throws InvalidPublicValueException {
    return switch (family) {
      case MODP, ECP, MONTGOMERY -> {
        try (EphemeralKeyPair key = generate(random)) {
          yield new Answer(key.publicValue(), key.agree(request));
        }
      }
      case ML_KEM -> MlKemKeyPair.encapsulate(this, request, random);
    };
  }
}
