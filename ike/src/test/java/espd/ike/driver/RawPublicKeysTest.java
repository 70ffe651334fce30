package espd.ike.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Identity;
import espd.ike.Keychain;
import espd.ike.Proofs;
import espd.ike.Proofs.Proof;
import espd.ike.SignatureRule;
import espd.ike.SignatureRule.Asking;
import espd.ike.SignatureRule.Revocation;
import espd.ike.SignatureRule.Sending;
import espd.ike.pki.Authority;
import espd.ike.pki.Authority.Draft;
import espd.spd.Direction;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Both ends prove who they are by raw public keys (RFC 7670): whose they are the configurations
/// say.
final class RawPublicKeysTest extends TwoHosts {

  private static final Identity ALICE = Identity.ofName("alice.example.org");
  private static final Identity BOB = Identity.ofName("bob.example.org");

  private KeyPair hers = Authority.key("secp256r1");
  private KeyPair his = Authority.key("secp256r1");

  private static Proof raw(Sending sending, Asking asking, KeyPair... keys) {
    List<PublicKey> all = List.of(keys).stream().map(KeyPair::getPublic).toList();
    return new Proof.Signature(
        new SignatureRule(
            List.of(), List.of(), Set.of(), sending, asking, Revocation.IF_KNOWN, all));
  }

  static Proof raw(KeyPair... keys) {
    return raw(Sending.IF_ASKED, Asking.CERTREQ, keys);
  }

  static Keychain keychain(KeyPair key) {
    return new Keychain(Map.of(key.getPublic(), key.getPrivate()), List.of(), List.of(), List.of());
  }

  private void begin(Proofs herProofs, Proofs hisProofs) {
    alice.keychain = keychain(hers);
    bob.keychain = keychain(his);
    alice.load(
        Connections.alice().identities(ALICE, Optional.of(BOB)).proofs(herProofs).connection());
    bob.load(Connections.bob().identities(BOB, Optional.of(ALICE)).proofs(hisProofs).connection());
    alice.begin("net");
    time.pass(Duration.ofSeconds(5));
  }

  private static boolean said(Host host, String text) {
    return host.lines.stream().anyMatch(line -> line.contains(text));
  }

  private void assertRefused(String why) {
    assertTrue(said(alice, why), alice.lines::toString);
    assertEquals(0, alice.sas(Direction.OUTBOUND).size());
    assertEquals(0, bob.sas(Direction.OUTBOUND).size());
  }

  /// RFC 7670 §3, §4: each end asks for the other's key by CERTREQ, and sends its own in CERT.
  @ParameterizedTest
  @ValueSource(strings = {"2048", "secp256r1", "secp384r1", "secp521r1", "Ed25519", "Ed448"})
  void everyKindOfKeyIsShownAndSigns(String kind) {
    hers = Authority.key(kind);
    his = Authority.key(kind);
    begin(new Proofs(raw(hers), raw(his)), new Proofs(raw(his), raw(hers)));
    assertProtected(1);
    assertTrue(said(alice, "generating IKE_AUTH request 1 [ IDi CERT "), alice.lines::toString);
    assertTrue(said(alice, "parsed IKE_AUTH response 1 [ IDr CERT "), alice.lines::toString);
    assertTrue(said(alice, "authentication of 'bob.example.org' with "), alice.lines::toString);
  }

  /// RFC 7296 §3.7: who is not asked for its key, or never sends it, is believed without.
  @ParameterizedTest
  @CsvSource({"NEVER, CERTREQ", "IF_ASKED, SILENT", "ALWAYS, SILENT"})
  void theKeyIsKnownWhetherItIsShownOrNot(Sending sending, Asking asking) {
    begin(
        new Proofs(raw(sending, asking, hers), raw(sending, asking, his)),
        new Proofs(raw(sending, asking, his), raw(sending, asking, hers)));
    assertProtected(1);
    assertEquals(sending == Sending.ALWAYS, said(alice, "IKE_AUTH request 1 [ IDi CERT "));
  }

  /// RFC 7296 §2.15: of several keys that a peer may have, it has one.
  @Test
  void aPeerMayHaveOneOfSeveral() {
    KeyPair another = Authority.key("Ed25519");
    begin(
        new Proofs(raw(hers), raw(Sending.NEVER, Asking.SILENT, another, his)),
        new Proofs(raw(Sending.NEVER, Asking.CERTREQ, his), raw(hers, another)));
    assertProtected(1);
  }

  /// RFC 7670 §5: what nobody has configured proves nothing, whoever signs with it.
  @Test
  void anotherKeyIsRefused() {
    KeyPair expected = Authority.key("secp256r1");
    begin(new Proofs(raw(hers), raw(expected)), new Proofs(raw(his), raw(hers)));
    assertRefused("of 'bob.example.org' is not the one configured");
  }

  /// The same where the key is not shown: then it is the signature that differs.
  @Test
  void aSignatureOfAnotherKeyIsRefused() {
    KeyPair expected = Authority.key("secp256r1");
    begin(
        new Proofs(raw(hers), raw(Sending.IF_ASKED, Asking.SILENT, expected)),
        new Proofs(raw(his), raw(hers)));
    assertRefused("signature of 'bob.example.org'");
  }

  /// RFC 7670 §5: a certificate does not stand in for the key, whoever has issued it.
  @Test
  void aCertificateDoesNotStandInForTheKey() {
    Authority root = Authority.root("C=CH, O=Test, CN=Root");
    Draft draft = Draft.of("C=CH, O=Test, CN=b").named(2, "bob.example.org");
    X509Certificate certificate = root.certify(draft, his.getPublic());
    Proof certified =
        new Proof.Signature(
            new SignatureRule(
                List.of(certificate),
                List.of(),
                Set.of(),
                Sending.ALWAYS,
                Asking.CERTREQ,
                Revocation.IF_KNOWN));
    KeyPair expected = Authority.key("secp256r1");
    begin(new Proofs(raw(hers), raw(expected)), new Proofs(certified, raw(hers)));
    assertRefused("signature of 'bob.example.org'");
  }

  /// RFC 8247 §3.1: short keys prove nothing, raw or not.
  @Test
  void aShortKeyIsRefused() {
    KeyPair shortOne = Authority.key("1024");
    begin(
        new Proofs(raw(hers), raw(Sending.IF_ASKED, Asking.SILENT, shortOne)),
        new Proofs(raw(his), raw(hers)));
    assertRefused("RSA key of 1024 bits, allowed 2048");
  }

  /// RFC 7296 §2.15: each end may prove itself in its own way.
  @Test
  void oneEndMayHaveAKeyAndTheOtherASecret() {
    begin(
        new Proofs(raw(hers), new Proof.SharedKey()), new Proofs(new Proof.SharedKey(), raw(hers)));
    assertProtected(1);
  }
}
