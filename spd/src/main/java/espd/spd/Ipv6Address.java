package espd.spd;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/// An IPv6 address (RFC 4291) as two 64-bit halves in network order, so that a packet's addresses
/// are compared without an object.
///
/// @param high the first eight octets
/// @param low the last eight octets
public record Ipv6Address(long high, long low) implements Comparable<Ipv6Address> {

  /// The length of an address on the wire, in octets.
  public static final int OCTETS = 16;

  /// `::`.
  public static final Ipv6Address UNSPECIFIED = new Ipv6Address(0, 0);

  private static final int GROUPS = 8;

  /// Reads an address literal; a host name is refused, nothing is ever looked up.
  ///
  /// @throws IllegalArgumentException when `text` is not an IPv6 literal, with the text
  public static Ipv6Address parse(String text) {
    // Zones and brackets, which the JDK would take, are no part of an address.
    if (text.indexOf(':') < 0 || text.indexOf('%') >= 0 || text.indexOf('[') >= 0) {
      throw new IllegalArgumentException("not an IPv6 address: " + text);
    }
    try {
      return of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("not an IPv6 address: " + text, e);
    }
  }

  /// {@return `address` in this form}
  ///
  /// @throws IllegalArgumentException when it is not an IPv6 address
  public static Ipv6Address of(InetAddress address) {
    if (!(address instanceof Inet6Address)) {
      throw new IllegalArgumentException("not an IPv6 address: " + address.getHostAddress());
    }
    return of(address.getAddress());
  }

  /// {@return the address of the 16 octets `octets`}
  public static Ipv6Address of(byte[] octets) {
    if (octets.length != OCTETS) {
      throw new IllegalArgumentException("an IPv6 address has 16 octets, not " + octets.length);
    }
    ByteBuffer buffer = ByteBuffer.wrap(octets);
    return new Ipv6Address(buffer.getLong(), buffer.getLong());
  }

  /// {@return the 16 octets, in network order}
  public byte[] octets() {
    return ByteBuffer.allocate(OCTETS).putLong(high).putLong(low).array();
  }

  /// {@return this address for the JDK's sockets}
  public InetAddress toInetAddress() {
    try {
      // The general factory would turn an IPv4-mapped address into an IPv4 one.
      return Inet6Address.getByAddress(null, octets(), -1);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  /// {@return whether this is `::`}
  public boolean isUnspecified() {
    return high == 0 && low == 0;
  }

  /// {@return whether this is in ff00::/8 (RFC 4291 §2.7)}
  public boolean isMulticast() {
    return high >>> 56 == 0xff;
  }

  /// {@return whether this is in fe80::/10 (RFC 4291 §2.5.6)}
  public boolean isLinkLocal() {
    return high >>> 54 == 0xfe80 >>> 6;
  }

  /// Orders addresses as unsigned 128-bit numbers.
  @Override
  public int compareTo(Ipv6Address other) {
    return compare(high, low, other.high, other.low);
  }

  static int compare(long high1, long low1, long high2, long low2) {
    int byHigh = Long.compareUnsigned(high1, high2);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low1, low2);
  }

  /// {@return the canonical text of RFC 5952: lower case, the longest run of two or more zero
  /// groups as `::`}
  @Override
  public String toString() {
    int[] groups = new int[GROUPS];
    for (int i = 0; i < GROUPS; i++) {
      long half = i < 4 ? high : low;
      groups[i] = (int) (half >>> (48 - 16 * (i % 4))) & 0xffff;
    }
    int runStart = -1;
    int runLength = 1;
    for (int i = 0; i < GROUPS; i++) {
      int end = i;
      while (end < GROUPS && groups[end] == 0) {
        end++;
      }
      if (end - i > runLength) {
        runStart = i;
        runLength = end - i;
      }
      i = Math.max(i, end - 1);
    }
    StringBuilder text = new StringBuilder(39);
    for (int i = 0; i < GROUPS; i++) {
      if (i == runStart) {
        text.append("::");
        i += runLength - 1;
        continue;
      }
      if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
        text.append(':');
      }
      text.append(Integer.toHexString(groups[i]));
    }
    return text.toString();
  }
}
