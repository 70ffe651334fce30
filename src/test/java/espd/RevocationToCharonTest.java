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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Whether charon's certificate is revoked is asked of servers that are not ours: `openssl ocsp`,
/// and Python's for CRLs that openssl has made.
@InLab
final class RevocationToCharonTest {

  private static final Duration LIMIT = Duration.ofSeconds(10);

  private static final String SWANCTL_CONF =
      """
      connections {
        peer {
          version = 2
          local_addrs = @HERE@
          remote_addrs = @THERE@
          local { certs = a.pem }
          remote {
            id = "C=CH, O=Lab, CN=b"
            auth = @AUTH@
            revocation = @POLICY@
          }
          children { net { } }
        }
      }
      authorities {
        lab {
          cacert = root.pem
          ocsp_uris = http://127.0.0.1:8081/
        }
      }
      """;

  @RegisterExtension final Lab lab = new Lab();
  private final Pki pki = new Pki(lab.a());

  /// What `b` has names the place of the CRL, and that of OCSP is configured.
  private void issue() {
    pki.authorities();
    pki.records();
    pki.key(Pki.EC, "a");
    pki.issue("a", "root", "keyUsage=digitalSignature\n", 30);
    pki.key(Pki.EC, "b");
    pki.issue(
        "b",
        "root",
        "keyUsage=digitalSignature\ncrlDistributionPoints=URI:http://[::1]:8080/root.crl\n",
        30);
    pki.key(Pki.EC, "ocsp");
    pki.issue("ocsp", "root", "keyUsage=digitalSignature\nextendedKeyUsage=OCSPSigning\n", 30);
    pki.root("-valid", pki.at("b.crt"));
  }

  /// @param auth how charon proves itself
  private Charon charon(String auth) {
    return new Certified(lab, pki).charon(Map.of("local_auth", auth + "\ncerts = b.pem"));
  }

  private Running responder() {
    Running responder =
        lab.closing(
            lab.a()
                .start(
                    "responder",
                    "openssl",
                    "ocsp",
                    "-port",
                    "8081",
                    "-index",
                    pki.at("index.txt"),
                    "-CA",
                    pki.at("root.crt"),
                    "-rsigner",
                    pki.at("ocsp.crt"),
                    "-rkey",
                    pki.at("ocsp.key"),
                    "-nmin",
                    "60"));
    listening(8081);
    return responder;
  }

  private Running lists() {
    Pki.write(pki.file("web/root.crl"), "");
    Running server =
        lab.closing(
            lab.a()
                .start(
                    "web",
                    "/usr/bin/python3",
                    "-m",
                    "http.server",
                    "--bind",
                    "::1",
                    "--directory",
                    pki.at("web"),
                    "8080"));
    listening(8080);
    return server;
  }

  private void listening(int port) {
    Running.await(
        "port " + port,
        LIMIT,
        () -> lab.a().run("ss", "-Hltn", "sport = :" + port).out().contains("LISTEN"));
  }

  private Charon charon;
  private Espd espd;

  /// Has the connection ask this of certificates from now on, and nothing remembered.
  private void policy(String policy) {
    policy(policy, "pubkey");
  }

  private void policy(String policy, String auth) {
    Path folder = lab.a().directory();
    Pki.write(
        folder.resolve("swanctl.conf"),
        SWANCTL_CONF
            .replace("@HERE@", lab.a().address())
            .replace("@THERE@", lab.b().address())
            .replace("@AUTH@", auth)
            .replace("@POLICY@", policy));
    espd.swanctl("--load-all").succeeded();
    flush();
  }

  private void flush() {
    espd.swanctl("--flush-certs").succeeded();
  }

  private String accepted() {
    String said = espd.control("up", "net").succeeded().out();
    espd.control("down", "net").succeeded();
    return said;
  }

  private String refused() {
    Output up = espd.control("up", "net");
    assertTrue(up.exit() != 0, up::toString);
    return up.out() + up.err();
  }

  private static void assertSaid(String text, String said) {
    assertTrue(said.contains(text), said);
  }

  @BeforeEach
  void start() {
    issue();
    charon = charon("pubkey");
    Path folder = lab.a().directory();
    Pki.write(folder.resolve("x509ca/root.pem"), pki.text("root.crt"));
    Pki.write(folder.resolve("x509/a.pem"), pki.text("a.crt"));
    Pki.write(folder.resolve("private/a.pem"), pki.text("a.key"));
    espd = Espd.startEmpty(lab, lab.a());
  }

  private void publish(String... arguments) {
    List<String> words = new ArrayList<>(List.of("-gencrl", "-out", pki.at("web/root.crl")));
    words.addAll(List.of(arguments));
    pki.root(words.toArray(String[]::new));
  }

  @Test
  void whatTheAuthorityTellsCounts() throws InterruptedException {
    Running lists = lists();
    good();
    stale();
    revoked();
    lists.close();
    unknown();
  }

  /// RFC 5216 §5.4: who proves itself by EAP-TLS is asked about when TLS has ended, and both IKE
  /// SAs end at once when it is revoked.
  @Test
  void whatTheAuthorityTellsCountsInEapTls() {
    charon.close();
    charon = charon("eap-tls");
    policy("strict", "eap-tls\n eap_id = %any");
    try (Running _ = responder()) {
      charon.initiate();
      espd.daemon().awaitLog("ocsp response correctly signed by \"C=CH, O=Lab, CN=ocsp\"", LIMIT);
      espd.daemon().awaitLog("EAP method EAP_TLS succeeded, MSK established", LIMIT);
      charon.swanctl("--terminate", "--ike", "peer").succeeded();
    }
    pki.root("-revoke", pki.at("b.crt"), "-crl_reason", "keyCompromise");
    flush();
    try (Running _ = responder()) {
      Output failed = charon.swanctl("--initiate", "--child", "net");
      assertTrue(failed.exit() != 0, failed::toString);
      assertSaid("received AUTHENTICATION_FAILED notify error", failed.out());
    }
    espd.daemon().awaitLog("AUTHENTICATION_FAILED sent: certificate 'C=CH, O=Lab, CN=b'", LIMIT);
    assertTrue(charon.sas().isBlank(), charon::sas);
    assertSaid("(0 up, 0 connecting)", espd.control("status").out());
  }

  /// RFC 6960 §2.2, RFC 5280 §6.3, in both roles.
  private void good() {
    publish();
    policy("strict");
    try (Running _ = responder()) {
      String said = accepted();
      assertSaid("requesting ocsp status from 'http://127.0.0.1:8081/' ...", said);
      assertSaid("ocsp response correctly signed by \"C=CH, O=Lab, CN=ocsp\"", said);
      assertSaid("certificate status is good", said);
      assertSaid("using cached ocsp response", accepted());
    }
    charon.initiate();
    charon.swanctl("--terminate", "--ike", "peer").succeeded();
    flush();
    String said = accepted();
    assertSaid("fetching crl from 'http://[::1]:8080/root.crl' ...", said);
    assertSaid("crl correctly signed by \"C=CH, O=Lab, CN=root\"", said);
    assertSaid("certificate status is good", said);
    String known = espd.swanctl("--list-certs", "--type", "x509_crl").succeeded().out();
    assertSaid("C=CH, O=Lab, CN=root", known);
  }

  /// RFC 5280 §5.1.2.5: a CRL that is over does not say that anybody is good.
  private void stale() throws InterruptedException {
    publish("-crlsec", "1");
    Thread.sleep(2000);
    policy("ifuri");
    assertSaid("crl is stale: since", refused());
    policy("relaxed");
    assertSaid("what is known is stale since", accepted());
  }

  /// RFC 6960 §2.2, RFC 5280 §5.3.1: under every policy.
  private void revoked() {
    pki.root("-revoke", pki.at("b.crt"), "-crl_reason", "keyCompromise");
    flush();
    try (Running _ = responder()) {
      assertSaid("reason: key compromise", refused());
    }
    publish();
    flush();
    assertSaid("ocsp check failed, fallback to crl", refused());
    assertTrue(charon.swanctl("--initiate", "--child", "net").exit() != 0);
    espd.daemon().awaitLog("AUTHENTICATION_FAILED sent: certificate 'C=CH, O=Lab, CN=b'", LIMIT);
  }

  /// Nobody answers.
  private void unknown() {
    for (String policy : List.of("ifuri", "strict")) {
      policy(policy);
      assertSaid("certificate status is not available", refused());
    }
    policy("relaxed");
    String said = accepted();
    assertSaid("crl fetching from 'http://[::1]:8080/root.crl' failed", said);
    assertSaid("certificate status is not available", said);
  }
}
