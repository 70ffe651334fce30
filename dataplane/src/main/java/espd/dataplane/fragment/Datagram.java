package espd.dataplane.fragment;

import espd.dataplane.fragment.Reassembly.Result;
import espd.dataplane.ipv4.Ipv4Header;
import espd.dataplane.ipv6.Ecn;
import espd.dataplane.ipv6.FragmentHeader;
import espd.dataplane.ipv6.Ipv6Header;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.BitSet;

/// One datagram that is being put together, in memory that serves one after the other.
final class Datagram {

  /// The longest headers before the Fragment header that are kept.
  static final int MAX_HEADER_OCTETS = 2048;

  private static final int UNITS = Reassembly.MAX_PAYLOAD_OCTETS / FragmentHeader.UNIT + 1;
  private static final int UNKNOWN = -1;
  private static final int ECN = 0x3;

  private enum State {
    FREE,
    OPEN,
    /// Fragments overlapped: those that still come are dropped (RFC 5722 §4).
    ABANDONED
  }

  private final MemorySegment key = MemorySegment.ofArray(new byte[FragmentFields.KEY_OCTETS]);
  private final MemorySegment header = MemorySegment.ofArray(new byte[MAX_HEADER_OCTETS]);
  private final MemorySegment data = MemorySegment.ofArray(new byte[UNITS * FragmentHeader.UNIT]);

  /// Which units of 8 octets are there, and at which of them fragments begin.
  private final BitSet covered = new BitSet(UNITS);

  private final BitSet starts = new BitSet(UNITS);

  private State state = State.FREE;
  private boolean ipv4;
  private int identification;
  private long sinceMillis;
  private int headerOctets;
  private int trafficClass;
  private int namedAt;
  private int nextHeader;
  private int dataOctets;
  private int units;
  private int ecnSeen;

  /// Begins with the datagram that a fragment belongs to.
  void open(FragmentFields fragment, long nowMillis) {
    MemorySegment.copy(fragment.key, 0, key, 0, FragmentFields.KEY_OCTETS);
    state = State.OPEN;
    ipv4 = fragment.ipv4;
    identification = fragment.identification;
    sinceMillis = nowMillis;
    headerOctets = 0;
    dataOctets = UNKNOWN;
    units = 0;
    ecnSeen = 0;
    covered.clear();
    starts.clear();
  }

  void release() {
    state = State.FREE;
  }

  boolean isFree() {
    return state == State.FREE;
  }

  boolean isAbandoned() {
    return state == State.ABANDONED;
  }

  /// {@return when its first fragment came}
  long sinceMillis() {
    return sinceMillis;
  }

  /// {@return whether a fragment is one of this datagram (RFC 8200 §4.5, RFC 791 §3.2)}
  boolean isOf(FragmentFields fragment) {
    return state != State.FREE
        && ipv4 == fragment.ipv4
        && identification == fragment.identification
        && key.mismatch(fragment.key) < 0;
  }

  /// Takes a fragment whose own lengths were checked.
  ///
  /// @param at where it begins
  Result add(MemorySegment memory, int at, FragmentFields fragment) {
    int octets = fragment.dataOctets;
    int offset = fragment.offset;
    boolean more = fragment.more;
    int from = offset / FragmentHeader.UNIT;
    int to = (offset + octets + FragmentHeader.UNIT - 1) / FragmentHeader.UNIT;
    int taken = covered.nextSetBit(from);
    boolean free = taken < 0 || taken >= to;
    boolean agrees = more ? endsBefore(offset + octets) : endsAt(offset + octets, to);
    if (!agrees || !free) {
      return agrees && isDuplicate(memory, fragment.dataAt, from, octets)
          ? Result.DUPLICATE
          : abandon(Result.OVERLAP);
    }
    covered.set(from, to);
    starts.set(from);
    units += to - from;
    MemorySegment.copy(memory, fragment.dataAt, data, offset, octets);
    ecnSeen |= 1 << (fragment.trafficClass & ECN);
    if (!more) {
      dataOctets = offset + octets;
    }
    if (offset == 0) {
      keepHeaders(memory, at, fragment);
    }
    return check();
  }

  /// Whether the datagram may go on behind `end`.
  private boolean endsBefore(int end) {
    return dataOctets == UNKNOWN || end < dataOctets;
  }

  /// Whether the datagram may end at `end`, which is in the unit before `to`.
  private boolean endsAt(int end, int to) {
    return dataOctets == UNKNOWN ? covered.length() <= to : end == dataOctets;
  }

  /// Whether the same fragment came before: it is dropped, and the others stay (RFC 8200 §4.5).
  private boolean isDuplicate(MemorySegment memory, int dataAt, int from, int octets) {
    int to = from + (octets + FragmentHeader.UNIT - 1) / FragmentHeader.UNIT;
    int next = starts.nextSetBit(from + 1);
    boolean same =
        starts.get(from)
            && (next < 0 || next >= to)
            && covered.nextClearBit(from) >= to
            && (!covered.get(to) || starts.get(to));
    long offset = (long) from * FragmentHeader.UNIT;
    return same
        && MemorySegment.mismatch(
                data, offset, offset + octets, memory, dataAt, dataAt + (long) octets)
            < 0;
  }

  private Result abandon(Result why) {
    state = State.ABANDONED;
    return why;
  }

  private void keepHeaders(MemorySegment memory, int at, FragmentFields fragment) {
    headerOctets = fragment.headerOctets;
    trafficClass = fragment.trafficClass;
    if (!ipv4) {
      namedAt = fragment.namedAt();
      nextHeader = fragment.nextHeader(memory);
    }
    MemorySegment.copy(memory, at, header, 0, headerOctets);
  }

  private Result check() {
    if (dataOctets == UNKNOWN || headerOctets == 0) {
      return Result.WAITING;
    }
    int counted = ipv4 ? octets() : octets() - Ipv6Header.OCTETS;
    if (counted > Reassembly.MAX_PAYLOAD_OCTETS) {
      return abandon(Result.TOO_LONG);
    }
    if (units * FragmentHeader.UNIT < dataOctets) {
      return Result.WAITING;
    }
    return ecn() == Ecn.DROP ? abandon(Result.CONGESTION) : Result.COMPLETE;
  }

  private int ecn() {
    return Ecn.reassembled(ecnSeen, trafficClass);
  }

  /// {@return the octets of the datagram, which is complete}
  int octets() {
    return headerOctets + dataOctets;
  }

  /// Writes the datagram, which is complete.
  void write(MemorySegment into, int at) {
    MemorySegment.copy(header, 0, into, at, headerOctets);
    MemorySegment.copy(data, 0, into, at + headerOctets, dataOctets);
    int whole = (trafficClass & ~ECN) | ecn();
    if (ipv4) {
      Ipv4Header.makeWhole(into, at, octets(), whole);
      return;
    }
    into.set(ValueLayout.JAVA_BYTE, at + namedAt, (byte) nextHeader);
    Ipv6Header.payloadOctets(into, at, octets() - Ipv6Header.OCTETS);
    Ipv6Header.trafficClass(into, at, whole);
  }
}
