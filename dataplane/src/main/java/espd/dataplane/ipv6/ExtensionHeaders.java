package espd.dataplane.ipv6;

import static espd.dataplane.ipv6.Ipv6Header.octet;

import java.lang.foreign.MemorySegment;

/// The extension headers up to the first that is none of hop-by-hop options, destination options
/// and routing (RFC 8200 §4.1): what fragments are made and recognized by. A thread owns one and
/// reads each packet with it anew; nothing is allocated.
///
/// ```
///  │ IPv6 │ hop-by-hop │ dest. options │ routing │ dest. options │ fragment, ESP, upper layer …
///  ├──────────── perFragmentOctets ──────────────┤               └ offset
/// ```
public final class ExtensionHeaders {

  /// The number of the Fragment header (RFC 8200 §4.5).
  public static final int FRAGMENT = 44;

  private static final int HOP_BY_HOP = 0;
  private static final int ROUTING = 43;
  private static final int DESTINATION_OPTIONS = 60;

  private int octets;
  private int header;
  private int offset;
  private int namedAt;
  private int perFragmentOctets;
  private int perFragmentNamedAt;

  /// Reads a packet's headers; the other methods speak of the packet read last.
  ///
  /// @param at where the packet begins
  /// @param available its octets; they may be fewer than its header says, as those of a packet that
  ///   an ICMPv6 error quotes
  /// @return whether it is IPv6 and no header leads beyond the end; only then the other methods say
  ///   anything
  public boolean read(MemorySegment memory, int at, int available) {
    if (available < Ipv6Header.OCTETS || !Ipv6Header.isVersion6(memory, at)) {
      return false;
    }
    octets = available;
    offset = Ipv6Header.OCTETS;
    namedAt = Ipv6Header.NEXT_HEADER;
    perFragmentOctets = offset;
    perFragmentNamedAt = namedAt;
    return walk(memory, at);
  }

  /// As [#read], and the packet is all there: its payload length says neither more nor less.
  public boolean readWhole(MemorySegment memory, int at, int available) {
    return read(memory, at, available)
        && Ipv6Header.OCTETS + Ipv6Header.payloadOctets(memory, at) == available;
  }

  /// Goes on behind the Fragment header where the reading stopped.
  ///
  /// @return whether no header leads beyond the end
  public boolean readBehindFragment(MemorySegment memory, int at) {
    if (octets - offset < FragmentHeader.OCTETS) {
      return false;
    }
    namedAt = offset;
    offset += FragmentHeader.OCTETS;
    return walk(memory, at);
  }

  private boolean walk(MemorySegment memory, int at) {
    while (true) {
      header = octet(memory, at + namedAt);
      switch (header) {
        case HOP_BY_HOP, ROUTING, DESTINATION_OPTIONS -> {
          int length = octets - offset < 8 ? 8 : 8 * (octet(memory, at + offset + 1) + 1);
          if (octets - offset < length) {
            return false;
          }
          namedAt = offset;
          offset += length;
          if (header != DESTINATION_OPTIONS) {
            perFragmentOctets = offset;
            perFragmentNamedAt = namedAt;
          }
        }
        default -> {
          return true;
        }
      }
    }
  }

  /// {@return the number of the header where the reading stopped}
  public int header() {
    return header;
  }

  /// {@return where that header begins, from the packet's beginning; it may be its end}
  public int offset() {
    return offset;
  }

  /// {@return how many octets of data stand behind the Fragment header where the reading stopped;
  /// negative when the header itself is not all there}
  public int fragmentDataOctets() {
    return octets - offset - FragmentHeader.OCTETS;
  }

  /// {@return where the field stands that names that header}
  public int namedAt() {
    return namedAt;
  }

  /// {@return the octets of the Per-Fragment headers (RFC 8200 §4.5): all that routers read}
  public int perFragmentOctets() {
    return perFragmentOctets;
  }

  /// {@return where the field stands that names what follows the Per-Fragment headers}
  public int perFragmentNamedAt() {
    return perFragmentNamedAt;
  }
}
