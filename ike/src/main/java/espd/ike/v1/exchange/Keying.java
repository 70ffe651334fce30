package espd.ike.v1.exchange;

import espd.ike.Identity;
import espd.ike.crypto.IkeSuite;
import espd.ike.crypto.KeyInputs;
import espd.ike.exchange.Nat;
import espd.ike.exchange.Path;
import espd.ike.exchange.Surroundings;
import espd.ike.v1.crypto.PhaseOneInputs;
import espd.ike.v1.crypto.PhaseOneKeys;
import espd.ike.v1.exchange.Phase1.Agreed;
import espd.ike.v1.exchange.Phase1.Exchanged;
import espd.ike.v1.exchange.Phase1.Keyed;
import espd.ike.v1.message.IsakmpMessage;
import espd.spd.KeyMaterial;
import java.util.Optional;

/// From what both ends exchanged to the keys of phase 1 (RFC 2409 §5).
final class Keying {

  private final PhaseOneProof proof;

  Keying(Surroundings surroundings) {
    this.proof = new PhaseOneProof(surroundings);
  }

  /// What keys are made of, besides the shared secret.
  ///
  /// @param attempt it is for
  /// @param agreed what is negotiated
  /// @param exchanged public values and nonces
  /// @param message of the peer that completed the exchange, and may ask for our certificate
  /// @param said who the peer says it is, in aggressive mode
  record Material(
      Attempt attempt,
      Agreed agreed,
      Exchanged exchanged,
      IsakmpMessage message,
      Optional<Identity> said) {}

  /// {@return the attempt with keys, which knows of no NAT yet; nothing where the ends have no
  /// secret in common}
  ///
  /// @param secret of the key exchange; wiped
  Optional<Keyed> keyed(Material material, KeyMaterial secret) {
    Attempt attempt = material.attempt();
    Exchanged exchanged = material.exchanged();
    PhaseOneInputs inputs =
        new PhaseOneInputs(
            new KeyInputs(exchanged.ni(), exchanged.nr(), attempt.spiI(), attempt.spiR()),
            exchanged.gXi(),
            exchanged.gXr());
    Optional<PhaseOneKeys> keys = keys(material, inputs, secret);
    secret.close();
    Path path = attempt.path();
    return keys.map(
        k ->
            new Keyed(
                    attempt,
                    material.agreed(),
                    exchanged,
                    new IsakmpSa(
                        attempt.role(),
                        attempt.serial(),
                        attempt.spiI(),
                        attempt.spiR(),
                        k,
                        k.firstIv(),
                        path,
                        new Nat(false, false),
                        false,
                        attempt.features().deadPeerDetection()),
                    Optional.empty())
                .requested(material.message()));
  }

  private Optional<PhaseOneKeys> keys(
      Material material, PhaseOneInputs inputs, KeyMaterial secret) {
    Attempt attempt = material.attempt();
    IkeSuite suite = material.agreed().chosen().suite();
    if (material.agreed().chosen().method().signs()) {
      return Optional.of(PhaseOneKeys.withSignatures(suite, inputs, secret));
    }
    return proof
        .secret(attempt.connection(), attempt.path(), material.said())
        .map(psk -> PhaseOneKeys.withPreSharedKey(suite, inputs, psk, secret));
  }

  /// {@return why there are no keys}
  static String noSecret(Material material) {
    Attempt attempt = material.attempt();
    return "no shared key found for '%s' - '%s'"
        .formatted(
            attempt.connection().localId(),
            material
                .said()
                .or(attempt.connection()::remoteId)
                .orElseGet(() -> Identity.of(attempt.path().remote())));
  }
}
