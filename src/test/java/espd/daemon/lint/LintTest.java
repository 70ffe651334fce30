package espd.daemon.lint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.daemon.config.Configuration;
import espd.daemon.config.HostView;
import espd.spd.Ipv6Address;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is said of configurations that can be used.
class LintTest {

  private static final String STRONG = "0sMTIzNDU2Nzg5MGFiY2RlZkFCQ0RFRjk4NzY1NDMyMTA=";

  @TempDir private Path folder;

  private String secret = STRONG;

  private Configuration read(String... connections) throws Exception {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < connections.length; i++) {
      text.append("conn c").append(i + 1).append('\n');
      text.append("\tleft=2001:db8:1:1::1\n\tright=2001:db8:2:2::2\n\tkeyexchange=ikev2\n");
      text.append("\tauthby=secret\n\tauto=add\n");
      text.append("\t").append(connections[i].replace(" ", "\n\t")).append('\n');
    }
    return Configuration.read(
        List.of(
            file("ipsec.conf", text.toString()), file("ipsec.secrets", ": PSK " + secret + "\n")),
        HostView.of(Ipv6Address.parse("2001:db8:1:1::1")));
  }

  private Path file(String name, String text) throws Exception {
    Path file = Files.writeString(folder.resolve(name), text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private List<Remark> lint(String... connections) throws Exception {
    return Lint.all(read(connections), List.of(folder.resolve("ipsec.conf")));
  }

  private static void only(List<Remark> remarks, String words) {
    assertEquals(1, remarks.size(), remarks::toString);
    assertTrue(remarks.getFirst().text().contains(words), remarks::toString);
  }

  @Test
  void isContentWithWhatIsUsual() throws Exception {
    assertEquals(List.of(), lint("type=tunnel"));
  }

  @ParameterizedTest
  @CsvSource({
    "ike=aes256-sha256-modp2048!, some 112",
    "ike=aes128gcm16-prfsha256-modp2048!, ''",
    "ike=aes256gcm16-prfsha384-ecp256!, ''",
    "ike=aes256-sha256-modp1024-ecp256!, ''",
    "esp=aes256-sha256-modp1536!, some 90"
  })
  void comparesGroupsWithCiphers(String algorithms, String words) throws Exception {
    List<Remark> remarks = lint(algorithms);
    if (words.isEmpty()) {
      assertEquals(List.of(), remarks);
    } else {
      only(remarks, words);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'\"verysecret\"', true",
    "'\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"', true",
    "'\"correct horse battery staple\"', false",
    "0x0123456789abcdef, true"
  })
  void findsSecretsThatCanBeGuessedAndNeverTellsThem(String written, boolean weak)
      throws Exception {
    secret = written;
    List<Remark> remarks = lint("type=tunnel");
    if (weak) {
      only(remarks, "can be guessed");
      assertFalse(remarks.toString().contains("verysecret"), remarks::toString);
    } else {
      assertEquals(List.of(), remarks);
    }
  }

  @Test
  void estimatesNoMoreBitsThanThereAre() {
    assertEquals(0, SecretStrength.bits("aaaa".getBytes(StandardCharsets.US_ASCII)), 0.01);
    assertEquals(0, SecretStrength.bits(new byte[0]), 0.01);
    byte[] hex = "0123456789".getBytes(StandardCharsets.US_ASCII);
    assertEquals(10 * 3.32, SecretStrength.bits(hex), 0.1);
  }

  @ParameterizedTest
  @CsvSource({
    "lifetime=4h, outlives ikelifetime=10800s",
    "lifetime=4m margintime=1m, every few minutes",
    "lifetime=48h ikelifetime=72h, more than a day",
    "rekey=no, without a successor",
    "replay_window=0, RFC 4303 §3.4.3"
  })
  void findsLifetimesThatMakeNoSense(String lines, String words) throws Exception {
    only(lint(lines), words);
  }

  @Test
  void findsConnectionsThatWantTheSamePackets() throws Exception {
    only(lint("type=tunnel", "type=tunnel"), "that connection c1 wants too");
    only(
        lint(
            "leftsubnet=2001:db8:a::/48 rightsubnet=2001:db8:b::/56",
            "leftsubnet=2001:db8:a::/56 rightsubnet=2001:db8:b::/48"),
        "2001:db8:a::/56 === 2001:db8:b::/56");
  }

  @Test
  void isContentWithANarrowerConnectionWithinAWiderOne() throws Exception {
    assertEquals(
        List.of(),
        lint(
            "leftsubnet=2001:db8:a::/48 rightsubnet=2001:db8:b::/48",
            "leftsubnet=2001:db8:a::/56 rightsubnet=2001:db8:b::/56"));
  }

  @Test
  void findsFilesThatOthersMayChange() throws Exception {
    Configuration read = read("type=tunnel");
    Path file = folder.resolve("ipsec.conf");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-r--"));
    only(Lint.all(read, List.of(file)), "chmod go-w " + file);
  }

  @ParameterizedTest
  @CsvSource({
    "ike=aes256-sha1-modp1024!, IKE, cipher, AES_CBC_256, 256, MUST, RFC 8247 §2.1",
    "ike=aes192-sha1-modp1024!, IKE, cipher, AES_CBC_192, 192, MAY, RFC 8247 §2.1",
    "ike=aes256-sha1-modp1024!, IKE, integrity, HMAC_SHA1_96, 0, MUST-, RFC 8247 §2.3",
    "ike=aes256-sha1-modp1024!, IKE, PRF, PRF_HMAC_SHA1, 0, MUST-, RFC 8247 §2.2",
    "ike=aes256-sha1-modp1024!, IKE, group, MODP_1024, 80, SHOULD NOT, RFC 8247 §2.4",
    "ike=aes256-sha512-modp2048!, IKE, PRF, PRF_HMAC_SHA2_512, 0, SHOULD+, RFC 8247 §2.2",
    "ike=aes256-sha256-x25519!, IKE, group, CURVE_25519, 128, unlisted, RFC 8247 §2.4",
    "ike=aes128gcm16-prfsha256-ecp256!, IKE, cipher, AES_GCM_16_128, 128, SHOULD, RFC 8247 §2.1",
    "esp=aes128gcm16!, ESP, cipher, AES_GCM_16_128, 128, MUST, RFC 8221 §5",
    "esp=chacha20poly1305!, ESP, cipher, CHACHA20_POLY1305, 256, SHOULD, RFC 8221 §5",
    "esp=aes128-sha1!, ESP, integrity, HMAC_SHA1_96, 0, MUST-, RFC 8221 §6"
  })
  void ranksEveryAlgorithmNamed(
      String lines,
      String protocol,
      String kind,
      String name,
      int bits,
      String level,
      String source)
      throws Exception {
    List<AlgorithmRank> ranks = AlgorithmRank.of(read(lines).connections().getFirst());
    assertTrue(
        ranks.stream()
            .anyMatch(
                rank ->
                    rank.protocol().equals(protocol)
                        && rank.kind().equals(kind)
                        && rank.name().equals(name)
                        && rank.strengthBits() == bits
                        && rank.level().toString().equals(level)
                        && rank.source().equals(source)),
        ranks::toString);
  }
}
