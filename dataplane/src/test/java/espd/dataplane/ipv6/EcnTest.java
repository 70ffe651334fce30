package espd.dataplane.ipv6;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// RFC 6040 §4.2, figure 4: rows are inner, columns outer codepoints, both in the order Not-ECT
/// (0), ECT(0) (2), ECT(1) (1), CE (3).
class EcnTest {

  @ParameterizedTest
  @CsvSource({"0, 0, 0, 0, -1", "2, 2, 2, 1, 3", "1, 1, 1, 1, 3", "3, 3, 3, 3, 3"})
  void leavesATunnelAsTheTableSays(int inner, int notEct, int ect0, int ect1, int ce) {
    int dscp = 0xb8;
    assertEquals(dscp | notEct, Ecn.leaving(dscp | inner, 0));
    assertEquals(dscp | ect0, Ecn.leaving(dscp | inner, 2));
    assertEquals(dscp | ect1, Ecn.leaving(dscp | inner, 1));
    assertEquals(ce < 0 ? Ecn.DROP : dscp | ce, Ecn.leaving(dscp | inner, 3));
  }
}
