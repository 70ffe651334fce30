package espd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.lab.Capture;
import espd.lab.Certified;
import espd.lab.Charon;
import espd.lab.Espd;
import espd.lab.InLab;
import espd.lab.Lab;
import espd.lab.Output;
import espd.lab.Pki;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// EAP-TLS (RFC 5216, RFC 9190) between us and strongSwan, with certificates from openssl. We are
/// host a.
@InLab
final class EapTlsToCharonTest {

  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final String WE_PROVE = "leftauth=eap-tls\nrightauth=pubkey\n";
  private static final String PEER_PROVES = "leftauth=pubkey\nrightauth=eap-tls\n";

  @RegisterExtension final Lab lab = new Lab();
  private final Pki pki = new Pki(lab.a());
  private final Certified ends = new Certified(lab, pki);

  /// strongSwan with the certificate of b.
  private Charon charon(String tls, String localAuth, String remoteAuth) {
    return ends.charon(
        Map.of("tls", tls, "local_auth", localAuth + "\ncerts = b.pem", "remote_auth", remoteAuth));
  }

  private Charon asking(String tls) {
    return charon(tls, "pubkey", "eap-tls\neap_id = %any");
  }

  private Charon answering(String tls) {
    return charon(tls, "eap-tls", "pubkey");
  }

  /// The same as [#WE_PROVE] and [#PEER_PROVES] in a `swanctl.conf`.
  private Path swanctl(String local, String remote) {
    return ends.swanctl(
        """
        connections {
          net {
            version = 2
            local_addrs = @HERE@
            remote_addrs = @THERE@
            local { auth = %s
              certs = a.pem }
            remote { auth = %s
              id = %s }
            children { net { } }
          }
        }
        """
            .formatted(local, remote, Certified.ID_B));
  }

  private static void assertSays(Output output, String part) {
    assertTrue(output.out().contains(part), output.out() + output.err());
  }

  /// RFC 5216 §2.1.1, with a chain that takes several fragments (RFC 5216 §2.1.5). Debian's
  /// strongSwan does not know RFC 9190's commitment, so that TLS is 1.2 where the two are to come
  /// to an end.
  @ParameterizedTest
  @ValueSource(strings = {Pki.EC, Pki.RSA})
  void eitherProvesItself(String kind) {
    pki.authorities();
    pki.ends(kind);
    Charon asking = asking("1.2");
    Espd espd = ends.espd(WE_PROVE);
    Output up = espd.up();
    assertSays(up, "negotiated TLS 1.2");
    assertSays(up, "EAP method EAP_TLS succeeded, MSK established");
    lab.a().pings(lab.b());
    asking.close();
    espd.close();

    Charon answering = answering("1.2");
    Espd responder = ends.espd(PEER_PROVES + "eap_identity=%identity\n");
    answering.initiate();
    responder.daemon().awaitLog("EAP method EAP_TLS succeeded, MSK established", LIMIT);
    lab.b().pings(lab.a());
    assertEquals(2, responder.sad().size());
  }

  /// Wireshark finds a ClientHello in EAP-TLS within IKE.
  private void assertSeen(Espd espd, Capture capture) {
    Path folder = lab.a().directory().resolve("keys");
    espd.control("keylog", folder.toString()).succeeded();
    String tshark =
        "WIRESHARK_CONFIG_DIR=%s tshark -r %s -Y eap.type==13 -T fields -e tls.handshake.type"
            .formatted(folder, capture.file());
    String seen = lab.a().run("sh", "-c", tshark).succeeded().out();
    assertTrue(seen.lines().anyMatch("1"::equals), seen);
  }

  /// By `swanctl.conf` and vici; Wireshark reads what went over (RFC 5216 §3).
  @Test
  void swanctlSaysTheSame() {
    pki.authorities();
    pki.ends(Pki.EC);
    Charon asking = asking("1.2");
    Path _ = swanctl("eap-tls", "pubkey");
    Espd espd = Espd.startEmpty(lab, lab.a());
    espd.swanctl("--load-all").succeeded();
    assertSays(espd.swanctl("--list-conns").succeeded(), "local EAP_TLS authentication:");
    Capture capture = Capture.start(lab, lab.a());
    espd.up();
    lab.a().pings(lab.b());
    capture.stop();
    assertSeen(espd, capture);
    espd.control("down", "net").succeeded();
    asking.close();

    Charon answering = answering("1.2");
    Path _ = swanctl("pubkey", "eap-tls\n eap_id = %any");
    espd.swanctl("--load-all").succeeded();
    answering.initiate();
    lab.b().pings(lab.a());
  }

  /// RFC 5216 §2.1.3: an alert, then EAP-Failure. The name in the certificate is another than
  /// either end wants.
  @Test
  void aCertificateOfAnotherNameIsRefused() {
    pki.authorities();
    pki.ends(Pki.EC);
    Charon wantsDave = charon("1.2", "pubkey", "eap-tls\neap_id = dave");
    Espd espd = ends.espd(WE_PROVE);
    assertSays(espd.control("up", "net"), "received fatal TLS alert 'certificate unknown'");
    espd.close();
    Espd wantsAaa = ends.espd(WE_PROVE + "aaa_identity=aaa.example.org\n");
    assertSays(wantsAaa.control("up", "net"), "does not confirm identity 'aaa.example.org'");
    wantsDave.daemon().awaitLog("received fatal TLS alert 'certificate unknown'", LIMIT);
    wantsDave.close();
    wantsAaa.close();

    Charon answering = answering("1.2");
    Espd wantsCarol = ends.espd(PEER_PROVES + "eap_identity=carol@example.org\n");
    assertTrue(answering.swanctl("--initiate", "--child", "net").exit() != 0);
    wantsCarol.daemon().awaitLog("does not confirm identity 'carol@example.org'", LIMIT);
    assertEquals(0, wantsCarol.sad().size());
  }

  /// RFC 5216 §5.3: whoever issued it is not trusted.
  @ParameterizedTest
  @ValueSource(strings = {"1.2", "1.3"})
  void aCertificateOfAnotherAuthorityIsRefused(String tls) {
    pki.authorities();
    pki.ends(Pki.EC);
    Charon answering = answering(tls);
    pki.authorities();
    Espd espd = ends.espd(PEER_PROVES + "eap_identity=%identity\n");
    Output refused = answering.swanctl("--initiate", "--child", "net");
    assertTrue(refused.exit() != 0, refused.out());
    espd.daemon().awaitLog("sending fatal TLS alert 'certificate unknown': certificate", LIMIT);
    assertSays(refused, "received fatal TLS alert 'certificate unknown'");
    assertEquals(0, espd.sad().size());
    // RFC 7296 §2.21.2: strongSwan says at once that it gives up, and nothing waits for more.
    espd.daemon().awaitLog("received AUTHENTICATION_FAILED error notify", LIMIT);
    assertSays(espd.control("status"), "(0 up, 0 connecting)");
  }
}
