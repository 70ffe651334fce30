package espd.tun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.spd.AddressRange;
import espd.spd.Direction;
import espd.spd.Ipv6Address;
import espd.spd.Mode;
import espd.spd.Policy;
import espd.spd.PortRange;
import espd.spd.Processing;
import espd.spd.Sadb;
import espd.spd.Selector;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// RFC 4301 §5.2 in the words of nftables.
class FilterScriptTest {

  private static final Ipv6Address HERE = Ipv6Address.parse("2001:db8:1::1");
  private static final Ipv6Address THERE = Ipv6Address.parse("2001:db8:2::2");
  private static final AlwaysAdmitted OUTER =
      new AlwaysAdmitted("espd0", Set.of(HERE), Set.of(500, 4500));
  private static final Processing PROTECT = new Processing.Protect(Mode.TUNNEL, HERE, THERE, 1);
  private static final Processing BYPASS = new Processing.Bypass();
  private static final Processing DISCARD = new Processing.Discard();

  private static final Pattern ELEMENTS =
      Pattern.compile("add element ip6 espd_espd0 (sources[0-9]+) \\{ (.*) }");

  private static final String DROP = "counter name cleartext drop";
  private static final String SOURCE = "ip6 saddr 2001:db8:2::2 ";
  private static final String BETWEEN = SOURCE + "ip6 daddr 2001:db8:1::1";

  static Policy policy(Selector selector, Processing processing) {
    return new Policy("net", Direction.INBOUND, selector, 0, processing);
  }

  private static Selector selector(
      String local, String remote, int protocol, PortRange... localThenRemote) {
    return new Selector(
        range(local), range(remote), protocol, localThenRemote[0], localThenRemote[1]);
  }

  private static AddressRange range(String text) {
    int dash = text.indexOf('-');
    return dash < 0
        ? AddressRange.parse(text)
        : new AddressRange(
            Ipv6Address.parse(text.substring(0, dash)),
            Ipv6Address.parse(text.substring(dash + 1)));
  }

  private static Selector hosts(int protocol, PortRange local, PortRange remote) {
    return new Selector(AddressRange.of(HERE), AddressRange.of(THERE), protocol, local, remote);
  }

  private static Selector from(String remote) {
    return selector(HERE.toString(), remote, 0, PortRange.ANY, PortRange.ANY);
  }

  private static String script(AlwaysAdmitted outer, Policy... policies) {
    return FilterScript.of(IpFamily.IPV6, outer, rules(IpFamily.IPV6, policies), Set.of());
  }

  private static List<FilterRules.Rule> rules(IpFamily family, Policy... policies) {
    Sadb sadb = new Sadb(InstantSource.system(), new Random());
    sadb.addAll(List.of(policies));
    FilterRules rules = new FilterRules(family);
    assertTrue(rules.follow(sadb.spd()).isEmpty());
    return rules.renew();
  }

  /// The rules of these policies, without what every table has, with the elements of each set in
  /// its place.
  private static List<String> rules(Policy... policies) {
    String always = script(OUTER);
    String all = script(OUTER, policies);
    assertTrue(all.startsWith(always), all);
    Map<String, String> sets = new HashMap<>();
    List<String> rules = new ArrayList<>();
    for (String line : all.substring(always.length()).lines().toList()) {
      Matcher elements = ELEMENTS.matcher(line);
      if (elements.matches()) {
        boolean one = !elements.group(2).contains(",");
        sets.put(elements.group(1), one ? elements.group(2) : "{ " + elements.group(2) + " }");
      } else if (line.startsWith("add rule")) {
        String set = line.replaceFirst(".*@(sources[0-9]+).*", "$1");
        rules.add(
            line.replace("add rule ip6 espd_espd0 inbound ", "")
                .replace("@" + set, String.valueOf(sets.get(set))));
      }
    }
    return rules;
  }

  @Test
  void letsIpsecItselfAndTheLinkPassWhateverThePoliciesAre() {
    assertEquals(
        """
        add table ip6 espd_espd0
        add counter ip6 espd_espd0 cleartext
        add chain ip6 espd_espd0 own
        add chain ip6 espd_espd0 inbound { type filter hook prerouting priority -300; policy accept; }
        flush chain ip6 espd_espd0 inbound
        flush chain ip6 espd_espd0 own
        add rule ip6 espd_espd0 own meta l4proto 50 accept
        add rule ip6 espd_espd0 own meta l4proto 17 @th,16,16 { 500, 4500 } accept
        add rule ip6 espd_espd0 own meta l4proto 17 frag frag-off != 0 accept
        add rule ip6 espd_espd0 own meta l4proto 58 @th,0,8 1-4 @th,112,8 50 accept
        add rule ip6 espd_espd0 own meta l4proto 58 @th,0,8 1-4 @th,112,8 17 @th,384,16 { 500, 4500 } accept
        add rule ip6 espd_espd0 own meta l4proto 58 @th,0,8 1-4 @th,112,8 44 @th,384,8 { 17, 50 } accept
        add rule ip6 espd_espd0 inbound iifname { "lo", "espd0" } accept
        add rule ip6 espd_espd0 inbound ip6 daddr 2001:db8:1::1 jump own
        add rule ip6 espd_espd0 inbound meta l4proto 58 @th,0,8 133-137 ip6 hoplimit 255 accept
        add rule ip6 espd_espd0 inbound meta l4proto 58 @th,0,8 { 130, 131, 132, 143 } ip6 hoplimit 1 accept
        add rule ip6 espd_espd0 inbound ip6 saddr fe80::/10 ip6 daddr { fe80::/10, ff02::/16 } accept
        """,
        script(OUTER));
  }

  @Test
  void dropsWhatIsToBeProtectedOrDiscardedAndAcceptsABypassInTheOrderOfTheSpd() {
    assertEquals(
        List.of(
            BETWEEN + " meta l4proto 6 accept",
            BETWEEN + " " + DROP,
            "ip6 saddr 2001:db8:3::-2001:db8:3:ffff:ffff:ffff:ffff:ffff accept",
            "ip6 saddr ::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff " + DROP),
        rules(
            policy(hosts(6, PortRange.ANY, PortRange.ANY), BYPASS),
            policy(hosts(0, PortRange.ANY, PortRange.ANY), PROTECT),
            policy(selector("::/0", "2001:db8:3::/48", 0, PortRange.ANY, PortRange.ANY), BYPASS),
            policy(Selector.between(AddressRange.ANY, AddressRange.ANY), DISCARD)));
  }

  @Test
  void takesRangesThatAreNoPrefix() {
    assertEquals(
        List.of(
            "ip6 saddr 2001:db8:2::5-2001:db8:2::9 ip6 daddr 2001:db8:1::1-2001:db8:1::3 " + DROP),
        rules(
            policy(
                selector(
                    "2001:db8:1::1-2001:db8:1::3",
                    "2001:db8:2::5-2001:db8:2::9",
                    0,
                    PortRange.ANY,
                    PortRange.ANY),
                PROTECT)));
  }

  /// RFC 4301 §4.4.1.1: what arrives has the local port as its destination.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          6  | 80    | 1024-2047   | meta l4proto 6 @th,16,16 80 @th,0,16 1024-2047
          17 | any   | 53          | meta l4proto 17 @th,0,16 53
          58 | 32768-33023 | any   | meta l4proto 58 @th,0,16 32768-33023
          58 | 32768-33023 | 33000-65535 | meta l4proto 58 @th,0,16 33000-33023
          135| 1280-1535 | any     | meta l4proto 135 @th,16,8 5
          6  | opaque| opaque      | meta l4proto 6 frag frag-off != 0
          47 | opaque| any         | meta l4proto 47
          47 | any   | any         | meta l4proto 47
          """)
  void asksForPortsWhereThePacketShowsThem(
      int protocol, String local, String remote, String expression) {
    assertEquals(
        List.of(BETWEEN + " " + expression + " " + DROP),
        rules(policy(hosts(protocol, ports(local), ports(remote)), PROTECT)));
  }

  /// A range that no packet of the protocol can show: nothing is to be dropped.
  @ParameterizedTest
  @CsvSource({
    "47, 80, any",
    "6, opaque, 80",
    "58, 32768, 33024",
    "135, 1281-1300, any",
  })
  void hasNoRuleForWhatNoPacketCanBe(int protocol, String local, String remote) {
    assertEquals(List.of(), rules(policy(hosts(protocol, ports(local), ports(remote)), PROTECT)));
  }

  private static PortRange ports(String text) {
    if ("any".equals(text)) {
      return PortRange.ANY;
    }
    if ("opaque".equals(text)) {
      return PortRange.OPAQUE;
    }
    String[] ends = text.split("-", -1);
    return new PortRange(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]));
  }

  @Test
  void portsOfAnyProtocolAreThoseThatEachShows() {
    assertEquals(
        List.of(
            BETWEEN + " meta l4proto { 6, 17, 33, 132, 136 } @th,16,16 1280 " + DROP,
            BETWEEN + " meta l4proto 58 @th,0,16 1280 " + DROP,
            BETWEEN + " meta l4proto 135 @th,16,8 5 " + DROP),
        rules(policy(hosts(0, PortRange.of(1280), PortRange.ANY), PROTECT)));
    assertEquals(
        List.of(
            BETWEEN + " frag frag-off != 0 " + DROP,
            BETWEEN + " meta l4proto != { 6, 17, 33, 58, 132, 135, 136 } " + DROP),
        rules(policy(hosts(0, PortRange.OPAQUE, PortRange.OPAQUE), PROTECT)));
  }

  /// RFC 4301 §7: fragments that are not the first show no ports. Those of a bypassed datagram have
  /// to pass; those of a protected one lead nowhere without the first, which is dropped.
  @Test
  void letsTheFragmentsOfABypassedDatagramPass() {
    assertEquals(
        List.of(
            BETWEEN + " meta l4proto 17 @th,16,16 53 accept",
            BETWEEN + " meta l4proto 17 frag frag-off != 0 accept",
            BETWEEN + " " + DROP),
        rules(
            policy(hosts(17, PortRange.of(53), PortRange.ANY), BYPASS),
            policy(hosts(0, PortRange.ANY, PortRange.ANY), PROTECT)));
  }

  @Test
  void neighboringPoliciesThatDoTheSameShareARule() {
    assertEquals(
        List.of(
            "ip6 saddr { 2001:db8:2::1, 2001:db8:2::7-2001:db8:2::f } ip6 daddr 2001:db8:1::1 "
                + DROP,
            "ip6 saddr 2001:db8:2::1 ip6 daddr 2001:db8:1::1 meta l4proto 6 " + DROP,
            "ip6 saddr 2001:db8:2::3 ip6 daddr 2001:db8:1::1 accept",
            "ip6 saddr 2001:db8:2::4 ip6 daddr 2001:db8:1::1 " + DROP),
        rules(
            policy(from("2001:db8:2::8-2001:db8:2::f"), PROTECT),
            policy(
                selector(HERE.toString(), "2001:db8:2::1", 6, PortRange.ANY, PortRange.ANY),
                PROTECT),
            policy(from("2001:db8:2::1"), DISCARD),
            policy(from("2001:db8:2::7-2001:db8:2::9"), PROTECT),
            policy(from("2001:db8:2::3"), BYPASS),
            policy(from("2001:db8:2::4"), PROTECT)));
  }

  @Test
  void thousandsOfPeersAreOneRule() {
    List<Policy> policies = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      policies.add(policy(from("2001:db8:2:" + Integer.toHexString(i) + "::1"), PROTECT));
    }
    assertEquals(1, rules(policies.toArray(Policy[]::new)).size());
  }

  @Test
  void hasNoRuleForAddressesOfOursWhenThereAreNone() {
    String text = script(new AlwaysAdmitted("espd0", Set.of(), Set.of(500)));
    assertTrue(!text.contains("jump"), text);
  }

  /// In one transaction: packets meet either the earlier rules or these.
  @Test
  void takesOutSetsThatNoRuleHasAnyMore() {
    String text =
        FilterScript.of(
            IpFamily.IPV4, OUTER, rules(IpFamily.IPV4, policy(ipv4(), PROTECT)), Set.of(3));
    assertEquals(
        """
        add table ip espd_espd0
        add counter ip espd_espd0 cleartext
        add chain ip espd_espd0 own
        add chain ip espd_espd0 inbound { type filter hook prerouting priority -300; policy accept; }
        flush chain ip espd_espd0 inbound
        flush chain ip espd_espd0 own
        add set ip espd_espd0 sources3 { type ipv4_addr; flags interval; }
        delete set ip espd_espd0 sources3
        add rule ip espd_espd0 inbound iifname { "lo", "espd0" } accept
        add set ip espd_espd0 sources0 { type ipv4_addr; flags interval; }
        add element ip espd_espd0 sources0 { 198.51.100.0-198.51.100.255 }
        add rule ip espd_espd0 inbound ip saddr @sources0 ip daddr 192.0.2.1 counter name cleartext drop
        """,
        text);
  }

  private static Selector ipv4() {
    return Selector.between(AddressRange.parse("192.0.2.1"), AddressRange.parse("198.51.100.0/24"));
  }

  @ParameterizedTest
  @CsvSource({"espd0,espd_espd0", "ipsec-1,espd_ipsec_2d_1", "a_b.c,espd_a_5f_b.c"})
  void everyDeviceHasATableOfItsOwn(String device, String table) {
    assertEquals(table, FilterScript.table(device));
  }
}
