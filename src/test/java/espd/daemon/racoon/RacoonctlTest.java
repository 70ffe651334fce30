package espd.daemon.racoon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.daemon.control.Section;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// racoonctl's words, and what it shows of what vici says.
class RacoonctlTest {

  private static final Instant NOW = Instant.parse("2005-01-01T20:31:19Z");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String line) throws IOException {
    return new Racoonctl(
            other -> {
              throw new IOException("nobody at " + other);
            },
            new PrintWriter(out),
            new PrintWriter(err))
        .run(List.of(line.split(" ", -1)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          show-sa isakmp                       | racoonctl: send: No such file or directory
          -s /run/other show-sa                | racoonctl: send: No such file or directory
          show-sa ah                           | racoonctl: there is no AH
          show-sa tcp                          | racoonctl: no protocol tcp: isakmp, esp or ipsec
          delete-sa                            | racoonctl: missing: isakmp or esp
          delete-sa isakmp ipv6 ::1 ::2        | racoonctl: no family ipv6: inet6 or inet
          delete-sa isakmp inet6 ::1           | racoonctl: missing: a destination
          delete-sa esp inet6 ::1 ::2 any      | racoonctl: not ADDRESS/PREFIXLENGTH/PORT: ::1
          establish-sa -u me isakmp inet6 a b  | racoonctl: -u: there is no XAUTH
          vpn-connect ::1                      | racoonctl: there is no XAUTH and no mode-config
          vpn-disconnect ::1                   | racoonctl: there is no XAUTH and no mode-config
          logout-user me                       | racoonctl: there are no users
          show-schedule                        | racoonctl: there is no schedule
          get-sa-cert isakmp inet6 ::1 ::2     | racoonctl: certificates of peers are not shown
          nonsense                             | Usage:
          -x                                   | Usage:
          """)
  void saysWhatItCannotDo(String line, String why) throws IOException {
    assertEquals(1, run(line));
    assertTrue(err.toString().startsWith(why), err.toString());
    assertEquals("", out.toString());
  }

  private static Section ikeSa() {
    return Section.builder()
        .text("version", 1)
        .text("local-host", "2001:db8:1:1::1")
        .text("local-port", 500)
        .text("remote-host", "2001:db8:2:2::2")
        .text("remote-port", 500)
        .text("initiator", "yes")
        .text("initiator-spi", "da3d3693289c9698")
        .text("responder-spi", "ac039a402b2db401")
        .text("established", 10)
        .section("child-sas", Section.builder().section("x-1", Section.EMPTY).build())
        .build();
  }

  @Test
  void listsIsakmpSas() {
    assertEquals(
        """
        Destination            Cookies                           Created
        2001:db8:2:2::2.500    da3d3693289c9698:ac039a402b2db401 2005-01-01 20:31:09\s
        """,
        new IsakmpTable(false, NOW, ZoneOffset.UTC).text(List.of(ikeSa())));
    assertEquals(
        """
        Source                 Destination            Cookies                           ST S  V E\
         Created             Phase2
        2001:db8:1:1::1.500    2001:db8:2:2::2.500    da3d3693289c9698:ac039a402b2db401  9 I 10 M\
         2005-01-01 20:31:09      1
        """,
        new IsakmpTable(true, NOW, ZoneOffset.UTC).text(List.of(ikeSa())));
  }

  private static SaOptions options(String words) {
    return SaOptions.of(new ArrayDeque<>(List.of(words.split(" ", -1))));
  }

  @Test
  void findsConnections() {
    Section child =
        Section.builder()
            .items("local-ts", List.of("2001:db8:1:1::1/128[6]"))
            .items("remote-ts", List.of("2001:db8:2:2::2/128[6/443]"))
            .build();
    Section connection =
        Section.builder()
            .items("local_addrs", List.of("2001:db8:1:1::1"))
            .items("remote_addrs", List.of("2001:db8:2:2::2"))
            .section("children", Section.builder().section("web", child).build())
            .build();
    assertEquals(
        Optional.of("web"),
        options("isakmp inet6 2001:db8:1:1::1 2001:db8:2:2::2").childOf(connection));
    assertEquals(
        Optional.of("web"),
        options("esp inet6 2001:db8:1:1::1/128/0 2001:db8:2:2::2/128/443 tcp").childOf(connection));
    assertEquals(
        Optional.empty(),
        options("esp inet6 2001:db8:1:1::1/128/0 2001:db8:2:2::2/128/0 any").childOf(connection));
    assertThrows(IllegalArgumentException.class, () -> options("ah inet6 ::1/128/0 ::2/128/0 any"));
  }

  @Test
  void tellsEvents() {
    EventText events = new EventText(ZoneOffset.UTC);
    Section named = Section.builder().text("up", "yes").section("x", ikeSa()).build();
    assertEquals(
        Optional.of(
            "2005-01-01 20:31:19 : Phase 1 established : 2001:db8:1:1::1[500] ->"
                + " 2001:db8:2:2::2[500]"),
        events.line(NOW, "ike-updown", named));
    assertEquals(
        "Phase 2 deleted",
        events
            .line(NOW, "child-updown", Section.builder().section("x", ikeSa()).build())
            .orElseThrow()
            .split(" : ", -1)[1]);
  }
}
