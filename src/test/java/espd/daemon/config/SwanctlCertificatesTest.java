package espd.daemon.config;

import static espd.daemon.config.ConfFolder.openssl;
import static espd.daemon.config.ConfFolder.privately;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Connection;
import espd.ike.Keychain;
import espd.ike.Proofs.Proof;
import espd.ike.SignatureRule;
import espd.ike.SignatureRule.Asking;
import espd.ike.SignatureRule.Revocation;
import espd.ike.SignatureRule.Sending;
import espd.ike.StatusPlaces;
import espd.ike.crypto.SignatureScheme;
import espd.spd.AddressRange;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Certificates, keys, authorities and pools of a `swanctl.conf`, and of the folders beside it.
final class SwanctlCertificatesTest {

  private static final String CONF =
      """
      connections {
        gw {
          version = 2
          local_addrs = 2001:db8:1:1::1
          remote_addrs = 2001:db8:2:2::2
          pools = road
          # conn
          local {
            # local
          }
          remote {
            # remote
          }
          children {
            net {
            }
          }
        }
      }
      # more
      """;

  @TempDir Path folder;

  @BeforeEach
  void certified() throws IOException, InterruptedException {
    for (String each : List.of("x509", "x509ca", "x509crl", "private", "pkcs8")) {
      Files.createDirectories(folder.resolve(each));
    }
    openssl(folder, "genpkey -algorithm ED25519 -out private/me.pem");
    openssl(
        folder,
        "req -x509 -new -key private/me.pem -subj /C=CH/O=Lab/CN=me -days 9 -out x509/me.pem"
            + " -addext subjectAltName=DNS:me.example");
    openssl(folder, "genpkey -algorithm ED25519 -out ca.key");
    openssl(
        folder, "req -x509 -new -key ca.key -subj /C=CH/O=Lab/CN=ca -days 9 -out x509ca/ca.pem");
    privately(folder.resolve("private/me.pem"));
  }

  private Configuration read(String... additions) throws IOException, ConfigException {
    String conf = CONF;
    for (String addition : additions) {
      String[] at = addition.split(": ", 2);
      conf = conf.replace("# " + at[0] + "\n", at[1] + "\n# " + at[0] + "\n");
    }
    Path file = Files.writeString(folder.resolve("swanctl.conf"), conf);
    privately(file);
    return Configuration.read(List.of(file), ConfFolder.HOST);
  }

  private static SignatureRule rule(Proof proof) {
    return assertInstanceOf(Proof.Signature.class, proof).rule();
  }

  private static Connection only(Configuration read) {
    assertEquals(1, read.connections().size());
    return read.connections().getFirst();
  }

  @Test
  void certificatesAndKeysAreFoundBesideTheFile() throws Exception {
    Configuration read = read("local: certs = me.pem");
    Connection connection = only(read);
    assertEquals("C=CH, O=Lab, CN=me", connection.localId().toString());
    assertEquals(Optional.empty(), connection.remoteId());
    SignatureRule ours = rule(connection.proofs().local());
    assertEquals(1, ours.certificates().size());
    assertEquals(Sending.IF_ASKED, ours.sending());
    SignatureRule theirs = rule(connection.proofs().remote());
    assertEquals(List.of(), theirs.certificates());
    assertEquals(Asking.CERTREQ, theirs.asking());
    assertEquals(Revocation.IF_KNOWN, theirs.revocation());
    assertEquals(
        "1 keys, 1 authorities, 1 certificates, 0 CRLs", read.credentials().keychain().toString());
    assertEquals(List.of(), read.warnings());
  }

  /// strongSwan finds a certificate without a name by the identity of its end.
  @Test
  void theIdentityNamesACertificateThatNothingElseDoes() throws Exception {
    Connection connection = only(read("local: id = me.example"));
    assertEquals("me.example", connection.localId().toString());
    assertEquals(1, rule(connection.proofs().local()).certificates().size());
  }

  @Test
  void whatIsAskedOfSignaturesIsRead() throws Exception {
    Connection connection =
        only(
            read(
                "conn: send_cert = always\nsend_certreq = no",
                "local: cert1 {\n file = " + folder + "/x509/me.pem\n}",
                "remote: auth = ike:rsa/pss-sha384",
                "remote: ca_id = \"C=CH, O=Lab, CN=ca\"",
                "remote: id = \"C=CH, O=*, CN=*\"",
                "remote: revocation = strict"));
    SignatureRule ours = rule(connection.proofs().local());
    assertEquals(1, ours.certificates().size());
    assertEquals(Sending.ALWAYS, ours.sending());
    SignatureRule theirs = rule(connection.proofs().remote());
    assertEquals(Set.of(SignatureScheme.RSA_EMSA_PSS_SHA2_384), theirs.schemes());
    assertEquals(1, theirs.authorities().size());
    assertEquals(Asking.SILENT, theirs.asking());
    assertEquals(Revocation.REQUIRED, theirs.revocation());
    assertEquals("C=CH, O=*, CN=*", connection.remoteId().orElseThrow().toString());
  }

  @Test
  void aPeerMayHaveOneOfSeveralCertificates() throws Exception {
    Files.copy(folder.resolve("x509ca/ca.pem"), folder.resolve("x509/ca.pem"));
    Connection connection =
        only(read("local: certs = me.pem", "remote: certs = me.pem, ca.pem\ncacerts = ca.pem"));
    SignatureRule theirs = rule(connection.proofs().remote());
    assertEquals(2, theirs.certificates().size());
    assertEquals(1, theirs.authorities().size());
    assertEquals(Optional.empty(), connection.remoteId());
  }

  @Test
  void oneEndMayHaveACertificateAndTheOtherAPassword() throws Exception {
    Configuration read =
        read(
            "local: certs = me.pem",
            "remote: auth = eap-mschapv2\neap_id = %any",
            "more: secrets {\n eap-carol {\n id = carol\n secret = x\n}\n}");
    assertInstanceOf(Proof.Eap.class, only(read).proofs().remote());
    assertEquals(List.of(), read.warnings());
  }

  @Test
  void eapTlsHasTheCertificatesOfBothEnds() throws Exception { // RFC 5216 §5.2
    Configuration read =
        read("local: certs = me.pem", "remote: auth = eap-tls\neap_id = %any\ncacerts = ca.pem");
    Proof.Eap theirs = assertInstanceOf(Proof.Eap.class, only(read).proofs().remote());
    assertEquals(1, theirs.tls().server().certificates().size());
    assertEquals(1, theirs.tls().peer().authorities().size());
    assertEquals(List.of(), read.warnings());
    Configuration mine =
        read(
            "local: auth = eap-tls\ncerts = me.pem\naaa_id = aaa.example", "remote: auth = pubkey");
    Proof.Eap ours = assertInstanceOf(Proof.Eap.class, only(mine).proofs().local());
    assertEquals("aaa.example", ours.tls().serverName().orElseThrow().toString());
    assertEquals("C=CH, O=Lab, CN=me", only(mine).localId().toString());
  }

  @Test
  void anEncryptedKeyHasItsPassphraseInSecrets() throws Exception {
    openssl(folder, "pkcs8 -topk8 -in private/me.pem -passout pass:geheim -out pkcs8/me.pem");
    Files.delete(folder.resolve("private/me.pem"));
    privately(folder.resolve("pkcs8/me.pem"));
    String[] with = {
      "local: certs = me.pem",
      "more: secrets {\n pkcs8-me {\n file = me.pem\n secret = geheim\n}\n}"
    };
    assertEquals(List.of(), read(with).warnings());
    with[1] = with[1].replace("geheim", "vulgar");
    Configuration wrong = read(with);
    assertEquals("its passphrase is another; not used", wrong.warnings().getFirst().text());
    assertEquals(
        "no private key for connection gw/net: that of C=CH, O=Lab, CN=me is missing in private,"
            + " rsa, ecdsa and pkcs8",
        wrong.warnings().getLast().text());
    with[1] = with[1].replace("me.pem", "you.pem");
    ConfigException refused = assertThrows(ConfigException.class, () -> read(with));
    assertTrue(String.valueOf(refused.getMessage()).contains("pkcs8/you.pem, which is not there"));
    assertFalse(String.valueOf(refused.getMessage()).contains("vulgar"));
  }

  @Test
  void aKeyThatEverybodyMayReadIsRefused() throws Exception {
    Files.setPosixFilePermissions(
        folder.resolve("private/me.pem"), PosixFilePermissions.fromString("rw-r--r--"));
    ConfigException refused =
        assertThrows(ConfigException.class, () -> read("local: certs = me.pem"));
    assertTrue(String.valueOf(refused.getMessage()).contains("secrets that everybody may read"));
  }

  @Test
  void anAuthorityIsTrustedAndSaysWhatHasNoEffect() throws Exception {
    Files.move(folder.resolve("x509ca/ca.pem"), folder.resolve("elsewhere.pem"));
    Configuration read =
        read(
            "local: certs = me.pem",
            "more: authorities {\n lab {\n file = "
                + folder
                + "/elsewhere.pem\n crl_uris = http://ca.example/crl, ldap://x/y\n"
                + " ocsp_uris = http://x\n cert_uri_base = http://y\n}\n}");
    assertEquals(1, read.credentials().keychain().authorities().size());
    StatusPlaces places = read.credentials().keychain().places().getFirst();
    assertEquals(List.of(URI.create("http://ca.example/crl")), places.crls());
    assertEquals(List.of(URI.create("http://x")), places.ocsp());
    List<String> texts = read.warnings().stream().map(Warning::text).toList();
    assertEquals(
        List.of(
            "cert_uri_base = \"http://y\" is ignored: certificates are sent, not their places",
            "\"ldap://x/y\" is ignored: what is asked are http: and https: URIs"),
        texts);
  }

  @Test
  void aCrlIsReadFromAFileUri() throws Exception {
    Files.writeString(folder.resolve("index.txt"), "");
    Files.writeString(
        folder.resolve("ca.conf"),
        "[ca]\ndefault_ca=x\n[x]\ndatabase=index.txt\ndefault_md=default\n");
    openssl(
        folder,
        "ca -config ca.conf -keyfile ca.key -cert x509ca/ca.pem -gencrl -crldays 3 -out ca.crl");
    Configuration read =
        read(
            "local: certs = me.pem",
            "more: authorities {\n lab {\n cacert = ca.pem\n crl_uris = file://"
                + folder
                + "/ca.crl\n}\n}");
    assertEquals(1, read.credentials().keychain().crls().size());
    assertEquals(List.of(), read.warnings());
  }

  @Test
  void poolsAreRead() throws Exception {
    Configuration read =
        read(
            "local: certs = me.pem",
            "more: pools {\n road {\n addrs = 2001:db8:9::/64\n dns = 2001:db8::53, 2001:db8::54\n"
                + " nbns = 2001:db8::55\n}\n}");
    assertEquals(1, read.pools().size());
    assertEquals("road", read.pools().getFirst().name());
    assertEquals(AddressRange.parse("2001:db8:9::/64"), read.pools().getFirst().addresses());
    assertEquals(2, read.pools().getFirst().dns().size());
    assertEquals(
        "nbns = \"2001:db8::55\" is ignored: peers are told addresses and DNS servers only",
        read.warnings().getFirst().text());
    assertEquals(List.of("road"), only(read).internal().pools());
  }

  /// What swanctl sends to a daemon: the octets of the files that `certs` names.
  @Test
  void aMessageHasItsCertificatesWithIt() throws Exception {
    Keychain known = read("local: certs = me.pem").credentials().keychain();
    openssl(folder, "x509 -in x509/me.pem -outform DER -out me.der");
    String octets =
        new String(Files.readAllBytes(folder.resolve("me.der")), StandardCharsets.ISO_8859_1);
    Map<String, List<String>> keys = new LinkedHashMap<>();
    keys.put("local_addrs", List.of("2001:db8:1:1::1"));
    keys.put("remote_addrs", List.of("2001:db8:2:2::2"));
    keys.put("local.certs", List.of(octets));
    keys.put("remote.cacerts", List.of(Files.readString(folder.resolve("x509ca/ca.pem"))));
    keys.put("children.net.mode", List.of("tunnel"));
    SwanctlReader.Loaded loaded = SwanctlReader.read("gw", keys, ConfFolder.HOST, known);
    Connection connection = loaded.connections().getFirst();
    assertEquals("C=CH, O=Lab, CN=me", connection.localId().toString());
    assertEquals(1, rule(connection.proofs().remote()).authorities().size());
    assertEquals(List.of(), loaded.warnings());
  }
}
