package espd.ike.pki;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.DistinguishedName;
import espd.ike.Identity;
import espd.ike.Keychain;
import espd.ike.SignatureRule;
import espd.ike.SignatureRule.Asking;
import espd.ike.SignatureRule.Revocation;
import espd.ike.SignatureRule.Sending;
import espd.ike.StatusPlaces;
import espd.ike.message.Bytes;
import espd.ike.pki.Authority.Draft;
import espd.ike.pki.Inquiry.Finding;
import espd.ike.pki.Trust.Unsettled;
import espd.ike.pki.Trust.Verdict;
import java.io.IOException;
import java.net.URI;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is asked of authorities, in which order, and what becomes of their answers.
final class AskedAuthoritiesTest {

  private static final String PEER = "C=CH, O=Test, CN=peer";
  private static final String OCSP = "http://ca.example/ocsp";
  private static final String CRL = "http://ca.example/crl";
  private static final Instant NOW = Authority.NOW;

  private final Authority root = Authority.root("C=CH, O=Test, CN=Root");
  private final PublicKey key = Authority.key("secp256r1").getPublic();
  private final X509Certificate peer =
      root.certify(Draft.of(PEER).withOcspAt(OCSP).withCrlAt(CRL), key);
  private final Web web = new Web();
  private volatile Instant now = NOW;
  private final AskedAuthorities asked = new AskedAuthorities(web, () -> now, new SecureRandom());

  /// What is published.
  private static final class Web implements Fetcher {

    interface Page {
      byte[] answer(Errand errand) throws Exception;
    }

    final Map<URI, Page> pages = new HashMap<>();
    final List<String> visits = new ArrayList<>();

    void publish(String place, Page page) {
      pages.put(URI.create(place), page);
    }

    @Override
    public byte[] fetch(Errand errand, Duration patience) throws IOException {
      synchronized (visits) {
        visits.add(errand.uri().toString());
      }
      Page page = pages.get(errand.uri());
      if (page == null) {
        throw new IOException("HTTP status 404");
      }
      try {
        return page.answer(errand);
      } catch (IOException e) {
        throw e;
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
  }

  private void answers(Responder responder) {
    web.publish(OCSP, errand -> responder.answer(errand.question().orElseThrow().octets()));
  }

  private void lists(X509CRL crl) {
    web.publish(CRL, errand -> crl.getEncoded());
  }

  @AfterEach
  void end() {
    asked.close();
  }

  private static SignatureRule rule(Revocation policy) {
    return new SignatureRule(
        List.of(), List.of(), Set.of(), Sending.IF_ASKED, Asking.CERTREQ, policy);
  }

  private Verdict judge(Revocation policy, Keychain keychain, X509Certificate... sent) {
    List<Bytes> octets = new ArrayList<>();
    for (X509Certificate each : sent) {
      octets.add(TrustTest.der(each));
    }
    return new Trust(rule(policy), keychain, now)
        .judge(Identity.of(DistinguishedName.parse(PEER)), octets);
  }

  private Keychain trusting(StatusPlaces... places) {
    return new Keychain(
        Map.of(), List.of(root.certificate()), List.of(), List.of(), List.of(places));
  }

  private Inquiry inquiry(Revocation policy, X509Certificate... sent) {
    return assertInstanceOf(Unsettled.class, judge(policy, trusting(), sent)).inquiry();
  }

  private Finding settle(Revocation policy) {
    return asked.settle(inquiry(policy, peer)).join();
  }

  private static void assertGood(Finding finding) {
    assertEquals(Optional.empty(), finding.objection(), finding::toString);
    assertSaid("certificate status is good", finding);
  }

  private static void assertSaid(String line, Finding finding) {
    assertTrue(finding.lines().stream().anyMatch(each -> each.contains(line)), finding::toString);
  }

  private static void assertRefused(String why, Finding finding) {
    String said = finding.objection().orElseThrow(() -> new AssertionError(finding));
    assertTrue(said.contains(why), said);
  }

  @Test
  void ocspIsAskedFirst() {
    answers(Responder.of(root));
    Finding finding = settle(Revocation.REQUIRED);
    assertGood(finding);
    assertEquals(List.of(OCSP), web.visits);
    assertEquals(
        List.of(
            "checking certificate status of \"C=CH, O=Test, CN=peer\"",
            "  requesting ocsp status from 'http://ca.example/ocsp' ...",
            "  ocsp response correctly signed by \"C=CH, O=Test, CN=Root\"",
            "  ocsp response is valid: until 2026-01-01T01:00:00Z",
            "certificate status is good"),
        finding.lines());
  }

  @Test
  void whatTheResponderHasRevokedIsRefusedUnderEveryPolicy() {
    answers(Responder.of(root).revoking(1));
    for (Revocation policy : Revocation.values()) {
      assertRefused("reason: key compromise", settle(policy));
    }
    assertEquals(List.of(OCSP), web.visits);
  }

  /// RFC 5280 §6.3.3
  @Test
  void whereOcspTellsNothingTheCrlDoes() {
    answers(Responder.of(root).ignorant());
    lists(root.revoke());
    Finding finding = settle(Revocation.REQUIRED);
    assertGood(finding);
    assertEquals(List.of(OCSP, CRL), web.visits);
    assertSaid("ocsp check failed, fallback to crl", finding);
    assertSaid("fetching crl from 'http://ca.example/crl' ...", finding);
  }

  @Test
  void whatTheCrlListsIsRefusedUnderEveryPolicy() {
    lists(root.revoke(peer));
    for (Revocation policy : Revocation.values()) {
      assertRefused("was revoked on 2025-12-31T23:59:00Z", settle(policy));
    }
  }

  /// RFC 5280 §5.1.2.5: a list that is over tells that nobody is good; who is on it stays revoked.
  @Test
  void aCrlThatIsOverRevokesAndTellsNothingElse() {
    lists(root.revoke(NOW.minus(Duration.ofDays(1))));
    assertRefused("stale since 2025-12-31", settle(Revocation.REQUIRED));
    assertRefused("stale since 2025-12-31", settle(Revocation.IF_URI));
    assertEquals(Optional.empty(), settle(Revocation.IF_KNOWN).objection());
    asked.clear();
    lists(root.revoke(NOW.minus(Duration.ofDays(1)), peer));
    assertRefused("was revoked on", settle(Revocation.IF_KNOWN));
  }

  @ParameterizedTest
  @CsvSource({"REQUIRED, true", "IF_URI, true", "IF_KNOWN, false"})
  void whenNobodyAnswersItDependsOnThePolicy(Revocation policy, boolean refused) {
    Finding finding = settle(policy);
    assertEquals(refused, finding.objection().isPresent());
    assertSaid("ocsp request to 'http://ca.example/ocsp' failed: HTTP status 404", finding);
    assertSaid("certificate status is not available", finding);
  }

  /// A CRL that somebody else has signed, or that is none.
  @Test
  void aStrangersCrlDoesNotCount() {
    lists(Authority.root("C=CH, O=Test, CN=Root").revoke());
    assertRefused("not available", settle(Revocation.REQUIRED));
    asked.clear();
    web.publish(CRL, errand -> new byte[] {0x30, 0});
    assertRefused("not available", settle(Revocation.REQUIRED));
  }

  @Test
  void answersAreKeptWhileTheyHold() {
    answers(Responder.of(root));
    assertGood(settle(Revocation.REQUIRED));
    assertSaid("using cached ocsp response", settle(Revocation.REQUIRED));
    assertEquals(1, web.visits.size());
    now = NOW.plus(Duration.ofMinutes(66));
    lists(root.revoke());
    assertGood(settle(Revocation.REQUIRED));
    assertSaid("using cached crl", settle(Revocation.REQUIRED));
    assertEquals(List.of(OCSP, OCSP, CRL), web.visits);
    assertEquals(1, asked.fetchedCrls().size());
  }

  @Test
  void aSilentPlaceIsNotAskedAgainForHalfAMinute() {
    assertEquals(Optional.empty(), settle(Revocation.IF_KNOWN).objection());
    lists(root.revoke(peer));
    assertEquals(Optional.empty(), settle(Revocation.IF_KNOWN).objection());
    assertEquals(List.of(OCSP, CRL), web.visits);
    now = NOW.plus(AskedAuthorities.SILENCE);
    assertRefused("was revoked", settle(Revocation.IF_KNOWN));
  }

  @Test
  void questionsForOnePlaceAreOne() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    Responder responder = Responder.of(root);
    web.publish(
        OCSP,
        errand -> {
          go.await();
          return responder.answer(errand.question().orElseThrow().octets());
        });
    List<CompletableFuture<Finding>> all = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      all.add(asked.settle(inquiry(Revocation.REQUIRED, peer)));
    }
    go.countDown();
    all.forEach(each -> assertGood(each.join()));
    assertEquals(List.of(OCSP), web.visits);
  }

  /// After its time an inquiry asks no more.
  @Test
  void theTimeOfAnInquiryIsBounded() {
    web.publish(
        OCSP,
        errand -> {
          now = now.plus(AskedAuthorities.WHOLE);
          throw new IOException("no answer within 10 s");
        });
    lists(root.revoke());
    assertRefused("not available", settle(Revocation.REQUIRED));
    assertEquals(List.of(OCSP), web.visits);
  }

  /// More inquiries than there is room for wait for nobody.
  @Test
  void noMoreInquiriesWaitThanThereIsRoomFor() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    web.publish(
        OCSP,
        errand -> {
          go.await();
          throw new IOException("at last");
        });
    Inquiry inquiry = inquiry(Revocation.REQUIRED, peer);
    List<CompletableFuture<Finding>> all = new ArrayList<>();
    for (int i = 0; i < 1200; i++) {
      all.add(asked.settle(inquiry));
    }
    assertTrue(all.stream().filter(CompletableFuture::isDone).count() >= 1200 - 1024 - 64);
    assertRefused("not available", all.getLast().join());
    go.countDown();
    all.forEach(CompletableFuture::join);
  }

  /// What is configured is asked before what the certificate names.
  @Test
  void configuredPlacesComeFirst() {
    StatusPlaces places =
        new StatusPlaces(
            root.certificate(), List.of(URI.create(CRL + "1")), List.of(URI.create(OCSP + "1")));
    Verdict verdict = judge(Revocation.REQUIRED, trusting(places), peer);
    Finding finding = asked.settle(assertInstanceOf(Unsettled.class, verdict).inquiry()).join();
    assertRefused("not available", finding);
    assertEquals(List.of(OCSP + "1", OCSP, CRL + "1", CRL), web.visits);
  }

  /// RFC 5280 §6.1.3: each certificate of the path, by its own issuer.
  @Test
  void authoritiesBetweenAreAskedAboutToo() {
    Authority between =
        root.between(Draft.of("C=CH, O=Test, CN=Between").authority(0).withCrlAt(CRL));
    X509Certificate below = between.certify(Draft.of(PEER).withOcspAt(OCSP), key);
    answers(Responder.of(between));
    lists(root.revoke(between.certificate()));
    Inquiry inquiry = inquiry(Revocation.IF_KNOWN, below, between.certificate());
    assertRefused(
        "certificate 'C=CH, O=Test, CN=Between', issued by 'C=CH, O=Test, CN=Root'",
        asked.settle(inquiry).join());
    assertEquals(List.of(OCSP, CRL), web.visits);
  }

  /// Whom no authority of ours has certified cannot have us connect anywhere.
  @Test
  void aStrangersCertificateIsNotAskedAbout() {
    Authority stranger = Authority.root("C=CH, O=Test, CN=Root");
    X509Certificate theirs = stranger.certify(Draft.of(PEER).withOcspAt(OCSP), key);
    for (Revocation policy : Revocation.values()) {
      assertInstanceOf(
          Trust.Distrusted.class, judge(policy, trusting(), theirs, stranger.certificate()));
    }
  }

  /// Nothing but `http` and `https`, with a host and without a name to log in.
  @ParameterizedTest
  @CsvSource({
    "file:///etc/passwd",
    "ldap://ca.example/cn=crl",
    "ftp://ca.example/crl",
    "http:///crl",
    "http://user@ca.example/crl",
    "http://ca.example/ crl",
    "jar:http://ca.example/x!/crl"
  })
  void placesOfOtherSchemesAreNotAsked(String place) {
    X509Certificate names = root.certify(Draft.of(PEER).withCrlAt(place).withOcspAt(place), key);
    assertInstanceOf(Trust.Trusted.class, judge(Revocation.IF_URI, trusting(), names));
    assertInstanceOf(Trust.Distrusted.class, judge(Revocation.REQUIRED, trusting(), names));
  }

  /// What is here settles it without a question.
  @Test
  void aCrlThatIsHereIsNotFetched() {
    X509Certificate names = root.certify(Draft.of(PEER).withCrlAt(CRL), key);
    Keychain with =
        new Keychain(Map.of(), List.of(root.certificate()), List.of(), List.of(root.revoke(peer)));
    assertInstanceOf(Trust.Trusted.class, judge(Revocation.REQUIRED, with, names));
    assertInstanceOf(Trust.Distrusted.class, judge(Revocation.IF_KNOWN, with, peer));
  }
}
