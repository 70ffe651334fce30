package espd.ike.crypto;

import java.security.SecureRandom;
import java.util.Optional;
import java.util.stream.Stream;

/// The Diffie-Hellman groups (RFC 7296 §3.3.2, transform type 4).
public enum DhGroup {
  /// 1024 bits (RFC 7296 appendix B.2); broken by those who can afford it, only when named.
  MODP_1024(2, 128, 128),
  /// 1536 bits (RFC 3526 §2); only when named.
  MODP_1536(5, 192, 192),
  /// 2048 bits (RFC 3526 §3).
  MODP_2048(14, 256, 256),
  /// 3072 bits (RFC 3526 §4).
  MODP_3072(15, 384, 384),
  /// 4096 bits (RFC 3526 §5).
  MODP_4096(16, 512, 512),
  /// 6144 bits (RFC 3526 §6).
  MODP_6144(17, 768, 768),
  /// 8192 bits (RFC 3526 §7).
  MODP_8192(18, 1024, 1024),
  /// The NIST curve P-256 (RFC 5903 §3.1).
  ECP_256(19, 64, 32),
  /// The NIST curve P-384 (RFC 5903 §3.2).
  ECP_384(20, 96, 48),
  /// The NIST curve P-521 (RFC 5903 §3.3).
  ECP_521(21, 132, 66),
  /// Curve25519 (RFC 8031).
  CURVE_25519(31, 32, 32);

  private final int transformId;
  private final int publicOctets;
  private final int sharedOctets;

  DhGroup(int transformId, int publicOctets, int sharedOctets) {
    this.transformId = transformId;
    this.publicOctets = publicOctets;
    this.sharedOctets = sharedOctets;
  }

  /// {@return the group of a transform id, or nothing when we do not have it}
  public static Optional<DhGroup> of(int transformId) {
    return Stream.of(values()).filter(group -> group.transformId == transformId).findAny();
  }

  /// {@return the number of IANA's IKEv2 registry, transform type 4, as in a KE payload}
  public int transformId() {
    return transformId;
  }

  /// {@return the octets of a public value}
  public int publicOctets() {
    return publicOctets;
  }

  /// {@return the octets of a shared secret, leading zeros included}
  public int sharedOctets() {
    return sharedOctets;
  }

  /// {@return a fresh key pair}
  ///
  /// @param random where the private value is drawn from
  public DhKeyPair generate(SecureRandom random) {
    return switch (this) {
      case MODP_1024, MODP_1536, MODP_2048, MODP_3072, MODP_4096, MODP_6144, MODP_8192 ->
          ModpKeyPair.generate(this, random);
      case ECP_256, ECP_384, ECP_521 -> EcpKeyPair.generate(this, random);
      case CURVE_25519 -> Curve25519KeyPair.generate(random);
    };
  }
}
