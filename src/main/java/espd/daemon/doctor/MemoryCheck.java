package espd.daemon.doctor;

import java.util.List;
import java.util.OptionalLong;

/// Whether the process may have the memory that a daemon needs.
///
/// @param limitOctets of the control group, nothing where it has none
record MemoryCheck(OptionalLong limitOctets) implements Check {

  private static final String SUBJECT = "memory";

  /// What a daemon under load was measured with, and as much again: docs/performance.md.
  private static final long ENOUGH = 320L << 20;

  @Override
  public List<Finding> findings() {
    if (limitOctets.isEmpty()) {
      return List.of(Finding.ok(SUBJECT, "no limit by a control group"));
    }
    long limit = limitOctets.getAsLong();
    String seen = "the control group has " + (limit >> 20) + " MiB";
    return List.of(
        limit >= ENOUGH
            ? Finding.ok(SUBJECT, seen)
            : Finding.warn(
                SUBJECT,
                seen + "; a daemon under load has some 160 MB, and is killed beyond the limit",
                "MemoryMax="
                    + (ENOUGH >> 20)
                    + "M or more (docker run --memory "
                    + (ENOUGH >> 20)
                    + "m)"));
  }
}
