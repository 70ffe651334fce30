package espd.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Connection;
import espd.ike.Connection.DeadPeer;
import espd.ike.Connection.Start;
import espd.ike.Identity;
import espd.ike.message.Transform;
import espd.spd.Ipv6Address;
import espd.spd.Mode;
import espd.spd.Processing;
import espd.spd.Selector;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationTest {

  private static final Ipv6Address HERE = Ipv6Address.parse("2001:db8:1:1::1");
  private static final Ipv6Address THERE = Ipv6Address.parse("2001:db8:2:2::2");
  private static final HostView HOST = HostView.of(HERE);

  private static final String SEED =
      """
      # /etc/ipsec.conf - Openswan IPsec configuration file
      #
      # Manual:     ipsec.conf.5
      version 2.0     # conforms to second version of ipsec.conf specification

      # basic configuration
      config setup
              # Debug-logging controls:  "none" for (almost) none, "all" for lots.
              # klipsdebug=none
              # plutodebug="control parsing"

      #Disable Opportunistic Encryption
      include /etc/ipsec.d/examples/no_oe.conf

      conn ipv6-p1-p2
              connaddrfamily=ipv6       # Important for IPv6, but no longer needed since StrongSwan 4
              left=2001:db8:1:1::1
              right=2001:db8:2:2::2
              authby=secret
              esp=aes128-sha1
              ike=aes128-sha-modp1024
              type=transport
              #type=tunnel
              compress=no
              #compress=yes
              auto=add
              #auto=up
      """;

  private static final String SEED_SECRETS =
      "2001:db8:1:1::1 2001:db8:2:2::2 : PSK      \"verysecret\"\n";

  private static final String BASE =
      """
      conn x
        left=2001:db8:1:1::1
        right=2001:db8:2:2::2
        keyexchange=ikev2
        authby=secret
        auto=add
      """;

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"keyexchange=ikev2", "ikev2=insist", "ikev2=yes", "ikev2=propose"})
  void readsTheConnectionOfTheSeed(String ikev2) throws Exception {
    Path secrets = secrets(SEED_SECRETS);
    Path conf = file("ipsec.conf", SEED + "        " + ikev2 + "\n");
    Configuration read = Configuration.read(List.of(conf, secrets), HOST);
    Connection conn = read.connections().getFirst();
    assertEquals("ipv6-p1-p2", conn.name());
    assertEquals(HERE, conn.local());
    assertEquals(Optional.of(THERE), conn.remote());
    assertEquals(Mode.TRANSPORT, conn.mode());
    assertEquals("2001:db8:1:1::1/128 === 2001:db8:2:2::2/128", conn.selectors().getFirst() + "");
    assertEquals(
        List.of(
            Transform.encr(12, 128),
            Transform.of(Transform.INTEG, 2),
            Transform.of(Transform.PRF, 2),
            Transform.of(Transform.DH, 2)),
        conn.ikeProposals().getFirst().transforms());
    assertEquals(
        List.of(
            Transform.encr(12, 128),
            Transform.of(Transform.INTEG, 2),
            Transform.of(Transform.ESN, 0)),
        conn.espProposals().getFirst().transforms());
    assertEquals(Start.ADD, conn.start());
    assertEquals(16385, conn.reqid());
    assertEquals(
        "verysecret",
        read.credentials()
            .preSharedKey(conn.localId(), conn.remoteId().orElseThrow())
            .orElseThrow()
            .use(octets -> new String(octets, StandardCharsets.UTF_8)));
  }

  @Test
  void readsTheSameSeedOnTheOtherHost() throws Exception {
    Path conf = file("ipsec.conf", SEED + "        ikev2=insist\n");
    Configuration read =
        Configuration.read(List.of(conf, secrets(SEED_SECRETS)), HostView.of(THERE));
    Connection conn = read.connections().getFirst();
    assertEquals(THERE, conn.local());
    assertEquals(Optional.of(HERE), conn.remote());
    assertEquals("2001:db8:2:2::2", conn.localId().toString());
    assertEquals("2001:db8:2:2::2/128 === 2001:db8:1:1::1/128", conn.selectors().getFirst() + "");
    assertTrue(read.credentials().preSharedKey(conn.localId(), Identity.of(HERE)).isPresent());
  }

  @Test
  void warnsAboutWhatGoesOutOfUseOnceAConnection() throws Exception {
    Path conf = file("ipsec.conf", SEED + "        ikev2=insist\n");
    List<String> warnings =
        Configuration.read(List.of(conf, secrets(SEED_SECRETS)), HOST).warnings().stream()
            .map(Warning::text)
            .toList();
    assertEquals(2, warnings.size(), warnings.toString());
    assertEquals("no file to include: /etc/ipsec.d/examples/no_oe.conf", warnings.get(0));
    assertTrue(warnings.get(1).contains("group 2 (modp1024): SHOULD NOT, RFC 8247 §2.4"));
    assertTrue(warnings.get(1).contains("HMAC-SHA1: MUST-"));
  }

  @Test
  void saysWhatToAddWhereTheSeedAsksForIkev1() throws IOException {
    Path conf = file("ipsec.conf", SEED);
    assertEquals(
        conf
            + ":15:6: read connection ipv6-p1-p2, which asks for IKEv1 (not supported yet),"
            + " expected keyexchange=ikev2 in it",
        refusal(conf));
  }

  @Test
  void readsLinesBrokenByTypography() throws Exception {
    Connection conn =
        one(BASE + "  esp=aes128-sha256,\n¬ aes256-sha256!\n  type=transport # text\n¬ more\n");
    assertEquals(2, conn.espProposals().size());
    assertEquals(Mode.TRANSPORT, conn.mode());
  }

  @Test
  void usesDefaultsOfOurTime() throws Exception {
    Connection conn = one(BASE);
    assertEquals(Mode.TUNNEL, conn.mode());
    assertEquals(Duration.ofHours(1), conn.childLifetime().lifetime());
    assertEquals(Duration.ofHours(3), conn.ikeLifetime().lifetime());
    assertEquals(Duration.ofMinutes(9), conn.childLifetime().margin());
    assertEquals(100, conn.childLifetime().fuzzPercent());
    assertTrue(conn.childLifetime().rekey());
    assertEquals(Duration.ZERO, conn.liveness().delay());
    assertEquals(3, conn.keyingTries());
    assertEquals(64, conn.replayWindow());
    assertEquals(2, conn.ikeProposals().size());
    assertEquals(Transform.encr(20, 128), conn.ikeProposals().getFirst().transforms().getFirst());
    assertEquals(2, conn.espProposals().size());
  }

  @Test
  void appliesWhatAConnectionSays() throws Exception {
    Connection conn =
        one(
            BASE
                + """
                  leftid=@here.example
                  rightid=there@example.org
                  leftsubnet=2001:db8:a::/48,2001:db8:b::/64
                  rightsubnet=2001:db8:c::/48[tcp/22]
                  keylife=10m
                  rekeymargin=30s
                  rekeyfuzz=50%
                  ikelifetime=2h
                  rekey=no
                  keyingtries=%forever
                  dpddelay=20
                  dpdaction=restart
                  forceencaps=yes
                  replay_window=1024
                  reqid=7
                  pfs=yes
                  pfsgroup=modp2048
                  ike=aes256-sha256-ecp256!
                  esp=aes256gcm16!
                  auto=start
                """);
    assertEquals("here.example", conn.localId().toString());
    assertEquals(Identity.ofName("there@example.org"), conn.remoteId().orElseThrow());
    assertEquals(2, conn.selectors().size());
    Selector second = conn.selectors().get(1);
    assertEquals("2001:db8:b::/64 === 2001:db8:c::/48[22] proto 6", second.toString());
    assertEquals(
        new Connection.Rekeying(Duration.ofMinutes(10), Duration.ofSeconds(30), 50, false),
        conn.childLifetime());
    assertEquals(Duration.ofHours(2), conn.ikeLifetime().lifetime());
    assertEquals(0, conn.keyingTries());
    assertEquals(
        new Connection.Liveness(Duration.ofSeconds(20), DeadPeer.RESTART), conn.liveness());
    assertTrue(conn.forceEncapsulation());
    assertEquals(1024, conn.replayWindow());
    assertEquals(7, conn.reqid());
    assertEquals(1, conn.ikeProposals().size());
    assertEquals(
        List.of(
            Transform.encr(20, 256),
            Transform.of(Transform.ESN, 0),
            Transform.of(Transform.DH, 14)),
        conn.espProposals().getFirst().transforms());
    assertEquals(Start.START, conn.start());
  }

  @Test
  void takesOwnValuesThenThoseOfAlsoThenDefault() throws Exception {
    Connection conn =
        one(
            """
            conn %default
              keyexchange=ikev2
              authby=secret
              lifetime=4h
              keyingtries=9
              rekeyfuzz=10%
            conn x
              also=a
              also=b
              right=2001:db8:2:2::2
              ikelifetime=5h
              rekeyfuzz=
              auto=add
            conn a
              left=2001:db8:1:1::1
              ikelifetime=8h
              lifetime=2h
              keyingtries=1
            conn b
              keyingtries=2
            """);
    assertEquals(Duration.ofHours(5), conn.ikeLifetime().lifetime());
    assertEquals(Duration.ofHours(2), conn.childLifetime().lifetime());
    assertEquals(2, conn.keyingTries());
    assertEquals(100, conn.childLifetime().fuzzPercent());
  }

  @Test
  void flipsTheEndsOfAlsoflip() throws Exception {
    Connection conn =
        one(
            """
            conn x
              alsoflip=a
              keyexchange=ikev2
              authby=secret
              auto=add
            conn a
              left=2001:db8:2:2::2
              leftid=@there
              right=2001:db8:1:1::1
            """);
    assertEquals("there", conn.remoteId().orElseThrow().toString());
  }

  @Test
  void includesFilesByPatternRelativeToTheIncludingOne() throws Exception {
    Files.createDirectory(folder.resolve("conf.d"));
    file("conf.d/b.conf", "conn b\n  also=x\n  auto=route\n");
    file("conf.d/a.conf", BASE);
    Configuration read =
        Configuration.read(
            List.of(file("ipsec.conf", "include conf.d/*.conf\n"), secrets(SEED_SECRETS)), HOST);
    assertEquals(List.of("x", "b"), read.connections().stream().map(Connection::name).toList());
    assertEquals(16389, read.connections().get(1).reqid());
    assertEquals(Start.ROUTE, read.connections().get(1).start());
  }

  @Test
  void takesAnyPeerThatProvesItself() throws Exception {
    Connection conn = one(BASE + "  right=%any\n");
    assertEquals(Optional.empty(), conn.remote());
    assertEquals(Optional.empty(), conn.remoteId());
    assertEquals(List.of(), ConnectionPolicies.of(conn));
  }

  @Test
  void findsOurAddressOnTheDefaultRoute() throws Exception {
    assertEquals(HERE, one(BASE + "  left=%defaultroute\n").local());
    assertEquals(HERE, one(BASE + "  left=\n").local());
    Connection swapped = one(BASE + "  left=2001:db8:2:2::2\n  right=%defaultroute\n");
    assertEquals(HERE, swapped.local());
    assertEquals(Optional.of(THERE), swapped.remote());
  }

  @Test
  void makesShuntsOfConnectionsWithoutAnSa() throws Exception {
    Path conf =
        file(
            "ipsec.conf",
            """
            conn ssh
              leftsubnet=%dynamic[tcp/22]
              rightsubnet=::/0
              type=passthrough
              authby=never
              auto=route
            conn nothing
              rightsubnet=2001:db8:dead::/48
              type=drop
              auto=route
            """);
    Configuration read = Configuration.read(List.of(conf), HOST);
    assertEquals(List.of(), read.connections());
    assertEquals(new Processing.Bypass(), read.shunts().get(0).processing());
    assertEquals(
        "::/0[22] === ::/0 proto 6", read.shunts().get(0).selectors().getFirst().toString());
    assertEquals(new Processing.Discard(), read.shunts().get(1).processing());
    assertEquals(2, ConnectionPolicies.of(read.shunts().get(1)).size());
  }

  @Test
  void leavesOutConnectionsThatAutoDoesNotName() throws Exception {
    Path conf = file("ipsec.conf", "conn x\n  left=nonsense\nconn y\n  auto=ignore\n");
    Configuration read = Configuration.read(List.of(conf), HOST);
    assertEquals(List.of(), read.connections());
    assertEquals(1, read.warnings().size());
    assertTrue(read.warnings().getFirst().text().contains("has no auto="));
  }

  @Test
  void warnsWhereNoSecretFits() throws Exception {
    Configuration read = Configuration.read(List.of(file("ipsec.conf", BASE)), HOST);
    assertTrue(read.warnings().getFirst().text().startsWith("no secret for connection x"));
  }

  @Test
  void collectsEveryErrorOfARun() throws IOException {
    Path conf = file("a.conf", BASE + "  esp=aes999\n  type=beet\n");
    Path other = file("b.conf", "conn y\n  nonsense=1\n");
    ConfigException refused =
        assertThrows(ConfigException.class, () -> Configuration.read(List.of(conf, other), HOST));
    assertEquals(3, refused.problems().size(), refused.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          racoon.conf | 2:1 | path include "/etc/racoon";
          setkey.conf | 2:1 | flush;
          setkey.sh   | 2:1 | spdadd ::1 ::2 any -P out none;
          swan.conf   | 2:1 | connections {
          keys        | 2:1 | 2001:db8::1 verysecret
          """)
  void refusesFilesOfOtherPrograms(String name, String place, String line) throws IOException {
    Path file = file(name, "# text\n" + line + "\n");
    String message = refusal(file);
    assertTrue(message.startsWith(file + ":" + place + ": read "), message);
    assertTrue(message.endsWith("expected ipsec.conf or ipsec.secrets"), message);
    assertTrue(!message.contains("verysecret"), message);
  }

  @Test
  void refusesAFileThatIsNotThere() {
    Path missing = folder.resolve("missing.conf");
    assertEquals(
        missing + ": read nothing (no such file), expected a file that can be read",
        refusal(missing));
  }

  private Connection one(String text) throws Exception {
    Configuration read =
        Configuration.read(List.of(file("ipsec.conf", text), secrets(SEED_SECRETS)), HOST);
    assertEquals(1, read.connections().size());
    return read.connections().getFirst();
  }

  private static String refusal(Path file) {
    return String.valueOf(
        assertThrows(ConfigException.class, () -> Configuration.read(List.of(file), HOST))
            .getMessage());
  }

  private Path secrets(String text) throws IOException {
    Path file = file("ipsec.secrets", text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file;
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }
}
