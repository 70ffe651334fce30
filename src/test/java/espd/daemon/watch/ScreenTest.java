package espd.daemon.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.daemon.control.Section;
import espd.daemon.watch.Terminal.Size;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScreenTest {

  private static final Sample EARLIER = sample(10_000_000_000L, "1000", "10", "4");
  private static final Sample LATER = sample(12_000_000_000L, "2501000", "2010", "10");

  private static Sample sample(long nanos, String bytes, String packets, String dropped) {
    Section child =
        Section.builder()
            .text("name", "net")
            .text("uniqueid", 7)
            .text("state", "INSTALLED")
            .text("mode", "TUNNEL")
            .text("spi-in", "a51e1f22")
            .text("spi-out", "a98b7710")
            .text("bytes-in", bytes)
            .text("packets-in", packets)
            .text("use-in", 0)
            .text("bytes-out", 540)
            .text("packets-out", 1)
            .text("rekey-time", 2641)
            .text("install-time", 84)
            .build();
    Section ikeSa =
        Section.builder()
            .text("uniqueid", 3)
            .text("state", "ESTABLISHED")
            .text("remote-host", "2001:db8:2:2::2")
            .text("remote-id", "there\u001b[2J.example")
            .text("established", 577)
            .section("child-sas", Section.builder().section("net-7", child).build())
            .build();
    Section stats =
        Section.builder()
            .section("uptime", Section.builder().text("running", "3 days").build())
            .section("ikesas", Section.builder().text("total", 1).text("half-open", 0).build())
            .items("plugins", List.of("ipsec-mb"))
            .section("drops", Section.builder().text("inbound replayed", dropped).build())
            .section("cleartext", Section.builder().text("dropped", "yes").build())
            .build();
    return new Sample(nanos, stats, List.of(new Sample.IkeSa("net", ikeSa)));
  }

  @Test
  void showsRatesOfEachDirectionAndOfDrops() {
    assertEquals(
        """
        espd, running 3 days: 1 IKE SAs, 0 half-open; engine ipsec-mb

        net[3] established 2001:db8:2:2::2 (there?[2J.example), last handshake 1m24s ago
          net{7} installed tunnel, rekeyed in 44m01s
            direction SPI          bits/s packets/s     age    bytes      packets used ago
            inbound   0xa51e1f22   10.0 M    1.00 k   1m24s  2.50 MB         2010       0s
            outbound  0xa98b7710        0         0   1m24s    540 B            1    never

        dropped packets
          inbound replayed                         10        3/s
        """,
        String.join("\n", new Screen(EARLIER, LATER, 120).lines()) + "\n");
  }

  @Test
  void anSaThatIsNewHasNoRateYet() {
    Sample nothing = new Sample(10_000_000_000L, EARLIER.stats(), List.of());
    String inbound =
        new Screen(nothing, LATER, 120)
            .lines().stream().filter(line -> line.contains("inbound ")).findFirst().orElse("");
    assertTrue(inbound.matches(" +inbound +0xa51e1f22 +- +- .*"), inbound);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 20, 40, 60, 80, 100})
  void fitsWhateverWidthThereIs(int columns) {
    for (String line : new Screen(EARLIER, LATER, columns).lines()) {
      assertTrue(line.length() <= columns, line);
    }
  }

  @Test
  void leavesOutWholeColumnsWhereThereIsNoRoom() {
    List<String> lines = new Screen(EARLIER, LATER, 46).lines();
    assertTrue(lines.contains("    direction SPI          bits/s packets/s"), lines.toString());
    assertFalse(lines.stream().anyMatch(line -> line.contains("used ago")), lines.toString());
  }

  @Test
  void saysLoudlyThatCleartextPasses() {
    Section.Builder stats = Section.builder();
    EARLIER.stats().nodes().forEach(stats::node);
    stats.section(
        "cleartext", Section.builder().text("dropped", "no").text("detail", "no nft").build());
    Sample open = new Sample(0, stats.build(), List.of());
    assertEquals(
        "cleartext that must be protected is NOT dropped: no nft",
        new Screen(open, open, 80).lines().get(1));
  }

  @Test
  void drawsInPlaceAndNoMoreThanTheWindowHolds() {
    assertEquals(
        "\033[Hone\033[K\r\ntwo\033[K\033[J",
        Terminal.drawing(new Size(2, 80), List.of("one", "two", "three")));
  }

  @ParameterizedTest
  @CsvSource({"24 80, 24, 80", "1 1, 1, 1"})
  void readsTheSizeThatSttyPrints(String text, int rows, int columns) {
    assertEquals(Optional.of(new Size(rows, columns)), Size.parse(text + "\n"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0 0\n", "stty: 'standard input': Inappropriate ioctl\n"})
  void knowsNoSizeWhereSttyKnowsNone(String text) {
    assertEquals(Optional.empty(), Size.parse(text));
  }

  @ParameterizedTest
  @CsvSource({"0, 0s", "59, 59s", "84, 1m24s", "7380, 2h03m", "273600, 3d04h"})
  void saysSpansInTwoUnits(long seconds, String text) {
    assertEquals(text, Units.span(seconds));
  }
}
