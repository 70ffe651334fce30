package espd.ike.v1.exchange;

import espd.ike.Connection;
import espd.ike.Identity;
import espd.ike.IkeVersion;
import espd.ike.IkeVersion.Phase1Mode;
import espd.ike.exchange.Path;
import espd.ike.exchange.Peer;
import espd.ike.exchange.Surroundings;
import espd.ike.v1.crypto.PhaseOneSelection;
import espd.ike.v1.exchange.Phase1.Keyed;
import espd.spd.KeyMaterial;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;

/// Which connection a peer means, first by its addresses only, then by its identity too.
final class Candidates {

  private final Surroundings surroundings;
  private final PhaseOneProof proof;

  Candidates(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.proof = new PhaseOneProof(surroundings);
  }

  /// The connection for these addresses, this identity, these algorithms and this secret, which in
  /// main mode was chosen before the peer said who it is.
  Optional<Connection> meant(Keyed keyed, Identity remote) {
    Connection assumed = keyed.attempt().connection();
    Path path = keyed.attempt().path();
    return of(surroundings.connections(), path, keyed.attempt().mode()).stream()
        .filter(c -> Peer.permits(c, remote))
        .filter(c -> c.equals(assumed) || isAsGood(keyed, c))
        .findFirst();
  }

  private boolean isAsGood(Keyed keyed, Connection other) {
    PhaseOneSelection.Chosen chosen = keyed.agreed().chosen();
    boolean same =
        PhaseOneProof.method(other).filter(chosen.method()::equals).isPresent()
            && MainResponder.select(other, keyed.agreed().offered())
                .filter(c -> c.suite().equals(chosen.suite()))
                .isPresent();
    return same && (chosen.method().signs() || sharesSecret(keyed, other));
  }

  private boolean sharesSecret(Keyed keyed, Connection other) {
    Path path = keyed.attempt().path();
    Optional<KeyMaterial> used = proof.secret(keyed.attempt().connection(), path, Optional.empty());
    Optional<KeyMaterial> theirs = proof.secret(other, path, Optional.empty());
    return used.isPresent()
        && theirs.isPresent()
        && used.get().use(a -> theirs.get().use(b -> MessageDigest.isEqual(a, b)));
  }

  /// {@return the connections of IKEv1 that a peer at these addresses may mean}
  static List<Connection> of(List<Connection> loaded, Path path, Phase1Mode mode) {
    return Peer.candidates(loaded, path.local(), path.remote()).stream()
        .filter(c -> c.version() instanceof IkeVersion.One one && one.modes().contains(mode))
        .toList();
  }
}
