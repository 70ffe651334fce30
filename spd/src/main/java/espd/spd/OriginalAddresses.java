package espd.spd;

import java.util.Optional;

/// Between which addresses the peer sees the packets of an SA in transport mode, where NATs show
/// them to us between others. The checksums of what it sends count them in, so they are mended on
/// arrival (RFC 3948 §3.1.2, RFC 7296 §2.23.1).
///
/// @param local our address as the peer knows it: where its packets are sent to
/// @param remote the peer's address as it has it itself: where they come from
public record OriginalAddresses(Ipv6Address local, Ipv6Address remote) {

  private static final long LOW = 0xffff_ffffL;
  private static final int PAIR = 0xffff;

  /// {@return these, unless a packet shows them as well: then there is nothing to mend}
  ///
  /// @param shownLocal our address in the packets that arrive
  /// @param shownRemote the peer's address in them
  public Optional<OriginalAddresses> unlessShown(Ipv6Address shownLocal, Ipv6Address shownRemote) {
    boolean same = local.equals(shownLocal) && remote.equals(shownRemote);
    return same ? Optional.empty() : Optional.of(this);
  }

  /// {@return their part of a checksum: the ones' complement sum of their pairs of octets (RFC
  /// 1071), 16 bits in network byte order; allocates nothing}
  public int sum() {
    long sum = sum(local) + sum(remote);
    sum = (sum & PAIR) + (sum >>> Short.SIZE);
    sum = (sum & PAIR) + (sum >>> Short.SIZE);
    sum = (sum & PAIR) + (sum >>> Short.SIZE);
    return (int) sum;
  }

  private static long sum(Ipv6Address address) {
    long high = address.high();
    long low = address.low();
    return (high >>> Integer.SIZE) + (high & LOW) + (low >>> Integer.SIZE) + (low & LOW);
  }
}
