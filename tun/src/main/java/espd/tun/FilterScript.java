package espd.tun;

import espd.spd.AddressRange;
import espd.spd.Ipv6Address;
import espd.spd.Policy;
import espd.spd.Processing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
///       each policy in the order of the SPD                  accept, or counter cleartext drop
///    chain own       ESP, IKE and the ICMPv6 errors about them   accept
/// ```
///
/// A table `ip espd_DEVICE` does the same for IPv4, once a policy is of IPv4.
///
/// Neighboring policies that do the same share a rule with a set of source addresses, so that
/// thousands of peers cost a packet one lookup, and a change of the rules a few milliseconds.
///
/// A fragment that is not the first shows no ports (RFC 4301 §7). A policy with ports needs not
/// drop it: the first one is dropped, and without it no datagram comes of the rest. So those that
/// may be of a datagram that passes (IKE, a bypass policy with ports) pass, too.
final class FilterScript {

  /// The family of IPv6 in the words of nftables.
  static final String IPV6 = "ip6";

  /// The family of IPv4.
  static final String IPV4 = "ip";

  /// The name of the counter.
  static final String COUNTER = "cleartext";

  private static final String CHAIN = "inbound";
  private static final String OWN_CHAIN = "own";

  /// What comes before it: reassembly, where connection tracking is in use.
  private static final int PRIORITY = -300;

  private final AlwaysAdmitted outer;
  private final String family;
  private final String table;
  private final StringBuilder text = new StringBuilder();

  private FilterScript(AlwaysAdmitted outer, String family) {
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

  /// {@return what makes the table hold the rules of these policies, whether it exists or not}
  ///
  /// @param inbound in the order they are asked
  static String rules(AlwaysAdmitted outer, List<Policy> inbound) {
    FilterScript script = new FilterScript(outer, IPV6);
    script.containers();
    script.own();
    script.exemptDevices();
    script.exemptLink();
    script.policies(inbound.stream().filter(policy -> !isIpv4(policy)).toList());
    return script.text.toString();
  }

  /// {@return what makes the table of IPv4 hold the rules of these policies; empty when none of
  /// them is of IPv4}. No packet of ours is one of IPv4: ESP and IKE need no exemption there.
  ///
  /// @param inbound in the order they are asked
  static String ipv4Rules(AlwaysAdmitted outer, List<Policy> inbound) {
    List<Policy> policies = inbound.stream().filter(FilterScript::isIpv4).toList();
    if (policies.isEmpty()) {
      return "";
    }
    FilterScript script = new FilterScript(outer, IPV4);
    script.containers();
    script.exemptDevices();
    script.policies(policies);
    return script.text.toString();
  }

  private static boolean isIpv4(Policy policy) {
    return policy.selector().remote().isIpv4();
  }

  /// {@return what takes the table away, whether it exists or not}
  ///
  /// @param family [#IPV6] or [#IPV4]
  static String removal(String family, String device) {
    String table = " table " + family + " " + table(device) + "\n";
    return "add" + table + "delete" + table;
  }

  private void line(String... words) {
    text.append(String.join(" ", words)).append('\n');
  }

  private void rule(String chain, String expression, String verdict) {
    line("add rule", family, table, chain, FilterMatch.join(expression, verdict));
  }

  private void containers() {
    String hook = "{ type filter hook prerouting priority " + PRIORITY + "; policy accept; }";
    line("add table", family, table);
    line("add counter", family, table, COUNTER);
    line("add chain", family, table, OWN_CHAIN);
    line("add chain", family, table, CHAIN, hook);
    line("flush chain", family, table, CHAIN);
    line("flush chain", family, table, OWN_CHAIN);
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

  /// Among policies that do the same, their order does not matter.
  private void policies(List<Policy> inbound) {
    int from = 0;
    while (from < inbound.size()) {
      boolean passes = passes(inbound.get(from));
      int to = from + 1;
      while (to < inbound.size() && passes(inbound.get(to)) == passes) {
        to++;
      }
      alike(inbound.subList(from, to), passes);
      from = to;
    }
  }

  private static boolean passes(Policy policy) {
    return switch (policy.processing()) {
      case Processing.Bypass bypass -> true;
      case Processing.Discard discard -> false;
      case Processing.Protect protect -> false;
    };
  }

  private void alike(List<Policy> policies, boolean pass) {
    Map<FilterMatch, List<AddressRange>> remotes =
        policies.stream()
            .map(Policy::selector)
            .collect(
                Collectors.groupingBy(
                    FilterMatch::of,
                    LinkedHashMap::new,
                    Collectors.mapping(selector -> selector.remote(), Collectors.toList())));
    String verdict = pass ? "accept" : "counter name " + COUNTER + " drop";
    remotes.forEach(
        (match, ranges) -> {
          String source = FilterMatch.addresses(family + " saddr", union(ranges));
          for (String expression : match.expressions()) {
            rule(CHAIN, FilterMatch.join(source, expression), verdict);
          }
          if (pass && match.hasPorts()) {
            rule(CHAIN, FilterMatch.join(source, match.fragments()), verdict);
          }
        });
  }

  /// {@return the same addresses in ranges that do not overlap, as a set of nftables wants them}
  private static List<AddressRange> union(List<AddressRange> ranges) {
    List<AddressRange> union = new ArrayList<>();
    for (AddressRange range :
        ranges.stream().sorted(Comparator.comparing(AddressRange::first)).toList()) {
      if (union.isEmpty() || union.getLast().last().compareTo(range.first()) < 0) {
        union.add(range);
      } else if (union.getLast().last().compareTo(range.last()) < 0) {
        union.add(new AddressRange(union.removeLast().first(), range.last()));
      }
    }
    return union;
  }
}
