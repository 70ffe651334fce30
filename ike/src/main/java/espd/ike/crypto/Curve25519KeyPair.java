package espd.ike.crypto;

import espd.ike.message.Bytes;
import espd.spd.KeyMaterial;
import java.security.SecureRandom;
import org.bouncycastle.math.ec.rfc7748.X25519;

/// A key pair of Curve25519 (RFC 8031 §2, RFC 7748 §5).
final class Curve25519KeyPair implements DhKeyPair {

  private final KeyMaterial scalar;
  private final Bytes publicValue;

  private Curve25519KeyPair(byte[] scalar) {
    byte[] u = new byte[X25519.POINT_SIZE];
    X25519.scalarMultBase(scalar, 0, u, 0);
    this.publicValue = Bytes.of(u);
    this.scalar = Octets.secret(scalar);
  }

  static Curve25519KeyPair generate(SecureRandom random) {
    byte[] scalar = new byte[X25519.SCALAR_SIZE];
    X25519.generatePrivateKey(random, scalar);
    return new Curve25519KeyPair(scalar);
  }

  /// {@return the key pair of a private value that is known, as in RFC 7748 §6.1}
  static Curve25519KeyPair of(byte[] scalar) {
    return new Curve25519KeyPair(scalar.clone());
  }

  @Override
  public DhGroup group() {
    return DhGroup.CURVE_25519;
  }

  @Override
  public Bytes publicValue() {
    return publicValue;
  }

  /// Refuses a value of small order, whose shared secret is zero whoever computes it (RFC 8031 §3).
  @Override
  public KeyMaterial agree(Bytes peerPublic) throws InvalidPublicValueException {
    PublicValues.expectLength(DhGroup.CURVE_25519, peerPublic);
    byte[] shared = new byte[X25519.POINT_SIZE];
    boolean contributory =
        scalar.use(s -> X25519.calculateAgreement(s, 0, peerPublic.toArray(), 0, shared, 0));
    if (!contributory) {
      throw new InvalidPublicValueException("public value of CURVE_25519 has a small order");
    }
    return Octets.secret(shared);
  }

  @Override
  public void close() {
    scalar.close();
  }
}
