package espd.spd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Ranges of ports, and of ICMPv6 types and codes (RFC 4301 §4.4.1.1, RFC 7296 §3.13.1).
class PortRangeTest {

  @Test
  void holdsBothItsEnds() {
    PortRange range = new PortRange(1000, 1002);
    assertFalse(range.contains(999));
    assertTrue(range.contains(1000));
    assertTrue(range.contains(1002));
    assertFalse(range.contains(1003));
    assertTrue(PortRange.ANY.contains(0));
    assertTrue(PortRange.ANY.contains(65535));
  }

  /// RFC 4301 §4.4.1.1: ANY includes OPAQUE; OPAQUE is what shows no port.
  @Test
  void matchesAPacketWithoutPortsOnlyWithAnyAndOpaque() {
    assertTrue(PortRange.ANY.contains(PortRange.NO_PORT));
    assertTrue(PortRange.OPAQUE.contains(PortRange.NO_PORT));
    assertFalse(PortRange.of(0).contains(PortRange.NO_PORT));
    assertFalse(new PortRange(0, 65534).contains(PortRange.NO_PORT));
  }

  @Test
  void matchesNoVisiblePortWithOpaque() {
    for (int port = 0; port <= 65535; port++) {
      assertFalse(PortRange.OPAQUE.contains(port), "port " + port);
    }
  }

  /// RFC 4301 §4.4.1.1: the type in the high octet, the code in the low one.
  @Test
  void putsIcmpTypeAndCodeIntoOnePortValue() {
    assertEquals(new PortRange(0x8000, 0x80ff), PortRange.icmp(128, -1));
    assertEquals(PortRange.of(0x0104), PortRange.icmp(1, 4));
    assertEquals(PortRange.of(0xffff), PortRange.icmp(255, 255));
    assertTrue(PortRange.icmp(1, -1).contains(PortRange.icmp(1, 4)));
    assertFalse(PortRange.icmp(1, -1).contains(PortRange.icmp(2, 0)));
  }

  @ParameterizedTest
  @CsvSource({"256,0", "-1,0", "1,256"})
  void refusesAnIcmpTypeOrCodeOfMoreThanAnOctet(int type, int code) {
    assertThrows(IllegalArgumentException.class, () -> PortRange.icmp(type, code));
  }

  @ParameterizedTest
  @CsvSource({"-1,5", "0,65536", "5,4", "65535,1", "65534,0"})
  void refusesWhatIsNoRange(int first, int last) {
    assertThrows(IllegalArgumentException.class, () -> new PortRange(first, last));
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # one      , other      , both
          0-65535    , 80-90      , 80-90
          80-90      , 85-100     , 85-90
          80-90      , 90-100     , 90-90
          80-90      , 91-100     ,
          80-90      , 80-90      , 80-90
          0-65535    , 0-65535    , 0-65535
          0-65535    , 65535-0    , 65535-0
          65535-0    , 65535-0    , 65535-0
          0-65534    , 65535-0    ,
          0-0        , 65535-0    ,
          65535-65535, 65535-0    ,
          """)
  void intersects(String one, String other, String both) {
    Optional<PortRange> expected = Optional.ofNullable(both).map(PortRangeTest::range);
    assertEquals(expected, range(one).intersect(range(other)));
    assertEquals(expected, range(other).intersect(range(one)));
    assertEquals(expected.equals(Optional.of(range(other))), range(one).contains(range(other)));
    assertEquals(expected.equals(Optional.of(range(one))), range(other).contains(range(one)));
  }

  @Test
  void printsForPeople() {
    assertEquals("any", PortRange.ANY.toString());
    assertEquals("opaque", PortRange.OPAQUE.toString());
    assertEquals("443", PortRange.of(443).toString());
    assertEquals("1-2", new PortRange(1, 2).toString());
  }

  private static PortRange range(String text) {
    int dash = text.indexOf('-');
    return new PortRange(
        Integer.parseInt(text.substring(0, dash)), Integer.parseInt(text.substring(dash + 1)));
  }
}
