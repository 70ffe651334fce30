package espd.daemon.control;

import espd.daemon.control.Snapshot.IkeSa;
import java.time.Duration;
import java.util.List;

/// The daemon's state as the messages of vici's `version` and `stats`.
///
/// @param snapshot what is shown
record ViciListing(Snapshot snapshot) {

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
                .text("since", snapshot.started())
                .build())
        .section("workers", Section.builder().text("total", snapshot.machine().workers()).build())
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
}
