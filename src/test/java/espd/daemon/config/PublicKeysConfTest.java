package espd.daemon.config;

import static espd.daemon.config.ConfFolder.openssl;
import static espd.daemon.config.ConfFolder.privately;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Connection;
import espd.ike.Proofs.Proof;
import espd.ike.SignatureRule;
import espd.ike.pki.PublicKeys;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Raw public keys (RFC 7670) in `ipsec.conf`, `swanctl.conf` and vici's messages.
final class PublicKeysConfTest {

  private static final String CONF =
      """
      conn x
        left=2001:db8:1:1::1
        right=2001:db8:2:2::2
        keyexchange=ikev2
        authby=pubkey
        auto=add
      """;

  @TempDir Path folder;

  @BeforeEach
  void keys() throws Exception {
    for (String each : List.of("ipsec.d/certs", "ipsec.d/private", "pubkey", "private")) {
      Files.createDirectories(folder.resolve(each));
    }
    for (String each : List.of("me", "peer")) {
      openssl(folder, "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out private/" + each);
      openssl(folder, "pkey -in private/%s -pubout -out pubkey/%s".formatted(each, each));
      Files.copy(folder.resolve("pubkey/" + each), folder.resolve("ipsec.d/certs/" + each));
      privately(folder.resolve("private/" + each));
    }
    Files.copy(folder.resolve("private/me"), folder.resolve("ipsec.d/private/me"));
    privately(folder.resolve("ipsec.d/private/me"));
    Files.delete(folder.resolve("private/peer"));
  }

  private PublicKey key(String name) throws Exception {
    return PublicKeys.ofFile(Files.readAllBytes(folder.resolve("pubkey").resolve(name)));
  }

  private Configuration read(String more) throws IOException, ConfigException {
    Path file = Files.writeString(folder.resolve("ipsec.conf"), CONF + more);
    Path secrets = Files.writeString(folder.resolve("ipsec.secrets"), ": RSA me\n");
    privately(secrets);
    return Configuration.read(List.of(file, secrets), ConfFolder.HOST);
  }

  private static SignatureRule rule(Proof proof) {
    return assertInstanceOf(Proof.Signature.class, proof).rule();
  }

  private static Connection only(Configuration read) {
    assertEquals(1, read.connections().size());
    return read.connections().getFirst();
  }

  private static String base64(byte[] octets) {
    return "0s" + Base64.getEncoder().encodeToString(octets);
  }

  /// `leftsigkey` of strongSwan and `leftrsasigkey` of pluto are one; the identity is what the
  /// connection says, or the address.
  @Test
  void filesAndKeysThemselvesAreRead() throws Exception {
    RSAPublicKey peer = (RSAPublicKey) key("peer");
    BigInteger modulus = peer.getModulus();
    byte[] dns = HexFormat.of().parseHex("03010001" + modulus.toString(16));
    byte[] ssh =
        HexFormat.of()
            .parseHex(
                "000000077373682d727361"
                    + "00000003010001"
                    + "00000101"
                    + "00"
                    + modulus.toString(16));
    for (String written :
        List.of(
            "rightsigkey=peer",
            "rightrsasigkey=" + folder.resolve("pubkey/peer"),
            "rightsigkey=" + base64(peer.getEncoded()),
            "rightsigkey=0x" + HexFormat.of().formatHex(peer.getEncoded()),
            "rightrsasigkey=" + base64(dns),
            "rightsigkey=dns:0x" + HexFormat.of().formatHex(dns),
            "rightsigkey=dns:" + base64(dns),
            "rightsigkey=ssh:" + base64(ssh))) {
      Configuration read = read("  leftsigkey=me\n  rightid=@peer\n  " + written + "\n");
      assertEquals(List.of(), read.warnings(), written);
      Connection connection = only(read);
      assertEquals(List.of(key("me")), rule(connection.proofs().local()).keys());
      assertEquals(List.of(key("peer")), rule(connection.proofs().remote()).keys(), written);
      assertEquals(ConfFolder.HERE.toString(), connection.localId().toString());
      assertEquals("peer", connection.remoteId().orElseThrow().toString());
    }
  }

  private void assertRefuses(String more, String read, String expected) {
    String refusal =
        String.valueOf(assertThrows(ConfigException.class, () -> read(more)).getMessage());
    assertTrue(refusal.contains("ipsec.conf:7:"), refusal);
    assertTrue(refusal.contains(read), refusal);
    assertTrue(refusal.contains("expected " + expected), refusal);
  }

  @Test
  void whatIsNoKeyIsAnErrorWithItsPlace() {
    assertRefuses("  leftsigkey=nobody\n", "nobody cannot be read", "a public key's file");
    assertRefuses("  leftsigkey=0sAQ\n", "no RSA key of RFC 3110", "a public key's file");
    assertRefuses("  leftsigkey=0sA!\n", "0s and what is no base64", "base64 after 0s");
    assertRefuses("  leftsigkey=0x3\n", "no hexadecimal", "an even number of digits");
    assertRefuses("  leftsigkey=ssh:0s00\n", "no key of SSH", "a public key's file");
    assertRefuses("  leftsigkey=dns:me\n", "\"me\"", "0x and hexadecimal digits");
    assertRefuses("  leftrsasigkey=%dnsondemand\n", "%dnsondemand", "a public key's file");
    assertRefuses(
        "  leftsigkey=me\n  leftcert=me.pem\n", "\"me\"", "leftcert= or leftsigkey=, not both");
    assertRefuses(
        "  leftsigkey=../private/me\n", "PEM of something else than one public key", "a public");
  }

  @Test
  void ourKeyWithoutItsPrivateHalfIsWarnedAbout() throws Exception {
    assertEquals(
        "no private key for connection x: 2001:db8:1:1::1 : RSA|ECDSA|PKCS8 FILE is missing",
        read("  leftsigkey=peer\n  rightsigkey=me\n").warnings().getFirst().text());
  }

  private static final String SWANCTL =
      """
      connections {
        gw {
          version = 2
          local_addrs = 2001:db8:1:1::1
          remote_addrs = 2001:db8:2:2::2
          local {
            pubkeys = peer, me
          }
          remote {
            id = peer
            pubkeys = PEER
          }
          children {
            net {
            }
          }
        }
      }
      """;

  private Configuration swanctl(String peer) throws IOException, ConfigException {
    Path file = Files.writeString(folder.resolve("swanctl.conf"), SWANCTL.replace("PEER", peer));
    privately(file);
    return Configuration.read(List.of(file), ConfFolder.HOST);
  }

  /// Of ours that one counts whose private key is here.
  @Test
  void swanctlFindsThemInAFolder() throws Exception {
    Connection connection = only(swanctl("me, " + folder.resolve("pubkey/peer")));
    assertEquals(List.of(key("me")), rule(connection.proofs().local()).keys());
    assertEquals(List.of(key("me"), key("peer")), rule(connection.proofs().remote()).keys());
    String refusal =
        String.valueOf(assertThrows(ConfigException.class, () -> swanctl("x")).getMessage());
    assertTrue(refusal.contains("swanctl.conf:11:17"), refusal);
    assertTrue(refusal.contains("pubkey/x cannot be read"), refusal);
    Files.writeString(folder.resolve("pubkey/x"), "nothing");
    String other =
        String.valueOf(assertThrows(ConfigException.class, () -> swanctl("x")).getMessage());
    assertTrue(other.contains("read what is no public key"), other);
  }

  /// vici has their octets in the message.
  @Test
  void viciHasThemInTheMessage() throws Exception {
    Map<String, List<String>> keys = new LinkedHashMap<>();
    keys.put("version", List.of("2"));
    keys.put("local_addrs", List.of("2001:db8:1:1::1"));
    keys.put("remote_addrs", List.of("2001:db8:2:2::2"));
    keys.put("local.pubkeys", List.of(Files.readString(folder.resolve("pubkey/me"))));
    keys.put(
        "remote.pubkeys",
        List.of(new String(key("peer").getEncoded(), StandardCharsets.ISO_8859_1)));
    keys.put("children.net.mode", List.of("tunnel"));
    SwanctlReader.Loaded loaded =
        SwanctlReader.read(
            "gw", keys, ConfFolder.HOST, read("  leftsigkey=me\n").credentials().keychain());
    Connection connection = loaded.connections().getFirst();
    assertEquals(List.of(key("me")), rule(connection.proofs().local()).keys());
    assertEquals(List.of(key("peer")), rule(connection.proofs().remote()).keys());
  }
}
