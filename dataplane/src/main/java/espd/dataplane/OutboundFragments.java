package espd.dataplane;

import espd.dataplane.fragment.FragmentTracker;
import espd.dataplane.fragment.Reassembly;
import espd.dataplane.ipv6.HeaderChain;
import espd.spd.Flow;
import espd.spd.Mode;
import espd.spd.PortRange;
import espd.spd.SaParameters;
import espd.tun.packet.PacketBatch;
import java.lang.foreign.MemorySegment;
import java.security.SecureRandom;
import java.util.ArrayDeque;

/// Fragments that the host sends (RFC 4301 §7). Policy decides about each as about the first of its
/// datagram. Tunnel mode carries them as they are, under an SA that is for all ports; for all other
/// SAs the datagram is put together again and protected whole (RFC 4303 §3.3.4), and its ESP packet
/// is cut where it is too long for the path.
///
/// Only the reader's thread uses it.
final class OutboundFragments {

  /// How many datagrams are tracked, and how many are put together at the same time.
  private static final int TRACKED = 1024;

  private static final int WAITING = 64;

  private final Counters counters;
  private final FragmentTracker tracker = new FragmentTracker(TRACKED, new SecureRandom());
  private final Reassembly reassembly = new Reassembly(WAITING);
  private final ArrayDeque<MemorySegment> whole = new ArrayDeque<>();
  private final Flow withoutPorts = new Flow();
  private long missing;

  /// @param counters of the direction
  OutboundFragments(Counters counters) {
    this.counters = counters;
  }

  /// Gives a fragment the protocol and ports of the first of its datagram.
  ///
  /// @return whether they are known
  boolean complete(Slot slot, int i, Flow flow, long nowMillis) {
    return tracker.complete(slot.batch.memory(), slot.batch.offset(i), flow, nowMillis);
  }

  /// Remembers a first fragment, whatever policy decides about it: the others go its way.
  void remember(Slot slot, int i, Flow flow, long nowMillis) {
    tracker.remember(slot.batch.memory(), slot.batch.offset(i), flow, nowMillis);
  }

  /// {@return whether an SA takes a fragment as it is: in tunnel mode, when it is for packets whose
  /// ports the receiver cannot see (RFC 4301 §7.1, §7.3)}
  boolean isCarried(SaParameters sa, HeaderChain headers) {
    Flow flow = headers.flow();
    withoutPorts.localHigh = flow.localHigh;
    withoutPorts.localLow = flow.localLow;
    withoutPorts.remoteHigh = flow.remoteHigh;
    withoutPorts.remoteLow = flow.remoteLow;
    withoutPorts.protocol = flow.protocol;
    withoutPorts.localPort = PortRange.NO_PORT;
    withoutPorts.remotePort = PortRange.NO_PORT;
    return sa.mode() == Mode.TUNNEL && sa.selects(withoutPorts);
  }

  /// Takes a fragment out of the batch; with the last of its datagram that is ready to enter the
  /// pipeline again.
  void collect(Slot slot, int i, long nowMillis) {
    PacketBatch batch = slot.batch;
    switch (reassembly.add(batch.memory(), batch.offset(i), batch.length(i), nowMillis)) {
      case WAITING -> batch.drop(i); // not lost: it is kept
      case COMPLETE -> {
        MemorySegment datagram = MemorySegment.ofArray(new byte[reassembly.octets()]);
        reassembly.write(datagram, 0);
        whole.add(datagram);
        batch.drop(i);
      }
      case DUPLICATE -> slot.drop(i, DropReason.FRAGMENT_DUPLICATE);
      case OVERLAP -> slot.drop(i, DropReason.FRAGMENT_OVERLAP);
      case CONGESTION -> slot.drop(i, DropReason.CONGESTION);
      case MALFORMED, TOO_LONG, NOT_A_FRAGMENT -> slot.drop(i, DropReason.MALFORMED_HEADERS);
    }
    long given = reassembly.timedOut() + reassembly.evicted();
    counters.dropped(DropReason.FRAGMENTS_MISSING, (int) (given - missing));
    missing = given;
  }

  /// Puts datagrams that are whole again into `batch`; they may be cut again, as they were.
  ///
  /// @return how many
  int release(PacketBatch batch) {
    while (!whole.isEmpty()) {
      int i = batch.add(whole.getFirst());
      if (i == PacketBatch.FULL) {
        break;
      }
      batch.fragmentable[i] = true;
      whole.removeFirst();
    }
    return batch.count();
  }
}
