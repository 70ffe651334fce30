package espd.spd;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/// A policy in the SPD.
///
/// @param id its number, as setkey's `spid`; unique while the program runs
/// @param policy what it says
/// @param created when it was added
/// @param lastUsedMillis when a packet last met it, in milliseconds since the epoch, 0 for never
public record SpdEntry(int id, Policy policy, Instant created, AtomicLong lastUsedMillis) {

  /// {@return its place among those of its direction: lower ones are asked first. Priorities are
  /// unsigned, as a kernel's}
  public long order() {
    return (long) (policy.priority() ^ Integer.MIN_VALUE) << Integer.SIZE | id;
  }
}
