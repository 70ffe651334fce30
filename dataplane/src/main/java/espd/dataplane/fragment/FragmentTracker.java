package espd.dataplane.fragment;

import espd.dataplane.ipv4.Ipv4Header;
import espd.dataplane.ipv6.ExtensionHeaders;
import espd.dataplane.ipv6.FragmentHeader;
import espd.dataplane.ipv6.Ipv6Header;
import espd.dataplane.ipv6.SipHash;
import espd.spd.Flow;
import java.lang.foreign.MemorySegment;
import java.util.random.RandomGenerator;

/// Stateful fragment checking (RFC 4301 §7.3, §7.4): remembers what the first fragment of a
/// datagram showed, for those that follow it show no ports.
///
/// ```
///  first fragment       complete: as it is      ─▶ remember, and policy decides
///  a following one      complete: as the first  ─▶ policy decides as it did about the first
///                       first unknown           ─▶ false
/// ```
///
/// A datagram is known by source, destination and identification, for 60 seconds (RFC 8200 §4.5)
/// and as long as no other needs its place. One that reaches into the octets of the first is not
/// completed: it would change the ports that were looked at (RFC 5722 §3). Each direction has its
/// own, and one thread uses it. Nothing is allocated.
public final class FragmentTracker {

  /// How long a first fragment is remembered.
  public static final long MAX_MILLIS = Reassembly.MAX_MILLIS;

  private static final int WAYS = 8;
  private static final int NONE = -1;
  private static final int KEY_OCTETS = Ipv6Header.ADDRESSES_OCTETS;

  private final SipHash hash;

  // The fragment that was looked at last.
  private final MemorySegment key = MemorySegment.ofArray(new byte[KEY_OCTETS]);
  private int identification;
  private int offset;
  private boolean more;
  private int data;

  private final ExtensionHeaders headers = new ExtensionHeaders();

  // Sets of places: a datagram has its place in the set that its key's hash tells.
  private final int sets;
  private final MemorySegment addresses;
  private final int[] identifications;
  private final boolean[] used;
  private final long[] sinceMillis;
  private final int[] protocols;
  private final int[] localPorts;
  private final int[] remotePorts;
  private final int[] dataOctets;

  /// @param datagrams how many are remembered, rounded up to a power of two, at least 8
  /// @param random draws the secret that keeps strangers from choosing whose place they take; a
  ///   secure one
  public FragmentTracker(int datagrams, RandomGenerator random) {
    this.hash = new SipHash(random);
    this.sets = Math.max(1, Integer.highestOneBit(Math.max(1, datagrams - 1)) * 2 / WAYS);
    int places = sets * WAYS;
    this.addresses = MemorySegment.ofArray(new byte[places * KEY_OCTETS]);
    this.identifications = new int[places];
    this.used = new boolean[places];
    this.sinceMillis = new long[places];
    this.protocols = new int[places];
    this.localPorts = new int[places];
    this.remotePorts = new int[places];
    this.dataOctets = new int[places];
  }

  /// Gives a fragment that follows a first one the protocol and the ports of that. What is a first
  /// fragment, or none, stays as it is.
  ///
  /// @param at where a packet begins that [espd.dataplane.ipv6.HeaderChain] has read
  /// @param flow its fields
  /// @return whether the fields are complete now
  public boolean complete(MemorySegment memory, int at, Flow flow, long nowMillis) {
    if (!isFragment(memory, at)) {
      return true;
    }
    if (offset == 0) {
      return true;
    }
    int place = find();
    if (place == NONE
        || nowMillis - sinceMillis[place] >= MAX_MILLIS
        || offset < dataOctets[place]) {
      return false;
    }
    flow.protocol = protocols[place];
    flow.localPort = localPorts[place];
    flow.remotePort = remotePorts[place];
    return true;
  }

  /// Remembers a first fragment; of what is none nothing is remembered.
  ///
  /// @param at where a packet begins that [espd.dataplane.ipv6.HeaderChain] has read
  /// @param flow its fields
  public void remember(MemorySegment memory, int at, Flow flow, long nowMillis) {
    if (!isFragment(memory, at)) {
      return;
    }
    if (offset != 0 || !more) {
      return;
    }
    int place = find();
    if (place == NONE) {
      place = oldest();
    }
    MemorySegment.copy(key, 0, addresses, (long) place * KEY_OCTETS, KEY_OCTETS);
    identifications[place] = identification;
    used[place] = true;
    sinceMillis[place] = nowMillis;
    protocols[place] = flow.protocol;
    localPorts[place] = flow.localPort;
    remotePorts[place] = flow.remotePort;
    dataOctets[place] = data;
  }

  private boolean isFragment(MemorySegment memory, int at) {
    return Ipv4Header.isVersion4(memory, at) ? isIpv4Fragment(memory, at) : isIpv6(memory, at);
  }

  private boolean isIpv6(MemorySegment memory, int at) {
    int octets = Ipv6Header.OCTETS + Ipv6Header.payloadOctets(memory, at);
    if (!headers.read(memory, at, octets)
        || headers.header() != ExtensionHeaders.FRAGMENT
        || headers.fragmentDataOctets() < 0) {
      return false;
    }
    int fragmentAt = at + headers.offset();
    MemorySegment.copy(memory, at + Ipv6Header.ADDRESSES, key, 0, KEY_OCTETS);
    identification = FragmentHeader.identification(memory, fragmentAt);
    offset = FragmentHeader.offsetOctets(memory, fragmentAt);
    more = FragmentHeader.isMore(memory, fragmentAt);
    data = headers.fragmentDataOctets();
    return true;
  }

  /// A datagram of IPv4 is known by its protocol, too (RFC 791 §3.2).
  private boolean isIpv4Fragment(MemorySegment memory, int at) {
    offset = Ipv4Header.offsetOctets(memory, at);
    more = Ipv4Header.isMore(memory, at);
    key.fill((byte) 0);
    MemorySegment.copy(memory, at + Ipv4Header.ADDRESSES, key, 0, Ipv4Header.ADDRESSES_OCTETS);
    identification = Ipv4Header.protocol(memory, at) << 16 | Ipv4Header.identification(memory, at);
    data = Ipv4Header.totalOctets(memory, at) - Ipv4Header.headerOctets(memory, at);
    return offset != 0 || more;
  }

  private int firstOfSet() {
    return (int) (hash.of(key, 0, KEY_OCTETS, identification) & (sets - 1)) * WAYS;
  }

  private int find() {
    int first = firstOfSet();
    for (int place = first; place < first + WAYS; place++) {
      long known = (long) place * KEY_OCTETS;
      if (used[place]
          && identifications[place] == identification
          && MemorySegment.mismatch(addresses, known, known + KEY_OCTETS, key, 0, KEY_OCTETS) < 0) {
        return place;
      }
    }
    return NONE;
  }

  private int oldest() {
    int first = firstOfSet();
    int oldest = first;
    for (int place = first; place < first + WAYS; place++) {
      if (!used[place]) {
        return place;
      }
      if (sinceMillis[place] < sinceMillis[oldest]) {
        oldest = place;
      }
    }
    return oldest;
  }
}
