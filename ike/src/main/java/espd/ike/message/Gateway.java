package espd.ike.message;

import espd.spd.Ipv6Address;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// A gateway as REDIRECT and REDIRECTED_FROM name it (RFC 5685 §9.2, §9.3).
///
/// ```
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// | GW Ident Type |  GW Ident Len |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ~                          GW Identity                          ~
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
///
/// @param type [#IPV4], [#IPV6] or [#FQDN]
/// @param name its octets
public record Gateway(int type, Bytes name) {

  /// An address of IPv4, of four octets.
  public static final int IPV4 = 1;

  /// An address of IPv6, of sixteen octets.
  public static final int IPV6 = 2;

  /// A name of the DNS.
  public static final int FQDN = 3;

  private static final String NAME = "(?=.{1,253}$)[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*\\.?";

  /// {@return the gateway at an address of either IP}
  public static Gateway of(Ipv6Address address) {
    return address.isIpv4()
        ? new Gateway(IPV4, Bytes.ofInt(address.ipv4()))
        : new Gateway(IPV6, Bytes.of(address.octets()));
  }

  /// {@return the gateway that people write so: an address of either IP, or a name}
  ///
  /// @throws IllegalArgumentException when it is none of these, with the text
  public static Gateway parse(String text) {
    if (text.indexOf(':') >= 0) {
      return of(Ipv6Address.parse(text));
    }
    if (text.matches("[0-9.]+")) {
      return of(Ipv6Address.parseIpv4(text));
    }
    if (!text.matches(NAME)) {
      throw new IllegalArgumentException("not a gateway: " + text);
    }
    return new Gateway(FQDN, Bytes.of(text.getBytes(StandardCharsets.US_ASCII)));
  }

  /// Reads a gateway; what follows stays to be read.
  ///
  /// @throws MalformedException when there is none
  public static Gateway read(Reader in) throws MalformedException {
    int type = in.u8();
    Bytes name = in.bytes(in.u8());
    boolean fits =
        switch (type) {
          case IPV4 -> name.length() == Integer.BYTES;
          case IPV6 -> name.length() == Ipv6Address.OCTETS;
          case FQDN -> text(name).matches(NAME);
          default -> false;
        };
    if (!fits) {
      throw new MalformedException("no gateway of type " + type + ": " + name);
    }
    return new Gateway(type, name);
  }

  /// {@return what a notification says of it}
  public Bytes data() {
    byte[] octets = name.toArray();
    return Bytes.of(
        ByteBuffer.allocate(2 + octets.length)
            .put((byte) type)
            .put((byte) octets.length)
            .put(octets)
            .array());
  }

  /// {@return its address, where it is one of IPv6}
  public Optional<Ipv6Address> ipv6() {
    return type == IPV6 ? Optional.of(Ipv6Address.of(name.toArray())) : Optional.empty();
  }

  private static String text(Bytes name) {
    return new String(name.toArray(), StandardCharsets.US_ASCII);
  }

  @Override
  public String toString() {
    return switch (type) {
      case IPV4 -> Ipv6Address.ofIpv4(name.toInt()).toString();
      case IPV6 -> Ipv6Address.of(name.toArray()).toString();
      default -> text(name);
    };
  }
}
