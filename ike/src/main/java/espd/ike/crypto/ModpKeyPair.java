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
final class ModpKeyPair implements EphemeralKeyPair {

  private final KeyExchangeMethod method;
  private final KeyMaterial exponent;
  private final Bytes publicValue;

  private ModpKeyPair(KeyExchangeMethod method, KeyMaterial exponent) {
    this.method = method;
    this.exponent = exponent;
    this.publicValue =
        Bytes.of(Octets.of(power(BigInteger.TWO, exponent, prime(method)), method.requestOctets()));
  }

  static ModpKeyPair generate(KeyExchangeMethod method, SecureRandom random) {
    byte[] exponent = new byte[exponentOctets(method)];
    random.nextBytes(exponent);
    // The highest bit makes the exponent as long as it is meant to be.
    exponent[0] |= (byte) 0x80;
    return new ModpKeyPair(method, Octets.secret(exponent));
  }

  /// Twice the strength that RFC 3526 §8 estimates at most, and a margin.
  private static int exponentOctets(KeyExchangeMethod method) {
    return method.requestOctets() <= KeyExchangeMethod.MODP_2048.requestOctets() ? 48 : 80;
  }

  static BigInteger prime(KeyExchangeMethod method) {
    return switch (method) {
      case MODP_1024 -> DHStandardGroups.rfc2409_1024.getP();
      case MODP_1536 -> DHStandardGroups.rfc3526_1536.getP();
      case MODP_2048 -> DHStandardGroups.rfc3526_2048.getP();
      case MODP_3072 -> DHStandardGroups.rfc3526_3072.getP();
      case MODP_4096 -> DHStandardGroups.rfc3526_4096.getP();
      case MODP_6144 -> DHStandardGroups.rfc3526_6144.getP();
      case MODP_8192 -> DHStandardGroups.rfc3526_8192.getP();
      case ECP_256, ECP_384, ECP_521, CURVE_25519, CURVE_448, ML_KEM_512, ML_KEM_768, ML_KEM_1024 ->
          throw new IllegalArgumentException(method + " has no prime modulus");
    };
  }

  private static BigInteger power(BigInteger base, KeyMaterial exponent, BigInteger prime) {
    return exponent.use(e -> base.modPow(new BigInteger(1, e), prime));
  }

  @Override
  public KeyExchangeMethod method() {
    return method;
  }

  @Override
  public Bytes publicValue() {
    return publicValue;
  }

  /// Refuses what RFC 6989 §2.1 refuses: values outside `1 < r < p - 1`.
  @Override
  public KeyMaterial agree(Bytes peerPublic) throws InvalidPublicValueException {
    PublicValues.expectLength(method, peerPublic);
    BigInteger prime = prime(method);
    BigInteger peer = new BigInteger(1, peerPublic.toArray());
    if (peer.compareTo(BigInteger.ONE) <= 0
        || peer.compareTo(prime.subtract(BigInteger.ONE)) >= 0) {
      throw new InvalidPublicValueException("public value of " + method + " outside 2 to p - 2");
    }
    return Octets.secret(Octets.of(power(peer, exponent, prime), method.sharedOctets()));
  }

  @Override
  public void close() {
    exponent.close();
  }
}
