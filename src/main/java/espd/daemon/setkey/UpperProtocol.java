package espd.daemon.setkey;

import espd.spd.Selector;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/// The upper-layer protocols by the names of `/etc/protocols`, which is the same everywhere.
final class UpperProtocol {

  static final int GRE = 47;

  /// What stands for all protocols in PF_KEY.
  private static final int ANY = 255;

  private static final Map<String, Integer> NAMES =
      Map.ofEntries(
          Map.entry("icmp", Selector.ICMP),
          Map.entry("igmp", 2),
          Map.entry("ipencap", 4),
          Map.entry("ip-encap", 4),
          Map.entry("ip4", 4),
          Map.entry("egp", 8),
          Map.entry("igp", 9),
          Map.entry("udp", 17),
          Map.entry("dccp", 33),
          Map.entry("ipv6", 41),
          Map.entry("ipv6-route", 43),
          Map.entry("ipv6-frag", 44),
          Map.entry("rsvp", 46),
          Map.entry("gre", GRE),
          Map.entry("ipv6-icmp", Selector.ICMPV6),
          Map.entry("icmp6", Selector.ICMPV6),
          Map.entry("ipv6-nonxt", 59),
          Map.entry("ipv6-opts", 60),
          Map.entry("eigrp", 88),
          Map.entry("ospf", 89),
          Map.entry("ospfigp", 89),
          Map.entry("ipip", 94),
          Map.entry("etherip", 97),
          Map.entry("encap", 98),
          Map.entry("pim", 103),
          Map.entry("vrrp", 112),
          Map.entry("l2tp", 115),
          Map.entry("isis", 124),
          Map.entry("sctp", 132),
          Map.entry("mobility-header", Selector.MOBILITY),
          Map.entry("udplite", 136),
          Map.entry("hip", 139),
          Map.entry("shim6", 140));

  private UpperProtocol() {}

  /// {@return the number of a protocol by its name, or nothing}
  static OptionalInt named(String name) {
    // /etc/protocols has each name in capitals too, where it is another then.
    boolean oneCase =
        name.equals(name.toLowerCase(Locale.ROOT)) || name.equals(name.toUpperCase(Locale.ROOT));
    Integer number = oneCase ? NAMES.get(name.toLowerCase(Locale.ROOT)) : null;
    return number == null ? OptionalInt.empty() : OptionalInt.of(number);
  }

  /// {@return a protocol of the SPD for a number of PF_KEY, 0 to 255}
  static int of(int number) {
    return number == ANY ? Selector.ANY_PROTOCOL : number;
  }

  /// {@return whether packets have a type and a code instead of ports}
  static boolean isTyped(int protocol) {
    return protocol == Selector.ICMP
        || protocol == Selector.ICMPV6
        || protocol == Selector.MOBILITY;
  }
}
