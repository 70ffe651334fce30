package espd.dataplane.ipv6;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Codepoints are written as they are on the wire: Not-ECT 0, ECT(1) 1, ECT(0) 2, CE 3.
class EcnTest {

  private static final int DSCP = 0xb8;

  /// RFC 6040 §4.2, figure 4.
  @ParameterizedTest(name = "{0}: inner {1}, outer {2}")
  @CsvSource(
      textBlock =
          """
           1, Not-ECT, Not-ECT, Not-ECT
           2, Not-ECT, ECT(0),  Not-ECT
           3, Not-ECT, ECT(1),  Not-ECT
           4, Not-ECT, CE,      drop
           5, ECT(0),  Not-ECT, ECT(0)
           6, ECT(0),  ECT(0),  ECT(0)
           7, ECT(0),  ECT(1),  ECT(1)
           8, ECT(0),  CE,      CE
           9, ECT(1),  Not-ECT, ECT(1)
          10, ECT(1),  ECT(0),  ECT(1)
          11, ECT(1),  ECT(1),  ECT(1)
          12, ECT(1),  CE,      CE
          13, CE,      Not-ECT, CE
          14, CE,      ECT(0),  CE
          15, CE,      ECT(1),  CE
          16, CE,      CE,      CE
          """)
  void leavesATunnelAsTheTableSays(int number, String inner, String outer, String leaving) {
    int expected = codepoint(leaving) < 0 ? Ecn.DROP : DSCP | codepoint(leaving);
    assertEquals(expected, Ecn.leaving(DSCP | codepoint(inner), codepoint(outer)), "row " + number);
    int otherDscp = 0x28 | codepoint(outer);
    assertEquals(expected, Ecn.leaving(DSCP | codepoint(inner), otherDscp), "row " + number);
  }

  /// RFC 6040 §4.1, figure 3, normal mode.
  @ParameterizedTest
  @CsvSource({"Not-ECT", "ECT(0)", "ECT(1)", "CE"})
  void entersATunnelAsItIs(String inner) {
    assertEquals(codepoint(inner), Ecn.entering(DSCP | codepoint(inner)));
  }

  /// RFC 3168 §5.3: what was seen of the fragments, and the first of them.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Not-ECT                | Not-ECT | Not-ECT
          ECT(0)                 | ECT(0)  | ECT(0)
          ECT(1)                 | ECT(1)  | ECT(1)
          CE                     | CE      | CE
          ECT(0) CE              | ECT(0)  | CE
          ECT(1) CE              | CE      | CE
          ECT(0) ECT(1)          | ECT(0)  | ECT(0)
          ECT(0) ECT(1)          | ECT(1)  | ECT(1)
          Not-ECT CE             | Not-ECT | drop
          Not-ECT CE             | CE      | drop
          Not-ECT ECT(0)         | Not-ECT | Not-ECT
          """)
  void aReassembledDatagramKeepsTheCongestionOfItsFragments(
      String seen, String first, String expected) {
    int bits = 0;
    for (String one : seen.split(" ", -1)) {
      bits |= 1 << codepoint(one);
    }
    assertEquals(codepoint(expected), Ecn.reassembled(bits, DSCP | codepoint(first)));
  }

  private static int codepoint(String name) {
    return switch (name) {
      case "Not-ECT" -> 0;
      case "ECT(1)" -> 1;
      case "ECT(0)" -> 2;
      case "CE" -> 3;
      default -> Ecn.DROP;
    };
  }
}
