package espd.daemon.racoon;

import espd.daemon.control.Section;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;

/// ISAKMP SAs as `racoonctl show-sa isakmp` lists them.
///
/// @param isLong whether each is told of at length (`-l`)
/// @param now what ages are counted to
/// @param zone of the times shown
record IsakmpTable(boolean isLong, Instant now, ZoneId zone) {

  private static final String SHORT =
      "Destination            Cookies                           Created\n";
  private static final String LONG =
      "Source                 Destination            Cookies                           ST S  V E"
          + " Created             Phase2\n";

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");

  /// racoon's number of an SA that is established.
  private static final int ESTABLISHED = 9;

  /// {@return the table}
  ///
  /// @param sas as vici lists them
  String text(List<Section> sas) {
    StringBuilder text = new StringBuilder(isLong ? LONG : SHORT);
    for (Section sa : sas) {
      text.append(
          isLong
              ? longer(sa)
              : "%-22s %s %s \n".formatted(end("remote", sa), cookies(sa), created(sa)));
    }
    return text.toString();
  }

  private String longer(Section sa) {
    boolean up = sa.text("established").isPresent();
    boolean initiator = sa.text("initiator").orElse("").equals("yes");
    boolean two = sa.text("version").orElse("").equals("2");
    int children = sa.section("child-sas").map(all -> all.nodes().size()).orElse(0);
    return "%-22s %-22s %s %2d %s %2X %s %s %6d\n"
        .formatted(
            end("local", sa),
            end("remote", sa),
            cookies(sa),
            up ? ESTABLISHED : 1,
            initiator ? "I" : "R",
            two ? 0x20 : 0x10,
            two ? "2" : "M",
            created(sa),
            children);
  }

  private static String end(String side, Section sa) {
    return sa.text(side + "-host").orElse("") + "." + sa.text(side + "-port").orElse("");
  }

  private static String cookies(Section sa) {
    return sa.text("initiator-spi").orElse("") + ":" + sa.text("responder-spi").orElse("");
  }

  private String created(Section sa) {
    return sa.text("established")
        .map(seconds -> TIME.format(now.minusSeconds(Long.parseLong(seconds)).atZone(zone)))
        .orElse(" ".repeat(19));
  }
}
