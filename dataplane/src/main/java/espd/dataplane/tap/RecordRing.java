package espd.dataplane.tap;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// A bounded ring of copied packets from one thread to another. A packet that finds no room is
/// counted and gone: the writer never waits, and allocates nothing.
///
/// ```
///  ├ octets of the record: 32, or padding to the ring's end ┤ captured: 32 │ original: 32 │ SPI: 32 ┤
///  ├ time: 64 ┤ octets of the packet, to a multiple of eight ┤
/// ```
public final class RecordRing {

  /// What [#claim] says when there is no room.
  public static final int FULL = -1;

  /// All octets of a ring, a power of two.
  public static final int CAPACITY = 8 << 20;

  private static final int HEADER = 24;
  private static final int CAPTURED = 4;
  private static final int ORIGINAL = 8;
  private static final int SPI = 12;
  private static final int TIME = 16;
  private static final int PADDING = -1;

  private static final VarHandle PUBLISHED;
  private static final VarHandle RELEASED;
  private static final VarHandle DROPPED;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      PUBLISHED = lookup.findVarHandle(RecordRing.class, "published", long.class);
      RELEASED = lookup.findVarHandle(RecordRing.class, "released", long.class);
      DROPPED = lookup.findVarHandle(RecordRing.class, "dropped", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  // Given back when nobody refers to it any more: a writer may be within a record when the reader
  // leaves.
  private final MemorySegment memory = Arena.ofAuto().allocate(CAPACITY, Long.BYTES);

  private final int snapOctets;

  // The writer's alone.
  private long written;
  private long knownReleased;
  private long nowNanos;
  private int claimed;
  private int kept;

  // The reader's alone.
  private long read;
  private long knownPublished;

  private long published;
  private long released;
  private long dropped;

  /// @param snapOctets the most octets kept of a packet
  RecordRing(int snapOctets) {
    this.snapOctets = snapOctets;
  }

  /// {@return all of its octets}
  public MemorySegment memory() {
    return memory;
  }

  // --- the writer

  /// Says when the next packets passed, in nanoseconds since the epoch.
  public void now(long nanos) {
    nowNanos = nanos;
  }

  /// Makes room for a packet; [#publish] gives it to the reader.
  ///
  /// @param octets of the whole packet; [#kept()] says how many of them are to be written
  /// @return where in [#memory()] they go, or [#FULL]: the packet is counted as dropped
  public int claim(int octets) {
    kept = Math.min(octets, snapOctets);
    int need = need(kept);
    int at = at(written);
    int before = need <= CAPACITY - at ? 0 : CAPACITY - at;
    if (!hasRoom(before + need)) {
      DROPPED.setOpaque(this, dropped + 1);
      return FULL;
    }
    if (before > 0) {
      memory.set(ValueLayout.JAVA_INT, at, PADDING);
      written += before;
    }
    claimed = at(written);
    memory.set(ValueLayout.JAVA_INT, claimed, need);
    memory.set(ValueLayout.JAVA_INT, claimed + CAPTURED, kept);
    memory.set(ValueLayout.JAVA_INT, claimed + ORIGINAL, octets);
    memory.set(ValueLayout.JAVA_LONG, claimed + TIME, nowNanos);
    return claimed + HEADER;
  }

  /// {@return how many octets of the packet that was claimed last are kept}
  public int kept() {
    return kept;
  }

  private static int need(int octets) {
    return HEADER + (octets + Long.BYTES - 1 & -Long.BYTES);
  }

  private static int at(long position) {
    return (int) (position & CAPACITY - 1);
  }

  private boolean hasRoom(int octets) {
    if (written + octets - knownReleased > CAPACITY) {
      knownReleased = (long) RELEASED.getAcquire(this);
    }
    return written + octets - knownReleased <= CAPACITY;
  }

  /// Gives the packet that was claimed last to the reader.
  ///
  /// @param spi of its SA
  public void publish(int spi) {
    memory.set(ValueLayout.JAVA_INT, claimed + SPI, spi);
    written += need(kept);
    PUBLISHED.setRelease(this, written);
  }

  // --- the reader

  /// {@return whether there is a packet; the others tell of the first until [#next()]}
  public boolean hasPacket() {
    if (read == knownPublished) {
      knownPublished = (long) PUBLISHED.getAcquire(this);
      if (read == knownPublished) {
        return false;
      }
    }
    if (memory.get(ValueLayout.JAVA_INT, at(read)) == PADDING) {
      read += CAPACITY - at(read);
    }
    return true;
  }

  /// {@return when it passed, since the epoch}
  public long timeNanos() {
    return memory.get(ValueLayout.JAVA_LONG, at(read) + TIME);
  }

  /// {@return its SPI}
  public int spi() {
    return memory.get(ValueLayout.JAVA_INT, at(read) + SPI);
  }

  /// {@return how long it was}
  public int originalOctets() {
    return memory.get(ValueLayout.JAVA_INT, at(read) + ORIGINAL);
  }

  /// {@return how many of its octets were kept}
  public int capturedOctets() {
    return memory.get(ValueLayout.JAVA_INT, at(read) + CAPTURED);
  }

  /// {@return where they begin in [#memory()]}
  public int offset() {
    return at(read) + HEADER;
  }

  /// Gives the first packet's room back.
  public void next() {
    read += memory.get(ValueLayout.JAVA_INT, at(read));
    RELEASED.setRelease(this, read);
  }

  /// {@return how many packets found no room; any thread may ask}
  public long dropped() {
    return (long) DROPPED.getOpaque(this);
  }
}
