package espd.daemon.tcpdump;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.daemon.control.ListedSa;
import espd.spd.Direction;
import espd.spd.Ipv6Address;
import espd.spd.Mode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnnotatorTest {

  private static final Ipv6Address HERE = Ipv6Address.parse("2001:db8:1:1::1");
  private static final Ipv6Address THERE = Ipv6Address.parse("2001:db8:2:2::2");
  private static final String NOTE =
      "  <- net outbound tunnel AES_GCM_16_128, SAD seq=0x1f, age 12 s";

  private Instant now = Instant.parse("2026-01-01T12:00:00Z");
  private final List<ListedSa> sad = new ArrayList<>();
  private final List<String> trouble = new ArrayList<>();
  private int asked;
  private boolean away;
  private final Annotator annotator =
      new Annotator(this::list, () -> now, new Annotator.Style(false, trouble::add));

  private List<ListedSa> list() throws IOException {
    asked++;
    if (away) {
      throw new IOException("gone");
    }
    return List.copyOf(sad);
  }

  private static ListedSa sa(int spi) {
    return new ListedSa(
        spi,
        "net",
        Direction.OUTBOUND,
        Mode.TUNNEL,
        Optional.empty(),
        "AES_GCM_16_128",
        HERE,
        THERE,
        0x1f,
        12);
  }

  private static String line(int spi) {
    return "IP6 2001:db8:1:1::1 > 2001:db8:2:2::2: ESP(spi=0x%08x,seq=0x5), length 100"
        .formatted(spi);
  }

  /// As Debian's tcpdump prints them, with `-e`, `-t`, `-v`, `-E` and names too.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "11:07:01.873778 IP6 2001:db8:1:1::1 > 2001:db8:2:2::2: ESP(spi=0xb4e67528,seq=0x5), length"
            + " 100",
        "IP6 2001:db8:1:1::1.4500 > 2001:db8:2:2::2.61234: UDP-encap: ESP(spi=0xb4e67528,seq=0x5),"
            + " length 100",
        "26:6f:61:1a:71:f2 > ba:91:6d:66:e0:ae, ethertype IPv6 (0x86dd), length 202: (flowlabel"
            + " 0x72f53, hlim 64, next-header ESP (50) payload length: 148) 2001:db8:1:1::1 >"
            + " 2001:db8:2:2::2: ESP(spi=0xb4e67528,seq=0x1), length 148",
        "IP6 2001:db8:1:1::1 > 2001:db8:2:2::2: frag (0|1448) ESP(spi=0xb4e67528,seq=0x1), length"
            + " 1448",
        "IP6 2001:db8:1:1::1 > 2001:db8:2:2::2: ESP(spi=0xb4e67528,seq=0x1), length 148: IP6"
            + " 2001:db8:1:1::1 > 2001:db8:2:2::2: ICMP6, echo request, id 1, seq 1, length 64",
        "IP6 left.example > right.example: ESP(spi=0xb4e67528,seq=0x1), length 148"
      })
  void tellsWhatItKnowsBehindEveryKindOfLine(String line) {
    sad.add(sa(0xb4e67528));
    assertEquals(line + NOTE, annotator.annotated(line));
    assertEquals(0, annotator.unknownLines());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "11:07:01 IP6 2001:db8:1:1::1.500 > 2001:db8:2:2::2.500: isakmp: parent_sa ikev2_init[I]",
        "\t0x0000:  600f 0ab6 0094 3240 2001 0db8 0001 0001  `.....2@........",
        "reading from file wire.pcap, link-type EN10MB (Ethernet), snapshot length 262144",
        "ESP(spi=0x12,seq=0x1)"
      })
  void leavesOtherLinesAsTheyAre(String line) {
    assertEquals(line, annotator.annotated(line));
    assertEquals(0, annotator.espLines());
    assertEquals(0, asked);
  }

  @Test
  void isLoudAboutAnUnknownSpi() {
    assertEquals(line(7) + "  <- UNKNOWN SPI 0x00000007", annotator.annotated(line(7)));
    assertEquals(1, annotator.unknownLines());
    Annotator coloured =
        new Annotator(this::list, () -> now, new Annotator.Style(true, trouble::add));
    assertTrue(
        coloured.annotated(line(7)).endsWith("\u001b[1;37;41mUNKNOWN SPI 0x00000007\u001b[0m"));
  }

  @Test
  void anSpiBetweenOtherHostsIsUnknown() {
    sad.add(sa(7));
    String other = "IP6 2001:db8:9::9 > 2001:db8:2:2::2: ESP(spi=0x00000007,seq=0x5), length 100";
    assertTrue(annotator.annotated(other).endsWith("UNKNOWN SPI 0x00000007"));
  }

  @Test
  void asksAtOnceAboutAnSpiItDoesNotKnowYet() throws IOException {
    annotator.begin();
    now = now.plusMillis(10);
    sad.add(sa(7));
    assertEquals(line(7) + NOTE, annotator.annotated(line(7)));
    assertEquals(2, asked);
  }

  @Test
  void asksOnlyAFewTimesASecondHoweverManyAreUnknown() throws IOException {
    annotator.begin();
    for (int spi = 1; spi <= 5000; spi++) {
      now = now.plusMillis(1);
      annotator.annotated(line(spi));
    }
    assertEquals(5000, annotator.unknownLines());
    assertTrue(asked < 50, "asked " + asked);
  }

  @Test
  void remembersAnSaThatWasReplaced() {
    sad.add(sa(7));
    annotator.annotated(line(7));
    sad.set(0, sa(8));
    now = now.plusSeconds(5);
    assertEquals(
        line(7)
            + "  <- net outbound tunnel AES_GCM_16_128, SAD seq=0x1f, age 17 s, no longer in the"
            + " SAD",
        annotator.annotated(line(7)));
    now = now.plus(Duration.ofMinutes(11));
    assertTrue(annotator.annotated(line(7)).contains("UNKNOWN"));
  }

  @Test
  void goesOnWithWhatItKnowsWhileTheDaemonIsAway() {
    sad.add(sa(7));
    annotator.annotated(line(7));
    away = true;
    now = now.plusSeconds(3);
    assertTrue(annotator.annotated(line(7)).contains("net outbound"));
    assertTrue(annotator.annotated(line(9)).contains("UNKNOWN"));
    assertEquals(List.of("the daemon does not answer: gone"), trouble);
  }
}
