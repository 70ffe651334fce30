package espd.ike.crypto;

import espd.ike.message.Proposal;
import espd.ike.message.Transform;
import java.util.List;
import java.util.stream.Collectors;

/// What came of comparing two lists of proposals (RFC 7296 §2.7).
public sealed interface Selection {

  /// One proposal goes with ours.
  ///
  /// @param proposal the peer's number and SPI, and one transform of each type it named
  record Chosen(Proposal proposal) implements Selection {}

  /// None goes with ours: NO_PROPOSAL_CHOSEN.
  ///
  /// @param offered what the peer sent
  /// @param allowed what we allow
  /// @param difference the first thing that differs in the two that are most alike, as text
  record Mismatch(List<Proposal> offered, List<Proposal> allowed, String difference)
      implements Selection {

    /// Copies the lists.
    public Mismatch {
      offered = List.copyOf(offered);
      allowed = List.copyOf(allowed);
    }

    /// {@return what was offered, what is allowed and the first transform that differs}
    @Override
    public String toString() {
      return "offered "
          + TransformNames.of(offered)
          + "; allowed "
          + TransformNames.of(allowed)
          + "; "
          + difference;
    }
  }

  /// {@return `DH differs: offered MODP_1024, allowed MODP_2048 ECP_256`}
  static String difference(int type, List<Transform> offered, List<Transform> allowed) {
    return TransformNames.ofType(type)
        + " differs: offered "
        + names(offered)
        + ", allowed "
        + names(allowed);
  }

  /// {@return `no different key exchange methods: offered and allowed ML_KEM_768 / KE1_ML_KEM_768`}
  ///
  /// @param common the transforms that both ends name, by type
  static String repetition(List<List<Transform>> common) {
    return common.stream()
        .filter(each -> Transform.isKeyExchange(each.getFirst().type()))
        .map(Selection::names)
        .collect(
            Collectors.joining(
                " / ", "no different key exchange methods: offered and allowed ", ""));
  }

  private static String names(List<Transform> transforms) {
    return transforms.isEmpty()
        ? "nothing"
        : transforms.stream().map(TransformNames::of).collect(Collectors.joining(" "));
  }
}
