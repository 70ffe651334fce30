package espd.ike.pki;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.DistinguishedName;
import espd.ike.Identity;
import espd.ike.Keychain;
import espd.ike.SignatureRule;
import espd.ike.SignatureRule.Asking;
import espd.ike.SignatureRule.Revocation;
import espd.ike.SignatureRule.Sending;
import espd.ike.message.Bytes;
import espd.ike.pki.Authority.Draft;
import espd.ike.pki.Trust.Distrusted;
import espd.ike.pki.Trust.Trusted;
import espd.ike.pki.Trust.Unsettled;
import espd.ike.pki.Trust.Verdict;
import espd.spd.Ipv6Address;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;

/// Which certificates are trusted (RFC 5280 §6, RFC 4945).
final class TrustTest {

  private static final String SUBJECT = "C=CH, O=Test, CN=peer";

  private final Authority root = Authority.root("C=CH, O=Test, CN=Root");
  private final PublicKey key = Authority.key("secp256r1").getPublic();
  private final Identity subject = Identity.of(DistinguishedName.parse(SUBJECT));

  static Bytes der(X509Certificate certificate) {
    try {
      return Bytes.of(certificate.getEncoded());
    } catch (CertificateEncodingException e) {
      throw new AssertionError(e);
    }
  }

  private Verdict judge(Revocation revocation, List<X509CRL> crls, X509Certificate... sent) {
    SignatureRule rule =
        new SignatureRule(
            List.of(), List.of(), Set.of(), Sending.IF_ASKED, Asking.CERTREQ, revocation);
    Keychain keychain = new Keychain(Map.of(), List.of(root.certificate()), List.of(), crls);
    List<Bytes> octets = new ArrayList<>();
    for (X509Certificate each : sent) {
      octets.add(der(each));
    }
    return new Trust(rule, keychain, Authority.NOW).judge(subject, octets);
  }

  private Verdict judge(X509Certificate... sent) {
    return judge(Revocation.IF_KNOWN, List.of(), sent);
  }

  private static void assertDistrusted(String why, Verdict verdict) {
    String said = assertInstanceOf(Distrusted.class, verdict).why();
    assertTrue(said.contains(why), said);
  }

  @Test
  void aCertificateOfAnAuthorityIsTrusted() {
    Verdict verdict = judge(root.certify(Draft.of(SUBJECT), key));
    assertEquals(List.of(key), assertInstanceOf(Trusted.class, verdict).keys());
  }

  /// RFC 5280 §4.1.2.5
  @Test
  void itsTimeHasToBeNow() {
    Draft draft = Draft.of(SUBJECT);
    Duration day = Duration.ofDays(1);
    assertDistrusted(
        "expired on",
        judge(
            root.certify(
                draft.between(Authority.NOW.minus(day.multipliedBy(2)), Authority.NOW.minus(day)),
                key)));
    assertDistrusted(
        "is valid from",
        judge(
            root.certify(
                draft.between(Authority.NOW.plus(day), Authority.NOW.plus(day.multipliedBy(2))),
                key)));
  }

  /// RFC 4945 §5.1.3.2: an end's key has to be for signatures.
  @Test
  void itHasToBeForSignatures() {
    X509Certificate other = root.certify(Draft.of(SUBJECT).usage(KeyUsage.keyEncipherment), key);
    assertDistrusted("is not for signatures", judge(other));
  }

  /// RFC 5280 §4.2: what is critical and not known refuses.
  @Test
  void anUnknownCriticalExtensionRefuses() {
    assertDistrusted(
        "is not trusted", judge(root.certify(Draft.of(SUBJECT).withUnknownExtension(), key)));
  }

  /// RFC 5280 §6.1.4: an end is no authority.
  @Test
  void anEndCertifiesNobody() {
    Authority end = root.between(Draft.of("C=CH, O=Test, CN=end"));
    assertDistrusted(
        "is not trusted", judge(end.certify(Draft.of(SUBJECT), key), end.certificate()));
  }

  /// RFC 5280 §4.2.1.9: pathLenConstraint.
  @Test
  void anAuthorityHasOnlySoManyBelowIt() {
    Authority first = root.between(Draft.of("C=CH, O=Test, CN=1").authority(0));
    Authority second = first.between(Draft.of("C=CH, O=Test, CN=2").authority(0));
    X509Certificate allowed = first.certify(Draft.of(SUBJECT), key);
    X509Certificate tooDeep = second.certify(Draft.of(SUBJECT), key);
    assertInstanceOf(Trusted.class, judge(allowed, first.certificate()));
    assertDistrusted("is not trusted", judge(tooDeep, second.certificate(), first.certificate()));
  }

  @Test
  void aStrangersAuthorityIsNotTrusted() {
    Authority stranger = Authority.root("C=CH, O=Test, CN=Root");
    assertDistrusted(
        "is not trusted", judge(stranger.certify(Draft.of(SUBJECT), key), stranger.certificate()));
  }

  /// RFC 5280 §6.3
  @Test
  void whatIsRevokedIsNotTrusted() {
    X509Certificate peer = root.certify(Draft.of(SUBJECT), key);
    X509Certificate other = root.certify(Draft.of(SUBJECT), key);
    assertDistrusted("revoked", judge(Revocation.IF_KNOWN, List.of(root.revoke(peer)), peer));
    assertInstanceOf(Trusted.class, judge(Revocation.REQUIRED, List.of(root.revoke(other)), peer));
  }

  /// RFC 5280 §5.1.2.5: a CRL after its nextUpdate says nothing.
  @Test
  void withoutACrlThatHoldsItDependsOnThePolicy() {
    X509Certificate peer = root.certify(Draft.of(SUBJECT), key);
    X509CRL old = root.revoke(Authority.NOW.minus(Duration.ofDays(1)));
    for (List<X509CRL> crls : List.of(List.<X509CRL>of(), List.of(old))) {
      assertInstanceOf(Trusted.class, judge(Revocation.IF_KNOWN, crls, peer));
      assertInstanceOf(Trusted.class, judge(Revocation.IF_URI, crls, peer));
      assertDistrusted("is not trusted", judge(Revocation.REQUIRED, crls, peer));
    }
  }

  /// A CRL counts only when its authority has signed it.
  @Test
  void aStrangersCrlRevokesNothing() {
    X509Certificate peer = root.certify(Draft.of(SUBJECT), key);
    Authority stranger = Authority.root("C=CH, O=Test, CN=Root");
    assertInstanceOf(
        Trusted.class, judge(Revocation.IF_KNOWN, List.of(stranger.revoke(peer)), peer));
  }

  /// The JDK would fetch CRLs itself from where a certificate says, if it were let.
  @Test
  void nothingIsFetchedByTheWay() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      String place = "http://127.0.0.1:" + server.getLocalPort() + "/crl";
      X509Certificate peer = root.certify(Draft.of(SUBJECT).withCrlAt(place), key);
      X509CRL old = root.revoke(Authority.NOW.minus(Duration.ofDays(1)));
      Verdict verdict = judge(Revocation.REQUIRED, List.of(old), peer);
      assertTrue(
          assertInstanceOf(Unsettled.class, verdict).inquiry().offline().objection().isPresent());
      server.setSoTimeout(100);
      assertThrows(SocketTimeoutException.class, server::accept);
    }
  }

  /// RFC 4945 §3.1: identities and the names of a certificate.
  @Test
  void anIdentityIsOneOfItsNames() {
    Ipv6Address address = Ipv6Address.parse("2001:db8::1");
    Subject named =
        new Subject(
            root.certify(Draft.of(SUBJECT).named(GeneralName.iPAddress, address.toString()), key));
    assertTrue(named.is(Identity.of(address)));
    assertFalse(named.is(Identity.of(Ipv6Address.parse("2001:db8::2"))));
    Subject host =
        new Subject(root.certify(Draft.of(SUBJECT).named(GeneralName.dNSName, "a.example"), key));
    assertTrue(host.is(Identity.ofName("A.Example")));
    assertFalse(host.is(Identity.ofName("b.example")));
    assertFalse(host.is(Identity.ofName("peer")), "CN is no name of a host");
    assertTrue(host.is(subject));
    assertTrue(host.is(Identity.ofKeyId(new byte[] {1, 2, 3})));
    Subject mail =
        new Subject(
            root.certify(Draft.of(SUBJECT).named(GeneralName.rfc822Name, "me@a.example"), key));
    assertTrue(mail.is(Identity.ofName("me@a.example")));
    assertFalse(
        mail.is(new Identity(Identity.FQDN, Identity.ofName("me@a.example").data())),
        "an RFC822_ADDR is no FQDN");
  }

  /// Parts that are `*` in a configured name stand for any; in a peer's they stand for themselves.
  @Test
  void starsStandForAnyPart() {
    DistinguishedName any = DistinguishedName.parse("C=CH, O=*, CN=*");
    DistinguishedName peer = DistinguishedName.parse(SUBJECT);
    assertTrue(any.permits(peer));
    assertFalse(any.names(peer));
    assertFalse(peer.permits(any));
    assertFalse(any.permits(DistinguishedName.parse("C=CH, CN=peer")));
    assertEquals("C=CH, O=Test, CN=peer", peer.toString());
  }

  /// What a peer sends is DER of one certificate, or nothing (RFC 7296 §3.6).
  @Test
  void whatIsNoCertificateIsNotTrusted() {
    SignatureRule rule = SignatureRule.ANY;
    Trust trust = new Trust(rule, Keychain.EMPTY, Authority.NOW);
    Bytes good = der(root.certificate());
    Bytes longer = Bytes.of(Arrays.copyOf(good.toArray(), good.length() + 1));
    for (Bytes bad : List.of(Bytes.EMPTY, Bytes.ofHex("3000"), Bytes.ofHex("30"), longer)) {
      assertDistrusted("cannot be read", trust.judge(subject, List.of(bad)));
    }
  }
}
