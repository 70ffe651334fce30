package espd.daemon.doctor;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/// Whether the clock can be trusted: lifetimes of SAs are told by it, and one that jumps ends them
/// early or late.
///
/// @param now as the host tells it
/// @param kept whether something keeps it
record ClockCheck(Instant now, Tried<Boolean> kept) implements Check {

  private static final String SUBJECT = "clock";

  /// No espd is older.
  private static final Instant EARLIEST = Instant.parse("2026-01-01T00:00:00Z");

  ClockCheck {
    now = now.truncatedTo(ChronoUnit.SECONDS);
  }

  @Override
  public List<Finding> findings() {
    if (now.isBefore(EARLIEST)) {
      return List.of(
          Finding.fail(
              SUBJECT,
              now + ": it was never set; SAs of today end when it is",
              "timedatectl set-ntp true, or date -s"));
    }
    return List.of(
        switch (kept) {
          case Tried.Done<Boolean>(Boolean yes) ->
              yes
                  ? Finding.ok(SUBJECT, now + ", kept by the kernel's NTP discipline")
                  : Finding.warn(
                      SUBJECT,
                      now + ", kept by nobody: when it is set, SAs end early or late",
                      "timedatectl set-ntp true (Debian: apt install chrony)");
          case Tried.Refused<Boolean>(var why) -> Finding.refused(Finding.Level.WARN, SUBJECT, why);
        });
  }
}
