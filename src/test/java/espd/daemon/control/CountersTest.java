package espd.daemon.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.daemon.control.Counters.Kind;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CountersTest {

  private final Counters counters = new Counters();

  private String count(String connection) {
    return counters.section(connection).text("child-rekey").orElseThrow();
  }

  @Test
  void countForTheConnectionAndForAll() {
    counters.count("gw/net", Set.of(Kind.CHILD_REKEY));
    counters.count("gw/other", Set.of(Kind.CHILD_REKEY, Kind.INVALID));
    counters.count("", Set.of(Kind.CHILD_REKEY));
    assertEquals(Set.of("", "gw"), counters.names());
    assertEquals("2", count("gw"));
    assertEquals("3", count(""));
    assertEquals("1", counters.section("gw").text("invalid").orElseThrow());
    assertEquals("0", counters.section("gw").text("info-in-req").orElseThrow());
  }

  @Test
  void beginAnewWhenTold() {
    counters.count("gw", Set.of(Kind.CHILD_REKEY));
    assertTrue(counters.reset("gw"));
    assertFalse(counters.reset("nobody"));
    assertEquals("0", count("gw"));
    assertEquals("1", count(""));
    counters.reset();
    assertEquals("0", count(""));
  }

  /// A peer cannot make them grow by the names that it gives itself.
  @Test
  void areBounded() {
    for (int i = 0; i < 10_000; i++) {
      counters.count("gw" + i, Set.of(Kind.INVALID));
    }
    assertEquals(4096, counters.names().size());
    assertEquals("10000", counters.section("").text("invalid").orElseThrow());
  }
}
