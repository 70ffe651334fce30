package espd.daemon.lint;

import espd.daemon.lint.Requirements.Requirement;
import espd.ike.Connection;
import espd.ike.crypto.TransformNames;
import espd.ike.message.Proposal;
import espd.ike.message.Transform;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// An algorithm that a connection proposes, and its rank.
///
/// @param protocol `IKE` or `ESP`
/// @param kind `cipher`, `PRF`, `integrity` or `group`
/// @param name as strongSwan prints it
/// @param strengthBits of security, 0 where that is not told of the kind
/// @param level its rank
/// @param source of the rank, as `RFC 8221 §5`
public record AlgorithmRank(
    String protocol, String kind, String name, int strengthBits, Level level, String source) {

  /// {@return what a connection proposes, its preferred ones first, each once}
  public static List<AlgorithmRank> of(Connection connection) {
    Set<AlgorithmRank> ranks = new LinkedHashSet<>();
    Stream.concat(connection.ikeProposals().stream(), connection.espProposals().stream())
        .forEach(proposal -> ranks.addAll(of(proposal)));
    return List.copyOf(ranks);
  }

  private static List<AlgorithmRank> of(Proposal proposal) {
    List<AlgorithmRank> ranks = new ArrayList<>();
    for (Transform transform : proposal.transforms()) {
      if (transform.type() != Transform.ESN) {
        Requirement requirement = Requirements.of(proposal.protocol(), transform);
        ranks.add(
            new AlgorithmRank(
                proposal.protocol() == Proposal.IKE ? "IKE" : "ESP",
                kind(transform),
                TransformNames.of(transform),
                Strength.bits(transform),
                requirement.level(),
                requirement.source()));
      }
    }
    return ranks;
  }

  private static String kind(Transform transform) {
    return switch (transform.type()) {
      case Transform.ENCR -> "cipher";
      case Transform.PRF -> "PRF";
      case Transform.INTEG -> "integrity";
      default -> "group";
    };
  }
}
