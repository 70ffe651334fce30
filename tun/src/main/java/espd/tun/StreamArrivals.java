package espd.tun;

import espd.spd.Ipv6Address;
import espd.tun.packet.PacketBatch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;

/// ESP packets that came through TCP streams, in order, until the thread that receives takes them:
/// bounded, and without an object a packet. Any thread gives.
///
/// ```
///  octets of the packet | local address | remote address | local port | remote port | packet
/// ```
///
/// An entry whose octets are [#SKIP] says that the next one is at the beginning.
final class StreamArrivals {

  private static final int CAPACITY = 1 << 21;
  private static final int SKIP = -1;
  private static final int LOCAL = Long.BYTES;
  private static final int REMOTE = LOCAL + Ipv6Address.OCTETS;
  private static final int LOCAL_PORT = REMOTE + Ipv6Address.OCTETS;
  private static final int REMOTE_PORT = LOCAL_PORT + Integer.BYTES;
  private static final int HEADER = REMOTE_PORT + Integer.BYTES;

  private final MemorySegment ring;
  private int head;
  private int tail;
  private int used;

  StreamArrivals(Arena arena) {
    this.ring = arena.allocate(CAPACITY, Long.BYTES);
  }

  /// The ends of a stream.
  ///
  /// @param localPort its number
  record Ends(Ipv6Address local, int localPort, Ipv6Address remote, int remotePort) {}

  private static int place(int octets) {
    return (HEADER + octets + Long.BYTES - 1) & -Long.BYTES;
  }

  /// {@return whether there was room}
  synchronized boolean give(Ends ends, ByteBuffer packet) {
    int octets = packet.remaining();
    int place = place(octets);
    int skipped = CAPACITY - tail < place ? CAPACITY - tail : 0;
    if (used + skipped + place > CAPACITY) {
      return false;
    }
    if (skipped > 0) {
      ring.set(ValueLayout.JAVA_INT, tail, SKIP);
      tail = 0;
    }
    ring.set(ValueLayout.JAVA_INT, tail, octets);
    address(tail + LOCAL, ends.local());
    address(tail + REMOTE, ends.remote());
    ring.set(ValueLayout.JAVA_INT, tail + LOCAL_PORT, ends.localPort());
    ring.set(ValueLayout.JAVA_INT, tail + REMOTE_PORT, ends.remotePort());
    MemorySegment.copy(MemorySegment.ofBuffer(packet), 0, ring, tail + HEADER, octets);
    tail = (tail + place) % CAPACITY;
    used += skipped + place;
    return true;
  }

  private void address(int at, Ipv6Address address) {
    ring.set(ValueLayout.JAVA_LONG, at, address.high());
    ring.set(ValueLayout.JAVA_LONG, at + Long.BYTES, address.low());
  }

  /// Moves packets into the batch, as many as have room.
  synchronized void moveTo(PacketBatch batch) {
    while (used > 0) {
      int octets = ring.get(ValueLayout.JAVA_INT, head);
      if (octets == SKIP) {
        used -= CAPACITY - head;
        head = 0;
        continue;
      }
      int slot = batch.add(octets);
      if (slot == PacketBatch.FULL) {
        return;
      }
      MemorySegment.copy(ring, head + HEADER, batch.memory(), batch.offset(slot), octets);
      batch.localHigh[slot] = ring.get(ValueLayout.JAVA_LONG, head + LOCAL);
      batch.localLow[slot] = ring.get(ValueLayout.JAVA_LONG, head + LOCAL + Long.BYTES);
      batch.remoteHigh[slot] = ring.get(ValueLayout.JAVA_LONG, head + REMOTE);
      batch.remoteLow[slot] = ring.get(ValueLayout.JAVA_LONG, head + REMOTE + Long.BYTES);
      batch.localPort[slot] = ring.get(ValueLayout.JAVA_INT, head + LOCAL_PORT);
      batch.remotePort[slot] = ring.get(ValueLayout.JAVA_INT, head + REMOTE_PORT);
      batch.hopLimit[slot] = 0;
      batch.trafficClass[slot] = 0;
      int place = place(octets);
      head = (head + place) % CAPACITY;
      used -= place;
    }
  }
}
