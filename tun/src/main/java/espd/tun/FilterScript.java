package espd.tun;

import espd.spd.Ipv6Address;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// What `nft` is told to do: one transaction puts all rules in the place of the earlier ones, and
/// packets meet either those or these. The counter stays, and with it what it has counted.
///
/// ```
///  table ip6 espd_DEVICE
///    counter cleartext
///    chain inbound   hook prerouting, before connection tracking: covers sockets and forwarding
///       from the TUN device, or the host to itself           accept
///       to an address of ours                                jump own
///       what holds the link together                         accept
///       each of [FilterRules] in the order of the SPD        accept, or counter cleartext drop
///    chain own       ESP, IKE and the ICMPv6 errors about them   accept
///    set sourcesN    the source addresses of a rule
/// ```
///
/// A table `ip espd_DEVICE` does the same for IPv4, once a policy is of IPv4.
///
/// Sources that come and go need no `nft`: [LinuxInboundFilter] changes the sets themselves.
///
/// A fragment that is not the first shows no ports (RFC 4301 §7). A policy with ports needs not
/// drop it: the first one is dropped, and without it no datagram comes of the rest. So those that
/// may be of a datagram that passes (IKE, a bypass policy with ports) pass, too.
final class FilterScript {

  /// The name of the counter.
  static final String COUNTER = "cleartext";

  private static final String CHAIN = "inbound";
  private static final String OWN_CHAIN = "own";

  /// What comes before it: reassembly, where connection tracking is in use.
  private static final int PRIORITY = -300;

  private final AlwaysAdmitted outer;
  private final IpFamily family;
  private final String table;
  private final StringBuilder text = new StringBuilder();

  private FilterScript(AlwaysAdmitted outer, IpFamily family) {
    this.outer = outer;
    this.family = family;
    this.table = table(outer.device());
  }

  /// {@return the name of the table of a device: what nftables takes in no name is written by its
  /// code}
  static String table(String device) {
    StringBuilder name = new StringBuilder("espd_");
    device
        .chars()
        .forEach(
            c -> {
              boolean plain = (c < 128 && Character.isLetterOrDigit(c)) || c == '.';
              name.append(plain ? (char) c : "_" + Integer.toHexString(c) + "_");
            });
    return name.toString();
  }

  /// {@return what makes the table hold these rules, whether it exists or not}. No packet of ours
  /// is one of IPv4: ESP and IKE need no exemption there.
  ///
  /// @param useless the numbers of sets that may still be there
  static String of(
      IpFamily family, AlwaysAdmitted outer, List<FilterRules.Rule> rules, Set<Integer> useless) {
    FilterScript script = new FilterScript(outer, family);
    script.containers();
    useless.forEach(script::withoutSet);
    if (family == IpFamily.IPV6) {
      script.own();
    }
    script.exemptDevices();
    if (family == IpFamily.IPV6) {
      script.exemptLink();
    }
    rules.forEach(script::rule);
    return script.text.toString();
  }

  /// {@return the name of the set of a rule's sources}
  static String set(int number) {
    return "sources" + number;
  }

  /// {@return what takes the table away, whether it exists or not}
  static String removal(IpFamily family, String device) {
    String table = " table " + family.word + " " + table(device) + "\n";
    return "add" + table + "delete" + table;
  }

  private void line(String... words) {
    text.append(String.join(" ", words)).append('\n');
  }

  private void rule(String chain, String expression, String verdict) {
    line("add rule", family.word, table, chain, FilterMatch.join(expression, verdict));
  }

  private void containers() {
    String hook = "{ type filter hook prerouting priority " + PRIORITY + "; policy accept; }";
    line("add table", family.word, table);
    line("add counter", family.word, table, COUNTER);
    line("add chain", family.word, table, OWN_CHAIN);
    line("add chain", family.word, table, CHAIN, hook);
    line("flush chain", family.word, table, CHAIN);
    line("flush chain", family.word, table, OWN_CHAIN);
  }

  /// An ICMPv6 error carries the packet it is about (RFC 4443 §3) from octet 8 of its header on: of
  /// ours is one that is ESP or comes from a port of ours, at once or behind a fragment header.
  private void own() {
    String ports = FilterMatch.set(outer.ports().stream().sorted().toList());
    String error = "meta l4proto 58 @th,0,8 1-4 ";
    for (String expression :
        List.of(
            "meta l4proto 50",
            "meta l4proto 17 @th,16,16 " + ports,
            "meta l4proto 17 " + FilterMatch.NON_INITIAL_FRAGMENT,
            error + "@th,112,8 50",
            error + "@th,112,8 17 @th,384,16 " + ports,
            error + "@th,112,8 44 @th,384,8 { 17, 50 }")) {
      rule(OWN_CHAIN, expression, "accept");
    }
    if (!outer.tcp().ports().isEmpty()) {
      List<Integer> accepting = outer.tcp().ports().stream().sorted().toList();
      rule(OWN_CHAIN, "meta l4proto 6 @th,16,16 " + FilterMatch.set(accepting), "accept");
    }
    if (outer.tcp().mark() != 0) {
      rule(OWN_CHAIN, "meta l4proto 6 socket mark " + outer.tcp().mark(), "accept");
    }
  }

  private void exemptDevices() {
    String device = outer.device().replace("\\", "\\\\").replace("\"", "\\\"").replace("*", "\\*");
    rule(CHAIN, "iifname { \"lo\", \"" + device + "\" }", "accept");
  }

  private void exemptLink() {
    if (!outer.locals().isEmpty()) {
      List<Ipv6Address> locals = outer.locals().stream().sorted().toList();
      rule(CHAIN, "ip6 daddr " + FilterMatch.set(locals), "jump " + OWN_CHAIN);
    }
    // RFC 4861 §6.1 and §7.1: from this link only. RFC 2710 §3, RFC 3810 §5: from a link-local one.
    rule(CHAIN, "meta l4proto 58 @th,0,8 133-137 ip6 hoplimit 255", "accept");
    rule(CHAIN, "meta l4proto 58 @th,0,8 { 130, 131, 132, 143 } ip6 hoplimit 1", "accept");
    rule(CHAIN, "ip6 saddr fe80::/10 ip6 daddr { fe80::/10, ff02::/16 }", "accept");
  }

  private void withoutSet(int number) {
    addSet(number);
    line("delete set", family.word, table, set(number));
  }

  private void addSet(int number) {
    String type = family == IpFamily.IPV6 ? "ipv6_addr" : "ipv4_addr";
    line("add set", family.word, table, set(number), "{ type " + type + "; flags interval; }");
  }

  private void rule(FilterRules.Rule rule) {
    addSet(rule.number());
    String elements =
        rule.sources().disjoint().stream()
            .map(FilterMatch::range)
            .collect(Collectors.joining(", ", "{ ", " }"));
    line("add element", family.word, table, set(rule.number()), elements);
    String source = family.word + " saddr @" + set(rule.number());
    String verdict = rule.passes() ? "accept" : "counter name " + COUNTER + " drop";
    for (String expression : rule.match().expressions()) {
      rule(CHAIN, FilterMatch.join(source, expression), verdict);
    }
    if (rule.passes() && rule.match().hasPorts()) {
      rule(CHAIN, FilterMatch.join(source, rule.match().fragments()), verdict);
    }
  }
}
