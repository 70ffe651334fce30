package espd.ike.v1.crypto;

import espd.ike.crypto.IkeSuite;
import espd.ike.message.Bytes;
import espd.ike.message.Proposal;
import espd.ike.v1.message.AuthenticationMethod;
import espd.ike.v1.message.IsakmpProposal;
import espd.ike.v1.message.IsakmpTransform;
import espd.ike.v1.message.Lifetimes;
import espd.ike.v1.message.NotificationType;
import espd.ike.v1.message.SecurityAssociation;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What one end allows in phase 1 (RFC 2409 §5, appendix A).
///
/// @param proposals as [espd.ike.Connection#ikeProposals] has them, in the order of preference. The
///   hash is that of their integrity, else of their prf; what IKEv1 cannot say is passed over
/// @param methods how both ends may prove themselves, in the order in which they are offered
/// @param lifetimes what we say of the SA's life
public record PhaseOneTerms(
    List<Proposal> proposals, List<AuthenticationMethod> methods, Lifetimes lifetimes) {

  /// Copies the lists.
  ///
  /// @throws IllegalArgumentException when there is nothing that IKEv1 can say
  public PhaseOneTerms {
    proposals = List.copyOf(proposals);
    methods = List.copyOf(methods);
    if (methods.isEmpty() || proposals.stream().allMatch(p -> PhaseOneSuites.expand(p).isEmpty())) {
      throw new IllegalArgumentException("nothing that IKEv1 can offer");
    }
  }

  /// {@return what we offer as initiator: one proposal with a transform for each method and suite
  /// (RFC 2409 §5)}
  public SecurityAssociation offer() {
    return Offers.numbered(
        IsakmpProposal.ISAKMP,
        Bytes.EMPTY,
        suites()
            .flatMap(
                suite ->
                    methods.stream()
                        .map(method -> PhaseOneSuites.transform(suite, method, lifetimes)))
            .toList());
  }

  private Stream<IkeSuite> suites() {
    return proposals.stream()
        .flatMap(proposal -> PhaseOneSuites.expand(proposal).stream())
        .distinct();
  }

  /// As responder: chooses from what the peer offers, the first of ours that is there.
  ///
  /// @param offered what the peer sent
  public PhaseOneSelection choose(SecurityAssociation offered) {
    if (offered.objection().isPresent()) {
      return new PhaseOneSelection.Mismatch(
          offered.objection().getAsInt(), Offers.objection(offered));
    }
    Offers offers = Offers.of(offered, PhaseOneSuites::model);
    Offers agreed =
        offers.where(t -> PhaseOneSuites.method(t).filter(methods::contains).isPresent());
    if (agreed.isEmpty()) {
      return mismatch(
          "authentication method differs: offered %s, allowed %s"
              .formatted(
                  offers.names(PhaseOneSuites::methodName),
                  methods.stream()
                      .map(AuthenticationMethod::toString)
                      .collect(Collectors.joining(" "))));
    }
    return switch (agreed.choose(
        suites().map(PhaseOneSuites::model).toList(),
        proposals.stream().map(PhaseOneSuites::asSaid).toList())) {
      case Offers.Choice.Chosen chosen -> chosen(chosen);
      case Offers.Choice.None none -> mismatch(none.difference());
    };
  }

  /// As initiator: checks that the peer chose one of what we sent, and only one (RFC 2409 §5).
  ///
  /// @param answered what the peer answered
  public PhaseOneSelection confirm(SecurityAssociation answered) {
    return Offers.isOneChoice(answered)
        ? choose(answered)
        : mismatch("the answer is not one transform of one proposal");
  }

  private static PhaseOneSelection chosen(Offers.Choice.Chosen chosen) {
    IsakmpTransform transform = chosen.transform();
    IsakmpProposal answer = chosen.proposal().with(Bytes.EMPTY, transform);
    return new PhaseOneSelection.Chosen(
        IkeSuite.from(chosen.model()),
        PhaseOneSuites.method(transform).orElseThrow(),
        Lifetimes.ofPhaseOne(transform.attributes()),
        SecurityAssociation.of(List.of(answer)));
  }

  private static PhaseOneSelection mismatch(String difference) {
    return new PhaseOneSelection.Mismatch(NotificationType.NO_PROPOSAL_CHOSEN, difference);
  }
}
