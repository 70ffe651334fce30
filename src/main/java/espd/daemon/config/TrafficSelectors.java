package espd.daemon.config;

import espd.spd.AddressRange;
import espd.spd.Mode;
import espd.spd.PortRange;
import espd.spd.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a connection protects: `leftsubnet=`, `rightsubnet=` and the protocols and ports with them
/// (RFC 7296 §3.13). Without a subnet, the end itself. Subnets of IPv4 pair with those of IPv4 only
/// (RFC 4301 §4.4.1.1).
///
/// A peer that may be anybody (`right=%any`) and has no subnet has no address that could stand
/// here, so its side is `::/0`. That is not what it is given: IKE narrows such a connection to the
/// address the peer speaks from (RFC 7296 §2.9), or one peer could claim the traffic of all.
final class TrafficSelectors {

  private final Settings settings;

  private TrafficSelectors(Settings settings) {
    this.settings = settings;
  }

  /// {@return every combination of what stands at both ends, in the order of the file; never empty}
  static List<Selector> read(Settings settings, Endpoints ends, Mode mode) throws Unreadable {
    TrafficSelectors reader = new TrafficSelectors(settings);
    List<Side> locals = reader.sides(ends.local(), mode);
    List<Side> remotes = reader.sides(ends.remote(), mode);
    List<Selector> selectors = new ArrayList<>();
    for (Side local : locals) {
      for (Side remote : remotes) {
        combine(local, remote).ifPresent(selectors::add);
      }
    }
    if (selectors.isEmpty()) {
      throw new Unreadable(
          settings.name().place(),
          "protocols or families that differ at left and right",
          "a common one");
    }
    return selectors;
  }

  /// What stands at one end.
  private record Side(AddressRange addresses, int protocol, PortRange ports) {}

  private static Optional<Selector> combine(Side local, Side remote) {
    if (local.addresses().isIpv4() != remote.addresses().isIpv4()) {
      return Optional.empty();
    }
    boolean anyHere = local.protocol() == Selector.ANY_PROTOCOL;
    boolean anyThere = remote.protocol() == Selector.ANY_PROTOCOL;
    if (!anyHere && !anyThere && local.protocol() != remote.protocol()) {
      return Optional.empty();
    }
    int protocol = anyHere ? remote.protocol() : local.protocol();
    return Optional.of(
        new Selector(
            local.addresses(), remote.addresses(), protocol, local.ports(), remote.ports()));
  }

  private List<Side> sides(Endpoints.End end, Mode mode) throws Unreadable {
    AddressRange itself = end.address().map(AddressRange::of).orElse(AddressRange.ANY);
    List<AddressRange> assigned = InternalAddressesReader.dynamic(settings, end.side());
    if (!assigned.isEmpty() && mode == Mode.TRANSPORT) {
      throw new Unreadable(
          settings.value(end.side(), "sourceip").orElseThrow(),
          "none, as type=transport knows no addresses but the hosts' own");
    }
    List<Side> alone = new ArrayList<>();
    for (AddressRange range : assigned.isEmpty() ? List.of(itself) : assigned) {
      alone.add(alone(end, range));
    }
    Optional<Value> subnets = settings.value(end.side(), "subnet");
    if (subnets.isEmpty()) {
      return alone;
    }
    List<Side> sides = new ArrayList<>();
    for (Value subnet : subnets.get().split(" \t\r\n,{}")) {
      if (!subnet.isEmpty()) {
        for (Side each : alone) {
          Side side = side(subnet, each);
          if (mode == Mode.TRANSPORT && !side.addresses().equals(itself)) {
            throw new Unreadable(
                subnet, "the end itself, as type=transport protects the two hosts only");
          }
          if (!sides.contains(side)) {
            sides.add(side);
          }
        }
      }
    }
    return sides.isEmpty() ? alone : sides;
  }

  private Side alone(Endpoints.End end, AddressRange itself) throws Unreadable {
    Optional<Value> protoport = settings.value(end.side(), "protoport");
    return protoport.isPresent()
        ? upperLayer(protoport.get(), itself)
        : new Side(itself, Selector.ANY_PROTOCOL, PortRange.ANY);
  }

  private static Side side(Value subnet, Side alone) throws Unreadable {
    int bracket = subnet.text().indexOf('[');
    AddressRange addresses = addresses(bracket < 0 ? subnet : subnet.part(0, bracket), alone);
    if (bracket < 0) {
      return new Side(addresses, alone.protocol(), alone.ports());
    }
    if (!subnet.text().endsWith("]")) {
      throw new Unreadable(subnet, "PREFIX[PROTOCOL/PORT]");
    }
    return upperLayer(subnet.part(bracket + 1, subnet.text().length() - 1), addresses);
  }

  private static AddressRange addresses(Value value, Side alone) throws Unreadable {
    String text = value.text();
    try {
      if (text.equals("%dynamic") || text.isEmpty()) {
        return alone.addresses();
      }
      int dash = text.indexOf('-');
      if (dash > 0) {
        return new AddressRange(
            AddressRange.parse(text.substring(0, dash)).first(),
            AddressRange.parse(text.substring(dash + 1)).last());
      }
      return AddressRange.parse(text);
    } catch (IllegalArgumentException e) {
      throw new Unreadable(value, "a prefix, as 2001:db8:1::/48 or 10.1.0.0/24");
    }
  }

  private static Side upperLayer(Value value, AddressRange addresses) throws Unreadable {
    int slash = value.text().indexOf('/');
    int protocol = protocol(slash < 0 ? value : value.part(0, slash));
    PortRange ports = slash < 0 ? PortRange.ANY : ports(value.from(slash + 1), protocol);
    return new Side(addresses, protocol, ports);
  }

  private static int protocol(Value value) throws Unreadable {
    return switch (value.lower()) {
      case "%any", "any", "" -> Selector.ANY_PROTOCOL;
      case "tcp" -> 6;
      case "udp" -> 17;
      case "icmp" -> Selector.ICMP;
      case "gre" -> 47;
      case "icmpv6", "ipv6-icmp", "icmp6" -> Selector.ICMPV6;
      case "ospf", "ospfigp" -> 89;
      case "l2tp" -> 115;
      case "sctp" -> 132;
      case "mh", "ipv6-mh" -> Selector.MOBILITY;
      default -> {
        if (!value.text().matches("\\d{1,3}") || Integer.parseInt(value.text()) > 255) {
          throw new Unreadable(value, "a protocol: tcp, udp, ipv6-icmp, … or 0 to 255");
        }
        yield Integer.parseInt(value.text());
      }
    };
  }

  private static PortRange ports(Value value, int protocol) throws Unreadable {
    String text = value.lower();
    if (text.equals("%any") || text.equals("any") || text.isEmpty()) {
      return PortRange.ANY;
    }
    if (text.equals("%opaque")) {
      return PortRange.OPAQUE;
    }
    if (!text.matches("\\d{1,5}(-\\d{1,5})?")) {
      throw new Unreadable(value, "a port from 0 to 65535, a range as 1024-2047, or any");
    }
    int dash = text.indexOf('-');
    int first = Integer.parseInt(dash < 0 ? text : text.substring(0, dash));
    int last = dash < 0 ? first : Integer.parseInt(text.substring(dash + 1));
    boolean types =
        protocol == Selector.ICMPV6 || protocol == Selector.ICMP || protocol == Selector.MOBILITY;
    if (types && dash < 0 && first < 256) {
      return PortRange.icmp(first, -1);
    }
    if (first > last || last > 65535) {
      throw new Unreadable(value, "a port from 0 to 65535, or a range as 1024-2047");
    }
    return new PortRange(first, last);
  }
}
