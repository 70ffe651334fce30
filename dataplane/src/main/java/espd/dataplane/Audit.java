package espd.dataplane;

import espd.spd.Direction;
import espd.spd.Ipv6Address;
import espd.spd.Sa;
import espd.spd.SaParameters;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/// The audit log of one direction (RFC 4303 §4): SPI, sequence number and addresses of a packet
/// that was dropped for a reason an administrator may want to read of. At most one line for each
/// reason in ten seconds; whoever floods the host with forgeries does not flood the log. The last
/// packet of each reason is kept: what a stranger can send without end, an SPI say, is shown there
/// and not in a label of a metric.
final class Audit {

  private static final Logger LOG = LoggerFactory.getLogger(Audit.class);
  private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Direction direction;
  private final Counters counters;
  private final InstantSource clock;
  private final Map<DropReason, AuditedDrop> last = new ConcurrentHashMap<>();
  private final Map<DropReason, AtomicLong> lastNanos = new EnumMap<>(DropReason.class);

  Audit(Direction direction, Counters counters, InstantSource clock) {
    this.clock = clock;
    this.direction = direction;
    this.counters = counters;
    long longAgo = System.nanoTime() - SILENCE_NANOS;
    for (DropReason reason : DropReason.values()) {
      lastNanos.put(reason, new AtomicLong(longAgo));
    }
  }

  /// Writes the line about the packet of this place, unless there was one a moment ago.
  void tell(Slot slot, int i, DropReason reason) {
    if (!reason.isAudited() || !isDue(reason)) {
      return;
    }
    last.put(reason, audited(slot, i, reason));
    line(slot.sa[i], slot.spi[i])
        .log(
            "packet dropped, {} ({} so far): sequence {} local {} remote {}",
            reason.sentence(),
            counters.drops(reason),
            Long.toUnsignedString(slot.number[i]),
            new Ipv6Address(slot.batch.localHigh[i], slot.batch.localLow[i]),
            new Ipv6Address(slot.batch.remoteHigh[i], slot.batch.remoteLow[i]));
  }

  /// {@return the last packet of each reason that was looked at, in no order}; any thread
  List<AuditedDrop> last() {
    return List.copyOf(last.values());
  }

  private AuditedDrop audited(Slot slot, int i, DropReason reason) {
    return new AuditedDrop(
        clock.instant(),
        direction,
        reason,
        describe(slot.sa[i], slot.spi[i]),
        slot.number[i],
        new Ipv6Address(slot.batch.localHigh[i], slot.batch.localLow[i]),
        new Ipv6Address(slot.batch.remoteHigh[i], slot.batch.remoteLow[i]));
  }

  private String describe(@Nullable Sa sa, int spi) {
    if (sa != null) {
      return sa.toString();
    }
    return direction == Direction.INBOUND ? "SPI " + SaParameters.spiText(spi) : "no SA";
  }

  private LoggingEventBuilder line(@Nullable Sa sa, int spi) {
    if (sa != null) {
      return SaLine.about(sa, LOG.atWarn());
    }
    return direction == Direction.INBOUND
        ? SaLine.about(SaParameters.spiText(spi), direction, LOG.atWarn())
        : SaLine.about(direction, LOG.atWarn());
  }

  private boolean isDue(DropReason reason) {
    AtomicLong last = Objects.requireNonNull(lastNanos.get(reason));
    long now = System.nanoTime();
    long then = last.get();
    return now - then >= SILENCE_NANOS && last.compareAndSet(then, now);
  }
}
