package espd.ike.pki;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.spec.X509EncodedKeySpec;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Private keys as openssl writes them (RFC 5958, RFC 8017 appendix A.1.2, RFC 5915, RFC 8410).
final class PrivateKeysTest {

  @TempDir Path folder;

  private byte[] openssl(String... arguments) throws IOException, InterruptedException {
    Path out = folder.resolve("out");
    Process process =
        new ProcessBuilder(
                Stream.concat(Stream.of("openssl"), Stream.of(arguments)).toArray(String[]::new))
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertEquals(0, process.waitFor());
    return Files.readAllBytes(out);
  }

  private String made(String kind) throws IOException, InterruptedException {
    Path key = folder.resolve("key.pem");
    String[] words = kind.split(" ", -1);
    Files.write(
        key,
        openssl(
            Stream.concat(Stream.of("genpkey", "-algorithm"), Stream.of(words))
                .toArray(String[]::new)));
    return key.toString();
  }

  private void assertReads(String key, String kind, byte[] file, Optional<char[]> passphrase)
      throws Exception {
    KeyPair pair = PrivateKeys.read(file, passphrase);
    byte[] spki = openssl("pkey", "-in", key, "-pubout", "-outform", "DER");
    assertEquals(
        KeyFactory.getInstance(kind).generatePublic(new X509EncodedKeySpec(spki)),
        pair.getPublic());
  }

  @ParameterizedTest
  @CsvSource({
    "RSA -pkeyopt rsa_keygen_bits:2048, RSA",
    "EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:named_curve, EC",
    "EC -pkeyopt ec_paramgen_curve:P-521 -pkeyopt ec_param_enc:named_curve, EC",
    "ED25519, EdDSA",
    "ED448, EdDSA"
  })
  void everyKindIsRead(String kind, String name) throws Exception {
    String key = made(kind);
    assertReads(key, name, Files.readAllBytes(Path.of(key)), Optional.empty());
    byte[] der = openssl("pkey", "-in", key, "-outform", "DER");
    assertReads(key, name, der, Optional.empty());
    if (!name.equals("EdDSA")) {
      byte[] traditional = openssl("pkey", "-in", key, "-traditional");
      assertReads(key, name, traditional, Optional.empty());
    }
    byte[] sealed = openssl("pkcs8", "-topk8", "-in", key, "-passout", "pass:Kuckuck");
    assertReads(key, name, sealed, Optional.of("Kuckuck".toCharArray()));
  }

  private String refusal(byte[] file, Optional<char[]> passphrase) {
    return String.valueOf(
        assertThrows(GeneralSecurityException.class, () -> PrivateKeys.read(file, passphrase))
            .getMessage());
  }

  @Test
  void whatCannotBeReadIsExplained() throws Exception {
    String key = made("ED25519");
    byte[] sealed = openssl("pkcs8", "-topk8", "-in", key, "-passout", "pass:Kuckuck");
    assertTrue(refusal(sealed, Optional.empty()).contains("no passphrase"));
    assertTrue(refusal(sealed, Optional.of("other".toCharArray())).contains("passphrase"));
    assertTrue(refusal(new byte[] {1, 2, 3}, Optional.empty()).contains("no private key"));
  }
}
