package espd;

import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.lab.Certified;
import espd.lab.Charon;
import espd.lab.Espd;
import espd.lab.InLab;
import espd.lab.Lab;
import espd.lab.Output;
import espd.lab.Pki;
import espd.lab.Running;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Certificates, from openssl, towards Debian's charon: each end's own key, both roles.
@InLab
final class CertificatesToCharonTest {

  private static final Duration LIMIT = Duration.ofSeconds(10);

  @RegisterExtension final Lab lab = new Lab();
  private final Pki pki = new Pki(lab.a());
  private final Certified ends = new Certified(lab, pki);

  private Espd espd() {
    return ends.espd("authby=pubkey\n");
  }

  private Charon charon(String id, String signatures) {
    return ends.charon(Map.of("local", id, "signatures", signatures));
  }

  private static final String SWANCTL_CONF =
      """
      ends {
        version = 2
        local_addrs = @HERE@
        remote_addrs = @THERE@
      }
      connections {
        secret : ends {
          local { auth = psk }
          remote { auth = psk }
          children { secret { } }
        }
        net : ends {
          local {
            auth = @LOCAL@
          }
          remote {
            auth = @REMOTE@
          }
          children { net { } }
        }
      }
      secrets {
        ike { secret = @SECRET@ }
        eap-carol {
          id = carol
          secret = @SECRET@
        }
      }
      """;

  /// Our connection in a `swanctl.conf`, after one between the same two that has a secret.
  ///
  /// @param local how we prove ourselves
  /// @param remote how the peer does
  private Path swanctl(String local, String remote) {
    return ends.swanctl(
        SWANCTL_CONF
            .replace("@LOCAL@", local)
            .replace("@REMOTE@", remote)
            .replace("@SECRET@", Espd.SECRET));
  }

  private static void load(Espd espd) {
    espd.swanctl("--load-all").succeeded();
  }

  private static final String CERTIFICATE_A = "pubkey\ncerts = a.pem";
  private static final String CERTIFICATE_B = "pubkey\nid = " + Certified.ID_B;

  /// RFC 7427 with method 14, RFC 7296 §2.15 and RFC 4754 with methods of their own; the
  /// certificates of the authority between are sent and taken. What says so is an `ipsec.conf`,
  /// then a `swanctl.conf`, as a file or by vici.
  @ParameterizedTest
  @CsvSource({
    Pki.RSA + ", yes, file",
    Pki.RSA + ", no, vici",
    Pki.EC + ", yes, vici",
    Pki.EC + ", no, file",
    "ED25519, yes, vici"
  })
  void bothEndsProveThemselvesInBothRoles(String kind, String signatures, String second) {
    pki.authorities();
    pki.ends(kind);
    Charon charon = charon(Certified.ID_B, signatures);
    Espd espd = espd();
    inBothRoles(espd, charon);
    espd.close();
    Path file = swanctl(CERTIFICATE_A, CERTIFICATE_B);
    if (second.equals("file")) {
      inBothRoles(Espd.start(lab, lab.a(), file), charon);
    } else {
      Espd empty = Espd.startEmpty(lab, lab.a());
      load(empty);
      inBothRoles(empty, charon);
      shows(empty);
    }
  }

  private void inBothRoles(Espd espd, Charon charon) {
    espd.up();
    lab.a().pings(lab.b());
    espd.control("down", "net").succeeded();
    Running.await("the peer has no SA", LIMIT, () -> !charon.sas().contains("INSTALLED"));
    charon.initiate();
    lab.b().pings(lab.a());
    charon.swanctl("--terminate", "--ike", "peer").succeeded();
  }

  private static void shows(Espd espd) {
    String certificates = espd.swanctl("--list-certs").succeeded().out();
    assertTrue(certificates.contains("\"C=CH, O=Lab, CN=a\""), certificates);
    assertTrue(certificates.contains("has private key"), certificates);
    assertTrue(certificates.contains("\"C=CH, O=Lab, CN=root\""), certificates);
    String connections = espd.swanctl("--list-conns").succeeded().out();
    assertTrue(connections.contains("local public key authentication:"), connections);
    assertTrue(connections.contains("certs: C=CH, O=Lab, CN=a"), connections);
    assertTrue(connections.contains("remote pre-shared key authentication:"), connections);
  }

  /// RFC 7296 §2.16: who has a certificate answers, and has the other prove itself by password.
  @Test
  void oneEndHasACertificateAndTheOtherAPasswordInBothRoles() {
    pki.authorities();
    pki.ends("ED25519");
    String password = "eap-carol { id = carol\n secret = \"%s\" }".formatted(Espd.SECRET);
    Charon carol =
        ends.charon(
            Map.of(
                "local",
                "carol",
                "local_auth",
                "eap-mschapv2\neap_id = carol",
                "secrets",
                password));
    Path _ = swanctl(CERTIFICATE_A, "eap-mschapv2\neap_id = %any");
    Espd espd = Espd.startEmpty(lab, lab.a());
    load(espd);
    carol.initiate();
    lab.b().pings(lab.a());
    carol.close();
    Charon asking =
        ends.charon(
            Map.of(
                "remote",
                "%any",
                "remote_auth",
                "eap-mschapv2\neap_id = %any",
                "secrets",
                password));
    Path _ = swanctl("eap-mschapv2\neap_id = carol", CERTIFICATE_B);
    load(espd);
    espd.up();
    lab.a().pings(lab.b());
    assertTrue(asking.sas().contains("EAP: 'carol'"), asking.sas());
  }

  private String refused(Espd espd) {
    Output up = espd.control("up", "net");
    assertTrue(up.exit() != 0, up::toString);
    return up.out() + up.err();
  }

  private void ends(int days) {
    pki.authorities();
    pki.key(Pki.EC, "a");
    pki.issue("a", "root", "keyUsage=digitalSignature\n", 30);
    pki.key(Pki.EC, "b");
    pki.issue("b", "root", "keyUsage=digitalSignature\nsubjectAltName=DNS:b.lab\n", days);
  }

  /// RFC 5280 §6.3: what the authority's CRL names does not count.
  @Test
  void aRevokedCertificateIsRefused() {
    ends(30);
    pki.records();
    pki.root("-revoke", pki.at("b.crt"));
    pki.root("-gencrl", "-out", pki.at("root.crl"));
    Pki.write(lab.a().directory().resolve("ipsec.d/crls/root.crl"), pki.text("root.crl"));
    charon(Certified.ID_B, "yes");
    String said = refused(espd());
    assertTrue(said.contains("revoked"), said);
  }

  /// RFC 7296 §3.5: the peer has to be the one that is configured.
  @Test
  void anotherIdentityIsRefused() {
    ends(30);
    Charon charon = charon("b.lab", "yes");
    Espd espd = espd();
    assertTrue(charon.swanctl("--initiate", "--child", "net").exit() != 0);
    espd.daemon().awaitLog("no connection for 'C=CH, O=Lab, CN=a'...'b.lab'", LIMIT);
  }

  /// RFC 5280 §4.1.2.5: its time is over.
  @Test
  void anExpiredCertificateIsRefused() {
    ends(-1);
    charon(Certified.ID_B, "yes");
    String said = refused(espd());
    assertTrue(said.contains("expired on"), said);
  }
}
