package espd.ike.pki;

import static espd.ike.pki.KeyPrograms.made;
import static espd.ike.pki.KeyPrograms.printed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import espd.ike.message.Bytes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Public keys as openssl and ssh-keygen write them, as DNS has them, and as CERT carries them (RFC
/// 7670 §3).
final class PublicKeysTest {

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RSA -pkeyopt rsa_keygen_bits:2048",
        "EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:named_curve",
        "EC -pkeyopt ec_paramgen_curve:P-384 -pkeyopt ec_param_enc:named_curve",
        "EC -pkeyopt ec_paramgen_curve:P-521 -pkeyopt ec_param_enc:named_curve",
        "ED25519",
        "ED448"
      })
  void everyKindIsRead(String kind) throws Exception {
    String key = made(folder, kind);
    PublicKey expected =
        PrivateKeys.read(Files.readAllBytes(Path.of(key)), Optional.empty()).getPublic();
    byte[] der = printed(folder, "openssl", "pkey", "-in", key, "-pubout", "-outform", "DER");
    assertEquals(expected, PublicKeys.ofDer(Bytes.of(der)));
    assertEquals(expected, PublicKeys.ofFile(der));
    assertEquals(
        expected, PublicKeys.ofFile(printed(folder, "openssl", "pkey", "-in", key, "-pubout")));
    if (kind.startsWith("RSA")) {
      byte[] pkcs1 = printed(folder, "openssl", "rsa", "-in", key, "-RSAPublicKey_out");
      assertEquals(expected, PublicKeys.ofFile(pkcs1));
      byte[] octets =
          printed(folder, "openssl", "rsa", "-in", key, "-RSAPublicKey_out", "-outform", "DER");
      assertEquals(expected, PublicKeys.ofOctets(octets));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rsa", "ecdsa", "ed25519"})
  void thoseOfSshAreRead(String kind) throws Exception {
    Path key = folder.resolve("ssh");
    printed(folder, "ssh-keygen", "-q", "-t", kind, "-N", "", "-f", key.toString());
    String[] line = Files.readString(folder.resolve("ssh.pub")).split(" ", -1);
    PublicKey read = PublicKeys.ofSsh(Base64.getDecoder().decode(line[1]));
    if (kind.equals("ed25519")) {
      assertEquals("EdDSA", read.getAlgorithm());
    } else {
      byte[] spki = printed(folder, "ssh-keygen", "-e", "-m", "PKCS8", "-f", key.toString());
      assertEquals(PublicKeys.ofFile(spki), read);
    }
  }

  /// RFC 3110 §2: an exponent's length has one octet, or a zero and two.
  @Test
  void thoseOfDnsAreRead() throws Exception {
    String modulus = "c1".repeat(255) + "c3";
    PublicKey read = PublicKeys.ofDns(Bytes.ofHex("03010001" + modulus).toArray());
    assertEquals(read, PublicKeys.ofDns(Bytes.ofHex("000003010001" + modulus).toArray()));
    assertEquals(read, PublicKeys.ofOctets(Bytes.ofHex("03010001" + modulus).toArray()));
    for (String none : new String[] {"", "00", "0000", "03010001", "04010001", "00ffff0001"}) {
      assertThrows(
          GeneralSecurityException.class,
          () -> PublicKeys.ofDns(Bytes.ofHex(none).toArray()),
          none);
    }
  }

  /// RFC 7670 §3: DER and nothing else; RFC 8017 §3.1: an exponent is odd and more than 1.
  @Test
  void whatIsNoKeyIsRefused() throws Exception {
    String key = Bytes.of(Authority.key("secp256r1").getPublic().getEncoded()).toString();
    for (String other :
        new String[] {
          "",
          "30",
          "3000",
          key + "00",
          key.substring(0, key.length() - 2),
          "02" + key.substring(2),
          "3080" + key.substring(4) + "0000",
          "ff".repeat(100)
        }) {
      assertThrows(
          GeneralSecurityException.class, () -> PublicKeys.ofDer(Bytes.ofHex(other)), other);
    }
    Bytes huge = Bytes.of(new byte[Certificates.MOST_OCTETS + 1]);
    assertThrows(GeneralSecurityException.class, () -> PublicKeys.ofDer(huge));
    String modulus = "c1".repeat(255) + "c3";
    for (String exponent : new String[] {"00", "01"}) {
      assertThrows(
          GeneralSecurityException.class,
          () -> PublicKeys.ofDns(Bytes.ofHex("01" + exponent + modulus).toArray()),
          "everybody could sign with exponent " + exponent);
    }
  }

  @Test
  void aFileThatHoldsSomethingElseIsRefused() throws Exception {
    String key = made(folder, "ED25519");
    byte[] own = Files.readAllBytes(Path.of(key));
    assertEquals(
        "PEM of something else than one public key",
        assertThrows(GeneralSecurityException.class, () -> PublicKeys.ofFile(own)).getMessage());
    assertThrows(GeneralSecurityException.class, () -> PublicKeys.ofFile(new byte[0]));
  }
}
