package espd.ike.pki;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.DistinguishedName;
import espd.ike.Identity;
import espd.ike.Keychain;
import espd.ike.SignatureRule;
import espd.ike.eap.Identities;
import espd.ike.message.Bytes;
import espd.ike.pki.Authority.Draft;
import espd.spd.Ipv6Address;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Names, certificates and keys of ASN.1 that IKE daemons have been brought down by, or their logs
/// been written with: anybody sends them, before anything is proven (RFC 7296 §3.5, §3.6).
final class HostileNamesTest {

  /// CWE-117: who calls itself so writes no line of its own into a log, and moves no cursor.
  @Test
  void aNameDisturbsNoTerminal() {
    DistinguishedName name = DistinguishedName.parse("CN=a\\0Ab\\1B[2Jc\\E2\\80\\AEd");
    assertEquals("CN=a?b?[2Jc?d", name.toString());
    assertEquals("CN=a?b?[2Jc?d", Identity.of(name).toString());
    assertEquals(
        "#610a62", new Identity(Identity.FQDN, Bytes.ofHex("610a62")).toString(), "as octets");
  }

  /// ISO 6429: the controls above ASCII, of which U+009B begins what `ESC [` begins, and the
  /// separators of lines and paragraphs, disturb as much.
  @ParameterizedTest
  @ValueSource(strings = {"\u009b2J", "\u0085", "\u2028", "\u2029", "\u202e"})
  void norDoesOneWithControlsAboveAscii(String control) {
    String shown = "a?" + control.substring(1) + "b";
    String name = "a" + control + "b";
    assertEquals("CN=" + shown, DistinguishedName.parse("CN=" + name).toString());
    assertEquals(shown, Identities.text(Identities.octets(name)));
  }

  private static Bytes certified(Draft draft) {
    X509Certificate certificate =
        Authority.root("CN=Stranger").certify(draft, Authority.key("secp256r1").getPublic());
    return TrustTest.der(certificate);
  }

  private static void assertDenies(Identity identity, Bytes der) throws GeneralSecurityException {
    Trust trust = new Trust(SignatureRule.ANY, Keychain.EMPTY, Authority.NOW);
    assertInstanceOf(Trust.Distrusted.class, trust.judge(identity, List.of(der)));
    assertFalse(new Subject(Certificates.ofDer(der)).is(identity));
  }

  /// RFC 5280 §4.2.1.6: an iPAddress is one address. With a mask behind it, as name constraints
  /// have it, it is none, and so it is where the mask has holes.
  @ParameterizedTest
  @ValueSource(strings = {"192.0.2.1/255.255.255.0", "2001:db8::1/64", "2001:db8::1/ffff:0:ffff::"})
  void anAddressWithAMaskIsNobodys(String name) throws GeneralSecurityException {
    Bytes der = certified(Draft.of("CN=peer").named(GeneralName.iPAddress, name));
    assertDenies(new Identity(Identity.IPV4_ADDR, Bytes.ofHex("c0000201")), der);
    assertDenies(Identity.of(Ipv6Address.parse("2001:db8::1")), der);
    assertDenies(Identity.ofName("peer.example"), der);
  }

  /// Octets that are no text are shown as `#` and digits: a name that reads so is another.
  @Test
  void aNameThatLooksLikeOctetsIsNotThem() throws GeneralSecurityException {
    Bytes der = certified(Draft.of("CN=peer").named(GeneralName.dNSName, "#0a0b"));
    assertDenies(new Identity(Identity.FQDN, Bytes.ofHex("0a0b")), der);
    assertTrue(new Subject(Certificates.ofDer(der)).is(Identity.ofName("#0A0b")));
  }

  /// RFC 5280 §4.2.1.2: a subjectKeyIdentifier that is no OCTET STRING identifies no key.
  @ParameterizedTest
  @ValueSource(strings = {"0503010203", "0404010203", "3003010203", "0480010203"})
  void aKeyIdentifierThatIsNoneIsNobodys(String value) throws GeneralSecurityException {
    String der = certified(Draft.of("CN=peer")).toString();
    String other = der.replace("551d0e04050403010203", "551d0e0405" + value);
    assertNotEquals(der, other);
    assertDenies(Identity.ofKeyId(new byte[] {1, 2, 3}), Bytes.ofHex(other));
  }

  /// CVE-2017-9023: ASN.1 that goes down and down is read to an end.
  @ParameterizedTest
  @ValueSource(ints = {10, 100, 1_000, 4_000, 16_000})
  void whatHasNoBottomIsNothing(int levels) {
    byte[] nested = new byte[4 * levels];
    for (int i = 0; i < levels; i++) {
      int inside = nested.length - 4 * (i + 1);
      nested[4 * i] = 0x30;
      nested[4 * i + 1] = (byte) 0x82;
      nested[4 * i + 2] = (byte) (inside >> 8);
      nested[4 * i + 3] = (byte) inside;
    }
    assertNothing(Bytes.of(nested));
  }

  /// CVE-2006-2937 and its heirs: lengths that are not there, without an end, or longer than all.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "30",
        "3080",
        "30800000",
        "3084ffffffff",
        "308400000000",
        "3088ffffffffffffffff",
        "30ff",
        "3082ffff",
        "31003100",
        "3003310100",
        "300b3109300706035504030c00ff",
        "a0030201ff",
        "1f8080808080808000",
        "1fffffffffffffffff7f00"
      })
  void whatLiesAboutItsLengthIsNothing(String hex) {
    assertNothing(Bytes.ofHex(hex));
  }

  /// A name whose parts are not what they say is none: UTF8String that is no UTF-8, an attribute
  /// without a value, of three parts, whose type is a number, or that is no attribute.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "300d310b300906035504030c02fffe",
        "3009310730050603550403",
        "300f310d300b06035504030c01610c0162",
        "300a310830060201070c0161",
        "30053103020101"
      })
  void aNameWithABrokenPartIsNothing(String hex) {
    assertNothing(Bytes.ofHex(hex));
  }

  /// What a file or a peer of EAP writes as a name and is none is told so, and in no other way.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "CN=#",
        "C=CH, CN=#",
        "CN=a+OU=#",
        "CN=#0c%161",
        "CN=#0c",
        "CN=#zz",
        "dateOfBirth==-2.5",
        "1.2.=a",
        "=a",
        "CN",
        "CN=\\",
        "CN=\"a"
      })
  void aTextThatIsNoNameIsToldSo(String text) {
    assertThrows(IllegalArgumentException.class, () -> DistinguishedName.parse(text));
    Bytes octets = Bytes.of(text.getBytes(StandardCharsets.UTF_8));
    assertEquals(Identity.ofName(text), Identity.ofEap(octets));
  }

  private static void assertNothing(Bytes der) {
    Identity identity = new Identity(Identity.DER_ASN1_DN, der);
    assertTrue(identity.toString().length() < 2 * der.length() + 100);
    Trust trust = new Trust(SignatureRule.ANY, Keychain.EMPTY, Authority.NOW);
    assertInstanceOf(Trust.Distrusted.class, trust.judge(identity, List.of(der)));
    assertThrows(GeneralSecurityException.class, () -> PublicKeys.ofDer(der));
  }
}
