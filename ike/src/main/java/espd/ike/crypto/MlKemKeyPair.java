package espd.ike.crypto;

import espd.ike.message.Bytes;
import espd.spd.KeyMaterial;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.crypto.SecretWithEncapsulation;
import org.bouncycastle.crypto.kems.MLKEMExtractor;
import org.bouncycastle.crypto.kems.MLKEMGenerator;
import org.bouncycastle.crypto.params.MLKEMParameters;
import org.bouncycastle.crypto.params.MLKEMPrivateKeyParameters;
import org.bouncycastle.crypto.params.MLKEMPublicKeyParameters;

/// The key pair of ML-KEM (FIPS 203 §7): the initiator sends the encapsulation key and keeps the
/// seed of the decapsulation key, the responder sends a ciphertext (RFC 9370 §2.2.2).
///
/// The expanded decapsulation key lives only while it is used.
final class MlKemKeyPair implements EphemeralKeyPair {

  /// d and z (FIPS 203 §7.1).
  private static final int SEED_OCTETS = 64;

  private final KeyExchangeMethod method;
  private final KeyMaterial seed;
  private final Bytes encapsulationKey;

  private MlKemKeyPair(KeyExchangeMethod method, byte[] seed) {
    MLKEMPrivateKeyParameters key = new MLKEMPrivateKeyParameters(parameters(method), seed);
    this.method = method;
    this.encapsulationKey = Bytes.of(key.getPublicKey());
    this.seed = Octets.secret(seed);
    key.destroy();
  }

  static MlKemKeyPair generate(KeyExchangeMethod method, SecureRandom random) {
    byte[] seed = new byte[SEED_OCTETS];
    random.nextBytes(seed);
    return new MlKemKeyPair(method, seed);
  }

  /// {@return the key pair of a seed that is known: `d || z` of ML-KEM.KeyGen_internal}
  static MlKemKeyPair of(KeyExchangeMethod method, byte[] seed) {
    return new MlKemKeyPair(method, seed.clone());
  }

  private static MLKEMParameters parameters(KeyExchangeMethod method) {
    return switch (method) {
      case ML_KEM_512 -> MLKEMParameters.ml_kem_512;
      case ML_KEM_768 -> MLKEMParameters.ml_kem_768;
      case ML_KEM_1024 -> MLKEMParameters.ml_kem_1024;
      case MODP_1024,
          MODP_1536,
          MODP_2048,
          MODP_3072,
          MODP_4096,
          MODP_6144,
          MODP_8192,
          ECP_256,
          ECP_384,
          ECP_521,
          CURVE_25519,
          CURVE_448 ->
          throw new IllegalArgumentException(method + " is no ML-KEM");
    };
  }

  /// ML-KEM.Encaps, the responder's half (FIPS 203 §7.2). The key's type and modulus are checked:
  /// each coefficient is below q and so encoded in one way only.
  static KeyExchangeMethod.Answer encapsulate(
      KeyExchangeMethod method, Bytes encapsulationKey, SecureRandom random)
      throws InvalidPublicValueException {
    PublicValues.expectLength(method, method.requestOctets(), encapsulationKey);
    MLKEMPublicKeyParameters key;
    try {
      key = new MLKEMPublicKeyParameters(parameters(method), encapsulationKey.toArray());
    } catch (IllegalArgumentException e) {
      throw new InvalidPublicValueException(
          "encapsulation key of " + method + " has a coefficient above the modulus");
    }
    SecretWithEncapsulation encapsulated = new MLKEMGenerator(random).generateEncapsulated(key);
    return new KeyExchangeMethod.Answer(
        Bytes.of(encapsulated.getEncapsulation()), Octets.secret(encapsulated.getSecret()));
  }

  @Override
  public KeyExchangeMethod method() {
    return method;
  }

  @Override
  public Bytes publicValue() {
    return encapsulationKey;
  }

  /// ML-KEM.Decaps (FIPS 203 §7.3). A ciphertext of the right length always gives a secret; one
  /// that was not made for this key gives one that nobody else has, and AUTH fails.
  @Override
  public KeyMaterial agree(Bytes ciphertext) throws InvalidPublicValueException {
    PublicValues.expectLength(method, method.responseOctets(), ciphertext);
    byte[] seedOctets = seed.use(byte[]::clone);
    MLKEMPrivateKeyParameters key = new MLKEMPrivateKeyParameters(parameters(method), seedOctets);
    Arrays.fill(seedOctets, (byte) 0);
    try {
      return Octets.secret(new MLKEMExtractor(key).extractSecret(ciphertext.toArray()));
    } finally {
      key.destroy();
    }
  }

  @Override
  public void close() {
    seed.close();
  }
}
