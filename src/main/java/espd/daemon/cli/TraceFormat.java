package espd.daemon.cli;

import espd.daemon.control.Section;
import java.util.Locale;
import java.util.Optional;

/// The daemon's answer to `espd-trace` as people read it: a line for each thing that the packet
/// would meet, in the order in which it would.
///
/// @param answer of the daemon
record TraceFormat(Section answer) {

  String text() {
    StringBuilder text = new StringBuilder();
    line(text, "packet", of(answer, "packet") + ", " + of(answer, "direction"));
    line(
        text,
        "policy",
        answer.section("policy").map(TraceFormat::policy).orElse("none selects it"));
    answer.section("sa").ifPresent(sa -> line(text, "SA", sa(sa)));
    answer.section("path").ifPresent(path -> line(text, "path", path(path)));
    answer.section("drop").ifPresent(drop -> line(text, "drop", drop(drop)));
    line(text, "verdict", of(answer, "verdict"));
    return text.toString();
  }

  private static void line(StringBuilder text, String what, String says) {
    text.append("%-8s %s%n".formatted(what, says));
  }

  private static String policy(Section policy) {
    String name = of(policy, "connection");
    String protect =
        policy
            .text("mode")
            .map(
                mode ->
                    " (" + mode.toLowerCase(Locale.ROOT) + ", reqid " + of(policy, "reqid") + ")")
            .orElse("");
    return "%s of %s: %s of %s%s, spid %s, %s"
        .formatted(
            of(policy, "place"),
            of(policy, "of"),
            of(policy, "action"),
            name,
            protect,
            of(policy, "spid"),
            of(policy, "selector"));
  }

  private static String sa(Section sa) {
    return of(sa, "direction")
        + " "
        + of(sa, "spi")
        + " of "
        + of(sa, "connection")
        + ", "
        + of(sa, "mode")
        + " "
        + of(sa, "suite")
        + left(sa, "numbers-left", " sequence numbers")
        + left(sa, "seconds-left", " s")
        + left(sa, "bytes-left", " octets")
        + left(sa, "packets-left", " packets");
  }

  private static String left(Section sa, String name, String unit) {
    Optional<String> figure = sa.text(name);
    return figure.map(each -> ", " + each + unit + " left").orElse("");
  }

  private static String path(Section path) {
    return "takes %s octets; %s makes %s of this packet; up to %s pass whole"
        .formatted(
            of(path, "mtu"), of(path, "encapsulation"), of(path, "outer"), of(path, "longest"));
  }

  private static String drop(Section drop) {
    return of(drop, "reason") + ": " + of(drop, "sentence") + " (" + of(drop, "section") + ")";
  }

  private static String of(Section section, String name) {
    return section.text(name).orElse("");
  }
}
