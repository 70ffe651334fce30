package espd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.lab.Espd;
import espd.lab.InLab;
import espd.lab.Lab;
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
}
