package espd.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.daemon.config.Configuration;
import espd.daemon.config.HostView;
import espd.daemon.config.Secrets;
import espd.daemon.config.SharedSecret.Kind;
import espd.daemon.control.CredentialLoading.CertificateUse;
import espd.daemon.control.Operations.Outcome;
import espd.ike.eap.Identities;
import espd.ike.pki.AskedAuthorities;
import espd.spd.KeyMaterial;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is loaded while the daemon runs is what IKE sees.
final class LoadedCredentialsTest {

  @TempDir Path folder;

  private final Secrets none = none();
  private final LiveCredentials live = new LiveCredentials(none);
  private final AtomicInteger settled = new AtomicInteger();
  private final AskedAuthorities authorities =
      new AskedAuthorities(
          (errand, patience) -> new byte[0], InstantSource.system(), new SecureRandom());
  private final LoadedCredentials loaded =
      new LoadedCredentials(
          new LoadedCredentials.Sight(live, authorities),
          none,
          new Object(),
          settled::incrementAndGet);

  private static Secrets none() {
    try {
      return Configuration.read(List.of(), HostView.ofThisHost()).credentials();
    } catch (espd.daemon.config.ConfigException e) {
      throw new AssertionError(e);
    }
  }

  private String openssl(String arguments) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(Stream.of(("openssl " + arguments).split(" ", -1)).toList())
            .directory(folder.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), arguments);
    return said;
  }

  private byte[] certificate(String name, String basic) throws Exception {
    openssl("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out " + name + ".key");
    openssl(
        "req -x509 -new -key %s.key -subj /CN=%s -out %s.pem -addext %s"
            .formatted(name, name, name, "basicConstraints=critical," + basic));
    return Files.readAllBytes(folder.resolve(name + ".pem"));
  }

  private static KeyMaterial octets(byte[] octets) {
    return KeyMaterial.copyOf(octets);
  }

  private static KeyMaterial octets(String text) {
    return octets(text.getBytes(StandardCharsets.UTF_8));
  }

  /// swanctl sends all that is in the folder `pubkey`; which of them counts a connection says (RFC
  /// 7670 §5).
  @Test
  void aPublicKeyIsReadAndTrustedByNobody() throws Exception {
    openssl("genpkey -algorithm ED25519 -out key.pem");
    byte[] key = openssl("pkey -in key.pem -pubout").getBytes(StandardCharsets.UTF_8);
    assertTrue(loaded.loadCertificate(CertificateUse.PUBLIC_KEY, key).success());
    assertEquals("0 keys, 0 authorities, 0 certificates, 0 CRLs", "" + live.keychain());
    byte[] own = Files.readAllBytes(folder.resolve("key.pem"));
    assertEquals(
        "parsing public key failed",
        loaded.loadCertificate(CertificateUse.PUBLIC_KEY, own).message());
  }

  /// RFC 5280 §4.2.1.2, method 1: openssl names the key of a certificate the same way.
  @Test
  void aPrivateKeyIsNamedByTheHashOfItsPublicKey() throws Exception {
    byte[] _ = certificate("me", "CA:false");
    Outcome outcome = loaded.loadKey(octets(Files.readAllBytes(folder.resolve("me.key"))));
    String expected = openssl("x509 -in me.pem -noout -ext subjectKeyIdentifier");
    String id = expected.lines().toList().getLast().strip().replace(":", "");
    assertEquals(id.toLowerCase(java.util.Locale.ROOT), outcome.message());
    assertEquals(List.of(outcome.message()), loaded.keys());
    assertEquals(1, live.keychain().keys().size());
    assertTrue(loaded.unloadKey(outcome.message()).success());
    assertEquals(0, live.keychain().keys().size());
    assertFalse(loaded.unloadKey(outcome.message()).success());
  }

  @Test
  void certificatesAreKeptOnceAndByTheirUse() throws Exception {
    byte[] end = certificate("me", "CA:false");
    byte[] authority = certificate("ca", "CA:true");
    for (int i = 0; i < 2; i++) {
      assertTrue(loaded.loadCertificate(CertificateUse.END, end).success());
      assertTrue(loaded.loadCertificate(CertificateUse.AUTHORITY, authority).success());
    }
    assertEquals("0 keys, 1 authorities, 1 certificates, 0 CRLs", live.keychain().toString());
    assertFalse(loaded.loadCertificate(CertificateUse.AUTHORITY, end).success());
    assertFalse(loaded.loadCertificate(CertificateUse.CRL, end).success());
    loaded.become(none);
    assertEquals("0 keys, 1 authorities, 1 certificates, 0 CRLs", live.keychain().toString());
  }

  @Test
  void whatIsNoKeyIsRefusedWithoutAWordOfIt() {
    Outcome refused = loaded.loadKey(octets("geheim"));
    assertEquals(
        "parsing private key failed: no private key of PKCS#8, PKCS#1 or SEC 1", refused.message());
  }

  @Test
  void anAuthorityIsTrustedUntilItIsUnloaded() throws Exception {
    String pem = new String(certificate("ca", "CA:true"), StandardCharsets.UTF_8);
    assertTrue(loaded.loadAuthority("lab", Map.of("cacert", List.of(pem))).success());
    assertEquals("lab", loaded.authorities().getFirst().name());
    assertEquals(1, live.keychain().authorities().size());
    Outcome refused = loaded.loadAuthority("bad", Map.of("cacert", List.of("x")));
    assertEquals(
        "authorities.bad.cacert: read what is no certificate, expected X.509, PEM or DER",
        refused.message());
    assertTrue(loaded.unloadAuthority("lab").success());
    assertEquals(0, live.keychain().authorities().size());
  }

  @Test
  void clearingTakesAllButAuthoritiesAndWipesSecretsWhenIkeHasLetGo() throws Exception {
    KeyMaterial secret = octets("verysecret");
    assertTrue(loaded.loadShared(Kind.PPK, "p", List.of("moon"), secret).success());
    assertTrue(live.ppk(Identities.octets("moon")).isPresent());
    byte[] authority = certificate("ca", "CA:true");
    String pem = new String(authority, StandardCharsets.UTF_8);
    assertTrue(loaded.loadCertificate(CertificateUse.AUTHORITY, authority).success());
    assertTrue(loaded.loadAuthority("lab", Map.of("cacert", List.of(pem))).success());
    assertTrue(loaded.clear().success());
    assertEquals(1, settled.get());
    assertTrue(live.ppk(Identities.octets("moon")).isEmpty());
    assertEquals(1, live.keychain().authorities().size());
    assertEquals(List.of(), loaded.shared());
  }
}
