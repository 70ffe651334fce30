package espd.dataplane.ipv4;

import static java.nio.ByteOrder.BIG_ENDIAN;

import espd.spd.Selector;
import espd.tun.offload.Checksum;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// ICMP "fragmentation needed and DF set" (RFC 792, RFC 1191 §4), said to the sender of a packet
/// that may not be cut and whose ESP would not fit the path (RFC 4301 §8.2.1).
///
/// ```
///  │ IPv4 │ type 3 │ code 4 │ checksum │ 0 │ MTU │ the packet, as much as fits 576 octets in all │
/// ```
///
/// A gateway need not have an address of IPv4, so it comes from where the packet was to go.
public final class FragmentationNeeded {

  /// The longest message (RFC 1812 §4.3.2.3).
  public static final int MAX_OCTETS = 576;

  private static final int TYPE_AND_CODE = 0x0304;
  private static final int ICMP_OCTETS = 8;
  private static final int TTL = 64;
  private static final int ECHO_REPLY = 0;
  private static final int ECHO = 8;
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(BIG_ENDIAN);
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(BIG_ENDIAN);

  private FragmentationNeeded() {}

  /// {@return whether a packet may be answered with an error: both ends are one host each, it is
  /// not itself an error, and no fragment but the first (RFC 1122 §3.2.2)}
  ///
  /// @param packet the packet alone, whose header was found right
  public static boolean mayAnswer(MemorySegment packet) {
    return isHost(Ipv4Header.source(packet, 0))
        && isHost(Ipv4Header.destination(packet, 0))
        && Ipv4Header.offsetOctets(packet, 0) == 0
        && !isIcmpError(packet);
  }

  /// Neither 0.0.0.0/8 nor multicast, broadcast or reserved (RFC 1122 §3.2.1.3).
  private static boolean isHost(int address) {
    int network = address >>> 24;
    return network != 0 && network < 224;
  }

  private static boolean isIcmpError(MemorySegment packet) {
    if (Ipv4Header.protocol(packet, 0) != Selector.ICMP) {
      return false;
    }
    int type = Ipv4Header.octet(packet, Ipv4Header.headerOctets(packet, 0));
    return type != ECHO_REPLY && type != ECHO;
  }

  /// Writes the message about a packet.
  ///
  /// @param about the packet alone
  /// @param mtuOctets the longest packet that would have fitted
  /// @param into the message's place, at least 576 octets
  /// @return its octets
  public static int write(MemorySegment about, int mtuOctets, MemorySegment into) {
    int quoted = (int) Math.min(about.byteSize(), MAX_OCTETS - Ipv4Header.OCTETS - ICMP_OCTETS);
    int octets = Ipv4Header.OCTETS + ICMP_OCTETS + quoted;
    int from = Ipv4Header.destination(about, 0);
    Ipv4Header.write(into, octets, Selector.ICMP << 8 | TTL, from, Ipv4Header.source(about, 0));
    int icmp = Ipv4Header.OCTETS;
    into.set(INT, icmp, TYPE_AND_CODE << 16);
    into.set(INT, icmp + 4, Math.min(mtuOctets, 0xffff));
    MemorySegment.copy(about, 0, into, icmp + ICMP_OCTETS, quoted);
    int checksum = Checksum.complement(Checksum.sum(into, icmp, ICMP_OCTETS + quoted));
    into.set(SHORT, icmp + 2, (short) checksum);
    return octets;
  }
}
