package espd.ike.crypto;

import espd.ike.message.Bytes;
import espd.spd.KeyMaterial;
import java.math.BigInteger;
import java.security.SecureRandom;
import org.bouncycastle.crypto.agreement.ECDHBasicAgreement;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.bouncycastle.util.BigIntegers;

/// A key pair on a NIST curve (RFC 5903 §7): a public value is x and y one after the other, the
/// shared secret is x alone.
final class EcpKeyPair implements EphemeralKeyPair {

  private final KeyExchangeMethod method;
  private final ECDomainParameters curve;
  private final KeyMaterial scalar;
  private final Bytes publicValue;

  private EcpKeyPair(KeyExchangeMethod method, ECDomainParameters curve, BigInteger scalar) {
    this.method = method;
    this.curve = curve;
    this.scalar = Octets.secret(Octets.of(scalar, method.sharedOctets()));
    ECPoint point = new FixedPointCombMultiplier().multiply(curve.getG(), scalar).normalize();
    byte[] octets = new byte[method.requestOctets()];
    int half = method.sharedOctets();
    System.arraycopy(point.getAffineXCoord().getEncoded(), 0, octets, 0, half);
    System.arraycopy(point.getAffineYCoord().getEncoded(), 0, octets, half, half);
    this.publicValue = Bytes.of(octets);
  }

  static EcpKeyPair generate(KeyExchangeMethod method, SecureRandom random) {
    ECDomainParameters curve = curve(method);
    BigInteger last = curve.getN().subtract(BigInteger.ONE);
    return new EcpKeyPair(
        method, curve, BigIntegers.createRandomInRange(BigInteger.ONE, last, random));
  }

  /// {@return the key pair of a private value that is known, as in the examples of RFC 5903 §8}
  static EcpKeyPair of(KeyExchangeMethod method, BigInteger scalar) {
    return new EcpKeyPair(method, curve(method), scalar);
  }

  private static ECDomainParameters curve(KeyExchangeMethod method) {
    return new ECDomainParameters(
        CustomNamedCurves.getByName(
            switch (method) {
              case ECP_256 -> "P-256";
              case ECP_384 -> "P-384";
              case ECP_521 -> "P-521";
              case MODP_1024,
                  MODP_1536,
                  MODP_2048,
                  MODP_3072,
                  MODP_4096,
                  MODP_6144,
                  MODP_8192,
                  CURVE_25519,
                  CURVE_448,
                  ML_KEM_512,
                  ML_KEM_768,
                  ML_KEM_1024 ->
                  throw new IllegalArgumentException(method + " is no NIST curve");
            }));
  }

  @Override
  public KeyExchangeMethod method() {
    return method;
  }

  @Override
  public Bytes publicValue() {
    return publicValue;
  }

  /// Refuses what RFC 6989 §2.3 refuses: coordinates that are not below the prime, and points that
  /// are not on the curve. Its order is prime, so no other point is in a small subgroup.
  @Override
  public KeyMaterial agree(Bytes peerPublic) throws InvalidPublicValueException {
    PublicValues.expectLength(method, peerPublic);
    byte[] octets = peerPublic.toArray();
    int half = method.sharedOctets();
    ECPublicKeyParameters peer;
    try {
      BigInteger x = BigIntegers.fromUnsignedByteArray(octets, 0, half);
      BigInteger y = BigIntegers.fromUnsignedByteArray(octets, half, half);
      ECPoint point = curve.getCurve().validatePoint(x, y);
      peer = new ECPublicKeyParameters(point, curve);
    } catch (IllegalArgumentException e) {
      throw new InvalidPublicValueException("public value is no point of " + method);
    }
    ECDHBasicAgreement agreement = new ECDHBasicAgreement();
    BigInteger d = scalar.use(s -> new BigInteger(1, s));
    agreement.init(new ECPrivateKeyParameters(d, curve));
    return Octets.secret(Octets.of(agreement.calculateAgreement(peer), half));
  }

  @Override
  public void close() {
    scalar.close();
  }
}
