package espd.ike.v1.crypto;

import espd.ike.crypto.ChildSuite;
import espd.ike.crypto.KeyExchangeMethod;
import espd.ike.message.Bytes;
import espd.ike.message.Proposal;
import espd.ike.v1.message.Encapsulation;
import espd.ike.v1.message.IsakmpProposal;
import espd.ike.v1.message.IsakmpTransform;
import espd.ike.v1.message.Lifetimes;
import espd.ike.v1.message.NotificationType;
import espd.ike.v1.message.SecurityAssociation;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What one end allows in phase 2 (RFC 2409 §5.5, RFC 2407 §4.5).
///
/// @param proposals as [espd.ike.Connection#espProposals] has them, in the order of preference; a
///   DH transform in one asks for perfect forward secrecy. What IKEv1 cannot say is passed over
/// @param encapsulation of both SAs
/// @param lifetimes what we say of the SAs' life
public record PhaseTwoTerms(
    List<Proposal> proposals, Encapsulation encapsulation, Lifetimes lifetimes) {

  /// Copies the list.
  ///
  /// @throws IllegalArgumentException when there is nothing that IKEv1 can say
  public PhaseTwoTerms {
    proposals = List.copyOf(proposals);
    if (proposals.stream().allMatch(p -> PhaseTwoSuites.expand(p).isEmpty())) {
      throw new IllegalArgumentException("nothing that IKEv1 can offer");
    }
  }

  /// {@return the group of quick mode's own key exchange, if we begin with one: the first that is
  /// named, as one quick mode has one group (RFC 2409 §5.5)}
  public Optional<KeyExchangeMethod> group() {
    return suites().findFirst().flatMap(ChildSuite::method);
  }

  private Stream<ChildSuite> suites() {
    return proposals.stream()
        .flatMap(proposal -> PhaseTwoSuites.expand(proposal).stream())
        .distinct();
  }

  /// {@return what we offer as initiator: one proposal with a transform for each suite, all of the
  /// same [#group()]}
  ///
  /// @param spi that we receive with
  public SecurityAssociation offer(int spi) {
    Optional<KeyExchangeMethod> group = group();
    return Offers.numbered(
        IsakmpProposal.ESP,
        Bytes.ofInt(spi),
        suites()
            .filter(suite -> suite.method().equals(group))
            .map(suite -> PhaseTwoSuites.transform(suite, encapsulation, lifetimes))
            .toList());
  }

  /// As responder: chooses from what the peer offers, the first of ours that is there. Proposals of
  /// several protocols that are meant together are passed over.
  ///
  /// @param offered what the peer sent
  public PhaseTwoSelection choose(SecurityAssociation offered) {
    if (offered.objection().isPresent()) {
      return new PhaseTwoSelection.Mismatch(
          offered.objection().getAsInt(), Offers.objection(offered));
    }
    Offers offers = Offers.of(offered, PhaseTwoSuites::model);
    if (offers.isEmpty()) {
      return mismatch("protocols are offered only together");
    }
    Offers enclosed =
        offers.where(
            t -> PhaseTwoSuites.encapsulation(t).filter(encapsulation::equals).isPresent());
    if (enclosed.isEmpty()) {
      return mismatch(
          "encapsulation differs: offered %s, allowed %s"
              .formatted(offers.names(PhaseTwoSuites::encapsulationName), encapsulation));
    }
    return switch (enclosed.choose(suites().map(PhaseTwoSuites::model).toList(), proposals)) {
      case Offers.Choice.Chosen chosen -> chosen(chosen);
      case Offers.Choice.None none -> mismatch(none.difference());
    };
  }

  /// As initiator: checks that the peer chose one of what we sent, and only one (RFC 2409 §5.5).
  ///
  /// @param answered what the peer answered
  public PhaseTwoSelection confirm(SecurityAssociation answered) {
    if (!Offers.isOneChoice(answered)) {
      return mismatch("the answer is not one transform of one proposal");
    }
    return switch (choose(answered)) {
      case PhaseTwoSelection.Chosen chosen when !chosen.suite().method().equals(group()) ->
          mismatch("the answer has another group than the offer");
      case PhaseTwoSelection selection -> selection;
    };
  }

  private static PhaseTwoSelection chosen(Offers.Choice.Chosen chosen) {
    IsakmpTransform transform = chosen.transform();
    return new PhaseTwoSelection.Chosen(
        ChildSuite.from(chosen.model()),
        Lifetimes.ofPhaseTwo(transform.attributes()),
        chosen.proposal().with(chosen.proposal().spi(), transform));
  }

  private static PhaseTwoSelection mismatch(String difference) {
    return new PhaseTwoSelection.Mismatch(NotificationType.NO_PROPOSAL_CHOSEN, difference);
  }
}
