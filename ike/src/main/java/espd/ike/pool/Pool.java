package espd.ike.pool;

import espd.spd.AddressRange;
import espd.spd.Ipv6Address;
import java.util.List;

/// Addresses to give to peers.
///
/// @param name by which connections refer to it
/// @param addresses that are given
/// @param dns the servers that who gets one of them is told of
public record Pool(String name, AddressRange addresses, List<Ipv6Address> dns) {

  /// Copies the list.
  public Pool {
    dns = List.copyOf(dns);
  }

  /// Reads what a connection names where it names no pool but addresses: `PREFIX/LENGTH`, `ADDRESS`
  /// or `FIRST-LAST`, which is the pool's name, too.
  ///
  /// @throws IllegalArgumentException when it is none of these, saying why
  public static Pool parse(String text) {
    int dash = text.indexOf('-');
    AddressRange addresses =
        dash < 0
            ? AddressRange.parse(text)
            : new AddressRange(
                Ipv6Address.parse(text.substring(0, dash)),
                Ipv6Address.parse(text.substring(dash + 1)));
    return new Pool(text, addresses, List.of());
  }

  /// {@return whether its addresses are IPv4}
  public boolean isIpv4() {
    return addresses.first().isIpv4();
  }

  /// {@return the addresses that hosts may have: of a prefix that is more than two addresses not
  /// the first, which means any of its routers (RFC 4291 §2.6.1) or, of IPv4, the network; nor in
  /// IPv4 the last, which means everybody}
  AddressRange usable() {
    if (addresses.prefixLength() < 0 || addresses.prefixLength() >= (isIpv4() ? 31 : 127)) {
      return addresses;
    }
    Ipv6Address last = addresses.last();
    return new AddressRange(
        next(addresses.first()), isIpv4() ? new Ipv6Address(last.high(), last.low() - 1) : last);
  }

  /// {@return the address after this one}
  static Ipv6Address next(Ipv6Address address) {
    long low = address.low() + 1;
    return new Ipv6Address(low == 0 ? address.high() + 1 : address.high(), low);
  }
}
