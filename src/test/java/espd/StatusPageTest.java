package espd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.lab.Browser;
import espd.lab.Capture;
import espd.lab.Espd;
import espd.lab.InLab;
import espd.lab.Lab;
import espd.lab.Output;
import espd.lab.Running;
import espd.lab.SadEntry;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The status page of a host that carries packets, in a browser.
@InLab
class StatusPageTest {

  private static final String NAME = "<script>document.title='taken'</script>";

  private static final double LEAST_CONTRAST = 4.5;

  @RegisterExtension private final Lab lab = new Lab();

  private static final String CONNECTION =
      """
      keyexchange=ikev2
      authby=secret
      type=tunnel
      left=2001:db8:1:1::1
      right=2001:db8:2:2::2
      rightid="@%s"
      auto=add
      """
          .formatted(NAME);

  @Test
  void showsWhatTheWireAndTheSadSay() {
    Espd a = Espd.start(lab, lab.a(), CONNECTION);
    Espd.start(lab, lab.b(), CONNECTION);
    a.up();
    Running ping = lab.closing(lab.a().start("ping", "ping", "-n", "-i", "0.1", lab.b().address()));
    Browser page = Browser.look(lab.a(), "http://[::1]:9500/");
    Capture capture = Capture.start(lab, lab.a());
    ping.interrupt();
    lab.a().pings(lab.b());
    capture.stop();

    String first = page.text("first");
    String later = page.text("later");
    for (SadEntry sa : List.of(a.sa(lab.a(), lab.b()), a.sa(lab.b(), lab.a()))) {
      boolean out = sa.from().equals(lab.a().address());
      String row = row(later, out ? "outbound" : "inbound");
      assertTrue(row.contains("|" + sa.spi() + "|tunnel|"), row);
      assertTrue(
          capture.esp().stream()
              .anyMatch(each -> each.spi().equals(sa.spi()) && each.from().equals(sa.from())));
      long before = packets(row(first, out ? "outbound" : "inbound"));
      assertTrue(packets(row) > before, first + " then " + later);
      assertTrue(packets(row) <= sa.packets(), row + " of " + sa.packets());
      assertTrue(row.contains("bit/s"), row);
    }
    assertEquals("Live", page.text("link"));
    assertTrue(page.text("now").contains("is dropped"), page.text("now"));
    assertTrue(page.text("events").contains("is established"), page.text("events"));
    assertEquals("espd: 1 of 1 connections up", page.text("title"), "no script of a peer has run");
    assertEquals(NAME, page.text("identity"));
    assertEquals("1", page.text("scripts"));
    assertEquals("[]", page.text("complaints"));
    assertTrue(
        page.items("requests").stream().allMatch(url -> url.startsWith("http://[::1]:9500/")),
        page.text("requests"));
    isAccessible(page);
  }

  private static void isAccessible(Browser page) {
    assertEquals("0", page.text("headless-columns"));
    assertEquals("5", page.text("captions"));
    assertEquals("[]", page.text("nameless"));
    assertTrue(page.items("roles").containsAll(List.of("table", "rowheader", "status")));
    for (String scheme : List.of("light", "dark")) {
      for (String width : List.of("1440", "390")) {
        String worst = page.text("contrast-" + scheme + "-" + width);
        assertTrue(Double.parseDouble(worst.split(" ", 2)[0]) >= LEAST_CONTRAST, worst);
        int needed = Integer.parseInt(page.text("width-" + scheme + "-" + width));
        assertTrue(needed <= Integer.parseInt(width), "something sticks out: " + needed);
      }
    }
  }

  private static String row(String table, String direction) {
    return table
        .lines()
        .filter(line -> line.contains("|" + direction + "|"))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + direction + " SA in " + table));
  }

  private static long packets(String row) {
    return Long.parseLong(row.split("\\|", -1)[6].replaceAll("\\D", ""));
  }

  /// Prometheus may call a host on the network by any name, a viewer's browser may not.
  @Test
  void isNotForStrangersNames() {
    Espd.start(lab, lab.a(), CONNECTION);
    for (String path : List.of("/", "/status.json", "/metrics")) {
      boolean figures = path.equals("/metrics");
      assertEquals(figures ? "200" : "421", status("attacker.example:9500", path));
      assertEquals("200", status("[::1]:9500", path));
      assertEquals("200", status("localhost:9500", path));
    }
  }

  private String status(String host, String path) {
    Output answer =
        lab.a()
            .run(
                "curl",
                "-sg",
                "--noproxy",
                "*",
                "-o",
                "/dev/null",
                "-w",
                "%{http_code}",
                "-H",
                "Host: " + host,
                "http://[::1]:9500" + path);
    return answer.succeeded().out();
  }
}
