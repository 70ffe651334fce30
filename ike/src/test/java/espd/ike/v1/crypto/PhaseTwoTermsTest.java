package espd.ike.v1.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.crypto.KeyExchangeMethod;
import espd.ike.message.Bytes;
import espd.ike.message.Proposal;
import espd.ike.message.Transform;
import espd.ike.v1.message.Attribute;
import espd.ike.v1.message.Encapsulation;
import espd.ike.v1.message.IsakmpProposal;
import espd.ike.v1.message.IsakmpTransform;
import espd.ike.v1.message.Lifetimes;
import espd.ike.v1.message.NotificationType;
import espd.ike.v1.message.PhaseTwoAttribute;
import espd.ike.v1.message.SecurityAssociation;
import espd.spd.Mode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Offers and choices of phase 2 (RFC 2409 §5.5, RFC 2407 §4.4.4, §4.5).
class PhaseTwoTermsTest {

  private static final Transform AES_128 = Transform.encr(12, 128);
  private static final Transform GCM_256 = Transform.encr(20, 256);
  private static final Transform TRIPLE_DES = Transform.of(Transform.ENCR, 3);
  private static final Transform NULL = Transform.of(Transform.ENCR, 11);
  private static final Transform MD5 = Transform.of(Transform.INTEG, 1);
  private static final Transform SHA1 = Transform.of(Transform.INTEG, 2);
  private static final Transform SHA2_512 = Transform.of(Transform.INTEG, 14);
  private static final Transform MODP_2048 = Transform.of(Transform.DH, 14);
  private static final Transform MODP_1024 = Transform.of(Transform.DH, 2);
  private static final Transform NO_ESN = Transform.of(Transform.ESN, 0);
  private static final Lifetimes LIFE = Lifetimes.of(Duration.ofHours(30), 5_000_000);
  private static final int SPI = 0xc0ffee01;

  private static PhaseTwoTerms terms(Proposal... proposals) {
    return new PhaseTwoTerms(List.of(proposals), Encapsulation.TUNNEL, LIFE);
  }

  @Test
  void offersOneProposalWithATransformForEachSuite() {
    SecurityAssociation offer =
        terms(Samples.esp(GCM_256, TRIPLE_DES, NULL, SHA2_512, MD5, NO_ESN)).offer(SPI);
    IsakmpProposal proposal = offer.proposals().getFirst();
    assertEquals(Bytes.ofInt(SPI), proposal.spi());
    assertEquals(
        List.of(20, 3, 3, 11, 11),
        proposal.transforms().stream().map(IsakmpTransform::id).toList());
    List<Attribute> life =
        List.of(
            Attribute.of(PhaseTwoAttribute.ENCAPSULATION, 1),
            Attribute.of(PhaseTwoAttribute.LIFE_TYPE, 1),
            new Attribute(PhaseTwoAttribute.LIFE_DURATION, false, Bytes.ofInt(108_000)),
            Attribute.of(PhaseTwoAttribute.LIFE_TYPE, 2),
            Attribute.of(PhaseTwoAttribute.LIFE_DURATION, 4883));
    // RFC 4106 §8.3: an AEAD has a key length and no integrity.
    List<Attribute> gcm = proposal.transforms().getFirst().attributes();
    assertEquals(Attribute.of(PhaseTwoAttribute.KEY_LENGTH, 256), gcm.getFirst());
    assertEquals(life, gcm.subList(1, gcm.size()));
    List<Attribute> last = proposal.transforms().getLast().attributes();
    assertEquals(Attribute.of(PhaseTwoAttribute.AUTHENTICATION, 1), last.getFirst());
    assertEquals(life, last.subList(1, last.size()));
  }

  @ParameterizedTest
  @EnumSource(Encapsulation.class)
  void choosesAndConfirms(Encapsulation encapsulation) {
    PhaseTwoTerms both =
        new PhaseTwoTerms(
            List.of(Samples.esp(GCM_256, AES_128, SHA1, NO_ESN)), encapsulation, LIFE);
    PhaseTwoSelection.Chosen chosen = chosen(both.choose(both.offer(SPI)));
    assertEquals("AES_GCM_16_256/NO_EXT_SEQ", chosen.suite().toString());
    assertEquals(SPI, chosen.peerSpi());
    assertEquals(OptionalLong.of(108_000), chosen.lifetimes().seconds());
    assertEquals(OptionalLong.of(4883), chosen.lifetimes().kilobytes());
    PhaseTwoSelection.Chosen confirmed = chosen(both.confirm(chosen.answer(7)));
    assertEquals(7, confirmed.peerSpi());
    assertEquals(chosen.suite(), confirmed.suite());
    assertEquals(Optional.of(encapsulation), Encapsulation.of(encapsulation.id()));
    assertEquals(encapsulation, Encapsulation.of(encapsulation.mode(), encapsulation.inUdp()));
  }

  @Test
  void choosesTheFirstOfOursThatIsOffered() {
    PhaseTwoTerms ours = terms(Samples.esp(AES_128, SHA1), Samples.esp(TRIPLE_DES, SHA1, MD5));
    PhaseTwoTerms peer = terms(Samples.esp(NULL, TRIPLE_DES, AES_128, MD5, SHA1));
    assertEquals(
        "AES_CBC_128/HMAC_SHA1_96/NO_EXT_SEQ",
        chosen(ours.choose(peer.offer(SPI))).suite().toString());
    PhaseTwoTerms old = terms(Samples.esp(TRIPLE_DES, MD5));
    assertEquals(
        "3DES_CBC/HMAC_MD5_96/NO_EXT_SEQ", chosen(ours.choose(old.offer(SPI))).suite().toString());
  }

  @Test
  void oneQuickModeHasOneGroup() {
    // RFC 2409 §5.5: the KE payload is of one group, so all transforms name that.
    PhaseTwoTerms terms =
        terms(Samples.esp(AES_128, SHA1, MODP_2048, MODP_1024), Samples.esp(TRIPLE_DES, SHA1));
    assertEquals(Optional.of(KeyExchangeMethod.MODP_2048), terms.group());
    IsakmpProposal offer = terms.offer(SPI).proposals().getFirst();
    assertEquals(1, offer.transforms().size());
    assertEquals(
        OptionalLong.of(14), offer.transforms().getFirst().number(PhaseTwoAttribute.GROUP));
    PhaseTwoSelection.Chosen chosen = chosen(terms.choose(terms.offer(SPI)));
    assertEquals("AES_CBC_128/HMAC_SHA1_96/MODP_2048/NO_EXT_SEQ", chosen.suite().toString());
    // As responder it takes the group that the peer began with.
    SecurityAssociation other = terms(Samples.esp(AES_128, SHA1, MODP_1024)).offer(SPI);
    assertEquals(
        Optional.of(KeyExchangeMethod.MODP_1024), chosen(terms.choose(other)).suite().method());
    // As initiator it does not.
    SecurityAssociation answer = chosen(terms.choose(other)).answer(SPI);
    assertMismatch("another group", terms.confirm(answer));
    assertEquals(Optional.empty(), terms(Samples.esp(AES_128, SHA1)).group());
  }

  @Test
  void aRefusalSaysWhatDiffers() {
    PhaseTwoTerms ours = terms(Samples.esp(AES_128, SHA1, MODP_2048));
    assertMismatch(
        "DH differs: offered NONE, allowed MODP_2048",
        ours.choose(terms(Samples.esp(AES_128, SHA1)).offer(SPI)));
    assertMismatch(
        "INTEG differs: offered HMAC_MD5_96, allowed HMAC_SHA1_96",
        ours.choose(terms(Samples.esp(AES_128, MD5, MODP_2048)).offer(SPI)));
    assertMismatch(
        "ENCR differs: offered 3DES_CBC, allowed AES_CBC_128",
        ours.choose(terms(Samples.esp(TRIPLE_DES, SHA1, MODP_2048)).offer(SPI)));
    PhaseTwoTerms transport =
        new PhaseTwoTerms(
            List.of(Samples.esp(AES_128, SHA1, MODP_2048)),
            Encapsulation.of(Mode.TRANSPORT, false),
            LIFE);
    assertMismatch(
        "encapsulation differs: offered TRANSPORT, allowed TUNNEL",
        ours.choose(transport.offer(SPI)));
    assertMismatch("not one transform", ours.confirm(SecurityAssociation.of(List.of())));
  }

  @Test
  void whatItDoesNotKnowGoesWithNothing() {
    PhaseTwoTerms ours = terms(Samples.esp(AES_128, SHA1));
    IsakmpTransform good = ours.offer(SPI).proposals().getFirst().transforms().getFirst();
    for (Attribute extra : List.of(Attribute.of(11, 1), Attribute.of(8, 1), Attribute.of(5, 2))) {
      List<Attribute> attributes = new ArrayList<>(good.attributes());
      attributes.add(extra);
      IsakmpTransform odd = new IsakmpTransform(1, good.id(), attributes);
      assertMismatch("ENCR differs", ours.choose(offer(IsakmpProposal.ESP, odd)));
    }
    assertMismatch("protocol differs", ours.choose(offer(IsakmpProposal.AH, good)));
    IsakmpTransform des = new IsakmpTransform(1, 2, good.attributes());
    assertMismatch("DES_CBC", ours.choose(offer(IsakmpProposal.ESP, des)));
  }

  @Test
  void whatIsMeantTogetherIsNotChosenApart() {
    // RFC 2408 §4.2: proposals of one number are both to be agreed to.
    PhaseTwoTerms ours = terms(Samples.esp(AES_128, SHA1));
    IsakmpProposal esp = ours.offer(SPI).proposals().getFirst();
    IsakmpProposal ipcomp =
        new IsakmpProposal(
            1,
            IsakmpProposal.IPCOMP,
            Bytes.ofHex("0102"),
            List.of(new IsakmpTransform(1, 2, List.of())));
    assertMismatch("only together", ours.choose(SecurityAssociation.of(List.of(esp, ipcomp))));
    IsakmpProposal alone = new IsakmpProposal(2, esp.protocol(), esp.spi(), esp.transforms());
    PhaseTwoSelection.Chosen chosen =
        chosen(ours.choose(SecurityAssociation.of(List.of(esp, ipcomp, alone))));
    assertEquals(2, chosen.answer(7).proposals().getFirst().number());
  }

  @Test
  void aGroupOfZeroIsNone() {
    PhaseTwoTerms ours = terms(Samples.esp(AES_128, SHA1));
    IsakmpTransform good = ours.offer(SPI).proposals().getFirst().transforms().getFirst();
    List<Attribute> attributes = new ArrayList<>(good.attributes());
    attributes.add(Attribute.of(PhaseTwoAttribute.GROUP, 0));
    IsakmpTransform none = new IsakmpTransform(1, good.id(), attributes);
    assertEquals(
        Optional.empty(), chosen(ours.choose(offer(IsakmpProposal.ESP, none))).suite().method());
  }

  @Test
  void aTransformOfIkev2IsNotChosen() {
    PhaseTwoTerms ours =
        terms(Samples.esp(Transform.of(Transform.ENCR, 28)), Samples.esp(AES_128, SHA1));
    Attribute tunnel = Attribute.of(PhaseTwoAttribute.ENCAPSULATION, 1);
    IsakmpTransform chacha = new IsakmpTransform(1, 28, List.of(tunnel));
    assertMismatch("not in IKEv1: ESP:", ours.choose(offer(IsakmpProposal.ESP, chacha)));
  }

  @Test
  void passesOverWhatIkev1CannotSay() {
    Proposal chacha = Samples.esp(Transform.of(Transform.ENCR, 28));
    Proposal esn = Samples.esp(AES_128, SHA1, Transform.of(Transform.ESN, 1));
    Proposal bare = Samples.esp(AES_128);
    assertThrows(IllegalArgumentException.class, () -> terms(chacha, esn, bare));
    assertEquals(
        1,
        terms(chacha, esn, bare, Samples.esp(AES_128, SHA1))
            .offer(SPI)
            .proposals()
            .getFirst()
            .transforms()
            .size());
  }

  @Test
  void aSituationOfOthersIsAnsweredWithItsNotification() {
    PhaseTwoSelection.Mismatch mismatch =
        assertInstanceOf(
            PhaseTwoSelection.Mismatch.class,
            terms(Samples.esp(AES_128, SHA1)).choose(new SecurityAssociation(1, 2, List.of())));
    assertEquals(NotificationType.SITUATION_NOT_SUPPORTED, mismatch.notification());
  }

  private static SecurityAssociation offer(int protocol, IsakmpTransform transform) {
    return SecurityAssociation.of(
        List.of(new IsakmpProposal(1, protocol, Bytes.ofInt(SPI), List.of(transform))));
  }

  private static PhaseTwoSelection.Chosen chosen(PhaseTwoSelection selection) {
    return assertInstanceOf(PhaseTwoSelection.Chosen.class, selection, selection::toString);
  }

  private static void assertMismatch(String expected, PhaseTwoSelection selection) {
    PhaseTwoSelection.Mismatch mismatch =
        assertInstanceOf(PhaseTwoSelection.Mismatch.class, selection);
    assertEquals(NotificationType.NO_PROPOSAL_CHOSEN, mismatch.notification());
    assertTrue(mismatch.difference().contains(expected), mismatch.difference());
  }
}
