package espd.spd;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// A range of IPv6 or of IPv4 addresses, both ends included: the form selectors and IKE traffic
/// selectors share (RFC 4301 §4.4.1.1, RFC 7296 §3.13.1). A prefix is a range.
///
/// A range is IPv4's when both its ends are. Every other range is IPv6's and has no IPv4 address,
/// wherever the IPv4-mapped ones lie as numbers: `::/0` is every address of IPv6 only. One that
/// would begin or end among them, as a peer may propose, begins behind them or ends before them.
///
/// @param first the lowest address
/// @param last the highest address, not below `first`
public record AddressRange(Ipv6Address first, Ipv6Address last) {

  /// Every address of IPv6: `::/0`.
  public static final AddressRange ANY =
      new AddressRange(Ipv6Address.UNSPECIFIED, new Ipv6Address(-1, -1));

  /// Every address of IPv4: `0.0.0.0/0`.
  public static final AddressRange ANY_IPV4 =
      new AddressRange(Ipv6Address.ofIpv4(0), Ipv6Address.ofIpv4(-1));

  private static final Ipv6Address BEFORE_IPV4 = new Ipv6Address(0, 0xfffe_ffff_ffffL);
  private static final Ipv6Address BEHIND_IPV4 = new Ipv6Address(0, 0x1_0000_0000_0000L);

  private static final int BITS = 128;
  private static final int IPV4_BITS = 32;
  private static final Pattern LENGTH = Pattern.compile("[0-9]{1,3}");

  /// @throws IllegalArgumentException when `last` is below `first`
  public AddressRange {
    if (first.compareTo(last) > 0) {
      throw new IllegalArgumentException("empty range: " + first + "-" + last);
    }
    if (first.isIpv4() && !last.isIpv4()) {
      first = BEHIND_IPV4;
    } else if (last.isIpv4() && !first.isIpv4()) {
      last = BEFORE_IPV4;
    }
  }

  /// {@return the range of one address}
  public static AddressRange of(Ipv6Address address) {
    return new AddressRange(address, address);
  }

  /// {@return the range of a prefix; host bits of `address` are cleared}
  ///
  /// @param lengthBits 0 to 128, of an IPv4 address 0 to 32
  /// @throws IllegalArgumentException when the length is out of range
  public static AddressRange prefix(Ipv6Address address, int lengthBits) {
    int most = address.isIpv4() ? IPV4_BITS : BITS;
    if (lengthBits < 0 || lengthBits > most) {
      throw new IllegalArgumentException("prefix length not in 0.." + most + ": " + lengthBits);
    }
    return sharing(address, BITS - most + lengthBits);
  }

  /// The addresses that have the first `bits` of 128 in common.
  private static AddressRange sharing(Ipv6Address address, int bits) {
    long highMask = mask(bits);
    long lowMask = mask(bits - 64);
    return new AddressRange(
        new Ipv6Address(address.high() & highMask, address.low() & lowMask),
        new Ipv6Address(address.high() | ~highMask, address.low() | ~lowMask));
  }

  /// Reads `ADDRESS` or `ADDRESS/LENGTH`, of IPv6 or IPv4.
  ///
  /// @throws IllegalArgumentException when it is neither, saying why
  public static AddressRange parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return of(address(text));
    }
    String length = text.substring(slash + 1);
    if (!LENGTH.matcher(length).matches()) {
      throw new IllegalArgumentException("not a prefix length: " + length);
    }
    return prefix(address(text.substring(0, slash)), Integer.parseInt(length));
  }

  private static Ipv6Address address(String text) {
    return text.indexOf(':') < 0 && text.indexOf('.') >= 0
        ? Ipv6Address.parseIpv4(text)
        : Ipv6Address.parse(text);
  }

  private static long mask(int ones) {
    if (ones <= 0) {
      return 0;
    }
    return ones >= 64 ? -1L : -1L << (64 - ones);
  }

  /// {@return whether these are addresses of IPv4}
  public boolean isIpv4() {
    return first.isIpv4() && last.isIpv4();
  }

  /// {@return whether the address of these halves is in the range; allocates nothing}
  public boolean contains(long high, long low) {
    return Ipv6Address.compare(first.high(), first.low(), high, low) <= 0
        && Ipv6Address.compare(high, low, last.high(), last.low()) <= 0
        && Ipv6Address.isIpv4(high, low) == isIpv4();
  }

  /// {@return whether `address` is in the range}
  public boolean contains(Ipv6Address address) {
    return contains(address.high(), address.low());
  }

  /// {@return whether every address of `other` is in this range}
  public boolean contains(AddressRange other) {
    return isIpv4() == other.isIpv4()
        && first.compareTo(other.first) <= 0
        && other.last.compareTo(last) <= 0;
  }

  /// {@return the addresses in both ranges, or nothing}
  public Optional<AddressRange> intersect(AddressRange other) {
    if (isIpv4() != other.isIpv4()) {
      return Optional.empty();
    }
    Ipv6Address from = first.compareTo(other.first) >= 0 ? first : other.first;
    Ipv6Address to = last.compareTo(other.last) <= 0 ? last : other.last;
    return from.compareTo(to) <= 0 ? Optional.of(new AddressRange(from, to)) : Optional.empty();
  }

  /// {@return the prefixes that make up exactly this range, in order; a routing table speaks only
  /// of prefixes}
  public List<AddressRange> prefixes() {
    List<AddressRange> prefixes = new ArrayList<>();
    Ipv6Address at = first;
    while (true) {
      AddressRange widest = of(at);
      for (int length = BITS - 1; length >= 0; length--) {
        AddressRange wider = sharing(at, length);
        if (!wider.first.equals(at) || wider.last.compareTo(last) > 0) {
          break;
        }
        widest = wider;
      }
      prefixes.add(widest);
      if (widest.last.equals(last)) {
        return prefixes;
      }
      at = next(widest.last);
      at = at.isIpv4() && !isIpv4() ? BEHIND_IPV4 : at;
    }
  }

  private static Ipv6Address next(Ipv6Address address) {
    long low = address.low() + 1;
    return new Ipv6Address(low == 0 ? address.high() + 1 : address.high(), low);
  }

  /// {@return the length of the prefix that is exactly this range, 0 to 128 or of IPv4 0 to 32, or
  /// -1 when it is none}
  public int prefixLength() {
    int bits = commonBits();
    return bits >= 0 && isIpv4() ? bits - (BITS - IPV4_BITS) : bits;
  }

  /// {@return the length of the prefix that is exactly this range in bits of 128, or -1}
  int commonBits() {
    long high = first.high() ^ last.high();
    long low = first.low() ^ last.low();
    int common = high != 0 ? Long.numberOfLeadingZeros(high) : 64 + Long.numberOfLeadingZeros(low);
    return sharing(first, common).equals(this) ? common : -1;
  }

  /// {@return `ADDRESS/LENGTH` where the range is a prefix, else `FIRST-LAST`}
  @Override
  public String toString() {
    int length = prefixLength();
    return length >= 0 ? first + "/" + length : first + "-" + last;
  }
}
