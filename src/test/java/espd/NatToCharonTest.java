package espd;

import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.lab.Charon;
import espd.lab.Espd;
import espd.lab.Host;
import espd.lab.InLab;
import espd.lab.Lab;
import espd.lab.Running;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A real NAT between us and strongSwan, either of us behind it, that gives its mappings up in
/// mid-life (RFC 7296 §2.23). Host a is behind the NAT.
@InLab
class NatToCharonTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  private static final String MASQUERADE =
      """
      table ip6 nat {
        chain postrouting {
          type nat hook postrouting priority srcnat
          ip6 saddr 2001:db8:1:1::/64 masquerade
        }
      }
      """;

  private static final String OUTSIDE = "2001:db8:2:2::f";
  private static final String OUTSIDE_LATER = "2001:db8:2:2::e";

  @RegisterExtension private final Lab lab = new Lab();
  private Host router;

  @BeforeEach
  void nat() throws Exception {
    router = lab.routerBetween(1500);
    Path rules = router.directory().resolve("nat.nft");
    Files.writeString(rules, MASQUERADE);
    router.run("nft", "-f", rules.toString()).succeeded();
  }

  /// Its address outside becomes another; what it remembers of the old one is gone.
  private void natForgets() {
    router.run("ip", "addr", "add", OUTSIDE_LATER + "/64", "dev", "b", "nodad").succeeded();
    router.run("ip", "addr", "del", OUTSIDE + "/64", "dev", "b").succeeded();
  }

  private static String connection(Host here, String peer, String more) {
    return connection("ikev2", here, peer, more);
  }

  private static String connection(String exchange, Host here, String peer, String more) {
    return """
    keyexchange=%s
    authby=secret
    left=%s
    right=%s
    auto=add
    """
            .formatted(exchange, here.address(), peer)
        + more;
  }

  /// Charon follows when it is told to, so we say something now and then (RFC 4555 §3.5).
  @Test
  void weAreBehindIt() {
    Charon.start(lab, lab.b(), lab.a(), Map.of("there", "%any"));
    Espd espd =
        Espd.start(
            lab, lab.a(), connection(lab.a(), lab.b().address(), "dpddelay=2s\ndpdaction=clear\n"));
    String words = espd.up().all();
    assertTrue(words.contains("local host is behind NAT, sending keep alives"), words);
    lab.a().pings(lab.b());
    lab.b().pings(lab.a());
    natForgets();
    Running.await(
        "the peer follows", SOON, () -> lab.b().ping(lab.a().address(), 1, 56).exit() == 0);
    lab.a().pings(lab.b());
  }

  /// We follow the first packet of ESP.
  @Test
  void thePeerIsBehindIt() {
    Charon charon = Charon.start(lab, lab.a(), lab.b(), Map.of("mobike", "no"));
    Espd espd =
        Espd.start(
            lab,
            lab.b(),
            connection(
                lab.b(),
                "%any",
                "rightid=" + lab.a().address() + "\nrightsubnet=" + lab.a().address() + "/128\n"));
    charon.initiate();
    lab.a().pings(lab.b());
    lab.b().pings(lab.a());
    assertTrue(espd.daemon().log().contains("remote host is behind NAT"), espd.daemon().log());
    natForgets();
    lab.a().pings(lab.b());
    lab.b().pings(lab.a());
    espd.daemon().awaitLog("the peer moved to " + OUTSIDE_LATER + "[", SOON);
  }

  /// RFC 3947 §3.2 and §4: what stands between is found, IKE and ESP go on by port 4500. The secret
  /// is for every address, as that of who is behind it is not seen (RFC 2409 §5.4).
  @Test
  void weAreBehindItByIkev1() {
    Charon.start(
        lab,
        lab.b(),
        lab.a(),
        Map.of(
            "there",
            "%any",
            "version",
            "1",
            "secrets",
            "ike-any { secret = " + Espd.SECRET + " }"));
    Espd espd =
        Espd.start(
            lab, lab.a(), connection("ikev1", lab.a(), lab.b().address(), "keyingtries=1\n"));
    String words = espd.up().all();
    assertTrue(words.contains("local host is behind NAT"), words);
    lab.a().pings(lab.b());
    lab.b().pings(lab.a());
  }

  /// RFC 3947 §3.2, the other way round.
  @Test
  void thePeerIsBehindItByIkev1() {
    Charon charon =
        Charon.start(
            lab, lab.a(), lab.b(), Map.of("version", "1", "ike", "aes128-sha256-modp2048"));
    Espd espd =
        Espd.start(
            lab,
            lab.b(),
            connection(
                "ikev1",
                lab.b(),
                "%any",
                "rightid=" + lab.a().address() + "\nrightsubnet=" + lab.a().address() + "/128\n"));
    charon.initiate();
    lab.a().pings(lab.b());
    lab.b().pings(lab.a());
    assertTrue(espd.daemon().log().contains("remote host is behind NAT"), espd.daemon().log());
  }
}
