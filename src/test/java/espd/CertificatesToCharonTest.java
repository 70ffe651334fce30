package espd;

import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.lab.Charon;
import espd.lab.Espd;
import espd.lab.Host;
import espd.lab.InLab;
import espd.lab.Lab;
import espd.lab.Output;
import espd.lab.Running;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Certificates, from openssl, towards Debian's charon: each end's own key, both roles.
@InLab
final class CertificatesToCharonTest {

  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final String SUBJECT = "/C=CH/O=Lab/CN=";

  @RegisterExtension final Lab lab = new Lab();

  private Path pki() {
    return lab.a().directory().resolve("pki");
  }

  private void openssl(String... arguments) {
    lab.a()
        .run(Stream.concat(Stream.of("openssl"), Stream.of(arguments)).toArray(String[]::new))
        .succeeded();
  }

  private String at(String name) {
    return pki().resolve(name).toString();
  }

  private static void write(Path file, String text) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void key(String kind, String name) {
    List<String> words = List.of(kind.split(" "));
    openssl(
        Stream.concat(Stream.of("genpkey", "-out", at(name + ".key"), "-algorithm"), words.stream())
            .toArray(String[]::new));
  }

  /// A certificate that `authority` issues.
  private void issue(String name, String authority, String extensions, int days) {
    write(pki().resolve(name + ".ext"), extensions);
    openssl(
        "req",
        "-new",
        "-key",
        at(name + ".key"),
        "-subj",
        SUBJECT + name,
        "-out",
        at(name + ".csr"));
    openssl(
        "x509",
        "-req",
        "-in",
        at(name + ".csr"),
        "-CA",
        at(authority + ".crt"),
        "-CAkey",
        at(authority + ".key"),
        "-CAcreateserial",
        "-days",
        "" + days,
        "-extfile",
        at(name + ".ext"),
        "-out",
        at(name + ".crt"));
  }

  private void authorities() {
    write(pki().resolve("root.ext"), "");
    key("EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:named_curve", "root");
    openssl(
        "req",
        "-x509",
        "-new",
        "-key",
        at("root.key"),
        "-subj",
        SUBJECT + "root",
        "-days",
        "30",
        "-out",
        at("root.crt"));
    key("EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:named_curve", "between");
    issue(
        "between",
        "root",
        "basicConstraints=critical,CA:true\nkeyUsage=critical,keyCertSign,cRLSign\n",
        30);
  }

  private Espd espd(String more) {
    Path folder = lab.a().directory().resolve("ipsec.d");
    write(folder.resolve("cacerts/root.pem"), read(pki().resolve("root.crt")));
    write(
        folder.resolve("certs/a.pem"),
        read(pki().resolve("a.crt")) + read(pki().resolve("between.crt")));
    write(folder.resolve("private/a.pem"), read(pki().resolve("a.key")));
    Path secrets = lab.a().directory().resolve("keys.secrets");
    write(secrets, ": PKCS8 a.pem\n");
    return Espd.start(
        lab,
        lab.a(),
        """
        left=%s
        leftcert=a.pem
        right=%s
        rightid="C=CH, O=Lab, CN=b"
        authby=pubkey
        type=tunnel
        keyexchange=ikev2
        auto=add
        """
                .formatted(lab.a().address(), lab.b().address())
            + more,
        List.of(Espd.command("run", "--config", secrets.toString())));
  }

  private Charon charon(String id, String signatures) {
    Charon charon = Charon.start(lab, lab.b(), lab.a(), Map.of("signatures", signatures));
    Host b = lab.b();
    Path folder = b.directory();
    write(folder.resolve("x509ca/root.pem"), read(pki().resolve("root.crt")));
    write(folder.resolve("x509ca/between.pem"), read(pki().resolve("between.crt")));
    write(folder.resolve("x509/b.pem"), read(pki().resolve("b.crt")));
    write(folder.resolve("private/b.pem"), read(pki().resolve("b.key")));
    String conf =
        read(folder.resolve("swanctl.conf"))
            .replaceFirst("auth = psk\\s+id = \\S+", "auth = pubkey\ncerts = b.pem\nid = " + id)
            .replaceFirst("auth = psk\\s+id = \\S+", "auth = pubkey\nid = \"C=CH, O=Lab, CN=a\"");
    write(folder.resolve("swanctl.conf"), conf);
    Output loaded =
        b.run(
            "env",
            "SWANCTL_DIR=" + folder,
            "swanctl",
            "--load-all",
            "--uri",
            "unix://" + folder + "/vici",
            "--file",
            folder.resolve("swanctl.conf").toString());
    loaded.succeeded();
    return charon;
  }

  private static final String ID_B = "\"C=CH, O=Lab, CN=b\"";

  /// RFC 7427 with method 14, RFC 7296 §2.15 and RFC 4754 with methods of their own; the
  /// certificates of the authority between are sent and taken.
  @ParameterizedTest
  @CsvSource({
    "RSA -pkeyopt rsa_keygen_bits:2048, yes",
    "RSA -pkeyopt rsa_keygen_bits:2048, no",
    "EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:named_curve, yes",
    "EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:named_curve, no",
    "ED25519, yes"
  })
  void bothEndsProveThemselvesInBothRoles(String kind, String signatures) {
    authorities();
    key(kind, "a");
    issue("a", "between", "keyUsage=digitalSignature\n", 30);
    key(kind, "b");
    issue("b", "between", "keyUsage=digitalSignature\n", 30);
    Charon charon = charon(ID_B, signatures);
    Espd espd = espd("");
    espd.up();
    lab.a().pings(lab.b());
    espd.control("down", "net").succeeded();
    Running.await("the peer has no SA", LIMIT, () -> !charon.sas().contains("INSTALLED"));
    charon.initiate();
    lab.b().pings(lab.a());
  }

  private String refused(Espd espd) {
    Output up = espd.control("up", "net");
    assertTrue(up.exit() != 0, up::toString);
    return up.out() + up.err();
  }

  private void ends(int days) {
    authorities();
    String ec = "EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:named_curve";
    key(ec, "a");
    issue("a", "root", "keyUsage=digitalSignature\n", 30);
    key(ec, "b");
    issue("b", "root", "keyUsage=digitalSignature\nsubjectAltName=DNS:b.lab\n", days);
  }

  /// RFC 5280 §6.3: what the authority's CRL names does not count.
  @Test
  void aRevokedCertificateIsRefused() {
    ends(30);
    write(pki().resolve("index.txt"), "");
    write(pki().resolve("crlnumber"), "01\n");
    write(
        pki().resolve("ca.conf"),
        "[ca]\ndefault_ca=x\n[x]\ndatabase=%s\ncrlnumber=%s\ndefault_md=sha256\ndefault_crl_days=30\n"
            .formatted(at("index.txt"), at("crlnumber")));
    String[] by = {"-config", at("ca.conf"), "-keyfile", at("root.key"), "-cert", at("root.crt")};
    openssl(ca(by, "-revoke", at("b.crt")));
    openssl(ca(by, "-gencrl", "-out", at("root.crl")));
    write(lab.a().directory().resolve("ipsec.d/crls/root.crl"), read(pki().resolve("root.crl")));
    charon(ID_B, "yes");
    String said = refused(espd(""));
    assertTrue(said.contains("revoked"), said);
  }

  private static String[] ca(String[] by, String... more) {
    return Stream.of(Stream.of("ca"), Stream.of(by), Stream.of(more))
        .flatMap(each -> each)
        .toArray(String[]::new);
  }

  /// RFC 7296 §3.5: the peer has to be the one that is configured.
  @Test
  void anotherIdentityIsRefused() {
    ends(30);
    Charon charon = charon("b.lab", "yes");
    Espd espd = espd("");
    assertTrue(charon.swanctl("--initiate", "--child", "net").exit() != 0);
    espd.daemon().awaitLog("no connection for 'C=CH, O=Lab, CN=a'...'b.lab'", LIMIT);
  }

  /// RFC 5280 §4.1.2.5: its time is over.
  @Test
  void anExpiredCertificateIsRefused() {
    ends(-1);
    charon(ID_B, "yes");
    String said = refused(espd(""));
    assertTrue(said.contains("expired on"), said);
  }
}
