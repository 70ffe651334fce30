package espd.daemon.racoon;

import espd.daemon.control.Section;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;

/// What `racoonctl show-event` says of vici's events.
///
/// @param zone of the times shown
record EventText(ZoneId zone) {

  /// The events it tells of.
  static final List<String> NAMES =
      List.of("ike-updown", "child-updown", "ike-rekey", "child-rekey");

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");

  /// {@return a line; nothing for an event that it tells nothing of}
  Optional<String> line(Instant at, String name, Section message) {
    boolean up = message.text("up").isPresent();
    String what =
        switch (name) {
          case "ike-updown" -> up ? "Phase 1 established" : "Phase 1 deleted";
          case "child-updown" -> up ? "Phase 2 established" : "Phase 2 deleted";
          case "ike-rekey" -> "Phase 1 established";
          case "child-rekey" -> "Phase 2 established";
          default -> "";
        };
    return message.nodes().keySet().stream()
        .flatMap(each -> message.section(each).stream())
        .map(sa -> sa.section("new").orElse(sa))
        .findFirst()
        .filter(sa -> !what.isEmpty())
        .map(
            sa ->
                "%s : %s : %s -> %s"
                    .formatted(
                        TIME.format(at.atZone(zone)), what, end("local", sa), end("remote", sa)));
  }

  private static String end(String side, Section sa) {
    return sa.text(side + "-host").orElse("") + "[" + sa.text(side + "-port").orElse("") + "]";
  }
}
