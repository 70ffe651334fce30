package espd.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What counts as the same output, and what does not.
class ShapeTest {

  private static Optional<String> missing(String shown, String printed) {
    return Shape.of(shown.lines().toList()).missingIn(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "3 packets | 17 packets",
        "12.5 ms | 7 ms",
        "0% packet loss | 0% packet loss",
        "spi=3633856541(0xd898401d) | spi=17(0x00000011)",
        "E: aes-cbc  3cc62f1b 48b6c26a | E: aes-cbc  11111111 deadbeef",
        "SPIs: 1b8b63bc_i | SPIs: 99999999_i",
        "15:45:44.831 INFO | 1:02:03 INFO",
        "at Nov 23 15:45:49 2026 | at May  3 05:05:09 2027",
        "1 second ago | 3 minutes ago",
        "established 0s ago | established 12s ago",
        "a   1 | a 100",
        "link/ether 92:aa:bb:cc:dd:ee | link/ether 00:11:22:33:44:55",
        "from fe80::1ff:fe23:4567 | from fe80::2",
        "ends … here | ends far away from here",
        "net[1]: AES_CBC_128 | net[2]: AES_CBC_128"
      })
  void whatDiffersFromRunToRunMayDiffer(String shown, String printed) {
    assertEquals(Optional.empty(), missing(shown, printed));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "3 packets | 3 packages",
        "0% packet loss | 33% packet loss",
        "drops 0.0 | drops 2.0",
        "seq=0x00000000 | seq=0x00000001",
        "AES_CBC_128 | AES_CBC_256",
        "from 2001:db8:1:1::1 to | from 2001:db8:2:2::2 to",
        "2001:db8:a::/64 === | 2001:db8:a::/48 ===",
        "ipv6-p1-p2 | ipv6-p1-p3",
        "a b | ab",
        "IKEv2 | IKEv1"
      })
  void wordsAddressesAndZeroMayNot(String shown, String printed) {
    assertEquals(Optional.of(shown), missing(shown, printed));
  }

  @Test
  void aLineBeginsWhereItBegins() {
    assertNotEquals(Optional.empty(), missing("\tesp mode=tunnel", "    esp mode=tunnel"));
    assertEquals(Optional.empty(), missing("  7 flush right", " 17 flush right"));
    assertEquals(
        Optional.empty(), missing("where it ends nobody sees", "where it ends nobody sees \n\n"));
  }

  @Test
  void anEllipsisIsAnyLines() {
    assertEquals(Optional.empty(), missing("a\n…\nc", "a\nb\nb\nc\nd\nc"));
    assertEquals(Optional.empty(), missing("a\n…", "a"));
    assertEquals(Optional.empty(), missing("…\nb\n…\nd", "a\nb\nc\nb\nd"));
    assertEquals(Optional.of("d"), missing("a\n…\nc\nd\n…", "a\nb\nc\ne\n"));
  }

  @Test
  void moreThanIsShownDiffersUnlessItMayFollow() {
    assertEquals(Optional.of("the end of the output"), missing("a", "a\nb"));
    assertEquals(Optional.of("the end of the output"), missing("", "silence was expected"));
    assertEquals(Optional.empty(), Shape.of(List.of("a")).andMore().missingIn("a\nb"));
    assertEquals(Optional.of("b"), Shape.of(List.of("a", "b")).andMore().missingIn("a"));
  }
}
