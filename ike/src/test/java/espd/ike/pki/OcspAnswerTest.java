package espd.ike.pki;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.message.Bytes;
import espd.ike.pki.Authority.Draft;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.CRLReason;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which answers of OCSP count (RFC 6960 §3.2), and what they tell.
final class OcspAnswerTest {

  private static final Instant NOW = Authority.NOW;
  private static final Duration HOUR = Duration.ofHours(1);

  private final Authority root = Authority.root("C=CH, O=Test, CN=Root");
  private final Link link =
      new Link(
          root.certify(Draft.of("C=CH, O=Test, CN=peer"), Authority.key("secp256r1").getPublic()),
          root.certificate());
  private final Responder responder = Responder.of(root);
  private final OcspQuestion question = OcspQuestion.about(link, new SecureRandom());

  private OcspAnswer told(Responder by) throws GeneralSecurityException {
    return OcspAnswer.of(by.answer(question.octets()), question, NOW);
  }

  private void assertRefused(String why, Responder by) {
    assertRefused(why, by.answer(question.octets()));
  }

  private void assertRefused(String why, byte[] octets) {
    GeneralSecurityException refused =
        assertThrows(GeneralSecurityException.class, () -> OcspAnswer.of(octets, question, NOW));
    assertTrue(String.valueOf(refused.getMessage()).contains(why), refused::toString);
  }

  /// RFC 6960 §2.2
  @Test
  void theIssuerSaysThatACertificateIsGood() throws Exception {
    OcspAnswer answer = told(responder);
    assertInstanceOf(Status.Good.class, answer.status());
    assertEquals(root.certificate(), answer.signer());
    assertEquals(NOW.plus(HOUR), answer.until());
  }

  /// RFC 6960 §4.2.1, RFC 5280 §5.3.1
  @Test
  void aRevokedOneHasATimeAndAReason() throws Exception {
    Status told = told(responder.revoking(1)).status();
    assertEquals(new Status.Revoked(NOW.minusSeconds(600), CRLReason.KEY_COMPROMISE), told);
    assertEquals(
        "certificate was revoked on 2025-12-31T23:50:00Z, reason: key compromise", told.toString());
    assertTrue(told(responder.revoking(6)).status().toString().endsWith("certificate hold"));
  }

  /// RFC 6960 §2.2: unknown is not good.
  @Test
  void whatTheResponderDoesNotKnowIsNotKnown() throws Exception {
    assertInstanceOf(Status.Unavailable.class, told(responder.ignorant()).status());
  }

  private Draft delegate() {
    return Draft.of("C=CH, O=Test, CN=ocsp");
  }

  private Responder certifiedBy(Authority authority, Draft draft) {
    KeyPair key = Authority.key("secp256r1");
    return Responder.of(key, authority.certify(draft, key.getPublic()));
  }

  /// RFC 6960 §4.2.2.2: whom the issuer has certified for it, with id-kp-OCSPSigning.
  @Test
  void theIssuerMayHaveAnotherAnswer() throws Exception {
    Responder other = certifiedBy(root, delegate().forOcsp());
    assertEquals(other.certificate(), told(other).signer());
  }

  /// RFC 6960 §4.2.2.2: a peer's own certificate would do otherwise.
  @Test
  void whoseCertificateIsNotForThatDoesNotAnswer() {
    assertRefused("is not signed by", certifiedBy(root, delegate()));
    assertRefused(
        "is not signed by",
        certifiedBy(root, delegate().forOcsp().usage(KeyUsage.keyEncipherment)));
  }

  /// RFC 6960 §4.2.2.2: directly by the issuer.
  @Test
  void whomTheIssuerHasNotCertifiedDoesNotAnswer() {
    Authority stranger = Authority.root("C=CH, O=Test, CN=Root");
    Authority below = root.between(Draft.of("C=CH, O=Test, CN=below").authority());
    assertRefused("is not signed by", Responder.of(stranger));
    assertRefused("is not signed by", certifiedBy(stranger, delegate().forOcsp()));
    assertRefused("is not signed by", certifiedBy(below, delegate().forOcsp()));
  }

  /// RFC 5280 §4.1.2.5
  @Test
  void whoseTimeIsOverDoesNotAnswer() {
    Draft draft = delegate().forOcsp().between(NOW.minus(HOUR.multipliedBy(9)), NOW.minus(HOUR));
    assertRefused("is not signed by", certifiedBy(root, draft));
  }

  /// RFC 9654 §2.1: an answer to another question, played again.
  @Test
  void anotherNonceIsRefused() {
    OcspQuestion earlier = OcspQuestion.about(link, new SecureRandom());
    assertRefused("nonce in ocsp response doesn't match", responder.answer(earlier.octets()));
    assertRefused("nonce", responder.withNonce(Bytes.ofHex("0400")));
  }

  /// RFC 5019 §4: answers that were signed ahead have none.
  @Test
  void anAnswerWithoutNonceCountsWhileItsTimeLasts() throws Exception {
    Responder ahead = responder.withNonce(Bytes.EMPTY);
    assertInstanceOf(Status.Good.class, told(ahead).status());
    Responder old = ahead.between(NOW.minus(HOUR.multipliedBy(2)), Optional.of(NOW.minus(HOUR)));
    assertInstanceOf(Status.Stale.class, told(old).status());
  }

  /// RFC 6960 §3.2 item 1
  @Test
  void anAnswerAboutAnotherCertificateIsRefused() {
    assertRefused("contains no status on our certificate", responder.speakingOfTheNext());
  }

  /// RFC 6960 §4.2.2.1, with the difference that clocks may have; what does not say until when
  /// holds half a minute (§2.4).
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          -3600, 3600, Good
          -3600, -240, Good
          -3600, -360, Stale
            240, 3600, Good
            -60,    0, Good
          """)
  void itsTimeHasToBeNow(int begin, int end, String told) throws Exception {
    Optional<Instant> until = Optional.of(NOW.plusSeconds(end)).filter(each -> end != 0);
    Responder by = responder.between(NOW.plusSeconds(begin), until);
    assertEquals(told, told(by).status().getClass().getSimpleName());
  }

  @Test
  void whatSaysNotUntilWhenHoldsNotForLong() throws Exception {
    Responder unsaid = responder.between(NOW.minusSeconds(10), Optional.empty());
    assertEquals(NOW.plusSeconds(20), told(unsaid).until());
    Responder old = responder.between(NOW.minus(HOUR), Optional.empty());
    assertInstanceOf(Status.Stale.class, told(old).status());
  }

  @Test
  void whatIsOfAnotherTimeThanOursIsRefused() {
    Responder ahead = responder.between(NOW.plusSeconds(360), Optional.empty());
    assertRefused("ocsp response is valid from", ahead);
  }

  /// RFC 6960 §4.4: what is critical and not known refuses.
  @Test
  void anUnknownCriticalExtensionRefuses() {
    assertRefused("critical extension", responder.withUnknownExtension());
  }

  /// RFC 6960 §2.3: such answers are signed by nobody.
  @ParameterizedTest
  @CsvSource({"1, malformedRequest", "3, tryLater", "6, unauthorized", "77, 77", "0, successful"})
  void aFailureTellsNothing(int status, String name) {
    assertRefused("ocsp response status: " + name, Responder.failure(status));
  }

  /// Whatever comes is refused, or is signed.
  @Test
  void noOctetCanBeChanged() {
    byte[] answer = responder.answer(question.octets());
    for (int i = 0; i < answer.length; i++) {
      byte[] other = answer.clone();
      other[i] ^= 0x11;
      unsigned(other);
      unsigned(Arrays.copyOf(answer, i));
    }
    unsigned(Arrays.copyOf(answer, answer.length + 1));
  }

  /// What lies outside of the signed part may be changed, such as the certificates.
  private void unsigned(byte[] octets) {
    try {
      assertInstanceOf(Status.Good.class, OcspAnswer.of(octets, question, NOW).status());
    } catch (GeneralSecurityException e) {
      assertTrue(e.getMessage() != null);
    }
  }
}
