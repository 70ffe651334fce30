package espd.dataplane;

import espd.spd.Sad;
import espd.spd.Spd;
import espd.tun.packet.PacketBatch;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// Packets that wait for an SA (RFC 4301 §5.1 step 3a), for each policy in their order and up to a
/// bound. When the databases change, a policy's packets enter the pipeline again as if they had
/// just been read, before any that are read later; what still has no SA is held again, and is no
/// younger for it.
///
/// Only the reader's thread uses it, but for [#refuse(int)] and [#packets()].
final class HeldPackets {

  /// How many packets a policy holds.
  static final int MAX_PACKETS = PacketBatch.CAPACITY;

  /// How many octets a policy holds.
  static final int MAX_OCTETS = 256 * 1024;

  /// How long a packet waits: IKE has given up by then, or its user has.
  static final long MAX_MILLIS = 30_000;

  private static final class Held {
    final byte[] octets;
    final boolean fragmentable;
    final long sinceMillis;

    Held(PacketBatch batch, int i, long sinceMillis) {
      this.octets =
          batch.memory().asSlice(batch.offset(i), batch.length(i)).toArray(ValueLayout.JAVA_BYTE);
      this.fragmentable = batch.fragmentable[i];
      this.sinceMillis = sinceMillis;
    }
  }

  private static final class Waiting {
    final ArrayDeque<Held> packets = new ArrayDeque<>();
    int octets;
  }

  private final Counters counters;
  private final Map<Integer, Waiting> byReqid = new LinkedHashMap<>();
  private final Set<Integer> due = new LinkedHashSet<>();
  private final Queue<Integer> refused = new ConcurrentLinkedQueue<>();
  private @Nullable Spd triedSpd;
  private @Nullable Sad triedSad;
  private volatile int packets;

  HeldPackets(Counters counters) {
    this.counters = counters;
  }

  boolean isEmpty() {
    return byReqid.isEmpty();
  }

  /// {@return how many packets wait; any thread may ask}
  int packets() {
    return packets;
  }

  /// Keeps a copy of a packet, and drops the oldest of its policy that no longer fit.
  void hold(int reqid, Slot slot, int i, long nowMillis) {
    long since = slot.heldSinceMillis[i];
    Held packet = new Held(slot.batch, i, since == 0 ? nowMillis : since);
    slot.batch.drop(i);
    Waiting waiting = byReqid.computeIfAbsent(reqid, key -> new Waiting());
    add(waiting, packet);
    while (waiting.packets.size() > MAX_PACKETS || waiting.octets > MAX_OCTETS) {
      take(waiting);
      counters.dropped(DropReason.HELD_OVERFLOW, 1);
    }
  }

  /// Puts the packets of one policy into the slot, when the databases have changed since they were
  /// tried last; those that find no room come first the next time.
  ///
  /// @return how many; 0 when there is nothing to try
  int release(Spd spd, Sad sad, Slot slot) {
    PacketBatch batch = slot.batch;
    if (spd != triedSpd || sad != triedSad) {
      triedSpd = spd;
      triedSad = sad;
      due.addAll(byReqid.keySet());
    }
    if (due.isEmpty()) {
      return 0;
    }
    Integer reqid = due.iterator().next();
    Waiting waiting = byReqid.get(reqid);
    while (waiting != null && !waiting.packets.isEmpty()) {
      Held first = waiting.packets.getFirst();
      int i = batch.add(MemorySegment.ofArray(first.octets));
      if (i == PacketBatch.FULL) {
        return batch.count();
      }
      batch.fragmentable[i] = first.fragmentable;
      slot.heldSinceMillis[i] = first.sinceMillis;
      take(waiting);
    }
    due.remove(reqid);
    byReqid.remove(reqid);
    return batch.count();
  }

  /// No SA comes for this policy: its packets go at the next [#prune]. Any thread.
  void refuse(int reqid) {
    refused.add(reqid);
  }

  /// Forgets refusals that came while nothing was held: they answered nobody, and must not meet
  /// packets held later.
  void forgetRefusals() {
    refused.clear();
  }

  /// Drops what waits in vain: refused, or too old.
  void prune(long nowMillis) {
    for (Integer reqid = refused.poll(); reqid != null; reqid = refused.poll()) {
      Waiting waiting = byReqid.remove(reqid);
      while (waiting != null && !waiting.packets.isEmpty()) {
        take(waiting);
        counters.dropped(DropReason.NO_SA_COMES, 1);
      }
    }
    for (Iterator<Waiting> all = byReqid.values().iterator(); all.hasNext(); ) {
      Waiting waiting = all.next();
      while (!waiting.packets.isEmpty()
          && nowMillis - waiting.packets.getFirst().sinceMillis > MAX_MILLIS) {
        take(waiting);
        counters.dropped(DropReason.HELD_TOO_LONG, 1);
      }
      if (waiting.packets.isEmpty()) {
        all.remove();
      }
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  private void add(Waiting waiting, Held held) {
    waiting.packets.add(held);
    waiting.octets += held.octets.length;
    packets++;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  private Held take(Waiting waiting) {
    Held held = waiting.packets.remove();
    waiting.octets -= held.octets.length;
    packets--;
    return held;
  }
}
