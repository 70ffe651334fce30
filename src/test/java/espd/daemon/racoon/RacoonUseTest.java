package espd.daemon.racoon;

import static espd.daemon.racoon.RacoonText.REMOTE;
import static espd.daemon.racoon.RacoonText.SAINFO;
import static espd.daemon.racoon.RacoonText.remoteWith;
import static espd.daemon.racoon.RacoonText.sainfoWith;
import static org.junit.jupiter.api.Assertions.assertEquals;

import espd.daemon.config.ConfigException;
import espd.ike.Identity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What can be read but not used, and what it needs to be.
class RacoonUseTest {

  private RacoonFolder folder;

  @BeforeEach
  void folder(@TempDir Path path) throws IOException {
    folder = new RacoonFolder(path).seed("transport.sh");
  }

  private List<String> problems(String conf) throws IOException {
    return folder.seed("psk.txt").with("racoon.conf", conf).problems();
  }

  private List<String> warnings(String conf) throws IOException, ConfigException {
    return folder.with("psk.txt", "2001:db8:2:2::2 secret\n").with("racoon.conf", conf).warnings();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          encryption_algorithm 3des   | encryption_algorithm blowfish | 7:26: read "blowfish", expected aes 128, aes 192, aes 256 or 3des
          encryption_algorithm 3des   | encryption_algorithm aes 100  | 7:26: read "aes 100", expected aes 128, aes 192, aes 256 or 3des
          encryption_algorithm 3des   | encryption_algorithm des      | 7:26: read "des", expected aes 128, aes 192, aes 256 or 3des
          hash_algorithm md5          | hash_algorithm tiger          | 8:20: read "tiger", expected md5, sha1, sha256, sha384 or sha512
          dh_group 2                  | dh_group 1                    | 10:14: read "1", expected 2, 5 or 14 to 18
          dh_group 2                  | dh_group modp768              | 10:14: read "modp768", expected 2, 5 or 14 to 18
          pre_shared_key              | gssapi_krb                    | 9:27: read "gssapi_krb", expected pre_shared_key or rsasig, as there is neither XAUTH nor GSS-API
          pre_shared_key              | xauth_psk_server              | 9:27: read "xauth_psk_server", expected pre_shared_key or rsasig, as there is neither XAUTH nor GSS-API
          pre_shared_key              | hybrid_rsa_client             | 9:27: read "hybrid_rsa_client", expected pre_shared_key or rsasig, as there is neither XAUTH nor GSS-API
          pre_shared_key              | rsasig                        | 1:1: read remote 2001:db8:2:2::2 with rsasig and no certificate of our own, expected certificate_type x509 "CERTIFICATE" "KEY" in it
          exchange_mode main;         | exchange_mode main; my_identifier asn1dn;            | 3:23: read my_identifier asn1dn and no certificate of our own, expected asn1dn and a name in quotes, or certificate_type x509
          exchange_mode main;         | exchange_mode main; my_identifier address "moon";    | 3:46: read "moon", expected an address
          exchange_mode main;         | exchange_mode main; my_identifier keyid "/no/file";  | 3:44: read "/no/file" (it cannot be read), expected a file with the key's name
          exchange_mode main;         | exchange_mode main; my_identifier asn1dn "moon";     | 3:45: read "moon", expected a distinguished name, as C=CH, O=strongSwan, CN=moon
          """)
  void saysWhatCannotBeUsedInARemote(String what, String instead, String problem)
      throws IOException {
    assertEquals(
        List.of("racoon.conf:" + problem), problems(REMOTE.replace(what, instead) + SAINFO));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          encryption_algorithm 3des           | encryption_algorithm des            | 16:24: read "des", expected aes, 3des or null
          encryption_algorithm 3des           | encryption_algorithm blowfish 448   | 16:24: read "blowfish 448", expected aes, 3des or null
          authentication_algorithm hmac_md5   | authentication_algorithm non_auth   | 17:28: read "non_auth", expected hmac_md5, hmac_sha1, hmac_sha256, hmac_sha384 or hmac_sha512
          lifetime time 1 hour                | pfs_group 1                         | 15:13: read "1", expected 2, 5 or 14 to 18
          """)
  void saysWhatCannotBeUsedInASainfo(String what, String instead, String problem)
      throws IOException {
    assertEquals(
        List.of("racoon.conf:" + problem), problems(REMOTE + SAINFO.replace(what, instead)));
  }

  @Test
  void algorithmsThatWeDoNotHaveAreLeftOut() throws IOException, ConfigException {
    assertEquals(
        "racoon.conf:16:24: warning: blowfish 448 is not proposed: there is only aes, 3des or null",
        warnings(REMOTE + SAINFO.replace("algorithm 3des", "algorithm blowfish 448, aes"))
            .getFirst());
  }

  @Test
  void proposalsHaveOneWayToProveWhoOneIs() throws IOException, ConfigException {
    String other =
        "proposal { encryption_algorithm aes; hash_algorithm sha1; dh_group 2;"
            + " authentication_method rsasig; }\n}";
    assertEquals(
        "racoon.conf:12:3: warning: the proposal is not used: another one before it has"
            + " authentication_method pre_shared_key",
        warnings(REMOTE.replaceFirst("}\n}", "}\n  " + other) + SAINFO).getFirst());
  }

  @Test
  void proposalsHaveOneLifetime() throws IOException, ConfigException {
    String other =
        "proposal { encryption_algorithm aes; hash_algorithm sha1; dh_group 2;"
            + " authentication_method pre_shared_key; lifetime time 1 min; }";
    assertEquals(
        "racoon.conf:1:1: warning: its proposals differ in their lifetimes; that of 60s is taken"
            + " for all",
        warnings(remoteWith(other) + SAINFO).getFirst());
  }

  @Test
  void onePeersIdentifierCounts() throws IOException, ConfigException {
    String two = "verify_identifier on; peers_identifier fqdn \"a\"; peers_identifier fqdn \"b\";";
    assertEquals(
        "racoon.conf:4:52: warning: only the last peers_identifier of a remote counts",
        warnings(remoteWith(two) + SAINFO).getFirst());
  }

  @Test
  void peersOverIpv4AreNotUsed() throws IOException, ConfigException {
    assertEquals(
        "racoon.conf:1:1: warning: remote 192.0.2.1 is not used: peers are spoken to over IPv6"
            + " only",
        warnings(REMOTE.replace("2001:db8:2:2::2", "192.0.2.1") + sainfoWith("")).getFirst());
  }

  /// A key in base64 ends so, and is neither a key with a value nor anything to be repeated.
  @ParameterizedTest
  @ValueSource(strings = {"c2VjcmV0c2VjcmV0cw==", "key=value", "one = two"})
  void aKeyMayHaveAnEqualsSign(String key) throws IOException, ConfigException {
    folder.with("psk.txt", "2001:db8:2:2::2 " + key + "\n").seed("racoon.conf");
    assertEquals(
        key,
        folder
            .read()
            .credentials()
            .preSharedKey(Identity.of(RacoonFolder.HERE), Identity.of(RacoonFolder.THERE))
            .orElseThrow()
            .use(octets -> new String(octets, StandardCharsets.UTF_8)));
  }

  @Test
  void aPeerWithoutAKeyIsNamed() throws IOException, ConfigException {
    folder.with("psk.txt", "2001:db8::9 x\n").seed("racoon.conf");
    assertEquals(
        "psk.txt: warning: couldn't find the pskey for 2001:db8:2:2::2: a line with it and a key"
            + " is missing",
        folder.warnings().getFirst());
  }

  @Test
  void theKeysAreWhereThePathSays() throws IOException, ConfigException {
    String conf = "path pre_shared_key \"" + folder.path() + "/keys\";\n" + REMOTE + SAINFO;
    assertEquals(
        List.of(
            "racoon.conf:1:22: read pre_shared_key \"keys\" (no such file), expected a file with a"
                + " line PEER KEY"),
        folder.with("racoon.conf", conf).problems());
    Path keys = Files.writeString(folder.path().resolve("keys"), "2001:db8:2:2::2 x\n");
    Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-------"));
    assertEquals(1, folder.connections().size());
  }

  @Test
  void errorsOfAllFilesAreSaidAtOnce() throws IOException {
    assertEquals(
        4,
        folder
            .with("racoon.conf", REMOTE + SAINFO + "oops;")
            .with("psk.txt", "2001:db8:2:2::2 0x1\n")
            .with("ipsec.conf", "conn x\n\toops=1\n\tauto=add\n")
            .problems()
            .size());
  }
}
