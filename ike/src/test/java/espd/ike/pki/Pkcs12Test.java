package espd.ike.pki;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Containers of PKCS#12 as openssl writes them (RFC 7292).
final class Pkcs12Test {

  private static final Optional<char[]> KUCKUCK = Optional.of("Kuckuck".toCharArray());

  @TempDir Path folder;

  private void openssl(String arguments) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(List.of(("openssl " + arguments).split(" ", -1)))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("said").toFile())
            .start();
    assertEquals(0, process.waitFor(), () -> arguments);
  }

  private byte[] read(String name) throws IOException {
    return Files.readAllBytes(folder.resolve(name));
  }

  @BeforeEach
  void authorities() throws Exception {
    for (String each : List.of("root", "other")) {
      openssl("genpkey -algorithm ED25519 -out %s.key".formatted(each));
      openssl("req -x509 -new -key %s.key -subj /CN=%s -out %s.crt".formatted(each, each, each));
    }
    Files.write(folder.resolve("both.crt"), read("root.crt"));
    Files.write(folder.resolve("both.crt"), read("other.crt"), StandardOpenOption.APPEND);
  }

  private void certified(String kind) throws Exception {
    openssl("genpkey -algorithm " + kind + " -out me.key");
    openssl("req -new -key me.key -subj /CN=me -out me.csr");
    openssl("x509 -req -in me.csr -CA root.crt -CAkey root.key -CAcreateserial -out me.crt");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RSA -pkeyopt rsa_keygen_bits:2048",
        "EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:named_curve",
        "ED25519"
      })
  void keyCertificateAndAllAuthoritiesAreRead(String kind) throws Exception {
    certified(kind);
    openssl(
        "pkcs12 -export -inkey me.key -in me.crt -certfile both.crt -out me.p12"
            + " -passout pass:Kuckuck");
    Pkcs12 container = Pkcs12.read(read("me.p12"), KUCKUCK);
    Set<String> names =
        container.certificates().stream()
            .map(each -> new Subject(each).toString())
            .collect(Collectors.toSet());
    assertEquals(Set.of("CN=me", "CN=root", "CN=other"), names);
    assertEquals(1, container.keys().size());
    assertEquals(
        container.certificates().getFirst().getPublicKey(),
        container.keys().getFirst().getPublic());
    assertEquals(
        PrivateKeys.read(read("me.key"), Optional.empty()).getPrivate(),
        container.keys().getFirst().getPrivate());
    assertFalse(container.toString().contains("RSA"));
  }

  private String refusal(byte[] file, Optional<char[]> passphrase) {
    return String.valueOf(
        assertThrows(GeneralSecurityException.class, () -> Pkcs12.read(file, passphrase))
            .getMessage());
  }

  @Test
  void whatCannotBeReadIsSaid() throws Exception {
    certified("ED25519");
    openssl("pkcs12 -export -inkey me.key -in me.crt -out me.p12 -passout pass:Kuckuck");
    byte[] file = read("me.p12");
    assertEquals("its passphrase is another", refusal(file, Optional.of("x".toCharArray())));
    assertEquals(
        "it is encrypted, and there is no passphrase for it", refusal(file, Optional.empty()));
    assertEquals("no container of PKCS#12", refusal(read("me.crt"), KUCKUCK));
    assertEquals("no container of PKCS#12", refusal(new byte[0], KUCKUCK));
    for (int length = 0; length < file.length; length += 37) {
      refusal(Arrays.copyOf(file, length), KUCKUCK);
    }
    for (int at = 0; at < file.length; at += 13) {
      byte[] changed = file.clone();
      changed[at] ^= 0x40;
      try {
        assertEquals("1 keys, 1 certificates", "" + Pkcs12.read(changed, KUCKUCK));
      } catch (GeneralSecurityException e) {
        assertFalse(String.valueOf(e.getMessage()).isEmpty());
      }
    }
  }

  @Test
  void withoutPassphraseThereIsNone() throws Exception {
    certified("ED25519");
    openssl("pkcs12 -export -inkey me.key -in me.crt -out me.p12 -passout pass:");
    assertEquals("1 keys, 1 certificates", "" + Pkcs12.read(read("me.p12"), Optional.empty()));
  }
}
