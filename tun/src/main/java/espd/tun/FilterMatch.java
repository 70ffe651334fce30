package espd.tun;

import espd.spd.AddressRange;
import espd.spd.PortRange;
import espd.spd.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Which arriving packets a selector means, in the words of nftables; all but their source address,
/// so that selectors which differ only there can share a rule.
///
/// A packet has the ports that [Selector] says: those of its transport header, ICMPv6's type and
/// code, the type of the Mobility Header. Non-initial fragments show none, and other protocols have
/// none: they are in [PortRange#ANY] and [PortRange#OPAQUE] only (RFC 4301 §4.4.1.1).
///
/// @param local the packets' destinations
/// @param protocol the upper-layer protocol, or [Selector#ANY_PROTOCOL]
/// @param localPorts the packets' destination ports
/// @param remotePorts the packets' source ports
record FilterMatch(AddressRange local, int protocol, PortRange localPorts, PortRange remotePorts) {

  /// A part of a datagram of IPv6 that is not the first.
  static final String NON_INITIAL_FRAGMENT = "frag frag-off != 0";

  private static final List<Integer> TRANSPORTS = List.of(6, 17, 33, 132, 136);

  private static final String SOURCE_PORT = "@th,0,16";
  private static final String DESTINATION_PORT = "@th,16,16";
  private static final String ICMP_TYPE_AND_CODE = "@th,0,16";
  private static final String MOBILITY_TYPE = "@th,16,8";

  static FilterMatch of(Selector selector) {
    return new FilterMatch(
        selector.local(), selector.protocol(), selector.localPorts(), selector.remotePorts());
  }

  /// {@return whether it asks for ports}
  boolean hasPorts() {
    return !localPorts.equals(PortRange.ANY) || !remotePorts.equals(PortRange.ANY);
  }

  /// {@return the expressions of which a packet satisfies one; none when no packet can}
  List<String> expressions() {
    List<String> upper = new ArrayList<>();
    if (!hasPorts()) {
      upper.add(protocol == Selector.ANY_PROTOCOL ? "" : ofProtocol());
    } else if (opaque(localPorts) && opaque(remotePorts)) {
      withoutPorts(upper);
    } else if (!localPorts.isOpaque() && !remotePorts.isOpaque()) {
      transportPorts(upper);
      icmp(upper);
      mobility(upper);
    }
    return upper.stream().map(expression -> join(destination(), expression)).toList();
  }

  /// {@return the expression of the non-initial fragments that may belong to the packets meant}
  String fragments() {
    return join(
        destination(),
        join(protocol == Selector.ANY_PROTOCOL ? "" : ofProtocol(), nonInitialFragment()));
  }

  private static boolean opaque(PortRange ports) {
    return ports.contains(PortRange.NO_PORT);
  }

  private String ofProtocol() {
    return "meta l4proto " + protocol;
  }

  private boolean canBe(int number) {
    return protocol == Selector.ANY_PROTOCOL || protocol == number;
  }

  private boolean showsPorts(int number) {
    return TRANSPORTS.contains(number) || number == icmpNumber() || number == Selector.MOBILITY;
  }

  private void withoutPorts(List<String> upper) {
    if (protocol == Selector.ANY_PROTOCOL) {
      upper.add(nonInitialFragment());
      List<Integer> showing = new ArrayList<>(TRANSPORTS);
      showing.addAll(List.of(icmpNumber(), Selector.MOBILITY));
      upper.add("meta l4proto != " + set(showing.stream().sorted().toList()));
    } else {
      upper.add(showsPorts(protocol) ? join(ofProtocol(), nonInitialFragment()) : ofProtocol());
    }
  }

  private void transportPorts(List<String> upper) {
    List<Integer> protocols = TRANSPORTS.stream().filter(this::canBe).toList();
    if (!protocols.isEmpty()) {
      upper.add(
          join(
              "meta l4proto " + set(protocols),
              join(among(DESTINATION_PORT, localPorts), among(SOURCE_PORT, remotePorts))));
    }
  }

  /// Both ranges speak of type and code.
  private void icmp(List<String> upper) {
    if (canBe(icmpNumber())) {
      localPorts
          .intersect(remotePorts)
          .ifPresent(
              both ->
                  upper.add(join("meta l4proto " + icmpNumber(), among(ICMP_TYPE_AND_CODE, both))));
    }
  }

  /// As with ICMPv6, the code being 0.
  private void mobility(List<String> upper) {
    Optional<PortRange> both = localPorts.intersect(remotePorts);
    if (canBe(Selector.MOBILITY) && both.isPresent()) {
      int first = (both.get().first() + 0xff) >> 8;
      int last = both.get().last() >> 8;
      if (first <= last) {
        upper.add(
            join(
                "meta l4proto " + Selector.MOBILITY,
                among(MOBILITY_TYPE, new PortRange(first, last))));
      }
    }
  }

  private static String among(String field, PortRange range) {
    if (range.equals(PortRange.ANY)) {
      return "";
    }
    return field + " " + range;
  }

  private String destination() {
    boolean any = local.equals(AddressRange.ANY) || local.equals(AddressRange.ANY_IPV4);
    return any ? "" : family() + " daddr " + range(local);
  }

  private String family() {
    return local.isIpv4() ? "ip" : "ip6";
  }

  private String nonInitialFragment() {
    return local.isIpv4() ? "ip frag-off & 0x1fff != 0" : NON_INITIAL_FRAGMENT;
  }

  private int icmpNumber() {
    return local.isIpv4() ? Selector.ICMP : Selector.ICMPV6;
  }

  /// {@return the range as nftables writes an element of a set}
  static String range(AddressRange range) {
    return range.first().equals(range.last())
        ? range.first().toString()
        : range.first() + "-" + range.last();
  }

  /// {@return the elements as nftables writes a set, one alone as itself}
  static String set(List<?> elements) {
    String text = String.join(", ", elements.stream().map(Object::toString).toList());
    return elements.size() == 1 ? text : "{ " + text + " }";
  }

  /// {@return both expressions, which may be empty}
  static String join(String first, String second) {
    return first.isEmpty() || second.isEmpty() ? first + second : first + " " + second;
  }
}
