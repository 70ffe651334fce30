package espd.dataplane;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/// What one direction has counted since the start. Any thread counts, any thread reads; the times
/// of its stages have one writer each.
final class Counters {

  private final Map<DropReason, LongAdder> drops = new EnumMap<>(DropReason.class);
  private final LongAdder packets = new LongAdder();
  private final LongAdder octets = new LongAdder();
  private final LongAdder compressedPackets = new LongAdder();
  private final LongAdder sparedOctets = new LongAdder();
  private final StageTimes times = new StageTimes();

  Counters() {
    for (DropReason reason : DropReason.values()) {
      drops.put(reason, new LongAdder());
    }
  }

  void dropped(DropReason reason, int count) {
    if (count > 0) {
      of(reason).add(count);
    }
  }

  void passed(int packetCount, long octetCount) {
    packets.add(packetCount);
    octets.add(octetCount);
  }

  void compressed(int octetsFewer) {
    compressedPackets.increment();
    sparedOctets.add(octetsFewer);
  }

  long drops(DropReason reason) {
    return of(reason).sum();
  }

  private LongAdder of(DropReason reason) {
    return Objects.requireNonNull(drops.get(reason));
  }

  StageTimes times() {
    return times;
  }

  long packets() {
    return packets.sum();
  }

  long octets() {
    return octets.sum();
  }

  long compressedPackets() {
    return compressedPackets.sum();
  }

  long sparedOctets() {
    return sparedOctets.sum();
  }
}
