package espd.tun;

import espd.spd.Ipv6Address;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// IPv6 or IPv4, by the number that the kernel's configuration knows it under.
enum IpFamily {
  /// IPv6.
  IPV6(Libc.AF_INET6, "-6", "ip6"),
  /// IPv4.
  IPV4(Libc.AF_INET, "-4", "ip");

  /// As it stands in the headers of Netlink's messages.
  final int number;

  /// The option of `ip` that means it.
  final String option;

  /// The word of nftables for it.
  final String word;

  IpFamily(int number, String option, String word) {
    this.number = number;
    this.option = option;
    this.word = word;
  }

  static IpFamily of(Ipv6Address address) {
    return address.isIpv4() ? IPV4 : IPV6;
  }

  /// {@return the octets of an address of this family, in network order}
  byte[] octets(Ipv6Address address) {
    return switch (this) {
      case IPV6 -> address.octets();
      case IPV4 -> ByteBuffer.allocate(Integer.BYTES).putInt(address.ipv4()).array();
    };
  }

  /// {@return the address after this one, of which there is one}
  ///
  /// @param address in network order
  static byte[] next(byte[] address) {
    byte[] next = address.clone();
    int at = next.length - 1;
    while (++next[at] == 0) {
      at--;
    }
    return next;
  }

  /// {@return whether no address comes after this one}
  ///
  /// @param address in network order
  static boolean isLast(byte[] address) {
    byte[] last = new byte[address.length];
    Arrays.fill(last, (byte) 0xff);
    return Arrays.equals(address, last);
  }
}
