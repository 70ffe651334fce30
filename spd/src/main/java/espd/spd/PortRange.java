package espd.spd;

import java.util.Optional;

/// A range of 16-bit port values, both ends included (RFC 4301 §4.4.1.1, RFC 7296 §3.13.1). For
/// ICMPv6 and the Mobility Header the value is the type in the high and the code in the low octet.
///
/// @param first 0 to 65535
/// @param last 0 to 65535; below `first` only in [#OPAQUE]
public record PortRange(int first, int last) {

  /// Every port, and packets that have none.
  public static final PortRange ANY = new PortRange(0, 65535);

  /// Only packets whose ports cannot be seen, such as non-initial fragments (RFC 4301 §4.4.1.1).
  public static final PortRange OPAQUE = new PortRange(65535, 0);

  /// The port value of a packet that shows none: a non-initial fragment or a protocol without
  /// ports.
  public static final int NO_PORT = -1;

  /// @throws IllegalArgumentException when an end is not a port value or the range is empty
  public PortRange {
    boolean opaque = first == 65535 && last == 0;
    if (first < 0 || last > 65535 || (first > last && !opaque)) {
      throw new IllegalArgumentException("not a range of ports: " + first + "-" + last);
    }
  }

  /// {@return the range of one port}
  public static PortRange of(int port) {
    return new PortRange(port, port);
  }

  /// {@return the range of one ICMPv6 type and code (RFC 4301 §4.4.1.1), or of all codes of the
  /// type}
  ///
  /// @param type 0 to 255
  /// @param code 0 to 255, or negative for every code
  /// @throws IllegalArgumentException when one is above 255, or the type is negative
  public static PortRange icmp(int type, int code) {
    if (type < 0 || type > 255 || code > 255) {
      throw new IllegalArgumentException("not an ICMPv6 type and code: " + type + "/" + code);
    }
    return code < 0
        ? new PortRange(type << 8, type << 8 | 0xff)
        : new PortRange(type << 8 | code, type << 8 | code);
  }

  /// {@return whether the range holds `port`; [#NO_PORT] is only in [#ANY] and [#OPAQUE]}
  public boolean contains(int port) {
    if (port == NO_PORT) {
      return equals(ANY) || equals(OPAQUE);
    }
    return first <= port && port <= last;
  }

  /// {@return whether everything `other` holds is in this range}
  public boolean contains(PortRange other) {
    return equals(ANY)
        || equals(other)
        || (!other.isOpaque() && first <= other.first && other.last <= last);
  }

  /// {@return the ports in both ranges, or nothing}
  public Optional<PortRange> intersect(PortRange other) {
    if (contains(other)) {
      return Optional.of(other);
    }
    if (other.contains(this)) {
      return Optional.of(this);
    }
    int from = Math.max(first, other.first);
    int to = Math.min(last, other.last);
    return from <= to ? Optional.of(new PortRange(from, to)) : Optional.empty();
  }

  /// {@return whether this is [#OPAQUE]}
  public boolean isOpaque() {
    return first > last;
  }

  /// {@return `any`, `opaque`, `N` or `N-M`}
  @Override
  public String toString() {
    if (equals(ANY)) {
      return "any";
    }
    if (isOpaque()) {
      return "opaque";
    }
    return first == last ? Integer.toString(first) : first + "-" + last;
  }
}
