package espd.dataplane.ipv6;

import static espd.dataplane.ipv6.Ipv6Header.pair;

import espd.spd.OriginalAddresses;
import espd.spd.Selector;
import espd.tun.offload.Checksum;
import java.lang.foreign.MemorySegment;

/// The checksum of an upper layer that counts in the addresses of the IPv6 header (RFC 8200 §8.1).
/// A NAT changes them without seeing it, for ESP hides it.
public final class UpperLayerChecksum {

  private static final int NONE = -1;
  private static final int PAIR = 0xffff;

  private UpperLayerChecksum() {}

  /// Makes of the checksum that the sender took over its own view of the addresses the one over
  /// those that stand in the packet, without another look at what it covers (RFC 3948 §3.1.2, RFC
  /// 1624 §3). One that was wrong stays wrong. SCTP has none of the kind, and a later fragment has
  /// none at all.
  ///
  /// @param packet where the IPv6 header begins
  /// @param headers of this packet, read
  /// @param originals the addresses as the sender sees them
  public static void mend(
      MemorySegment memory, int packet, HeaderChain headers, OriginalAddresses originals) {
    int offset = offset(headers.flow().protocol);
    int field = headers.upperOffset() + offset;
    if (offset == NONE || headers.upperOffset() == 0 || field + Short.BYTES > headers.octets()) {
      return;
    }
    int checksum = pair(memory, packet + field);
    boolean udp = headers.flow().protocol == HeaderChain.UDP;
    if (udp && checksum == 0) {
      return; // There is none (RFC 6935).
    }
    int here =
        Checksum.fold(
            Checksum.sum(memory, packet + Ipv6Header.ADDRESSES, Ipv6Header.ADDRESSES_OCTETS));
    int sum = (~checksum & PAIR) + here + (~originals.sum() & PAIR);
    sum = (sum & PAIR) + (sum >>> Short.SIZE);
    sum = (sum & PAIR) + (sum >>> Short.SIZE);
    int mended = ~sum & PAIR;
    Ipv6Header.pair(memory, packet + field, udp && mended == 0 ? PAIR : mended);
  }

  /// Where the field stands in the header of the upper layer.
  private static int offset(int protocol) {
    return switch (protocol) {
      case HeaderChain.TCP -> 16;
      case HeaderChain.UDP, HeaderChain.UDP_LITE, HeaderChain.DCCP -> 6;
      case Selector.MOBILITY -> 4;
      case Selector.ICMPV6 -> 2;
      default -> NONE;
    };
  }
}
