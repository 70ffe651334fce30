package espd.ike.v1.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.message.Bytes;
import espd.ike.message.Proposal;
import espd.ike.message.Transform;
import espd.ike.v1.message.Encapsulation;
import espd.ike.v1.message.IsakmpProposal;
import espd.ike.v1.message.IsakmpTransform;
import espd.ike.v1.message.Lifetimes;
import espd.ike.v1.message.PhaseTwoAttribute;
import espd.ike.v1.message.SecurityAssociation;
import espd.spd.Ipcomp;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// IPComp and ESP that are meant together (RFC 3173 §4.1, RFC 2408 §4.2), between two ends.
class IpcompOffersTest {

  private static final int OUR_SPI = 0x1234_5678;
  private static final int PEER_SPI = 0x2345_6789;
  private static final Ipcomp OURS = new Ipcomp(0x0c0d);
  private static final Ipcomp PEERS = new Ipcomp(0xd00f);

  private final PhaseTwoTerms terms =
      new PhaseTwoTerms(
          List.of(
              new Proposal(
                  1,
                  Proposal.ESP,
                  Bytes.EMPTY,
                  List.of(
                      Transform.encr(12, 128),
                      Transform.of(Transform.INTEG, 2),
                      Transform.of(Transform.DH, 14)))),
          Encapsulation.TUNNEL,
          Lifetimes.of(Duration.ofHours(1)));

  private SecurityAssociation offer() {
    return IpcompOffers.offer(terms.offer(OUR_SPI), OURS);
  }

  private static IsakmpProposal proposal(int number, int protocol, String spi, int... transforms) {
    return new IsakmpProposal(
        number,
        protocol,
        Bytes.ofHex(spi),
        Arrays.stream(transforms).mapToObj(id -> new IsakmpTransform(1, id, List.of())).toList());
  }

  /// RFC 2408 §4.2: together under one number, and once more alone under the next. RFC 3173 §4.1: a
  /// CPI of two octets; the transform says encapsulation, group and life as ESP's does.
  @Test
  void offersEspWithCompressionFirstAndThenWithout() {
    List<IsakmpProposal> proposals = offer().proposals();
    IsakmpProposal alone = terms.offer(OUR_SPI).proposals().getFirst();
    assertEquals(3, proposals.size());
    assertEquals(alone, proposals.get(0));
    assertEquals(
        new IsakmpProposal(2, IsakmpProposal.ESP, alone.spi(), alone.transforms()),
        proposals.get(2));
    IsakmpProposal ipcomp = proposals.get(1);
    assertEquals(1, ipcomp.number());
    assertEquals(IsakmpProposal.IPCOMP, ipcomp.protocol());
    assertEquals(Bytes.ofHex("0c0d"), ipcomp.spi());
    IsakmpTransform deflate = ipcomp.transforms().getFirst();
    assertEquals(2, deflate.id());
    assertEquals(1, deflate.number(PhaseTwoAttribute.ENCAPSULATION).orElseThrow());
    assertEquals(14, deflate.number(PhaseTwoAttribute.GROUP).orElseThrow());
    assertEquals(3600, Lifetimes.ofPhaseTwo(deflate.attributes()).seconds().orElseThrow());
    assertEquals(4, deflate.attributes().size());
  }

  /// RFC 2408 §4.2, RFC 3173 §4.1: who compresses takes both, and each end learns the other's CPI.
  @Test
  void whoCompressesTakesBoth() {
    IpcompOffers offered = IpcompOffers.of(offer());
    var chosen = assertInstanceOf(PhaseTwoSelection.Chosen.class, terms.choose(offered.esp()));
    assertEquals(Optional.of(OURS), offered.peers(chosen.proposal().number()));

    SecurityAssociation answer = offered.answer(chosen.answer(PEER_SPI), PEERS);
    assertEquals(2, answer.proposals().size());
    IpcompOffers answered = IpcompOffers.of(answer);
    var confirmed = assertInstanceOf(PhaseTwoSelection.Chosen.class, terms.confirm(answered.esp()));
    assertEquals(PEER_SPI, confirmed.peerSpi());
    assertEquals(Optional.of(PEERS), answered.peers(confirmed.proposal().number()));
  }

  /// RFC 2408 §4.2: who does not compress passes over what is offered together, and takes ESP
  /// alone.
  @Test
  void whoDoesNotCompressTakesEspAlone() {
    IpcompOffers offered = IpcompOffers.none(offer());
    var chosen = assertInstanceOf(PhaseTwoSelection.Chosen.class, terms.choose(offered.esp()));
    assertEquals(2, chosen.proposal().number());
    assertEquals(Optional.empty(), offered.peers(2));

    SecurityAssociation answer = offered.answer(chosen.answer(PEER_SPI), PEERS);
    IpcompOffers answered = IpcompOffers.of(answer);
    assertInstanceOf(PhaseTwoSelection.Chosen.class, terms.confirm(answered.esp()));
    assertEquals(Optional.empty(), answered.peers(2));
  }

  /// RFC 3173 §4.1: a CPI may come in four octets.
  @ParameterizedTest
  @CsvSource({"0c0d, 3085", "00000c0d, 3085", "0002, 2", "0000efff, 61439"})
  void readsCpisOfTwoAndFourOctets(String spi, int cpi) {
    IpcompOffers offers =
        IpcompOffers.of(
            SecurityAssociation.of(
                List.of(
                    proposal(7, IsakmpProposal.IPCOMP, spi, 3, 2),
                    proposal(7, IsakmpProposal.ESP, "00000101", 12))));
    assertEquals(Optional.of(new Ipcomp(cpi)), offers.peers(7));
    assertEquals(1, offers.esp().proposals().size());
  }

  /// RFC 2408 §4.2: what is together with anything else than DEFLATE under a CPI that there can be
  /// stays together, and is passed over as a whole.
  @Test
  void whatIsTogetherWithAnythingElseStaysTogether() {
    IsakmpProposal esp = proposal(1, IsakmpProposal.ESP, "00000101", 12);
    IsakmpProposal deflate = proposal(1, IsakmpProposal.IPCOMP, "0c0d", 2);
    for (List<IsakmpProposal> together :
        List.of(
            List.of(esp, proposal(1, IsakmpProposal.IPCOMP, "0c0d", 3)),
            List.of(esp, proposal(1, IsakmpProposal.IPCOMP, "0003", 2)),
            List.of(esp, proposal(1, IsakmpProposal.IPCOMP, "ffff0c0d", 2)),
            List.of(esp, proposal(1, IsakmpProposal.AH, "00000102", 2)),
            List.of(esp, deflate, proposal(1, IsakmpProposal.AH, "00000102", 2)),
            List.of(esp, deflate, deflate),
            List.of(deflate))) {
      SecurityAssociation sa = SecurityAssociation.of(together);
      IpcompOffers offers = IpcompOffers.of(sa);
      assertEquals(sa, offers.esp());
      assertTrue(offers.ipcomp().isEmpty());
      assertInstanceOf(PhaseTwoSelection.Mismatch.class, terms.choose(offers.esp()));
    }
  }
}
