package espd.tun;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Up to [#CAPACITY] packets in one piece of off-heap memory, with room before and behind each, so
/// that encapsulation and its removal happen in place.
///
/// ```
///  slot i                                                       slot i + 1
///  ├── HEADROOM ──┬── packet, at most maxPacketOctets ──┬ TAILROOM ─┤
///                 └ offset(i)          length(i) octets ┘
/// ```
///
/// Beside its octets a packet has the addresses and ports under which the [Underlay] received it or
/// is to send it; a [TunDevice] neither reads nor sets them. A batch belongs to one thread at a
/// time; it moves with its reference.
public final class PacketBatch implements AutoCloseable {

  /// How many packets a batch holds at the most.
  public static final int CAPACITY = 64;

  /// Octets free before a packet that was just read: an IPv6 header (40), UDP (8), ESP (8) and the
  /// longest IV (16) fit.
  public static final int HEADROOM = 128;

  /// Octets free behind the longest packet: the longest padding (255), trailer (2) and ICV (32)
  /// fit.
  public static final int TAILROOM = 320;

  private static final int CACHE_LINE = 64;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment memory;
  private final int maxPacketOctets;
  private final int slotOctets;
  private final int[] offsets = new int[CAPACITY];
  private final int[] lengths = new int[CAPACITY];
  private int count;

  /// The peer's address of each packet, first half.
  public final long[] remoteHigh = new long[CAPACITY];

  /// The peer's address of each packet, second half.
  public final long[] remoteLow = new long[CAPACITY];

  /// Our address of each packet, first half.
  public final long[] localHigh = new long[CAPACITY];

  /// Our address of each packet, second half.
  public final long[] localLow = new long[CAPACITY];

  /// The peer's UDP port of each packet, or 0 when it is no UDP datagram.
  public final int[] remotePort = new int[CAPACITY];

  /// Our UDP port of each packet, or 0 when it is no UDP datagram.
  public final int[] localPort = new int[CAPACITY];

  /// The hop limit of each packet received, 0 to 255.
  public final int[] hopLimit = new int[CAPACITY];

  /// The traffic class of each packet, 0 to 255: as received, or as it is to be sent in UDP.
  public final int[] trafficClass = new int[CAPACITY];

  /// @param maxPacketOctets the longest packet that a slot holds
  public PacketBatch(int maxPacketOctets) {
    this.maxPacketOctets = maxPacketOctets;
    int used = HEADROOM + maxPacketOctets + TAILROOM;
    // One cache line more than a multiple of two keeps equal offsets of neighbours in different
    // cache sets.
    this.slotOctets =
        (used + 2 * CACHE_LINE - 1) / (2 * CACHE_LINE) * (2 * CACHE_LINE) + CACHE_LINE;
    this.memory = arena.allocate((long) slotOctets * CAPACITY, CACHE_LINE);
  }

  /// {@return all slots}
  public MemorySegment memory() {
    return memory;
  }

  /// {@return the longest packet that a slot holds, in octets}
  public int maxPacketOctets() {
    return maxPacketOctets;
  }

  /// {@return where the packet of a slot is put when it is read: its headroom lies before}
  public int home(int slot) {
    return slot * slotOctets + HEADROOM;
  }

  /// {@return how many packets are in the batch, from slot 0 on; a packet of length 0 was dropped}
  public int count() {
    return count;
  }

  /// Says how many packets are in the batch.
  public void count(int packets) {
    this.count = packets;
  }

  /// {@return where the packet of a slot begins in [#memory()]}
  public int offset(int slot) {
    return offsets[slot];
  }

  /// {@return the octets of the packet of a slot, 0 when it was dropped}
  public int length(int slot) {
    return lengths[slot];
  }

  /// Says where the packet of a slot lies.
  public void place(int slot, int offset, int length) {
    offsets[slot] = offset;
    lengths[slot] = length;
  }

  /// Takes the packet of a slot out of the batch: nobody sends or writes it any more.
  public void drop(int slot) {
    lengths[slot] = 0;
  }

  /// Gives the memory back.
  @Override
  public void close() {
    arena.close();
  }
}
