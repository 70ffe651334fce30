package espd.dataplane.ipv6;

import static java.nio.ByteOrder.BIG_ENDIAN;

import espd.spd.Ipv6Address;
import espd.spd.Selector;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// ICMPv6 Packet Too Big (RFC 4443 §3.2), said to the sender of a packet whose ESP would not fit
/// the path (RFC 4301 §8.2.1).
///
/// ```
///  │ IPv6 │ type 2 │ code 0 │ checksum │ MTU │ the packet, as much as fits 1280 octets in all │
/// ```
public final class PacketTooBig {

  /// What [#quotedSpi(MemorySegment, int, int)] gives where there is none: no SA on the wire has it
  /// (RFC 4303 §2.1).
  public static final int NO_SPI = 0;

  private static final int ESP = 50;
  private static final int TYPE = 2;
  private static final int ICMP_OCTETS = 8;
  private static final int HOP_LIMIT = 255;
  private static final int FIRST_INFORMATIONAL = 128;
  private static final int ADDRESSES = 8;
  private static final int CHECKSUM = 2;
  private static final int MTU = 4;

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(BIG_ENDIAN);
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(BIG_ENDIAN);

  private PacketTooBig() {}

  /// {@return whether a packet may be answered with an error: its sender is one host (RFC 4443 §2.4
  /// (e.6)), and it is not itself an ICMPv6 error (e.1)}
  ///
  /// @param packet the packet alone, from its IPv6 header on
  public static boolean mayAnswer(MemorySegment packet) {
    long high = Ipv6Header.sourceHigh(packet, 0);
    boolean multicast = high >>> 56 == 0xff;
    boolean unspecified = high == 0 && Ipv6Header.sourceLow(packet, 0) == 0;
    boolean error =
        Ipv6Header.nextHeader(packet, 0) == Selector.ICMPV6
            && Ipv6Header.octet(packet, Ipv6Header.OCTETS) < FIRST_INFORMATIONAL;
    return !multicast && !unspecified && !error;
  }

  /// Writes the message about a packet.
  ///
  /// @param about the packet alone, from its IPv6 header on
  /// @param mtuOctets the longest packet that would have fitted
  /// @param from an address of this host
  /// @param into the message's place, at least 1280 octets
  /// @return its octets
  public static int write(
      MemorySegment about, int mtuOctets, Ipv6Address from, MemorySegment into) {
    int quoted =
        (int) Math.min(about.byteSize(), Ipv6Header.MINIMUM_MTU - Ipv6Header.OCTETS - ICMP_OCTETS);
    int payload = ICMP_OCTETS + quoted;
    Ipv6Header.write(into, 0, payload, Ipv6Header.follows(0, Selector.ICMPV6, HOP_LIMIT));
    Ipv6Header.source(into, 0, from.high(), from.low());
    Ipv6Header.destination(
        into, 0, Ipv6Header.sourceHigh(about, 0), Ipv6Header.sourceLow(about, 0));
    into.set(INT, Ipv6Header.OCTETS, TYPE << 24);
    into.set(INT, Ipv6Header.OCTETS + MTU, mtuOctets);
    MemorySegment.copy(about, 0, into, Ipv6Header.OCTETS + ICMP_OCTETS, quoted);
    int checksum = checksum(into, payload);
    into.set(SHORT, Ipv6Header.OCTETS + CHECKSUM, (short) checksum);
    return Ipv6Header.OCTETS + payload;
  }

  /// {@return the SPI of an ESP packet of ours that an ICMPv6 error quotes, or [#NO_SPI]}: which
  /// SA's path became narrower (RFC 4301 §8.2.1). Of a packet that was sent in fragments only the
  /// first shows it. Whoever made the error, the octets are not trusted: nothing beyond them is
  /// read.
  ///
  /// @param at where the quoted packet begins, with its IPv6 header
  /// @param octets how many of it are there
  public static int quotedSpi(MemorySegment memory, int at, int octets) {
    ExtensionHeaders headers = new ExtensionHeaders();
    if (!headers.read(memory, at, octets)) {
      return NO_SPI;
    }
    if (headers.header() == ExtensionHeaders.FRAGMENT
        && (headers.fragmentDataOctets() < 0
            || FragmentHeader.offsetOctets(memory, at + headers.offset()) != 0
            || !headers.readBehindFragment(memory, at))) {
      return NO_SPI;
    }
    boolean shown = headers.header() == ESP && octets - headers.offset() >= Integer.BYTES;
    return shown ? memory.get(INT, at + headers.offset()) : NO_SPI;
  }

  /// The ones' complement sum over pseudo-header and message (RFC 8200 §8.1).
  private static int checksum(MemorySegment message, int payload) {
    int sum = payload + Selector.ICMPV6;
    int end = Ipv6Header.OCTETS + payload;
    for (int at = ADDRESSES; at < end; at += 2) {
      sum +=
          at + 1 < end
              ? message.get(SHORT, at) & 0xffff
              : (message.get(ValueLayout.JAVA_BYTE, at) & 0xff) << 8;
    }
    while (sum >>> 16 != 0) {
      sum = (sum & 0xffff) + (sum >>> 16);
    }
    return ~sum & 0xffff;
  }
}
