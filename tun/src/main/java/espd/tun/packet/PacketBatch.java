package espd.tun.packet;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/// Up to [#CAPACITY] packets in one piece of off-heap memory, with room before and behind each, so
/// that encapsulation and its removal happen in place.
///
/// ```
///  place of slot i, LEAST_OCTETS or more between its rooms        place of slot i + 1
///  ├── HEADROOM ──┬── packet ──┬─ … ─┬──────── TAILROOM ────────┤
///                 └ offset(i)  length(i) octets
/// ```
///
/// Places follow each other in the order in which packets are added, each as long as its packet
/// asks: a batch holds sixty-four packets of an Ethernet, or one of [#MAX_OCTETS] and some short
/// ones beside it.
///
/// Beside its octets a packet has the addresses and ports under which the [Underlay] received it or
/// is to send it; a [TunDevice] neither reads nor sets them. A batch belongs to one thread at a
/// time; it moves with its reference.
public final class PacketBatch implements AutoCloseable {

  /// How many packets a batch holds at the most.
  public static final int CAPACITY = 64;

  /// The longest packet: an IPv6 header and all that its length field can count (RFC 8200 §3).
  public static final int MAX_OCTETS = 40 + 65_535;

  /// Octets free before a packet that was just added: an IPv6 header (40), UDP (8), ESP (8) and the
  /// longest IV (16) fit.
  public static final int HEADROOM = 128;

  /// Octets free at least behind a packet that was just added: the longest padding (255), trailer
  /// (2) and ICV (32) fit.
  public static final int TAILROOM = 320;

  /// How long the place of even the shortest packet is: padding that hides its length (RFC 4303
  /// §2.7) finds room up to an Ethernet's MTU.
  public static final int LEAST_OCTETS = 1536;

  /// What {@link #add} says when the packet has no room.
  public static final int FULL = -1;

  private static final int CACHE_LINE = 64;

  /// An odd number of cache lines, so that equal offsets of neighbours are in different cache sets.
  private static final int PLACE = HEADROOM + LEAST_OCTETS + TAILROOM;

  private static final int MEMORY = CAPACITY * PLACE;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment memory = arena.allocate(MEMORY, CACHE_LINE);
  private final ByteBuffer buffer = memory.asByteBuffer();
  private final int[] offsets = new int[CAPACITY];
  private final int[] lengths = new int[CAPACITY];
  private final int[] ends = new int[CAPACITY];
  private int count;
  private int used;

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

  /// What each packet arrived under, such as its SPI: a device joins only packets of equal tags.
  public final int[] tag = new int[CAPACITY];

  /// Whether the host may cut each datagram to the path's MTU; false of one just added.
  public final boolean[] fragmentable = new boolean[CAPACITY];

  /// {@return all places}
  public MemorySegment memory() {
    return memory;
  }

  /// {@return a part of [#memory()] as a buffer, for those who take nothing else: always the same
  /// object, which the next call moves}
  public ByteBuffer octets(int at, int count) {
    return buffer.limit(at + count).position(at);
  }

  /// Makes the batch empty.
  public void clear() {
    count = 0;
    used = 0;
  }

  /// {@return whether a packet of `octets` can be added}
  public boolean hasRoom(int octets) {
    return count < CAPACITY && placeOctets(octets) <= MEMORY - used;
  }

  private static int placeOctets(int octets) {
    return HEADROOM + Math.max(LEAST_OCTETS, octets) + TAILROOM;
  }

  /// Adds a packet, whose octets the caller then writes from [#offset(int)] on.
  ///
  /// @param octets of the packet, at most [#MAX_OCTETS]
  /// @return its slot, or [#FULL] when the batch has no room for it; an empty batch always has
  public int add(int octets) {
    if (!hasRoom(octets)) {
      return FULL;
    }
    int slot = count++;
    offsets[slot] = used + HEADROOM;
    lengths[slot] = octets;
    used = Math.min(MEMORY, used + placeOctets(octets) + CACHE_LINE - 1 & -CACHE_LINE);
    ends[slot] = used;
    fragmentable[slot] = false;
    return slot;
  }

  /// Adds a packet of these octets.
  ///
  /// @return its slot, or [#FULL] when the batch has no room for it
  public int add(MemorySegment packet) {
    int octets = (int) packet.byteSize();
    int slot = add(octets);
    if (slot != FULL) {
      MemorySegment.copy(packet, 0, memory, offsets[slot], octets);
    }
    return slot;
  }

  /// {@return how many packets were added, in slots from 0 on; a packet of length 0 was dropped}
  public int count() {
    return count;
  }

  /// {@return where the packet of a slot begins in [#memory()]}
  public int offset(int slot) {
    return offsets[slot];
  }

  /// {@return the octets of the packet of a slot, 0 when it was dropped}
  public int length(int slot) {
    return lengths[slot];
  }

  /// {@return how far the packet of a slot may reach in [#memory()]}
  public int end(int slot) {
    return ends[slot];
  }

  /// Says where the packet of a slot lies now, within its place.
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
