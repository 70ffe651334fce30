package espd.daemon.lint;

import espd.daemon.config.Configuration;
import espd.ike.Connection;
import espd.ike.crypto.TransformNames;
import espd.ike.message.Proposal;
import espd.ike.message.Transform;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A proposal whose strongest group has less than half the bits of its weakest cipher: the keys are
/// no better than the exchange that they come from (RFC 3526 §8).
record GroupStrength() implements Lint {

  private static final Comparator<Transform> BY_BITS = Comparator.comparingInt(Strength::bits);

  @Override
  public Stream<Remark> remarks(Configuration configuration) {
    return configuration.connections().stream()
        .flatMap(
            connection ->
                Stream.concat(
                        connection.ikeProposals().stream(), connection.espProposals().stream())
                    .flatMap(proposal -> remark(connection, proposal)));
  }

  private static Stream<Remark> remark(Connection connection, Proposal proposal) {
    List<Transform> groups =
        proposal.ofType(Transform.DH).stream().filter(each -> each.id() != Transform.NONE).toList();
    Optional<Transform> strongest = groups.stream().max(BY_BITS);
    Optional<Transform> cipher = proposal.ofType(Transform.ENCR).stream().min(BY_BITS);
    if (strongest.isEmpty() || cipher.isEmpty()) {
      return Stream.empty();
    }
    int groupBits = Strength.bits(strongest.get());
    int cipherBits = Strength.bits(cipher.get());
    if (2 * groupBits >= cipherBits) {
      return Stream.empty();
    }
    return Stream.of(
        new Remark(
            connection.name(),
            ("%s has a key of %d bits, but %s, which it comes from, is worth some %d: take ecp256,"
                    + " x25519 or modp3072, or a cipher of 128 bits")
                .formatted(
                    TransformNames.of(cipher.get()),
                    cipherBits,
                    TransformNames.of(strongest.get()),
                    groupBits)));
  }
}
