package espd.daemon.control;

import espd.daemon.control.Snapshot.IkeSa;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/// The daemon's state as the messages of vici's `version` and `stats`.
///
/// @param snapshot what is shown
record ViciListing(Snapshot snapshot) {

  private static final DateTimeFormatter SINCE =
      DateTimeFormatter.ofPattern("MMM dd HH:mm:ss yyyy", Locale.ENGLISH);

  Section version() {
    return Section.builder()
        .text("daemon", "espd")
        .text("version", snapshot.machine().version())
        .text("sysname", System.getProperty("os.name"))
        .text("release", System.getProperty("os.version"))
        .text("machine", System.getProperty("os.arch"))
        .build();
  }

  Section stats() {
    long up = snapshot.ikeSas().stream().filter(IkeSa::isUp).count();
    Section.Builder drops = Section.builder();
    snapshot.drops().forEach(drops::text);
    return Section.builder()
        .section(
            "uptime",
            Section.builder()
                .text(
                    "running",
                    StatusFormat.span(Duration.between(snapshot.started(), snapshot.now())))
                .text("since", SINCE.format(snapshot.started().atZone(ZoneId.systemDefault())))
                .build())
        .section("workers", workers())
        .section("queues", priorities(0))
        .text("scheduled", 0)
        .section(
            "ikesas",
            Section.builder()
                .text("total", snapshot.ikeSas().size())
                .text("half-open", snapshot.ikeSas().size() - up)
                .build())
        .items("plugins", List.of(snapshot.machine().engine()))
        .section("drops", drops.build())
        .section(
            "cleartext",
            Section.builder()
                .text("dropped", snapshot.machine().cleartext().dropped() ? "yes" : "no")
                .text("detail", snapshot.machine().cleartext().detail())
                .build())
        .build();
  }

  /// The threads that encrypt are always on duty. There are no jobs that wait for one.
  private Section workers() {
    int total = snapshot.machine().workers();
    return Section.builder()
        .text("total", total)
        .text("idle", 0)
        .section("active", priorities(total))
        .build();
  }

  private static Section priorities(int medium) {
    return Section.builder()
        .text("critical", 0)
        .text("high", 0)
        .text("medium", medium)
        .text("low", 0)
        .build();
  }
}
