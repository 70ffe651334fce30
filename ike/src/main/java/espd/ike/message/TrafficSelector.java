package espd.ike.message;

import espd.spd.AddressRange;
import espd.spd.Ipv6Address;
import espd.spd.PortRange;
import espd.spd.Selector;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The packets at one end of a Child SA (RFC 7296 §3.13.1).
///
/// ```
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |   TS Type     |IP Protocol ID |       Selector Length         |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |           Start Port          |           End Port            |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ~                         Starting Address                      ~
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ~                         Ending Address                        ~
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
///
/// @param type [#IPV6_ADDR_RANGE] or [#IPV4_ADDR_RANGE]
/// @param protocol the upper-layer protocol, 0 for every one
/// @param startPort 0 to 65535; above `endPort` only for OPAQUE (65535 and 0)
/// @param endPort 0 to 65535
/// @param start the lowest address, 16 or 4 octets
/// @param end the highest address, as long
public record TrafficSelector(
    int type, int protocol, int startPort, int endPort, Bytes start, Bytes end) {

  /// TS_IPV4_ADDR_RANGE.
  public static final int IPV4_ADDR_RANGE = 7;

  /// TS_IPV6_ADDR_RANGE.
  public static final int IPV6_ADDR_RANGE = 8;

  private static final int HEADER_OCTETS = 4;
  private static final int IPV4_OCTETS = 4;

  /// {@return our end of `selector`}
  public static TrafficSelector ofLocal(Selector selector) {
    return of(selector.local(), selector.protocol(), selector.localPorts());
  }

  /// {@return the peer's end of `selector`}
  public static TrafficSelector ofRemote(Selector selector) {
    return of(selector.remote(), selector.protocol(), selector.remotePorts());
  }

  private static TrafficSelector of(AddressRange addresses, int protocol, PortRange ports) {
    return new TrafficSelector(
        addresses.isIpv4() ? IPV4_ADDR_RANGE : IPV6_ADDR_RANGE,
        protocol,
        ports.first(),
        ports.last(),
        bytes(addresses.first(), addresses.isIpv4()),
        bytes(addresses.last(), addresses.isIpv4()));
  }

  /// {@return the same packets of another address of IPv6, and of no other}
  public TrafficSelector at(Ipv6Address address) {
    Bytes octets = bytes(address, false);
    return new TrafficSelector(IPV6_ADDR_RANGE, protocol, startPort, endPort, octets, octets);
  }

  private static Bytes bytes(Ipv6Address address, boolean ipv4) {
    return ipv4 ? Bytes.ofInt(address.ipv4()) : Bytes.of(address.octets());
  }

  /// {@return every pair of one local and one remote selector that has packets: of one family, not
  /// empty, protocols alike (RFC 7296 §2.9)}
  ///
  /// @param local the selectors of our end
  /// @param remote the selectors of the peer's end
  public static List<Selector> pairs(List<TrafficSelector> local, List<TrafficSelector> remote) {
    List<Selector> pairs = new ArrayList<>();
    for (TrafficSelector ours : local) {
      for (TrafficSelector theirs : remote) {
        ours.with(theirs).ifPresent(pairs::add);
      }
    }
    return pairs;
  }

  private Optional<Selector> with(TrafficSelector remote) {
    if (type != remote.type) {
      return Optional.empty();
    }
    boolean everyProtocol = protocol == Selector.ANY_PROTOCOL;
    if (!everyProtocol && remote.protocol != Selector.ANY_PROTOCOL && protocol != remote.protocol) {
      return Optional.empty();
    }
    int both = everyProtocol ? remote.protocol : protocol;
    return addresses()
        .flatMap(
            l ->
                remote
                    .addresses()
                    .flatMap(
                        r ->
                            ports()
                                .flatMap(
                                    lp ->
                                        remote
                                            .ports()
                                            .map(rp -> new Selector(l, r, both, lp, rp)))));
  }

  /// {@return the addresses, or nothing when the range is empty, or of IPv6 and made of IPv4-mapped
  /// addresses, which no packet of IPv6 has (RFC 4291 §2.5.5.2)}
  public Optional<AddressRange> addresses() {
    Ipv6Address first = address(start);
    Ipv6Address last = address(end);
    return first.compareTo(last) <= 0
        ? Optional.of(new AddressRange(first, last))
            .filter(range -> range.isIpv4() == (type == IPV4_ADDR_RANGE))
        : Optional.empty();
  }

  private Ipv6Address address(Bytes octets) {
    return type == IPV4_ADDR_RANGE
        ? Ipv6Address.ofIpv4(ByteBuffer.wrap(octets.toArray()).getInt())
        : Ipv6Address.of(octets.toArray());
  }

  /// {@return the ports, or nothing when the range is empty}
  public Optional<PortRange> ports() {
    boolean opaque = startPort == PortRange.OPAQUE.first() && endPort == PortRange.OPAQUE.last();
    return startPort <= endPort || opaque
        ? Optional.of(new PortRange(startPort, endPort))
        : Optional.empty();
  }

  /// Reads the body of a Traffic Selector payload; selectors of a type we do not know are left out,
  /// as nobody can narrow to them.
  static List<TrafficSelector> readAll(Reader in) throws MalformedException {
    int count = in.u8();
    in.skip(3);
    List<TrafficSelector> selectors = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int type = in.u8();
      int protocol = in.u8();
      Reader body = in.sub(in.u16() - HEADER_OCTETS);
      if (type == IPV4_ADDR_RANGE || type == IPV6_ADDR_RANGE) {
        selectors.add(read(type, protocol, body));
      }
    }
    return selectors;
  }

  private static TrafficSelector read(int type, int protocol, Reader in) throws MalformedException {
    int octets = type == IPV6_ADDR_RANGE ? Ipv6Address.OCTETS : IPV4_OCTETS;
    int startPort = in.u16();
    int endPort = in.u16();
    Bytes start = in.bytes(octets);
    Bytes end = in.bytes(octets);
    in.expectEnd("traffic selector");
    return new TrafficSelector(type, protocol, startPort, endPort, start, end);
  }

  static void writeAll(List<TrafficSelector> selectors, Writer out) {
    out.u8(selectors.size()).u8(0).u16(0);
    for (TrafficSelector ts : selectors) {
      int octets = HEADER_OCTETS + 4 + ts.start.length() + ts.end.length();
      out.u8(ts.type).u8(ts.protocol).u16(octets).u16(ts.startPort).u16(ts.endPort);
      out.bytes(ts.start).bytes(ts.end);
    }
  }

  /// {@return the selector as it would stand in one end of a [Selector]}
  @Override
  public String toString() {
    String range = addresses().map(AddressRange::toString).orElse(start + "-" + end);
    String where =
        startPort == 0 && endPort == PortRange.ANY.last()
            ? range
            : range + "[" + startPort + "-" + endPort + "]";
    return protocol == Selector.ANY_PROTOCOL ? where : where + " proto " + protocol;
  }
}
