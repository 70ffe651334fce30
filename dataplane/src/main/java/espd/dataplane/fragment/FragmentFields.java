package espd.dataplane.fragment;

import espd.dataplane.ipv4.Ipv4Header;
import espd.dataplane.ipv6.ExtensionHeaders;
import espd.dataplane.ipv6.FragmentHeader;
import espd.dataplane.ipv6.Ipv6Header;
import java.lang.foreign.MemorySegment;

/// What a fragment says of itself, in its Fragment header of IPv6 (RFC 8200 §4.5) or in its header
/// of IPv4 (RFC 791 §3.1). One thread reads each fragment with it anew; nothing is allocated.
final class FragmentFields {

  /// The octets of [#key]: as long as two addresses of IPv6.
  static final int KEY_OCTETS = Ipv6Header.ADDRESSES_OCTETS;

  private final ExtensionHeaders headers = new ExtensionHeaders();

  /// What its datagram is known by beside [#identification]: source and destination.
  final MemorySegment key = MemorySegment.ofArray(new byte[KEY_OCTETS]);

  /// The number of its datagram, in IPv4 with the protocol before it (RFC 791 §3.2).
  int identification;

  /// Where in the datagram its data stand, 0 to 65,528 octets.
  int offset;

  /// Whether others follow it.
  boolean more;

  /// Where its data begin.
  int dataAt;

  /// The octets of its data.
  int dataOctets;

  /// The octets of the headers that its datagram has too.
  int headerOctets;

  /// DSCP and ECN.
  int trafficClass;

  /// Whether it is of IPv4.
  boolean ipv4;

  private boolean fragment;

  /// Reads a packet.
  ///
  /// @param at where it begins
  /// @param available its octets, as its header has to say
  /// @return whether its length is right and no header leads beyond the end; only then the others
  ///   say anything
  boolean read(MemorySegment memory, int at, int available) {
    fragment = false;
    ipv4 = available > 0 && Ipv4Header.isVersion4(memory, at);
    return ipv4 ? readIpv4(memory, at, available) : readIpv6(memory, at, available);
  }

  private boolean readIpv6(MemorySegment memory, int at, int available) {
    if (!headers.readWhole(memory, at, available)) {
      return false;
    }
    fragment = headers.header() == ExtensionHeaders.FRAGMENT;
    dataOctets = headers.fragmentDataOctets();
    if (!fragment || dataOctets < 0) {
      return true;
    }
    int fragmentAt = at + headers.offset();
    MemorySegment.copy(memory, at + Ipv6Header.ADDRESSES, key, 0, KEY_OCTETS);
    identification = FragmentHeader.identification(memory, fragmentAt);
    offset = FragmentHeader.offsetOctets(memory, fragmentAt);
    more = FragmentHeader.isMore(memory, fragmentAt);
    dataAt = fragmentAt + FragmentHeader.OCTETS;
    headerOctets = headers.offset();
    trafficClass = Ipv6Header.trafficClass(memory, at);
    return true;
  }

  private boolean readIpv4(MemorySegment memory, int at, int available) {
    if (available < Ipv4Header.OCTETS || Ipv4Header.totalOctets(memory, at) != available) {
      return false;
    }
    headerOctets = Ipv4Header.headerOctets(memory, at);
    dataOctets = available - headerOctets;
    if (headerOctets < Ipv4Header.OCTETS || dataOctets < 0) {
      return false;
    }
    offset = Ipv4Header.offsetOctets(memory, at);
    more = Ipv4Header.isMore(memory, at);
    fragment = offset != 0 || more;
    key.fill((byte) 0);
    MemorySegment.copy(memory, at + Ipv4Header.ADDRESSES, key, 0, Ipv4Header.ADDRESSES_OCTETS);
    identification = Ipv4Header.protocol(memory, at) << 16 | Ipv4Header.identification(memory, at);
    dataAt = at + headerOctets;
    trafficClass = Ipv4Header.trafficClass(memory, at);
    return true;
  }

  /// {@return the octets of a packet of either kind as its header says}
  static int said(MemorySegment memory, int at) {
    return Ipv4Header.isVersion4(memory, at)
        ? Ipv4Header.totalOctets(memory, at)
        : Ipv6Header.OCTETS + Ipv6Header.payloadOctets(memory, at);
  }

  /// {@return whether it is a fragment}, which of IPv6 may be the only one of its datagram
  boolean isFragment() {
    return fragment;
  }

  /// {@return the header that stands behind those of each fragment; of IPv6 only}
  int nextHeader(MemorySegment memory) {
    return FragmentHeader.nextHeader(memory, dataAt - FragmentHeader.OCTETS);
  }

  /// {@return where, from the packet's beginning, the field stands that names it; of IPv6 only}
  int namedAt() {
    return headers.namedAt();
  }

  /// {@return what the header of IP counts as its payload, with all data up to an end}
  int payloadOctets(int end) {
    return (ipv4 ? headerOctets : headerOctets - Ipv6Header.OCTETS) + end;
  }
}
