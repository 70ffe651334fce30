package espd.daemon.config;

import static espd.daemon.config.ConfFolder.openssl;
import static espd.daemon.config.ConfFolder.privately;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Connection;
import espd.ike.EapType;
import espd.ike.Proofs.Proof;
import espd.ike.SignatureRule;
import espd.ike.SignatureRule.Revocation;
import espd.ike.SignatureRule.Sending;
import espd.ike.crypto.SignatureScheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Certificates and keys beside `ipsec.conf`.
final class KeychainReaderTest {

  private static final String BASE =
      """
      conn x
        left=2001:db8:1:1::1
        right=2001:db8:2:2::2
        keyexchange=ikev2
        auto=add
        leftcert=me.pem
      """;

  @TempDir Path folder;

  @BeforeEach
  void certified() throws IOException, InterruptedException {
    for (String each : List.of("cacerts", "certs", "private")) {
      Files.createDirectories(folder.resolve("ipsec.d").resolve(each));
    }
    Path keys = folder.resolve("ipsec.d");
    openssl(keys, "genpkey -algorithm ED25519 -out private/me.pem");
    openssl(
        keys,
        "req -x509 -new -key private/me.pem -subj /C=CH/O=Lab/CN=me -days 9 -out certs/me.pem");
    Files.copy(folder.resolve("ipsec.d/certs/me.pem"), folder.resolve("ipsec.d/cacerts/me.pem"));
    permit("rw-------");
  }

  private void permit(String permissions) throws IOException {
    Files.setPosixFilePermissions(
        folder.resolve("ipsec.d/private/me.pem"), PosixFilePermissions.fromString(permissions));
  }

  private Configuration read(String conf, String secrets) throws IOException, ConfigException {
    Path file = Files.writeString(folder.resolve("ipsec.conf"), conf);
    Path keys = Files.writeString(folder.resolve("ipsec.secrets"), secrets);
    privately(keys);
    return Configuration.read(List.of(file, keys), ConfFolder.HOST);
  }

  private static SignatureRule rule(Proof proof) {
    return assertInstanceOf(Proof.Signature.class, proof).rule();
  }

  @Test
  void certificatesAndKeysAreFoundBesideTheFile() throws Exception {
    Configuration read =
        read(BASE + "  rightid=\"C=CH, O=*, CN=*\"\n  rightca=%same\n", ": PKCS8 me.pem\n");
    Connection connection = read.connections().getFirst();
    assertEquals("C=CH, O=Lab, CN=me", connection.localId().toString());
    assertEquals("C=CH, O=*, CN=*", connection.remoteId().orElseThrow().toString());
    assertEquals(1, rule(connection.proofs().local()).certificates().size());
    assertEquals(
        "1 keys, 1 authorities, 1 certificates, 0 CRLs", read.credentials().keychain().toString());
    assertEquals(List.of(), read.warnings());
  }

  /// RFC 5216 §5.2, and strongSwan's `aaa_identity`.
  @Test
  void eapTlsHasTheCertificatesOfBothEnds() throws Exception {
    Configuration read =
        read(
            BASE
                + "  leftauth=eap-tls\n  rightauth=pubkey\n  rightca=\"C=CH, O=Lab, CN=*\"\n"
                + "  aaa_identity=@aaa.example.org\n",
            ": PKCS8 me.pem\n");
    Connection connection = read.connections().getFirst();
    Proof.Eap ours = assertInstanceOf(Proof.Eap.class, connection.proofs().local());
    assertEquals(List.of(EapType.TLS), ours.methods());
    assertEquals("C=CH, O=Lab, CN=me", connection.localId().toString());
    assertEquals(1, ours.tls().peer().certificates().size());
    assertEquals(1, ours.tls().server().authorities().size());
    assertEquals("aaa.example.org", ours.tls().serverName().orElseThrow().toString());
    assertEquals(List.of(), read.warnings());
  }

  @Test
  void whoAsksByEapTlsNeedsACertificateAndItsKey() throws Exception {
    String conf = BASE.replace("  leftcert=me.pem\n", "") + "  leftauth=psk\n  rightauth=eap-tls\n";
    ConfigException refused = assertThrows(ConfigException.class, () -> read(conf, ": PSK x\n"));
    assertTrue(String.valueOf(refused.getMessage()).contains("no certificate of our own"));
    Configuration keyless = read(conf + "  leftcert=me.pem\n", ": PSK verysecret\n");
    assertTrue(
        keyless.warnings().stream().anyMatch(w -> w.text().startsWith("no private key for")),
        keyless.warnings()::toString);
  }

  @Test
  void whatIsAskedOfSignaturesIsRead() throws Exception {
    Configuration read =
        read(
            "config setup\n  strictcrlpolicy=yes\n"
                + BASE
                + "  leftsendcert=always\n  rightauth=rsa/pss-sha384\n  leftauth=pubkey\n",
            ": PKCS8 me.pem\n");
    SignatureRule ours = rule(read.connections().getFirst().proofs().local());
    SignatureRule theirs = rule(read.connections().getFirst().proofs().remote());
    assertEquals(Sending.ALWAYS, ours.sending());
    assertEquals(Set.of(), ours.schemes());
    assertEquals(Set.of(SignatureScheme.RSA_EMSA_PSS_SHA2_384), theirs.schemes());
    assertEquals(Revocation.REQUIRED, theirs.revocation());
  }

  @Test
  void oneEndMayHaveACertificateAndTheOtherASecret() throws Exception {
    Configuration read = read(BASE + "  rightauth=psk\n", ": PKCS8 me.pem\n: PSK \"x\"\n");
    assertInstanceOf(Proof.SharedKey.class, read.connections().getFirst().proofs().remote());
  }

  @Test
  void anIdentityThatTheCertificateDoesNotConfirmIsWarnedAbout() throws Exception {
    Configuration read = read(BASE + "  leftid=@me.example\n", ": PKCS8 me.pem\n");
    assertEquals(
        "id 'me.example' not confirmed by certificate, defaulting to 'C=CH, O=Lab, CN=me'",
        read.warnings().getFirst().text());
  }

  @Test
  void aNameThatCanBeNoFilesIsShownWhereItStands() {
    for (String secrets : List.of(": PKCS8 m\0e.pem\n", ": RSA \"m\0e.pem\" \"pass\"\n")) {
      String refusal =
          String.valueOf(
              assertThrows(ConfigException.class, () -> read(BASE, secrets)).getMessage());
      assertTrue(refusal.contains("read \"m?e.pem\", expected a path"), refusal);
    }
  }

  @Test
  void aKeyThatEverybodyMayReadIsRefused() throws Exception {
    permit("rw-r--r--");
    String refusal =
        String.valueOf(
            assertThrows(ConfigException.class, () -> read(BASE, ": PKCS8 me.pem\n")).getMessage());
    assertTrue(refusal.contains("secrets that everybody may read (rw-r--r--)"), refusal);
  }

  @Test
  void aKeyThatIsNotNamedIsWarnedAbout() throws Exception {
    assertEquals(
        "no private key for connection x: C=CH, O=Lab, CN=me : RSA|ECDSA|PKCS8 FILE is missing",
        read(BASE, "").warnings().getFirst().text());
  }
}
