package espd.spd;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.regex.Pattern;

/// An IPv6 address (RFC 4291) as two 64-bit halves in network order, so that a packet's addresses
/// are compared without an object.
///
/// An IPv4 address is one too: the IPv4-mapped `::ffff:a.b.c.d` (RFC 4291 §2.5.5.2), which never is
/// an address of IPv6 on the wire. It is written as IPv4 is, and read only where IPv4 may stand.
///
/// @param high the first eight octets
/// @param low the last eight octets
public record Ipv6Address(long high, long low) implements Comparable<Ipv6Address> {

  /// The length of an address on the wire, in octets.
  public static final int OCTETS = 16;

  /// `::`.
  public static final Ipv6Address UNSPECIFIED = new Ipv6Address(0, 0);

  private static final int GROUPS = 8;
  private static final long IPV4_GROUP = 0xffff;
  private static final Pattern DOTTED_QUAD = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");

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

  /// Reads an IPv4 address in four decimal numbers.
  ///
  /// @throws IllegalArgumentException when `text` is not one, with the text
  public static Ipv6Address parseIpv4(String text) {
    if (!DOTTED_QUAD.matcher(text).matches()) {
      throw new IllegalArgumentException("not an IPv4 address: " + text);
    }
    int address = 0;
    for (String octet : text.split("\\.", -1)) {
      int value = Integer.parseInt(octet);
      // A leading zero means octal to some readers.
      if (value > 255 || (octet.length() > 1 && octet.charAt(0) == '0')) {
        throw new IllegalArgumentException("not an IPv4 address: " + text);
      }
      address = address << 8 | value;
    }
    return ofIpv4(address);
  }

  /// Reads an address where either may stand: of IPv6, or of IPv4 in four decimal numbers.
  ///
  /// @throws IllegalArgumentException when `text` is neither, with the text
  public static Ipv6Address parseEither(String text) {
    return text.indexOf(':') < 0 && text.indexOf('.') >= 0 ? parseIpv4(text) : parse(text);
  }

  /// {@return the IPv4 address of these 32 bits}
  public static Ipv6Address ofIpv4(int address) {
    return new Ipv6Address(0, ipv4Low(address));
  }

  /// {@return the second half of an IPv4 address; the first is 0}
  public static long ipv4Low(int address) {
    return IPV4_GROUP << Integer.SIZE | Integer.toUnsignedLong(address);
  }

  /// {@return whether the address of these halves is IPv4's; allocates nothing}
  public static boolean isIpv4(long high, long low) {
    return high == 0 && low >>> Integer.SIZE == IPV4_GROUP;
  }

  /// {@return whether this is an IPv4 address}
  public boolean isIpv4() {
    return isIpv4(high, low);
  }

  /// {@return the 32 bits of an IPv4 address}
  ///
  /// @throws IllegalStateException when it is none
  public int ipv4() {
    if (!isIpv4()) {
      throw new IllegalStateException("not an IPv4 address: " + this);
    }
    return (int) low;
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
  /// groups as `::`; of an IPv4 address its four decimal numbers}
  @Override
  public String toString() {
    return isIpv4() ? dottedQuad() : groups();
  }

  private String dottedQuad() {
    return String.format(
        "%d.%d.%d.%d", low >>> 24 & 0xff, low >>> 16 & 0xff, low >>> 8 & 0xff, low & 0xff);
  }

  private String groups() {
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
