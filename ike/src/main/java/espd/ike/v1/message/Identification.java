package espd.ike.v1.message;

import espd.ike.Identity;
import espd.ike.message.Bytes;
import espd.ike.message.MalformedException;
import espd.ike.message.Reader;
import espd.ike.message.Writer;
import espd.spd.AddressRange;
import espd.spd.Ipv6Address;
import espd.spd.PortRange;
import java.util.Arrays;
import java.util.Optional;

/// Who a party is, or in quick mode one end of the traffic to be protected (RFC 2407 §4.6.2).
///
/// ```
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// !   ID Type     !  Protocol ID  !             Port              !
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ~                     Identification Data                       ~
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
///
/// @param type one of [IdType], or one we do not know
/// @param protocol the upper-layer protocol, 0 for any; in phase 1 0 or UDP
/// @param port 0 for any; in phase 1 0 or 500
/// @param data as long as the type's addresses are
public record Identification(int type, int protocol, int port, Bytes data)
    implements IsakmpPayload {

  /// The type of this payload.
  public static final int TYPE = 5;

  private static final int ANY_PORT = 0;
  private static final int IPV4_AT = 12;

  /// {@return who a party is, for phase 1}
  public static Identification of(Identity identity) {
    return new Identification(identity.type(), 0, ANY_PORT, identity.data());
  }

  /// {@return one end of the traffic to be protected: an address, else a subnet, else a range.
  /// Nothing when its ports are neither all nor one, which this payload cannot say}
  ///
  /// @param protocol as in a selector
  public static Optional<Identification> of(AddressRange range, int protocol, PortRange ports) {
    boolean any = ports.equals(PortRange.ANY);
    if (!any && (ports.first() != ports.last() || ports.first() == ANY_PORT)) {
      return Optional.empty();
    }
    int port = any ? ANY_PORT : ports.first();
    boolean ipv4 = range.isIpv4();
    if (range.first().equals(range.last())) {
      int type = ipv4 ? IdType.IPV4_ADDR : IdType.IPV6_ADDR;
      return Optional.of(new Identification(type, protocol, port, octets(range.first())));
    }
    int length = range.prefixLength();
    Bytes first = octets(range.first());
    Bytes second = length < 0 ? octets(range.last()) : mask(length, first.length());
    int type =
        length < 0
            ? ipv4 ? IdType.IPV4_ADDR_RANGE : IdType.IPV6_ADDR_RANGE
            : ipv4 ? IdType.IPV4_ADDR_SUBNET : IdType.IPV6_ADDR_SUBNET;
    Writer both = new Writer().bytes(first).bytes(second);
    return Optional.of(new Identification(type, protocol, port, Bytes.of(both.toArray())));
  }

  /// {@return the party that it is, if it is one party and not a set of addresses}
  public Identity identity() {
    return new Identity(type, data);
  }

  /// {@return the addresses that it is; nothing when it is no set of addresses, a mask has holes, a
  /// range is upside down, or it is of IPv6 and has IPv4-mapped addresses, which no packet of IPv6
  /// has (RFC 4291 §2.5.5.2)}
  public Optional<AddressRange> addresses() {
    return switch (type) {
      case IdType.IPV4_ADDR, IdType.IPV6_ADDR -> address(data).map(AddressRange::of);
      case IdType.IPV4_ADDR_SUBNET, IdType.IPV6_ADDR_SUBNET ->
          address(half(0))
              .flatMap(first -> maskLength().map(length -> AddressRange.prefix(first, length)));
      case IdType.IPV4_ADDR_RANGE, IdType.IPV6_ADDR_RANGE ->
          address(half(0))
              .flatMap(
                  first ->
                      address(half(1))
                          .filter(last -> first.compareTo(last) <= 0)
                          .map(last -> new AddressRange(first, last)));
      default -> Optional.empty();
    };
  }

  /// {@return the ports that it is}
  public PortRange ports() {
    return port == ANY_PORT ? PortRange.ANY : PortRange.of(port);
  }

  private Optional<Integer> maskLength() {
    Bytes mask = half(1);
    int ones = 0;
    while (ones < mask.length() * Byte.SIZE
        && (mask.at(ones / Byte.SIZE) & 0x80 >>> ones % Byte.SIZE) != 0) {
      ones++;
    }
    return mask(ones, mask.length()).equals(mask) ? Optional.of(ones) : Optional.empty();
  }

  private static Bytes mask(int ones, int octets) {
    byte[] mask = new byte[octets];
    for (int bit = 0; bit < ones; bit++) {
      mask[bit / Byte.SIZE] |= (byte) (0x80 >>> bit % Byte.SIZE);
    }
    return Bytes.of(mask);
  }

  private Bytes half(int which) {
    int octets = data.length() / 2;
    return Bytes.of(data.toArray(), which * octets, octets);
  }

  private static Optional<Ipv6Address> address(Bytes octets) {
    return octets.length() == Ipv6Address.OCTETS
        ? Optional.of(Ipv6Address.of(octets.toArray())).filter(each -> !each.isIpv4())
        : Optional.of(Ipv6Address.ofIpv4(octets.toInt()));
  }

  private static Bytes octets(Ipv6Address address) {
    byte[] octets = address.octets();
    return Bytes.of(
        address.isIpv4() ? Arrays.copyOfRange(octets, IPV4_AT, Ipv6Address.OCTETS) : octets);
  }

  static Identification read(Reader in) throws MalformedException {
    int type = in.u8();
    int protocol = in.u8();
    int port = in.u16();
    IdType.expectOctets(type, in.remaining());
    return new Identification(type, protocol, port, in.rest());
  }

  @Override
  public void writeBody(Writer out) {
    out.u8(type).u8(protocol).u16(port).bytes(data);
  }

  @Override
  public int payloadType() {
    return TYPE;
  }

  @Override
  public String label() {
    return "ID";
  }
}
