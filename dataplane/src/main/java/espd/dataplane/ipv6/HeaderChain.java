package espd.dataplane.ipv6;

import static espd.dataplane.ipv6.Ipv6Header.octet;
import static espd.dataplane.ipv6.Ipv6Header.pair;

import espd.dataplane.ipv4.Ipv4Header;
import espd.spd.Direction;
import espd.spd.Flow;
import espd.spd.Ipv6Address;
import espd.spd.PortRange;
import espd.spd.Selector;
import java.lang.foreign.MemorySegment;

/// The headers of one packet, the chain of IPv6 (RFC 8200 §4) or the one of IPv4 (RFC 791 §3.1):
/// which flow it belongs to, and where ESP stands in transport mode, which only IPv6 has. A thread
/// owns one and reads each packet with it anew; nothing is allocated.
///
/// ```
///  │ IPv6 │ hop-by-hop │ dest. options │ routing │ fragment ▼ dest. options │ upper layer │
///                                                          ESP
/// ```
///
/// ESP follows all that routers read and is before the destination options that only the last
/// destination reads; those before a routing header are read on the way and stay outside (RFC 4303
/// §3.1.1).
public final class HeaderChain {

  /// What a packet is.
  public enum Kind {
    /// A whole datagram.
    WHOLE,
    /// A part of one: with its ports when it is the first, without when it is not.
    FRAGMENT,
    /// Neither IPv6 nor IPv4.
    NOT_IP,
    /// A length or a header leads beyond the end, or IPv6 has an address that stands for IPv4.
    MALFORMED
  }

  private static final int HOP_BY_HOP = 0;
  static final int TCP = 6;
  static final int UDP = 17;
  static final int DCCP = 33;
  private static final int ROUTING = 43;
  private static final int FRAGMENT = 44;
  private static final int DESTINATION_OPTIONS = 60;
  private static final int SCTP = 132;
  static final int UDP_LITE = 136;

  private static final int FRAGMENT_OCTETS = 8;
  private static final int FRAGMENT_OFFSET_MASK = 0xfff8;
  private static final int MORE_FRAGMENTS = 1;

  private final Flow flow = new Flow();
  private boolean leaves;
  private boolean ipv4;
  private boolean fragment;
  private int octets;
  private int espOffset;
  private int nextHeaderOffset;
  private int upperOffset;

  /// Reads a packet's headers; the other methods speak of the packet read last.
  ///
  /// @param at where the packet begins
  /// @param available its octets as they came
  /// @param direction decides which end of the packet is local
  /// @return what it is; only of the first two kinds the other methods say anything
  public Kind read(MemorySegment memory, int at, int available, Direction direction) {
    if (available < 1) {
      return Kind.NOT_IP;
    }
    leaves = direction == Direction.OUTBOUND;
    ipv4 = !Ipv6Header.isVersion6(memory, at);
    if (ipv4) {
      return readIpv4(memory, at, available);
    }
    if (available < Ipv6Header.OCTETS) {
      return Kind.MALFORMED;
    }
    octets = Ipv6Header.OCTETS + Ipv6Header.payloadOctets(memory, at);
    if (octets > available) {
      return Kind.MALFORMED;
    }
    addresses(memory, at);
    return isMapped() ? Kind.MALFORMED : walk(memory, at);
  }

  /// No packet of IPv6 has such an address (RFC 4291 §2.5.5.2): it would pass for one of IPv4.
  private boolean isMapped() {
    return Ipv6Address.isIpv4(flow.localHigh, flow.localLow)
        || Ipv6Address.isIpv4(flow.remoteHigh, flow.remoteLow);
  }

  private Kind readIpv4(MemorySegment memory, int at, int available) {
    if (!Ipv4Header.isVersion4(memory, at)) {
      return Kind.NOT_IP;
    }
    if (available < Ipv4Header.OCTETS) {
      return Kind.MALFORMED;
    }
    octets = Ipv4Header.totalOctets(memory, at);
    int header = Ipv4Header.headerOctets(memory, at);
    if (header < Ipv4Header.OCTETS || octets < header || octets > available) {
      return Kind.MALFORMED;
    }
    long source = Ipv6Address.ipv4Low(Ipv4Header.source(memory, at));
    long destination = Ipv6Address.ipv4Low(Ipv4Header.destination(memory, at));
    flow.localHigh = 0;
    flow.localLow = leaves ? source : destination;
    flow.remoteHigh = 0;
    flow.remoteLow = leaves ? destination : source;
    espOffset = 0;
    nextHeaderOffset = 0;
    int offset = Ipv4Header.offsetOctets(memory, at);
    fragment = offset != 0 || Ipv4Header.isMore(memory, at);
    int protocol = Ipv4Header.protocol(memory, at);
    if (offset != 0) {
      return withoutPorts(protocol);
    }
    return upperLayer(memory, at + header, protocol, octets - header)
        ? fragment ? Kind.FRAGMENT : Kind.WHOLE
        : Kind.MALFORMED;
  }

  /// {@return whether the packet is one of IPv4}
  public boolean isIpv4() {
    return ipv4;
  }

  /// {@return the fields a selector looks at; overwritten by the next [#read]}
  public Flow flow() {
    return flow;
  }

  /// {@return the octets of the packet as its header says: what came behind them is no part of it}
  public int octets() {
    return octets;
  }

  /// {@return whether the packet is a part of a datagram}
  public boolean isFragment() {
    return fragment;
  }

  /// {@return whether an end of the packet is an address of its link only (RFC 4291 §2.5.6, §2.7)}
  public boolean isLinkScoped() {
    return isLinkScoped(flow.localHigh) || isLinkScoped(flow.remoteHigh);
  }

  private static boolean isLinkScoped(long high) {
    boolean linkLocal = high >>> 54 == 0x3fa;
    boolean linkLocalMulticast = high >>> 56 == 0xff && (high >>> 48 & 0xf) <= 2;
    return linkLocal || linkLocalMulticast;
  }

  /// {@return how many octets of the packet stay before ESP in transport mode}
  public int espOffset() {
    return espOffset;
  }

  /// {@return where, from the packet's beginning, the next header field stands that says ESP}
  public int nextHeaderOffset() {
    return nextHeaderOffset;
  }

  /// {@return where, from the packet's beginning, the upper layer's header stands; 0 when it is in
  /// another fragment}
  public int upperOffset() {
    return upperOffset;
  }

  private void addresses(MemorySegment memory, int at) {
    long sourceHigh = Ipv6Header.sourceHigh(memory, at);
    long sourceLow = Ipv6Header.sourceLow(memory, at);
    long destinationHigh = Ipv6Header.destinationHigh(memory, at);
    long destinationLow = Ipv6Header.destinationLow(memory, at);
    flow.localHigh = leaves ? sourceHigh : destinationHigh;
    flow.localLow = leaves ? sourceLow : destinationLow;
    flow.remoteHigh = leaves ? destinationHigh : sourceHigh;
    flow.remoteLow = leaves ? destinationLow : sourceLow;
  }

  private Kind walk(MemorySegment memory, int at) {
    int offset = Ipv6Header.OCTETS;
    int field = Ipv6Header.NEXT_HEADER;
    espOffset = offset;
    nextHeaderOffset = field;
    fragment = false;
    upperOffset = 0;
    while (true) {
      int header = octet(memory, at + field);
      switch (header) {
        case HOP_BY_HOP, ROUTING, DESTINATION_OPTIONS -> {
          int length = extensionOctets(memory, at, offset);
          if (length == 0) {
            return Kind.MALFORMED;
          }
          field = offset;
          offset += length;
          if (header != DESTINATION_OPTIONS) {
            espOffset = offset;
            nextHeaderOffset = field;
          }
        }
        case FRAGMENT -> {
          if (octets - offset < FRAGMENT_OCTETS) {
            return Kind.MALFORMED;
          }
          int offsetAndMore = pair(memory, at + offset + 2);
          fragment |= (offsetAndMore & (FRAGMENT_OFFSET_MASK | MORE_FRAGMENTS)) != 0;
          field = offset;
          offset += FRAGMENT_OCTETS;
          espOffset = offset;
          nextHeaderOffset = field;
          if ((offsetAndMore & FRAGMENT_OFFSET_MASK) != 0) {
            return withoutPorts(octet(memory, at + field));
          }
        }
        default -> {
          upperOffset = offset;
          return upperLayer(memory, at + offset, header, octets - offset)
              ? fragment ? Kind.FRAGMENT : Kind.WHOLE
              : Kind.MALFORMED;
        }
      }
    }
  }

  /// The octets of an extension header in units of 8 (RFC 8200 §4.3), 0 when it is not all there.
  private int extensionOctets(MemorySegment memory, int at, int offset) {
    if (octets - offset < 8) {
      return 0;
    }
    int length = 8 * (octet(memory, at + offset + 1) + 1);
    return octets - offset < length ? 0 : length;
  }

  private Kind withoutPorts(int protocol) {
    flow.protocol = protocol;
    flow.localPort = PortRange.NO_PORT;
    flow.remotePort = PortRange.NO_PORT;
    return Kind.FRAGMENT;
  }

  private boolean upperLayer(MemorySegment memory, int at, int protocol, int available) {
    flow.protocol = protocol;
    switch (protocol) {
      case TCP, UDP, DCCP, SCTP, UDP_LITE -> {
        if (available < 4) {
          return false;
        }
        int source = pair(memory, at);
        int destination = pair(memory, at + 2);
        flow.localPort = leaves ? source : destination;
        flow.remotePort = leaves ? destination : source;
      }
      case Selector.ICMPV6, Selector.ICMP -> {
        if (available < 4) {
          return false;
        }
        flow.localPort = pair(memory, at);
        flow.remotePort = flow.localPort;
      }
      case Selector.MOBILITY -> {
        if (available < 4) {
          return false;
        }
        flow.localPort = octet(memory, at + 2) << 8;
        flow.remotePort = flow.localPort;
      }
      default -> withoutPorts(protocol);
    }
    return true;
  }
}
