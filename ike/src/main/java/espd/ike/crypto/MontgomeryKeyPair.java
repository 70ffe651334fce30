package espd.ike.crypto;

import espd.ike.message.Bytes;
import espd.spd.KeyMaterial;
import java.security.SecureRandom;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.bouncycastle.math.ec.rfc7748.X448;

/// A key pair of Curve25519 or Curve448 (RFC 8031 §2, RFC 7748 §5).
final class MontgomeryKeyPair implements EphemeralKeyPair {

  private final KeyExchangeMethod method;
  private final KeyMaterial scalar;
  private final Bytes publicValue;

  private MontgomeryKeyPair(KeyExchangeMethod method, byte[] scalar) {
    byte[] u = new byte[method.requestOctets()];
    if (isSmall(method)) {
      X25519.scalarMultBase(scalar, 0, u, 0);
    } else {
      X448.scalarMultBase(scalar, 0, u, 0);
    }
    this.method = method;
    this.publicValue = Bytes.of(u);
    this.scalar = Octets.secret(scalar);
  }

  static MontgomeryKeyPair generate(KeyExchangeMethod method, SecureRandom random) {
    // Both functions clamp a scalar as they use it (RFC 7748 §5).
    byte[] scalar = new byte[method.requestOctets()];
    random.nextBytes(scalar);
    return new MontgomeryKeyPair(method, scalar);
  }

  /// {@return the key pair of a private value that is known, as in RFC 7748 §6}
  static MontgomeryKeyPair of(KeyExchangeMethod method, byte[] scalar) {
    return new MontgomeryKeyPair(method, scalar.clone());
  }

  private static boolean isSmall(KeyExchangeMethod method) {
    return method == KeyExchangeMethod.CURVE_25519;
  }

  @Override
  public KeyExchangeMethod method() {
    return method;
  }

  @Override
  public Bytes publicValue() {
    return publicValue;
  }

  /// Refuses a value of small order, whose shared secret is zero whoever computes it (RFC 8031 §3).
  @Override
  public KeyMaterial agree(Bytes answer) throws InvalidPublicValueException {
    PublicValues.expectLength(method, answer);
    byte[] peer = answer.toArray();
    byte[] shared = new byte[method.sharedOctets()];
    boolean contributory =
        scalar.use(
            s ->
                isSmall(method)
                    ? X25519.calculateAgreement(s, 0, peer, 0, shared, 0)
                    : X448.calculateAgreement(s, 0, peer, 0, shared, 0));
    if (!contributory) {
      throw new InvalidPublicValueException("public value of " + method + " has a small order");
    }
    return Octets.secret(shared);
  }

  @Override
  public void close() {
    scalar.close();
  }
}
