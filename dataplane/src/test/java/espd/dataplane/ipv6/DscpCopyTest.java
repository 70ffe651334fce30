package espd.dataplane.ipv6;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// RFC 4301 §5.1.2.1: DSCP as the SA says; ECN always as RFC 6040 says.
class DscpCopyTest {

  /// Inner EF (46) with ECT(0), outer CS1 (8) with CE.
  @ParameterizedTest
  @CsvSource({"OUT, b8, b8", "IN, 0, 20", "BOTH, b8, 20", "NONE, 0, b8"})
  void theDscpCrossesAsTheSaSays(DscpCopy copy, String entering, String leaving) {
    assertEquals(Integer.parseInt(entering, 16) | 2, copy.entering(0xb8 | 2));
    assertEquals(Integer.parseInt(leaving, 16) | 3, copy.leaving(0xb8 | 2, 0x20 | 3));
  }

  @ParameterizedTest
  @EnumSource
  void ecnIsThatOfRfc6040Always(DscpCopy copy) {
    for (int inner = 0; inner < 256; inner++) {
      assertEquals(Ecn.entering(inner), copy.entering(inner) & 3);
      for (int outer = 0; outer < 256; outer++) {
        int leaving = Ecn.leaving(inner, outer);
        int expected = leaving == Ecn.DROP ? Ecn.DROP : leaving & 3;
        int left = copy.leaving(inner, outer);
        assertEquals(expected, left == Ecn.DROP ? left : left & 3);
      }
    }
  }
}
