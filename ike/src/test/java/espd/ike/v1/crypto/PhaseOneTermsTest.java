package espd.ike.v1.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.message.Bytes;
import espd.ike.message.Proposal;
import espd.ike.message.Transform;
import espd.ike.v1.message.Attribute;
import espd.ike.v1.message.AuthenticationMethod;
import espd.ike.v1.message.IsakmpProposal;
import espd.ike.v1.message.IsakmpTransform;
import espd.ike.v1.message.Lifetimes;
import espd.ike.v1.message.NotificationType;
import espd.ike.v1.message.PhaseOneAttribute;
import espd.ike.v1.message.SecurityAssociation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Offers and choices of phase 1 (RFC 2409 §5, appendix A; RFC 2408 §4.2).
class PhaseOneTermsTest {

  private static final Transform AES_128 = Transform.encr(12, 128);
  private static final Transform AES_256 = Transform.encr(12, 256);
  private static final Transform TRIPLE_DES = Transform.of(Transform.ENCR, 3);
  private static final Transform MD5 = Transform.of(Transform.INTEG, 1);
  private static final Transform SHA1 = Transform.of(Transform.INTEG, 2);
  private static final Transform SHA2_256 = Transform.of(Transform.INTEG, 12);
  private static final Transform MODP_1024 = Transform.of(Transform.DH, 2);
  private static final Transform MODP_2048 = Transform.of(Transform.DH, 14);
  private static final List<AuthenticationMethod> PSK =
      List.of(AuthenticationMethod.PRE_SHARED_KEY);
  private static final Lifetimes HOUR = Lifetimes.of(Duration.ofHours(1));

  private static PhaseOneTerms terms(Proposal... proposals) {
    return new PhaseOneTerms(List.of(proposals), PSK, HOUR);
  }

  @Test
  void offersOneProposalWithATransformForEachSuite() {
    SecurityAssociation offer =
        terms(Samples.ike(AES_128, TRIPLE_DES, SHA1, MD5, MODP_1024)).offer();
    assertEquals(1, offer.proposals().size());
    IsakmpProposal proposal = offer.proposals().getFirst();
    assertEquals(IsakmpProposal.ISAKMP, proposal.protocol());
    assertEquals(Bytes.EMPTY, proposal.spi());
    assertEquals(
        List.of(1, 2, 3, 4), proposal.transforms().stream().map(IsakmpTransform::number).toList());
    // As strongSwan sends it for 3des-md5-modp1024, but for the life.
    assertEquals(
        List.of(
            Attribute.of(PhaseOneAttribute.ENCRYPTION, 5),
            Attribute.of(PhaseOneAttribute.HASH, 1),
            Attribute.of(PhaseOneAttribute.GROUP, 2),
            Attribute.of(PhaseOneAttribute.AUTHENTICATION, 1),
            Attribute.of(PhaseOneAttribute.LIFE_TYPE, 1),
            Attribute.of(PhaseOneAttribute.LIFE_DURATION, 3600)),
        proposal.transforms().getLast().attributes());
  }

  @Test
  void offersEachWayToProve() {
    List<AuthenticationMethod> both =
        List.of(AuthenticationMethod.RSA_SIGNATURES, AuthenticationMethod.PRE_SHARED_KEY);
    PhaseOneTerms terms =
        new PhaseOneTerms(List.of(Samples.ike(AES_128, SHA1, MODP_2048)), both, HOUR);
    assertEquals(2, terms.offer().proposals().getFirst().transforms().size());
    PhaseOneSelection.Chosen chosen = chosen(terms.choose(terms.offer()));
    assertEquals(AuthenticationMethod.RSA_SIGNATURES, chosen.method());
  }

  @Test
  void aHashIsOfIntegrityElseOfPrf() {
    Proposal prf = Samples.ike(AES_128, Transform.of(Transform.PRF, 5), MODP_2048);
    Proposal integrity = Samples.ike(AES_128, SHA2_256, Transform.of(Transform.PRF, 2), MODP_2048);
    String expected = "AES_CBC_128/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048";
    for (Proposal proposal : List.of(prf, integrity)) {
      PhaseOneTerms terms = terms(proposal);
      assertEquals(expected, chosen(terms.choose(terms.offer())).suite().toString());
    }
  }

  @Test
  void choosesTheFirstOfOursThatIsOffered() {
    PhaseOneTerms peer =
        terms(Samples.ike(TRIPLE_DES, AES_128, AES_256, MD5, SHA1, MODP_1024, MODP_2048));
    PhaseOneTerms ours = terms(Samples.ike(AES_256, AES_128, SHA1, MODP_2048, MODP_1024));
    PhaseOneSelection.Chosen chosen = chosen(ours.choose(peer.offer()));
    assertEquals("AES_CBC_256/HMAC_SHA1_96/PRF_HMAC_SHA1/MODP_2048", chosen.suite().toString());
    assertEquals(3600, chosen.lifetimes().seconds().orElseThrow());
    // RFC 2408 §4.2: the answer is the proposal with the one transform, unchanged.
    IsakmpProposal answer = chosen.answer().proposals().getFirst();
    assertEquals(1, answer.transforms().size());
    assertTrue(
        peer.offer().proposals().getFirst().transforms().contains(answer.transforms().getFirst()));
    assertEquals(chosen.suite(), chosen(peer.confirm(chosen.answer())).suite());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1 | 5 | 1 | 2 |     | DH differs: offered MODP_1024, allowed MODP_2048
          1 | 7 | 2 | 14 | 256 | ENCR differs: offered AES_CBC_256, allowed AES_CBC_128
          1 | 7 | 2 | 14 |     | ENCR differs: offered AES_CBC, allowed AES_CBC_128
          1 | 1 | 2 | 14 |     | ENCR differs: offered DES_CBC, allowed AES_CBC_128
          1 | 7 | 4 | 14 | 128 | INTEG differs: offered HMAC_SHA2_256_128, allowed HMAC_SHA1_96
          1 | 7 | 2 | 1  | 128 | DH differs: offered MODP_768, allowed MODP_2048
          1 | 99 | 2 | 14 |    | ENCR differs: offered ENCR(unknown attribute), allowed AES_CBC_128
          3 | 7 | 2 | 14 | 128 | authentication method differs: offered RSA_SIG, allowed PSK
          5 | 7 | 2 | 14 | 128 | authentication method differs: offered (5), allowed PSK
          65001 | 7 | 2 | 14 | 128 | authentication method differs: offered (65001), allowed PSK
          """)
  void aRefusalSaysWhatDiffers(
      int method, int encryption, int hash, int group, Integer keyBits, String difference) {
    List<Attribute> attributes =
        attributes(
            PhaseOneAttribute.ENCRYPTION,
            encryption,
            PhaseOneAttribute.HASH,
            hash,
            PhaseOneAttribute.AUTHENTICATION,
            method,
            PhaseOneAttribute.GROUP,
            group);
    if (keyBits != null) {
      attributes.add(Attribute.of(PhaseOneAttribute.KEY_LENGTH, keyBits));
    }
    Proposal ours =
        encryption == 5
            ? Samples.ike(TRIPLE_DES, MD5, MODP_2048)
            : Samples.ike(AES_128, SHA1, MODP_2048);
    PhaseOneSelection.Mismatch mismatch =
        assertInstanceOf(PhaseOneSelection.Mismatch.class, terms(ours).choose(offer(attributes)));
    assertEquals(NotificationType.NO_PROPOSAL_CHOSEN, mismatch.notification());
    assertTrue(mismatch.difference().endsWith(difference), mismatch.difference());
  }

  @Test
  void whatItDoesNotKnowGoesWithNothing() {
    // RFC 2409 appendix A: a group of one's own, a prf, an attribute twice, a transform of others.
    PhaseOneTerms ours = terms(Samples.ike(AES_128, SHA1, MODP_2048));
    List<Attribute> good = attributes(1, 7, 2, 2, 3, 1, 4, 14, 14, 128);
    assertInstanceOf(PhaseOneSelection.Chosen.class, ours.choose(offer(good)));
    for (Attribute extra :
        List.of(
            Attribute.of(PhaseOneAttribute.PRF, 1),
            Attribute.of(PhaseOneAttribute.HASH, 2),
            new Attribute(6, false, Bytes.of(new byte[128])),
            Attribute.of(16_384, 1))) {
      List<Attribute> attributes = new ArrayList<>(good);
      attributes.add(extra);
      assertInstanceOf(PhaseOneSelection.Mismatch.class, ours.choose(offer(attributes)));
    }
    List<Attribute> large = new ArrayList<>(good);
    large.set(0, new Attribute(PhaseOneAttribute.ENCRYPTION, false, Bytes.ofLong((1L << 32) + 7)));
    assertInstanceOf(PhaseOneSelection.Mismatch.class, ours.choose(offer(large)));
    IsakmpTransform other = new IsakmpTransform(1, 2, good);
    SecurityAssociation sa =
        SecurityAssociation.of(
            List.of(new IsakmpProposal(1, IsakmpProposal.ISAKMP, Bytes.EMPTY, List.of(other))));
    assertInstanceOf(PhaseOneSelection.Mismatch.class, ours.choose(sa));
    SecurityAssociation esp =
        SecurityAssociation.of(
            List.of(
                new IsakmpProposal(
                    1, IsakmpProposal.ESP, Bytes.ofInt(7), List.of(other.numbered(1)))));
    assertInstanceOf(PhaseOneSelection.Mismatch.class, ours.choose(esp));
  }

  @Test
  void aDoiOfOthersIsAnsweredWithItsNotification() {
    PhaseOneTerms ours = terms(Samples.ike(AES_128, SHA1, MODP_2048));
    PhaseOneSelection.Mismatch doi =
        assertInstanceOf(
            PhaseOneSelection.Mismatch.class,
            ours.choose(new SecurityAssociation(2, 0, List.of())));
    assertEquals(NotificationType.DOI_NOT_SUPPORTED, doi.notification());
    assertEquals("DOI 2 and situation 0, not 1 and 1", doi.difference());
  }

  @Test
  void anAnswerIsOneTransformOfWhatWasSent() {
    PhaseOneTerms ours = terms(Samples.ike(AES_256, AES_128, SHA1, MODP_2048));
    assertInstanceOf(PhaseOneSelection.Mismatch.class, ours.confirm(ours.offer()), "two");
    SecurityAssociation none =
        chosen(
                terms(Samples.ike(TRIPLE_DES, MD5, MODP_1024))
                    .choose(terms(Samples.ike(TRIPLE_DES, MD5, MODP_1024)).offer()))
            .answer();
    assertInstanceOf(PhaseOneSelection.Mismatch.class, ours.confirm(none), "another");
  }

  @Test
  void passesOverWhatIkev1CannotSay() {
    // An AEAD in phase 1, an encapsulation mechanism, several key exchanges.
    Proposal gcm = Samples.ike(Transform.encr(20, 128), Transform.of(Transform.PRF, 5), MODP_2048);
    Proposal kem = Samples.ike(AES_128, SHA1, Transform.of(Transform.DH, 36));
    Proposal several = Samples.ike(AES_128, SHA1, MODP_2048, Transform.additional(1, 36));
    assertThrows(IllegalArgumentException.class, () -> terms(gcm, kem, several));
    PhaseOneTerms one = terms(gcm, kem, several, Samples.ike(AES_128, SHA1, MODP_2048));
    assertEquals(1, one.offer().proposals().getFirst().transforms().size());
    List<Proposal> some = List.of(Samples.ike(AES_128, SHA1, MODP_2048));
    assertThrows(IllegalArgumentException.class, () -> new PhaseOneTerms(some, List.of(), HOUR));
  }

  @Test
  void whatOnlyIkev2CanSayIsNotChosenWhateverIsOffered() {
    PhaseOneTerms ours =
        terms(Samples.ike(AES_128, SHA1, MODP_2048, Transform.of(Transform.DH, 36)));
    PhaseOneSelection.Mismatch mismatch =
        assertInstanceOf(
            PhaseOneSelection.Mismatch.class,
            ours.choose(offer(attributes(1, 7, 2, 2, 3, 1, 4, 36, 14, 128))));
    assertTrue(mismatch.difference().startsWith("not in IKEv1: "), mismatch.difference());
  }

  @Test
  void offersNoMoreThanCanBeCounted() {
    // RFC 2408 §3.5: the number of transforms is one octet.
    assertTrue(
        new PhaseOneTerms(
                    List.of(Samples.IKE), List.of(AuthenticationMethod.values()), Lifetimes.UNSAID)
                .offer()
                .proposals()
                .getFirst()
                .transforms()
                .size()
            <= 255);
  }

  private static PhaseOneSelection.Chosen chosen(PhaseOneSelection selection) {
    return assertInstanceOf(PhaseOneSelection.Chosen.class, selection, selection::toString);
  }

  private static List<Attribute> attributes(int... typesAndValues) {
    List<Attribute> attributes = new ArrayList<>();
    for (int i = 0; i < typesAndValues.length; i += 2) {
      attributes.add(Attribute.of(typesAndValues[i], typesAndValues[i + 1]));
    }
    return attributes;
  }

  private static SecurityAssociation offer(List<Attribute> attributes) {
    IsakmpTransform transform = new IsakmpTransform(1, IsakmpTransform.KEY_IKE, attributes);
    return SecurityAssociation.of(
        List.of(new IsakmpProposal(1, IsakmpProposal.ISAKMP, Bytes.EMPTY, List.of(transform))));
  }
}
