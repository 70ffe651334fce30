package espd.daemon.config;

import static espd.daemon.config.ConfFolder.openssl;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Keychain;
import espd.ike.StatusPlaces;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The `ca` sections of an `ipsec.conf`.
final class ConfAuthoritiesTest {

  @TempDir Path folder;

  @BeforeEach
  void authority() throws IOException, InterruptedException {
    Files.createDirectories(folder.resolve("ipsec.d/cacerts"));
    openssl(
        folder, "req -x509 -newkey ed25519 -nodes -keyout ca.key -subj /CN=ca -days 9 -out ca.pem");
  }

  private Configuration read(String text) throws IOException, ConfigException {
    Path file = Files.writeString(folder.resolve("ipsec.conf"), text);
    return Configuration.read(List.of(file), ConfFolder.HOST);
  }

  private static List<URI> uris(String... texts) {
    return Stream.of(texts).map(URI::create).toList();
  }

  @Test
  void anAuthorityIsTrustedAndSaysWhereItIsAsked() throws Exception {
    Configuration read =
        read(
            """
            ca %%default
              ocspuri=http://ocsp.example
            ca common
              crluri2=https://other.example/crl
              auto=ignore
            ca lab
              also=common
              auto=add
              cacert=%s/ca.pem
              crluri=http://ca.example/crl
            """
                .formatted(folder));
    Keychain keychain = read.credentials().keychain();
    assertEquals(1, keychain.authorities().size());
    StatusPlaces places = keychain.places().getFirst();
    assertEquals(keychain.authorities().getFirst(), places.authority());
    assertEquals(uris("http://ca.example/crl", "https://other.example/crl"), places.crls());
    assertEquals(uris("http://ocsp.example"), places.ocsp());
    assertEquals(List.of(), read.warnings());
  }

  /// A file without a folder is beside those of all authorities.
  @Test
  void itsCertificateIsInCacerts() throws Exception {
    Files.move(folder.resolve("ca.pem"), folder.resolve("ipsec.d/cacerts/mine.pem"));
    Configuration read = read("ca lab\n  auto=add\n  cacert=mine.pem\n  crluri=ldap://x/y\n");
    assertEquals(1, read.credentials().keychain().authorities().size());
    assertEquals(
        "\"ldap://x/y\" is ignored: what is asked are http: and https: URIs",
        read.warnings().getFirst().text());
  }

  private void assertRefused(String why, String text) {
    ConfigException refused = assertThrows(ConfigException.class, () -> read(text));
    assertTrue(refused.toString().contains(why), refused::toString);
  }

  @Test
  void whatIsNoAuthorityIsRefused() {
    assertRefused("cacert=FILE", "ca lab\n  auto=add\n");
    assertRefused("none.pem", "ca lab\n  auto=add\n  cacert=none.pem\n");
    assertRefused("add or ignore", "ca lab\n  auto=perhaps\n");
    assertRefused(
        "the name of a ca", "ca lab\n  auto=add\n  cacert=" + folder + "/ca.pem\n  also=x\n");
  }
}
