package espd.daemon.config;

import static espd.daemon.config.ConfFolder.openssl;
import static espd.daemon.config.ConfFolder.privately;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Connection;
import espd.ike.Proofs.Proof;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Containers of PKCS#12 in `ipsec.secrets`, and beside `swanctl.conf`.
final class Pkcs12ConfTest {

  private static final String ENTRY = ": P12 me.p12 \"Kuckuck\"\n";

  @TempDir Path folder;

  @BeforeEach
  void contained() throws Exception {
    Files.createDirectories(folder.resolve("ipsec.d/private"));
    Files.createDirectories(folder.resolve("pkcs12"));
    openssl(folder, "genpkey -algorithm ED25519 -out ca.key");
    openssl(folder, "req -x509 -new -key ca.key -subj /C=CH/O=Lab/CN=ca -days 9 -out ca.crt");
    openssl(folder, "genpkey -algorithm ED25519 -out me.key");
    openssl(folder, "req -new -key me.key -subj /C=CH/O=Lab/CN=me -out me.csr");
    openssl(folder, "x509 -req -in me.csr -CA ca.crt -CAkey ca.key -CAcreateserial -out me.crt");
    openssl(
        folder,
        "pkcs12 -export -inkey me.key -in me.crt -certfile ca.crt -passout pass:Kuckuck"
            + " -out pkcs12/me.p12");
    privately(folder.resolve("pkcs12/me.p12"));
    Files.copy(folder.resolve("pkcs12/me.p12"), folder.resolve("ipsec.d/private/me.p12"));
    privately(folder.resolve("ipsec.d/private/me.p12"));
  }

  private Configuration read(String secrets) throws IOException, ConfigException {
    Path conf =
        Files.writeString(
            folder.resolve("ipsec.conf"),
            """
            conn x
              left=2001:db8:1:1::1
              leftid="C=CH, O=Lab, CN=me"
              right=2001:db8:2:2::2
              keyexchange=ikev2
              authby=pubkey
              auto=add
            """);
    Path file = Files.writeString(folder.resolve("ipsec.secrets"), secrets);
    privately(file);
    return Configuration.read(List.of(conf, file), ConfFolder.HOST);
  }

  private static void assertCertified(Configuration read) {
    Connection connection = read.connections().getFirst();
    assertEquals("C=CH, O=Lab, CN=me", connection.localId().toString());
    Proof.Signature ours = assertInstanceOf(Proof.Signature.class, connection.proofs().local());
    assertEquals(1, ours.rule().certificates().size(), "without a root, which the peer has");
    assertEquals(
        "1 keys, 1 authorities, 1 certificates, 0 CRLs", read.credentials().keychain().toString());
    assertEquals(List.of(), read.warnings());
  }

  /// The certificate is found by the identity that it confirms.
  @Test
  void keyCertificateAndAuthorityComeOfOneFile() throws Exception {
    assertCertified(read(ENTRY));
  }

  private String refusal(String secrets) {
    String refusal =
        String.valueOf(assertThrows(ConfigException.class, () -> read(secrets)).getMessage());
    assertFalse(refusal.contains("Kuckuck"), refusal);
    return refusal;
  }

  @Test
  void whatCannotBeReadIsAnErrorWithItsPlace() throws Exception {
    String place = "ipsec.secrets:1:7: ";
    String expected = ", expected a container of PKCS#12";
    String another = refusal(": P12 me.p12 \"kuckuck\"\n");
    assertTrue(
        another.contains(place + "read \"me.p12\" (its passphrase is another)" + expected),
        another);
    String missing = refusal(": P12 me.p12\n");
    assertTrue(missing.contains(place + "read \"me.p12\" (it is encrypted, and there"), missing);
    String nobody = refusal(": P12 nobody.p12 \"Kuckuck\"\n");
    assertTrue(nobody.contains("nobody.p12 cannot be read)" + expected), nobody);
    String nothing = refusal(": P12\n");
    assertTrue(nothing.contains("expected : P12 FILE \"passphrase\""), nothing);
    Files.copy(folder.resolve("me.crt"), folder.resolve("ipsec.d/private/me.crt"));
    privately(folder.resolve("ipsec.d/private/me.crt"));
    String other = refusal(": P12 me.crt \"Kuckuck\"\n");
    assertTrue(other.contains("(no container of PKCS#12)" + expected), other);
    Files.setPosixFilePermissions(
        folder.resolve("ipsec.d/private/me.p12"), PosixFilePermissions.fromString("rw-r--r--"));
    String open = refusal(ENTRY);
    assertTrue(open.contains("secrets that everybody may read"), open);
  }

  private Configuration swanctl(String secret) throws IOException, ConfigException {
    Path file =
        Files.writeString(
            folder.resolve("swanctl.conf"),
            """
            connections {
              gw {
                version = 2
                local_addrs = 2001:db8:1:1::1
                remote_addrs = 2001:db8:2:2::2
                local {
                  id = "C=CH, O=Lab, CN=me"
                }
                remote {
                }
                children {
                  net {
                  }
                }
              }
            }
            secrets {
              pkcs12-me {
                file = me.p12
                secret = "%s"
              }
            }
            """
                .formatted(secret));
    privately(file);
    return Configuration.read(List.of(file), ConfFolder.HOST);
  }

  @Test
  void swanctlHasAFolderOfThem() throws Exception {
    assertCertified(swanctl("Kuckuck"));
    String refusal =
        String.valueOf(assertThrows(ConfigException.class, () -> swanctl("x")).getMessage());
    assertTrue(refusal.contains("no certificate of our own"), refusal);
  }
}
