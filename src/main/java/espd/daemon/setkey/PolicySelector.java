package espd.daemon.setkey;

import espd.spd.AddressRange;
import espd.spd.PortRange;
import espd.spd.Selector;

/// Which packets a policy is about. No two policies of the SPD have the same.
///
/// @param way which list it stands in
/// @param source the packets' source
/// @param sourcePorts its ports; for ICMP, ICMPv6 and the Mobility Header type and code
/// @param destination the packets' destination
/// @param destinationPorts its ports; as `sourcePorts` for ICMP and its like
/// @param protocol the upper-layer protocol, or [Selector#ANY_PROTOCOL]
public record PolicySelector(
    Way way,
    AddressRange source,
    PortRange sourcePorts,
    AddressRange destination,
    PortRange destinationPorts,
    int protocol) {

  /// {@return the same, seen from this host}
  public Selector selector() {
    return way == Way.OUT
        ? new Selector(source, destination, protocol, sourcePorts, destinationPorts)
        : new Selector(destination, source, protocol, destinationPorts, sourcePorts);
  }

  /// {@return this in another list}
  PolicySelector in(Way other) {
    return new PolicySelector(other, source, sourcePorts, destination, destinationPorts, protocol);
  }

  /// {@return the selector in setkey's language, without the direction}
  @Override
  public String toString() {
    boolean typed = UpperProtocol.isTyped(protocol);
    String ends = end(source, sourcePorts, typed) + " " + end(destination, destinationPorts, typed);
    String upper = protocol == Selector.ANY_PROTOCOL ? "any" : Integer.toString(protocol);
    boolean types = typed && !sourcePorts.equals(PortRange.ANY);
    return ends + " " + upper + (types ? " " + type() : "");
  }

  private static String end(AddressRange range, PortRange ports, boolean typed) {
    String text = range.first() + "/" + range.prefixLength();
    return typed || ports.equals(PortRange.ANY) ? text : text + "[" + ports + "]";
  }

  private String type() {
    return (sourcePorts.first() >> 8) + "," + (sourcePorts.first() & 0xff);
  }
}
