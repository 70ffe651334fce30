package espd.ike.crypto;

import espd.ike.message.Bytes;
import espd.spd.KeyMaterial;
import java.math.BigInteger;
import java.security.SecureRandom;
import org.bouncycastle.crypto.agreement.DHStandardGroups;

/// A key pair of a MODP group (RFC 3526): all of them have a safe prime and the generator 2.
///
/// The powers are computed by [BigInteger], whose copies of the private value are left to the
/// garbage collector; each pair is used for one exchange.
final class ModpKeyPair implements DhKeyPair {

  private final DhGroup group;
  private final KeyMaterial exponent;
  private final Bytes publicValue;

  private ModpKeyPair(DhGroup group, KeyMaterial exponent) {
    this.group = group;
    this.exponent = exponent;
    this.publicValue =
        Bytes.of(Octets.of(power(BigInteger.TWO, exponent, prime(group)), group.publicOctets()));
  }

  static ModpKeyPair generate(DhGroup group, SecureRandom random) {
    byte[] exponent = new byte[exponentOctets(group)];
    random.nextBytes(exponent);
    // The highest bit makes the exponent as long as it is meant to be.
    exponent[0] |= (byte) 0x80;
    return new ModpKeyPair(group, Octets.secret(exponent));
  }

  /// Twice the strength that RFC 3526 §8 estimates at most, and a margin.
  private static int exponentOctets(DhGroup group) {
    return group.publicOctets() <= DhGroup.MODP_2048.publicOctets() ? 48 : 80;
  }

  static BigInteger prime(DhGroup group) {
    return switch (group) {
      case MODP_1024 -> DHStandardGroups.rfc2409_1024.getP();
      case MODP_1536 -> DHStandardGroups.rfc3526_1536.getP();
      case MODP_2048 -> DHStandardGroups.rfc3526_2048.getP();
      case MODP_3072 -> DHStandardGroups.rfc3526_3072.getP();
      case MODP_4096 -> DHStandardGroups.rfc3526_4096.getP();
      case MODP_6144 -> DHStandardGroups.rfc3526_6144.getP();
      case MODP_8192 -> DHStandardGroups.rfc3526_8192.getP();
      case ECP_256, ECP_384, ECP_521, CURVE_25519 ->
          throw new IllegalArgumentException(group + " has no prime modulus");
    };
  }

  private static BigInteger power(BigInteger base, KeyMaterial exponent, BigInteger prime) {
    return exponent.use(e -> base.modPow(new BigInteger(1, e), prime));
  }

  @Override
  public DhGroup group() {
    return group;
  }

  @Override
  public Bytes publicValue() {
    return publicValue;
  }

  /// Refuses what RFC 6989 §2.1 refuses: values outside `1 < r < p - 1`.
  @Override
  public KeyMaterial agree(Bytes peerPublic) throws InvalidPublicValueException {
    PublicValues.expectLength(group, peerPublic);
    BigInteger prime = prime(group);
    BigInteger peer = new BigInteger(1, peerPublic.toArray());
    if (peer.compareTo(BigInteger.ONE) <= 0
        || peer.compareTo(prime.subtract(BigInteger.ONE)) >= 0) {
      throw new InvalidPublicValueException("public value of " + group + " outside 2 to p - 2");
    }
    return Octets.secret(Octets.of(power(peer, exponent, prime), group.sharedOctets()));
  }

  @Override
  public void close() {
    exponent.close();
  }
}
