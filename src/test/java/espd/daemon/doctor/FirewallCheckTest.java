package espd.daemon.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.daemon.doctor.Finding.Level;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Firewalls as `nft list ruleset` shows them.
class FirewallCheckTest {

  private static Finding first(String input, String output) {
    String firewall =
        """
        table inet filter {
        	chain input {
        		type filter hook input priority filter; policy drop;
        		ct state established,related accept
        		%s
        	}
        	chain output {
        		type filter hook output priority filter; policy accept;
        		%s
        	}
        }
        table ip6 espd_espd0 {
        	chain inbound {
        		type filter hook prerouting priority -300; policy accept;
        		ip6 saddr 2001:db8:2:2::2 counter name "cleartext" drop
        	}
        }
        """
            .formatted(input, output);
    return new FirewallCheck(Ruleset.read(firewall), List.of()).findings().getFirst();
  }

  @Test
  void hintsAtAnInputChainThatDropsWhatItDoesNotName() {
    Finding finding = first("tcp dport 22 accept", "");
    assertEquals(Level.WARN, finding.level());
    assertTrue(finding.seen().startsWith("inet filter input drops"), finding::toString);
    assertTrue(
        finding.mend().startsWith("nft insert rule inet filter input meta l4proto esp accept"),
        finding::toString);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "meta l4proto esp accept",
        "ip6 nexthdr esp accept",
        "meta l4proto { 50, 51 } accept",
        "meta l4proto { udp, esp } counter packets 0 bytes 0 accept"
      })
  void isContentWithOneThatNamesEsp(String rule) {
    assertEquals(Level.OK, first(rule, "").level());
  }

  @Test
  void hintsAtMarksThatMayOverwriteOurs() {
    Finding finding = first("meta l4proto esp accept", "meta mark set 0x00000001");
    assertTrue(finding.seen().contains("sets marks"), finding::toString);
  }

  @Test
  void hintsAtReversePathsThatKnowNoTunnel() {
    Finding finding = first("meta l4proto esp accept", "fib saddr . mark . iif oif missing drop");
    assertTrue(finding.mend().contains("IPv6_rpfilter=no"), finding::toString);
  }

  @Test
  void tellsOfTablesThatNftDoesNotSee() {
    List<Finding> findings = new FirewallCheck(Ruleset.read(""), List.of("filter")).findings();
    assertTrue(findings.getFirst().mend().startsWith("ip6tables-legacy"), findings::toString);
  }

  @Test
  void isContentWithNoFirewall() {
    assertEquals(
        Level.OK, new FirewallCheck(Ruleset.read(""), List.of()).findings().getFirst().level());
  }
}
