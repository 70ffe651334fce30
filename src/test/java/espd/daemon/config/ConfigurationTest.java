package espd.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Connection;
import espd.ike.Connection.Start;
import espd.ike.Identity;
import espd.ike.message.Transform;
import espd.spd.Mode;
import espd.spd.Processing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationTest {

  static final String SEED =
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

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"keyexchange=ikev2", "ikev2=insist", "ikev2=yes", "ikev2=propose"})
  void readsTheConnectionOfTheSeed(String ikev2) throws Exception {
    Path conf = file("ipsec.conf", SEED + "        " + ikev2 + "\n");
    Configuration read = Configuration.read(List.of(conf, secrets()), ConfFolder.HOST);
    Connection conn = read.connections().getFirst();
    assertEquals("ipv6-p1-p2", conn.name());
    assertEquals(ConfFolder.HERE, conn.local());
    assertEquals(Optional.of(ConfFolder.THERE), conn.remote());
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
        Configuration.read(List.of(conf, secrets()), HostView.of(ConfFolder.THERE));
    Connection conn = read.connections().getFirst();
    assertEquals(ConfFolder.THERE, conn.local());
    assertEquals(Optional.of(ConfFolder.HERE), conn.remote());
    assertEquals("2001:db8:2:2::2", conn.localId().toString());
    assertEquals("2001:db8:2:2::2/128 === 2001:db8:1:1::1/128", conn.selectors().getFirst() + "");
    assertTrue(
        read.credentials().preSharedKey(conn.localId(), Identity.of(ConfFolder.HERE)).isPresent());
  }

  @Test
  void warnsAboutWhatGoesOutOfUseOnceAConnection() throws Exception {
    Path conf = file("ipsec.conf", SEED + "        ikev2=insist\n");
    List<String> warnings =
        Configuration.read(List.of(conf, secrets()), ConfFolder.HOST).warnings().stream()
            .map(Warning::text)
            .toList();
    assertEquals(2, warnings.size(), warnings.toString());
    assertEquals("no file to include: /etc/ipsec.d/examples/no_oe.conf", warnings.get(0));
    assertTrue(warnings.get(1).contains("group 2 (modp1024): SHOULD NOT, RFC 8247 §2.4"));
    assertTrue(warnings.get(1).contains("HMAC-SHA1: MUST-"));
  }

  @Test
  void includesFilesByPatternRelativeToTheIncludingOne() throws Exception {
    Files.createDirectory(folder.resolve("conf.d"));
    file("conf.d/b.conf", "conn b\n  also=x\n  auto=route\n");
    file("conf.d/a.conf", ConfFolder.BASE);
    file("conf.d/.a.conf", "what an editor has left, as no shell would name it\n");
    Configuration read =
        Configuration.read(
            List.of(file("ipsec.conf", "include conf.d/*.conf\n"), secrets()), ConfFolder.HOST);
    assertEquals(List.of("x", "b"), read.connections().stream().map(Connection::name).toList());
    assertEquals(16389, read.connections().get(1).reqid());
    assertEquals(Start.ROUTE, read.connections().get(1).start());
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
    Configuration read = Configuration.read(List.of(conf), ConfFolder.HOST);
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
    Configuration read = Configuration.read(List.of(conf), ConfFolder.HOST);
    assertEquals(List.of(), read.connections());
    assertEquals(1, read.warnings().size());
    assertTrue(read.warnings().getFirst().text().contains("has no auto="));
  }

  @Test
  void warnsWhereNoSecretFits() throws Exception {
    Configuration read =
        Configuration.read(List.of(file("ipsec.conf", ConfFolder.BASE)), ConfFolder.HOST);
    assertTrue(read.warnings().getFirst().text().startsWith("no secret for connection x"));
  }

  @Test
  void collectsEveryErrorOfARun() throws IOException {
    Path conf = file("a.conf", ConfFolder.BASE + "  esp=aes999\n  type=beet\n");
    Path other = file("b.conf", "conn y\n  nonsense=1\n");
    ConfigException refused =
        assertThrows(
            ConfigException.class, () -> Configuration.read(List.of(conf, other), ConfFolder.HOST));
    assertEquals(3, refused.problems().size(), refused.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          racoon.conf | 2:1 | path include "/etc/racoon";
          keys        | 2:1 | 2001:db8::1 verysecret
          """)
  void refusesFilesOfOtherPrograms(String name, String place, String line) throws IOException {
    Path file = file(name, "# text\n" + line + "\n");
    String message = refusal(file);
    assertTrue(message.startsWith(file + ":" + place + ": read "), message);
    assertTrue(
        message.endsWith("expected ipsec.conf, ipsec.secrets, swanctl.conf or a file of setkey"),
        message);
    assertTrue(!message.contains("verysecret"), message);
  }

  @Test
  void refusesAFileThatIsNotThere() {
    Path missing = folder.resolve("missing.conf");
    assertEquals(
        missing + ": read nothing (no such file), expected a file that can be read",
        refusal(missing));
  }

  private static String refusal(Path file) {
    return String.valueOf(
        assertThrows(
                ConfigException.class, () -> Configuration.read(List.of(file), ConfFolder.HOST))
            .getMessage());
  }

  private Path secrets() throws IOException {
    return new ConfFolder(folder).secrets();
  }

  private Path file(String name, String text) throws IOException {
    return new ConfFolder(folder).file(name, text);
  }
}
