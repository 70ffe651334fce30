package espd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.lab.Charon;
import espd.lab.Espd;
import espd.lab.InLab;
import espd.lab.Lab;
import espd.lab.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// strongSwan's own client against our daemon, from nothing to nothing.
@InLab
class SwanctlTest {

  private static final Duration SOON = Duration.ofSeconds(30);

  private static final String CONNECTION =
      """
      connections {
        peer {
          version = 2
          local_addrs = 2001:db8:1:1::1
          remote_addrs = 2001:db8:2:2::2
          proposals = aes128-sha256-x25519
          dpd_delay = 30s
          local { auth = psk }
          remote { auth = psk }
          children {
            net {
              mode = tunnel
              esp_proposals = aes128gcm16
              start_action = trap
              dpd_action = restart
            }
          }
        }
      }
      """;

  private static final String SECRET =
      """
      secrets {
        ike-peer {
          id-1 = 2001:db8:1:1::1
          id-2 = 2001:db8:2:2::2
          secret = "%s"
        }
      }
      """
          .formatted(Espd.SECRET);

  @RegisterExtension private final Lab lab = new Lab();

  private Espd espd() {
    Espd.start(
        lab,
        lab.b(),
        """
        keyexchange=ikev2
        authby=secret
        left=2001:db8:1:1::1
        right=2001:db8:2:2::2
        auto=add
        """);
    return Espd.startEmpty(lab, lab.a());
  }

  private Path file(String text) throws IOException {
    return Files.writeString(lab.a().directory().resolve("swanctl.conf"), text);
  }

  private static String says(Espd espd, String arguments) {
    return espd.swanctl(arguments.split(" ", -1)).succeeded().all();
  }

  private static void assertSays(Espd espd, String arguments, String... expected) {
    String said = says(espd, arguments).replaceAll(" +", " ");
    for (String words : expected) {
      assertTrue(said.contains(words), "swanctl " + arguments + ": " + said);
    }
  }

  @Test
  void loadsConnectsRekeysWatchesAndUnloads() throws IOException {
    Espd espd = espd();
    loads(espd);
    connectsRekeysAndWatches(espd);
    closesAndUnloads(espd);
  }

  private void loads(Espd espd) throws IOException {
    Path file = file(CONNECTION + SECRET);
    assertSays(espd, "--version --daemon", "espd");
    assertSays(
        espd,
        "--load-all --file " + file,
        "loaded ike secret 'ike-peer'",
        "loaded connection 'peer'",
        "successfully loaded 1 connections, 0 unloaded");
    assertSays(espd, "--stats", "IKE_SAs: 0 total");
    assertSays(
        espd,
        "--list-conns",
        "peer: IKEv2",
        "net: TUNNEL, rekeying every 3600s, dpd action is restart");
    assertSays(espd, "--list-pols", "peer/net, TUNNEL");
    assertEquals("", says(espd, "--list-certs"));
  }

  private void connectsRekeysAndWatches(Espd espd) {
    Running log = lab.closing(espd.startSwanctl("log", "--log"));
    Running monitor = lab.closing(espd.startSwanctl("monitor", "--monitor-sa"));
    assertSays(espd, "--initiate --child net", "initiate completed successfully");
    lab.a().pings(lab.b());
    assertSays(
        espd,
        "--list-sas",
        "peer: #1, ESTABLISHED, IKEv2",
        "net: #1, reqid 16385, INSTALLED, TUNNEL, ESP:AES_GCM_16-128");
    assertSays(espd, "--rekey --child net", "rekey completed successfully");
    Running.await("a new Child SA", SOON, () -> says(espd, "--list-sas").contains("net: #2"));
    assertSays(espd, "--rekey --ike peer", "rekey completed successfully");
    Running.await("a new IKE SA", SOON, () -> says(espd, "--list-sas").contains("peer: #2, EST"));
    lab.a().pings(lab.b());
    assertSays(espd, "--counters", "ike-rekey-init : 1", "child-rekey : 1");
    log.awaitLog("CHILD_SA peer/net{1} established", SOON);
    monitor.awaitLog("peer: #1, ESTABLISHED", SOON);
    monitor.awaitLog("net: #1, reqid 16385, INSTALLED", SOON);
  }

  private void closesAndUnloads(Espd espd) throws IOException {
    assertSays(espd, "--terminate --child net", "terminate completed successfully");
    assertSays(espd, "--list-sas", "peer: #2, ESTABLISHED");
    assertFalse(says(espd, "--list-sas").contains("net: #"));
    assertSays(espd, "--terminate --ike peer --force", "terminate completed successfully");
    assertEquals("", says(espd, "--list-sas"));
    assertSays(
        espd,
        "--load-all --file " + file("connections {\n}\n"),
        "no connections found, 1 unloaded");
    assertEquals("", says(espd, "--list-conns"));
  }

  /// RFC 2409 §5.4 and §5.5 with strongSwan at the other end, each beginning once.
  @Test
  void versionOneIsIkev1InBothRoles() throws IOException {
    Charon charon =
        Charon.start(
            lab,
            lab.b(),
            lab.a(),
            Map.of("connection", "version = 1", "ike", "aes128-sha256-ecp256"));
    Espd espd = Espd.startEmpty(lab, lab.a());
    Path _ =
        file(
            (CONNECTION + SECRET)
                .replace("version = 2", "version = 1")
                .replace("aes128-sha256-x25519", "aes128-sha256-ecp256"));
    assertSays(espd, "--load-all", "loaded connection 'peer'");
    assertSays(espd, "--list-conns", "peer: IKEv1");
    assertSays(espd, "--initiate --child net", "initiate completed successfully");
    lab.a().pings(lab.b());
    assertSays(espd, "--list-sas", "peer: #1, ESTABLISHED, IKEv1");
    assertSays(espd, "--terminate --ike peer", "terminate completed successfully");
    charon.initiate();
    lab.b().pings(lab.a());
  }

  @Test
  void whatCannotBeUsedIsRefusedByName() throws IOException {
    Espd espd = Espd.startEmpty(lab, lab.a());
    Path file = file(CONNECTION.replace("mode = tunnel", "mode = beet"));
    String said = espd.swanctl("--load-conns", "--file", file.toString()).failed().all();
    assertTrue(said.contains("connections.peer.children.net.mode: read \"beet\""), said);
    String elsewhere = CONNECTION.replace("2001:db8:1:1::1", "::1");
    said = espd.swanctl("--load-conns", "--file", file(elsewhere).toString()).failed().all();
    assertTrue(said.contains("or with --listen ::1"), said);
    said = espd.swanctl("--initiate", "--child", "net").failed().all();
    assertTrue(said.contains("no config named 'net'"), said);
  }
}
