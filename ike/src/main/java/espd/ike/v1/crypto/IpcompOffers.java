package espd.ike.v1.crypto;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import espd.ike.message.Bytes;
import espd.ike.v1.message.Attribute;
import espd.ike.v1.message.IsakmpProposal;
import espd.ike.v1.message.IsakmpTransform;
import espd.ike.v1.message.PhaseTwoAttribute;
import espd.ike.v1.message.SecurityAssociation;
import espd.spd.Ipcomp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// IPComp beside ESP in the SA payload of phase 2 (RFC 3173 §4.1, RFC 2407 §4.4.5): two proposals
/// of one number, which are meant together (RFC 2408 §4.2), and ESP alone behind them for those who
/// compress nothing.
///
/// ```
/// offer      #1 ESP (SPI) transforms   #1 IPCOMP (CPI) DEFLATE   #2 ESP (SPI) transforms
///
/// answer     #1 ESP (SPI) transform    #1 IPCOMP (CPI) DEFLATE
///        or  #2 ESP (SPI) transform
/// ```
///
/// [#of] takes them apart: [PhaseTwoTerms] chooses among, or confirms, what is left.
///
/// @param esp the payload without the proposals of IPComp
/// @param ipcomp what they were, with the transform of DEFLATE only, by their numbers
public record IpcompOffers(SecurityAssociation esp, Map<Integer, IsakmpProposal> ipcomp) {

  private static final int CPI_OCTETS = 2;

  /// What the transform of DEFLATE says too (RFC 3173 §4.1, RFC 2409 §5.5).
  private static final Set<Integer> SHARED =
      Set.of(
          PhaseTwoAttribute.ENCAPSULATION,
          PhaseTwoAttribute.GROUP,
          PhaseTwoAttribute.LIFE_TYPE,
          PhaseTwoAttribute.LIFE_DURATION);

  /// Copies the map.
  public IpcompOffers {
    ipcomp = Map.copyOf(ipcomp);
  }

  /// {@return a payload as it is: to one who compresses nothing, what is offered together is
  /// nothing}
  public static IpcompOffers none(SecurityAssociation sa) {
    return new IpcompOffers(sa, Map.of());
  }

  /// {@return a payload taken apart: where ESP is meant together with DEFLATE and nothing else, it
  /// stands alone then}
  public static IpcompOffers of(SecurityAssociation sa) {
    if (sa.objection().isPresent()) {
      return none(sa);
    }
    List<IsakmpProposal> left = new ArrayList<>();
    Map<Integer, IsakmpProposal> ipcomp = new HashMap<>();
    Map<Integer, List<IsakmpProposal>> together =
        sa.proposals().stream()
            .collect(groupingBy(IsakmpProposal::number, LinkedHashMap::new, toList()));
    together.forEach(
        (number, proposals) -> {
          Optional<IsakmpProposal> esp = only(proposals, IsakmpProposal.ESP);
          Optional<IsakmpProposal> deflate =
              only(proposals, IsakmpProposal.IPCOMP).flatMap(IpcompOffers::deflate);
          if (proposals.size() == 2 && esp.isPresent() && deflate.isPresent()) {
            left.add(esp.get());
            ipcomp.put(number, deflate.get());
          } else {
            left.addAll(proposals);
          }
        });
    return new IpcompOffers(SecurityAssociation.of(left), ipcomp);
  }

  private static Optional<IsakmpProposal> only(List<IsakmpProposal> proposals, int protocol) {
    return proposals.stream().filter(each -> each.protocol() == protocol).findFirst();
  }

  private static Optional<IsakmpProposal> deflate(IsakmpProposal proposal) {
    return proposal.transforms().stream()
        .filter(transform -> transform.id() == Ipcomp.DEFLATE && Ipcomp.isAllowed(cpi(proposal)))
        .findFirst()
        .map(transform -> proposal.with(proposal.spi(), transform));
  }

  /// A CPI has two octets, or four of which the first are zero (RFC 3173 §4.1).
  private static int cpi(IsakmpProposal proposal) {
    Bytes spi = proposal.spi();
    return spi.length() == CPI_OCTETS ? spi.at(0) << 8 | spi.at(1) : spi.toInt();
  }

  /// {@return under which CPI the peer takes compressed packets, if the proposal of this number
  /// says so}
  public Optional<Ipcomp> peers(int number) {
    return Optional.ofNullable(ipcomp.get(number)).map(proposal -> new Ipcomp(cpi(proposal)));
  }

  /// {@return an offer of ESP with compression, and without for those who have none}
  ///
  /// @param esp the offer of one proposal, as [PhaseTwoTerms#offer] makes it
  /// @param ours the CPI that we choose
  public static SecurityAssociation offer(SecurityAssociation esp, Ipcomp ours) {
    IsakmpProposal compressed = esp.proposals().getFirst();
    int number = compressed.number();
    List<Attribute> attributes =
        compressed.transforms().getFirst().attributes().stream()
            .filter(attribute -> SHARED.contains(attribute.type()))
            .toList();
    IsakmpTransform deflate = new IsakmpTransform(1, Ipcomp.DEFLATE, attributes);
    return SecurityAssociation.of(
        List.of(
            compressed,
            new IsakmpProposal(number, IsakmpProposal.IPCOMP, spi(ours), List.of(deflate)),
            new IsakmpProposal(
                number + 1, compressed.protocol(), compressed.spi(), compressed.transforms())));
  }

  private static Bytes spi(Ipcomp ipcomp) {
    return Bytes.of((byte) (ipcomp.cpi() >>> 8), (byte) ipcomp.cpi());
  }

  /// {@return the answer to what was taken apart: with compression where the chosen proposal had
  /// it}
  ///
  /// @param esp the answer without, as [PhaseTwoSelection.Chosen#answer] makes it
  /// @param ours the CPI that we choose
  public SecurityAssociation answer(SecurityAssociation esp, Ipcomp ours) {
    IsakmpProposal chosen = esp.proposals().getFirst();
    IsakmpProposal beside = ipcomp.get(chosen.number());
    return beside == null
        ? esp
        : SecurityAssociation.of(
            List.of(chosen, beside.with(spi(ours), beside.transforms().getFirst())));
  }
}
