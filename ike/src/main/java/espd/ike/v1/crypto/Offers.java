package espd.ike.v1.crypto;

import espd.ike.crypto.ProposalSelection;
import espd.ike.crypto.Selection;
import espd.ike.crypto.TransformNames;
import espd.ike.message.Bytes;
import espd.ike.message.Proposal;
import espd.ike.v1.message.IsakmpProposal;
import espd.ike.v1.message.IsakmpTransform;
import espd.ike.v1.message.SecurityAssociation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The transforms of an SA payload, each as the proposal with one transform of each type that it
/// means: so that [ProposalSelection] can tell how they differ from ours. Equal models are equal
/// suites: number and SPI play no part in them.
///
/// @param all in the order of the wire
record Offers(List<Offer> all) {

  /// More transforms than this cannot be counted in a proposal (RFC 2408 §3.5).
  private static final int MAX_TRANSFORMS = 255;

  /// One transform.
  ///
  /// @param proposal where it stands
  /// @param transform as it is on the wire
  /// @param model what it means
  record Offer(IsakmpProposal proposal, IsakmpTransform transform, Proposal model) {}

  /// What came of comparing.
  sealed interface Choice {

    /// One goes with ours.
    ///
    /// @param proposal the peer's
    /// @param transform one of it
    /// @param model what that means
    record Chosen(IsakmpProposal proposal, IsakmpTransform transform, Proposal model)
        implements Choice {}

    /// None does.
    record None(String difference) implements Choice {}
  }

  /// @param model what a transform of a proposal means
  static Offers of(
      SecurityAssociation sa, BiFunction<IsakmpProposal, IsakmpTransform, Proposal> model) {
    List<Offer> offers = new ArrayList<>();
    for (IsakmpProposal proposal : sa.proposals()) {
      if (isAlone(proposal, sa)) {
        proposal
            .transforms()
            .forEach(t -> offers.add(new Offer(proposal, t, model.apply(proposal, t))));
      }
    }
    return new Offers(offers);
  }

  /// Proposals of one number are meant together (RFC 2408 §4.2).
  private static boolean isAlone(IsakmpProposal proposal, SecurityAssociation sa) {
    return sa.proposals().stream().filter(p -> p.number() == proposal.number()).count() == 1;
  }

  /// {@return an SA payload of one proposal, its transforms numbered from 1}
  static SecurityAssociation numbered(int protocol, Bytes spi, List<IsakmpTransform> transforms) {
    List<IsakmpTransform> numbered =
        IntStream.range(0, Math.min(transforms.size(), MAX_TRANSFORMS))
            .mapToObj(i -> transforms.get(i).numbered(i + 1))
            .toList();
    return SecurityAssociation.of(List.of(new IsakmpProposal(1, protocol, spi, numbered)));
  }

  /// {@return whether it is an answer: one transform of one proposal}
  static boolean isOneChoice(SecurityAssociation answered) {
    return answered.proposals().size() == 1
        && answered.proposals().getFirst().transforms().size() == 1;
  }

  /// {@return why an SA payload cannot be spoken about}
  static String objection(SecurityAssociation sa) {
    return "DOI %s and situation %s, not %d and %d"
        .formatted(
            Integer.toUnsignedString(sa.doi()),
            Integer.toUnsignedString(sa.situation()),
            SecurityAssociation.IPSEC_DOI,
            SecurityAssociation.SIT_IDENTITY_ONLY);
  }

  Offers where(Predicate<IsakmpTransform> condition) {
    return new Offers(all.stream().filter(offer -> condition.test(offer.transform)).toList());
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  String names(Function<IsakmpTransform, String> name) {
    return all.stream().map(Offer::transform).map(name).distinct().collect(Collectors.joining(" "));
  }

  /// The first suite of ours that is offered. What a stranger offers is looked up, not compared
  /// with each.
  ///
  /// @param suites in the order of preference, one transform of each type in the order of a model
  /// @param ours the same as it was configured, for the explanation
  Choice choose(List<Proposal> suites, List<Proposal> ours) {
    Map<Proposal, Offer> offered = new HashMap<>();
    all.forEach(offer -> offered.putIfAbsent(offer.model, offer));
    return suites.stream()
        .filter(offered::containsKey)
        .findFirst()
        .map(offered::get)
        .<Choice>map(offer -> new Choice.Chosen(offer.proposal, offer.transform, offer.model))
        .orElseGet(() -> new Choice.None(difference(ours)));
  }

  private String difference(List<Proposal> ours) {
    List<Proposal> models = all.stream().map(Offer::model).distinct().toList();
    return switch (ProposalSelection.select(ours, models)) {
      case Selection.Mismatch mismatch -> mismatch.toString();
      case Selection.Chosen(Proposal proposal) -> "not in IKEv1: " + TransformNames.of(proposal);
    };
  }
}
