package espd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.lab.Espd;
import espd.lab.InLab;
import espd.lab.Lab;
import espd.lab.Pki;
import espd.lab.Running;
import espd.lab.SadEntry;
import espd.lab.Traffic;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Files that change while the daemon runs.
@InLab
class ReloadTest {

  private static final Duration SOON = Duration.ofSeconds(30);

  private static final String NET =
      """
      keyexchange=ikev2
      authby=secret
      left=2001:db8:1:1::1
      right=2001:db8:2:2::2
      auto=add
      """;

  @RegisterExtension private final Lab lab = new Lab();

  private static String conn(String name, String lines) {
    return "conn " + name + "\n" + lines.indent(4);
  }

  private static String other(String name, String peer) {
    return conn(name, NET.replace("2001:db8:2:2::2", peer).replace("auto=add", "auto=route"));
  }

  @Test
  void whatIsTheSameIsNotTouchedAndWhatDiffersIsDone() {
    Espd a = Espd.start(lab, lab.a(), NET, other("old", "2001:db8:2:2::3"));
    Espd.start(lab, lab.b(), NET);
    a.up();
    String spi = a.sa(lab.a(), lab.b()).spi();
    Running ping = Traffic.steadyPing(lab, lab.a(), lab.b());

    a.rewrite(other("first", "2001:db8:2:2::4") + conn("net", NET));
    assertEquals("added: first; removed: old\n", a.control("reload").succeeded().out());
    String policies = a.control("spd", "--json").succeeded().out();
    assertTrue(policies.contains("2001:db8:2:2::4"), policies);
    assertTrue(!policies.contains("2001:db8:2:2::3"), policies);

    a.rewrite(conn("net", NET) + "conn broken\n    left=nowhere\n    auto=add\n");
    String refused = a.control("reload").failed().err();
    assertTrue(refused.contains("ipsec.conf:8:10: read \"nowhere\""), refused);
    assertEquals(policies, a.control("spd", "--json").succeeded().out());

    a.rewrite(conn("net", NET));
    a.daemon().hangUp();
    a.daemon().awaitLog("reloaded: removed: first", SOON);
    assertEquals(spi, a.sa(lab.a(), lab.b()).spi());
    assertEquals(0, Traffic.lost(ping));

    a.rewrite(conn("net", NET + "type=transport\n"));
    assertEquals("changed: net\n", a.control("reload").succeeded().out());
    assertEquals(List.of(), a.sad());
    a.rewrite(conn("net", NET + "replay_window=128\n"));
    a.control("reload", "--json").succeeded();
    a.up();
    assertEquals(List.of("tunnel", "tunnel"), a.sad().stream().map(SadEntry::mode).toList());
    lab.a().pings(lab.b());
  }

  /// racoon without `listen` speaks at all addresses that there were when it started.
  @Test
  void anAddressThatComesLaterIsNoHindrance() {
    Pki.write(lab.a().directory().resolve("psk.txt"), "* verysecret\n");
    String remote =
        "exchange_mode main; generate_policy on; proposal { encryption_algorithm aes;"
            + " hash_algorithm sha256; authentication_method pre_shared_key; dh_group 14; }";
    String sainfo =
        "encryption_algorithm aes; authentication_algorithm hmac_sha256;"
            + " compression_algorithm deflate;";
    Espd a =
        Espd.startWith(
            lab,
            lab.a(),
            "racoon.conf",
            "path pre_shared_key \"%s/psk.txt\";\nremote anonymous { %s }\nsainfo anonymous { %s }\n"
                .formatted(lab.a().directory(), remote, sainfo));
    lab.a().run("ip", "addr", "add", "2001:db8:1:1::99/64", "dev", "wire", "nodad").succeeded();
    assertEquals("no connection changes\n", a.control("reload").succeeded().out());
  }

  /// The routes of SAs lead packets of this host; its own address towards the peer is another
  /// thing.
  @Test
  void theAddressTowardsThePeerIsTheSameWithATunnelForEverything() {
    String net = NET.replace("left=2001:db8:1:1::1", "left=%defaultroute");
    lab.a().run("ip", "addr", "add", "fd00:1::1/64", "dev", "lo", "nodad").succeeded();
    Espd a = Espd.start(lab, lab.a(), net + "leftsubnet=fd00:1::/64\nrightsubnet=::/0\n");
    Espd.start(lab, lab.b(), NET + "leftsubnet=fd00:1::/64\nrightsubnet=::/0\n");
    a.up();
    assertEquals("no connection changes\n", a.control("reload").succeeded().out());
  }
}
