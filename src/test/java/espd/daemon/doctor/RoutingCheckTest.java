package espd.daemon.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.daemon.doctor.Finding.Level;
import espd.daemon.doctor.Tried.Nothing;
import espd.tun.HostRouting;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The rules of a host as `ip -6 -N rule` shows them: `4303` is 0x10cf, `main` is 254.
class RoutingCheckTest {

  private static final String LOCAL = "0:\tfrom all lookup 255";
  private static final String MAIN = "32766:\tfrom all lookup 254";
  private static final String OURS = "4303:\tnot from all fwmark 0x10cf lookup 4303";

  private static Finding only(boolean daemonRuns, String... rules) {
    List<String> all = new ArrayList<>(List.of(LOCAL));
    all.addAll(List.of(rules));
    all.add(MAIN);
    List<Finding> findings =
        new RoutingCheck(
                new Tried.Done<>(Nothing.NOTHING), HostRouting.DEFAULT, all, List.of(), daemonRuns)
            .findings();
    assertEquals(1, findings.size(), findings::toString);
    return findings.getFirst();
  }

  @Test
  void isContentWithAHostThatHasItsOwnRulesOnly() {
    assertEquals(Level.OK, only(false).level());
  }

  @Test
  void isContentWithTheRuleOfTheDaemon() {
    assertEquals(Level.OK, only(true, OURS).level());
  }

  @ParameterizedTest
  @CsvSource({
    "100:\tfrom all lookup 254, FAIL, leaves in the clear",
    "100:\tfrom all fwmark 0x10cf lookup 77, FAIL, the mark of espd's own packets",
    "100:\tfrom all fwmark 0x1 lookup 77, WARN, takes marked packets past espd",
    "100:\tfrom 2001:db8:1:1::/64 lookup 77, WARN, takes some packets past espd",
    "100:\tfrom all lookup 254 suppress_prefixlength 0, WARN, takes some packets past espd"
  })
  void namesAForeignRuleThatIsAskedFirst(String rule, Level level, String words) {
    Finding finding = only(false, rule);
    assertEquals(level, finding.level(), finding::toString);
    assertTrue(finding.seen().contains(words), finding::toString);
    assertTrue(finding.mend().startsWith("ip -6 rule del pref 100"), finding::toString);
  }

  @Test
  void leavesRulesAloneThatAreAskedLater() {
    assertEquals(Level.OK, only(false, "5000:\tfrom all lookup 77").level());
  }

  @Test
  void namesWhatAKilledDaemonLeft() {
    Finding finding = only(false, OURS);
    assertEquals(Level.WARN, finding.level());
    assertTrue(finding.seen().contains("a daemon that was killed"), finding::toString);
    assertEquals("ip -6 rule del pref 4303", finding.mend());
  }

  @Test
  void namesARuleOfAnotherMark() {
    String wrong = "4303:\tnot from all fwmark 0x1 lookup 4303";
    Finding finding = only(false, wrong);
    assertTrue(finding.seen().contains("by another mark than 4303"), finding::toString);
    List<Finding> beside =
        new RoutingCheck(
                new Tried.Done<>(Nothing.NOTHING),
                HostRouting.DEFAULT,
                List.of(LOCAL, wrong, MAIN),
                List.of("2001:db8:2:2::2 dev espd0"),
                true)
            .findings();
    assertEquals(2, beside.size(), beside::toString);
    assertEquals("ip -6 rule add pref 4303 not fwmark 4303 lookup 4303", beside.getFirst().mend());
    assertTrue(beside.getLast().seen().contains("in a circle"), beside::toString);
  }

  @Test
  void namesRoutesThatWereLeft() {
    List<Finding> findings =
        new RoutingCheck(
                new Tried.Done<>(Nothing.NOTHING),
                HostRouting.DEFAULT,
                List.of(LOCAL, MAIN),
                List.of("2001:db8:2:2::2 dev espd0"),
                false)
            .findings();
    assertEquals("ip -6 route flush table 4303", findings.getFirst().mend());
  }
}
