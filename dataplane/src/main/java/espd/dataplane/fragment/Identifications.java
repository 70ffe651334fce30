package espd.dataplane.fragment;

import espd.dataplane.ipv6.Ipv6Header;
import espd.dataplane.ipv6.SipHash;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.random.RandomGenerator;

/// Numbers for datagrams that are sent in fragments, by the hash-based algorithm of RFC 7739 §5.3:
///
/// ```
///  identification = F(source, destination) + counter[G(source, destination)]
/// ```
///
/// F and G are the halves of one keyed hash; the counters begin at random. So a number comes back
/// to a pair of hosts after 2³² datagrams at the soonest when no other pair shares its counter, and
/// who sees the numbers of one pair learns nothing of another's. For any thread; allocates nothing.
public final class Identifications {

  private static final int COUNTERS = 1024;

  private final SipHash hash;
  private final AtomicIntegerArray counters;

  /// @param random draws the secrets; a secure one
  public Identifications(RandomGenerator random) {
    this.hash = new SipHash(random);
    this.counters = new AtomicIntegerArray(COUNTERS);
    for (int i = 0; i < COUNTERS; i++) {
      counters.set(i, random.nextInt());
    }
  }

  /// {@return the number of the next datagram between the two hosts of a packet}
  ///
  /// @param at where the packet begins, with its IPv6 header
  public int next(MemorySegment memory, int at) {
    long pair = hash.of(memory, at + Ipv6Header.ADDRESSES, Ipv6Header.ADDRESSES_OCTETS, 0);
    int counter = (int) (pair >>> Integer.SIZE) & (COUNTERS - 1);
    return (int) pair + counters.getAndIncrement(counter);
  }
}
