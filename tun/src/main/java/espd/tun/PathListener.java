package espd.tun;

import java.lang.foreign.MemorySegment;

/// Is told what routers and the host say about the packets of an [Underlay] that are too long.
/// Called by its receiving thread.
public interface PathListener {

  /// IPv6's number as a next header: the quote begins with the IPv6 header of the packet.
  int IPV6 = 41;

  /// ESP's number as a next header: the quote begins with the ESP header.
  int ESP = 50;

  /// No Next Header, as a next header: nothing is quoted, for it was the host itself that had no
  /// room for a packet of its own.
  int NOTHING = 59;

  /// A router on the way had no room for a packet (RFC 4443 §3.2), or the host itself, on its link
  /// or because it knows the path. Anyone may have sent the former: it is to be believed only as
  /// far as it quotes what was really sent (RFC 8201 §4).
  ///
  /// @param remoteHigh the first half of the address that the packet went to
  /// @param remoteLow its second half
  /// @param mtuOctets what the link has room for
  /// @param quote the beginning of the packet, lent for this call
  /// @param begins what the quote begins with: [#IPV6], [#ESP], or [#NOTHING] where the host speaks
  void tooBig(long remoteHigh, long remoteLow, int mtuOctets, MemorySegment quote, int begins);
}
