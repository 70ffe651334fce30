package espd.ike.pki;

import static espd.ike.pki.KeyPrograms.made;
import static espd.ike.pki.KeyPrograms.printed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.message.Bytes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.spec.X509EncodedKeySpec;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Private keys as openssl writes them (RFC 5958, RFC 8017 appendix A.1.2, RFC 5915, RFC 8410).
final class PrivateKeysTest {

  @TempDir Path folder;

  private void assertReads(String key, String kind, byte[] file, Optional<char[]> passphrase)
      throws Exception {
    KeyPair pair = PrivateKeys.read(file, passphrase);
    byte[] spki = printed(folder, "openssl", "pkey", "-in", key, "-pubout", "-outform", "DER");
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
    String key = made(folder, kind);
    assertReads(key, name, Files.readAllBytes(Path.of(key)), Optional.empty());
    byte[] der = printed(folder, "openssl", "pkey", "-in", key, "-outform", "DER");
    assertReads(key, name, der, Optional.empty());
    if (!name.equals("EdDSA")) {
      byte[] traditional = printed(folder, "openssl", "pkey", "-in", key, "-traditional");
      assertReads(key, name, traditional, Optional.empty());
    }
    byte[] sealed =
        printed(folder, "openssl", "pkcs8", "-topk8", "-in", key, "-passout", "pass:Kuckuck");
    assertReads(key, name, sealed, Optional.of("Kuckuck".toCharArray()));
  }

  private String refusal(byte[] file, Optional<char[]> passphrase) {
    return String.valueOf(
        assertThrows(GeneralSecurityException.class, () -> PrivateKeys.read(file, passphrase))
            .getMessage());
  }

  @Test
  void whatCannotBeReadIsExplained() throws Exception {
    String key = made(folder, "ED25519");
    byte[] sealed =
        printed(folder, "openssl", "pkcs8", "-topk8", "-in", key, "-passout", "pass:Kuckuck");
    assertTrue(refusal(sealed, Optional.empty()).contains("no passphrase"));
    assertTrue(refusal(sealed, Optional.of("other".toCharArray())).contains("passphrase"));
    assertTrue(refusal(new byte[] {1, 2, 3}, Optional.empty()).contains("no private key"));
  }

  /// A sequence of nothing, of six numbers that are none, and a key of SEC 1 of no curve.
  @ParameterizedTest
  @ValueSource(strings = {"3000", "300f020100040004000400040004000400", "3006020101040101"})
  void whatOnlyLooksLikeAKeyIsExplained(String hex) {
    String why = refusal(Bytes.ofHex(hex).toArray(), Optional.empty());
    assertEquals("no private key of PKCS#8, PKCS#1 or SEC 1", why);
  }
}
