package espd.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import espd.ike.Connection;
import espd.ike.IkeVersion;
import espd.ike.IkeVersion.One;
import espd.ike.IkeVersion.Phase1Mode;
import espd.ike.message.Proposal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Connections of IKEv1 from `ipsec.conf`.
class Ikev1ConfTest {

  private static final String CONN =
      """
      conn x
        left=2001:db8:1:1::1
        right=2001:db8:2:2::2
        authby=secret
        auto=add
      """;

  @TempDir Path folder;

  private Configuration read(String text) throws ConfigException, IOException {
    ConfFolder files = new ConfFolder(folder);
    return Configuration.read(
        List.of(files.file("ipsec.conf", text), files.secrets()), ConfFolder.HOST);
  }

  private Connection only(String text) throws ConfigException, IOException {
    return read(text).connections().getFirst();
  }

  private static List<String> texts(List<Proposal> proposals) {
    return proposals.stream()
        .map(
            each ->
                each.transforms().stream()
                    .map(
                        t ->
                            t.type()
                                + ":"
                                + t.id()
                                + (t.keyBits().isPresent() ? "_" + t.keyBits().getAsInt() : ""))
                    .collect(Collectors.joining(" ")))
        .toList();
  }

  @Test
  void readsTheSeedUnchangedAsIkev1() throws Exception {
    Connection conn = only(ConfigurationTest.SEED);
    assertEquals(IkeVersion.ONE, conn.version());
    assertEquals("1:12_128 3:2 2:2 4:2", texts(conn.ikeProposals()).getFirst());
    assertEquals("1:12_128 3:2 5:0 4:2", texts(conn.espProposals()).getFirst());
    assertEquals(Duration.ofHours(1), conn.ikeLifetime().lifetime());
    assertEquals(Duration.ofHours(8), conn.childLifetime().lifetime());
    assertEquals(0, conn.keyingTries());
  }

  @ParameterizedTest
  @CsvSource({
    "'',                    keyexchange=ikev1,           1",
    "'',                    keyexchange=oakley,          1",
    "'',                    ikev2=no,                    1",
    "'',                    ikev2=permit,                1",
    "'',                    aggressive=yes,              1",
    "version 2.0,           x-nothing=1,                 1",
    "version 2,             keyexchange=ike,             1",
    "version 2.0,           keyexchange=ikev2,           2",
    "version 2.0,           ikev2=propose,               2",
    "'',                    keyexchange=ike,             2",
    "'',                    x-nothing=1,                 2",
  })
  void tellsTheVersionByTheFileAndTheConnection(String head, String line, int version)
      throws Exception {
    Connection conn = only(head + "\n" + CONN + "  " + line + "\n");
    assertEquals(version == 1, conn.version() instanceof One);
  }

  @Test
  void warnsWhereAFileLeavesTheVersionOpen() throws Exception {
    assertEquals(
        "connection x says keyexchange=ike or nothing, which is IKEv2 as in strongSwan 5;"
            + " write keyexchange=ikev2, or ikev1 if Openswan reads this file at the peer",
        read(CONN).warnings().getFirst().text());
  }

  @Test
  void namesTheStandardThatDeprecatesIkev1OnceAConnection() throws Exception {
    List<String> warnings =
        read(CONN + "  keyexchange=ikev1\n  ike=3des-md5-modp1024!\n").warnings().stream()
            .map(Warning::text)
            .filter(text -> text.contains("RFC 9395"))
            .toList();
    assertEquals(1, warnings.size());
    assertEquals(
        "connection x: it speaks IKEv1: deprecated, RFC 9395;"
            + " it names what is going out of use: 3DES: MAY, RFC 8247 §2.1; SHOULD NOT, RFC 8221"
            + " §5; it names what is going out of use: HMAC-MD5: MUST NOT, RFC 8247 §2.3, RFC 8221"
            + " §6, RFC 9395; it names what is going out of use: group 2 (modp1024): SHOULD NOT,"
            + " RFC 8247 §2.4",
        warnings.getFirst());
  }

  /// strongSwan's starter has other lifetimes than pluto, and PFS only where `esp=` has a group.
  @Test
  void takesStrongswansDefaultsWhereTheFileIsNotPlutos() throws Exception {
    Connection conn = only(CONN + "  keyexchange=ikev1\n  esp=aes128-sha1!\n");
    assertEquals(List.of("1:12_128 3:2 5:0"), texts(conn.espProposals()));
    assertEquals(Duration.ofHours(3), conn.ikeLifetime().lifetime());
    assertEquals(Duration.ofHours(1), conn.childLifetime().lifetime());
    assertEquals(3, conn.keyingTries());
  }

  @Test
  void proposesNothingLegacyThatNobodyNamed() throws Exception {
    Connection conn = only("version 2.0\n" + CONN);
    assertEquals(
        List.of("1:12_128 1:12_256 3:12 3:14 2:5 2:7 4:14 4:15 4:19"), texts(conn.ikeProposals()));
    assertEquals(
        List.of("1:20_128 1:20_256 5:0 4:14", "1:12_128 1:12_256 3:12 3:13 3:14 5:0 4:14"),
        texts(conn.espProposals()));
  }

  /// RFC 2409 §5: the group cannot be negotiated in aggressive mode.
  @Test
  void proposesOneGroupInAggressiveMode() throws Exception {
    Connection conn =
        only(
            CONN
                + "  keyexchange=ikev1\n"
                + "  aggrmode=yes\n"
                + "  ike=aes128-sha1-modp1536,aes256-sha256-modp2048!\n");
    assertEquals(List.of(Phase1Mode.AGGRESSIVE), ((One) conn.version()).modes());
    assertEquals(
        List.of("1:12_128 3:2 2:2 4:5", "1:12_256 3:12 2:5 4:5"), texts(conn.ikeProposals()));
  }

  @ParameterizedTest
  @CsvSource({
    "pfs=yes,                   1:12_128 3:2 5:0 4:2",
    "pfs=no,                    1:12_128 3:2 5:0",
    "pfsgroup=modp1536,         1:12_128 3:2 5:0 4:5",
    "esp=aes128-sha1;modp2048!, 1:12_128 3:2 5:0 4:14",
    "x-nothing=1,               1:12_128 3:2 5:0 4:2",
  })
  void givesQuickModeTheGroupOfPhase1UnlessAnotherIsNamed(String line, String expected)
      throws Exception {
    String text =
        "version 2.0\n" + CONN + "  ike=aes128-sha;modp1024!\n  esp=aes128-sha1!\n  " + line + "\n";
    assertEquals(expected, texts(only(text).espProposals()).getFirst());
  }

  @Test
  void announcesNoNatTraversalWhereTheFileSaysSo() throws Exception {
    Connection conn = only("version 2.0\nconfig setup\n  nat_traversal=no\n" + CONN);
    assertEquals(false, ((One) conn.version()).natTraversal());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ike=aes128gcm16-prfsha256-modp2048 | what IKEv1 has numbers for: aes, 3des, in esp= also aes128gcm16; MODP or ECP
          ike=aes128-sha256-x25519           | what IKEv1 has numbers for: aes, 3des, in esp= also aes128gcm16; MODP or ECP
          ike=aes128-sha256-modp2048-ke1_mlkem768 | what IKEv1 has numbers for: aes, 3des, in esp= also aes128gcm16; MODP or ECP
          ike=aes128-sha256-prfsha512-modp2048 | one hash for both: IKEv1 negotiates no PRF
          esp=chacha20poly1305               | what IKEv1 has numbers for: aes, 3des, in esp= also aes128gcm16; MODP or ECP
          pfsgroup=x25519                    | what IKEv1 has numbers for: aes, 3des, in esp= also aes128gcm16; MODP or ECP
          """)
  void refusesWhatIkev1CannotName(String line, String expected) {
    ConfigException refused =
        assertThrows(
            ConfigException.class, () -> read(CONN + "  keyexchange=ikev1\n  " + line + "\n"));
    assertEquals(1, refused.problems().size());
    assertEquals(expected, refused.problems().getFirst().expected());
    assertEquals(7, refused.problems().getFirst().place().line());
  }
}
