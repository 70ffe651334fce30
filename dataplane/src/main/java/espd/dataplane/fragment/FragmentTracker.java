package espd.dataplane.fragment;

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
  private static final int KEY_OCTETS = FragmentFields.KEY_OCTETS;

  private final SipHash hash;

  /// The fragment that was looked at last.
  private final FragmentFields fields = new FragmentFields();

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
    if (fields.offset == 0) {
      return true;
    }
    int place = find();
    if (place == NONE
        || nowMillis - sinceMillis[place] >= MAX_MILLIS
        || fields.offset < dataOctets[place]) {
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
    if (fields.offset != 0 || !fields.more) {
      return;
    }
    int place = find();
    if (place == NONE) {
      place = oldest();
    }
    MemorySegment.copy(fields.key, 0, addresses, (long) place * KEY_OCTETS, KEY_OCTETS);
    identifications[place] = fields.identification;
    used[place] = true;
    sinceMillis[place] = nowMillis;
    protocols[place] = flow.protocol;
    localPorts[place] = flow.localPort;
    remotePorts[place] = flow.remotePort;
    dataOctets[place] = fields.dataOctets;
  }

  private boolean isFragment(MemorySegment memory, int at) {
    return fields.read(memory, at, FragmentFields.said(memory, at))
        && fields.isFragment()
        && fields.dataOctets >= 0;
  }

  private int firstOfSet() {
    return (int) (hash.of(fields.key, 0, KEY_OCTETS, fields.identification) & (sets - 1)) * WAYS;
  }

  private int find() {
    int first = firstOfSet();
    for (int place = first; place < first + WAYS; place++) {
      long known = (long) place * KEY_OCTETS;
      if (used[place]
          && identifications[place] == fields.identification
          && MemorySegment.mismatch(addresses, known, known + KEY_OCTETS, fields.key, 0, KEY_OCTETS)
              < 0) {
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
