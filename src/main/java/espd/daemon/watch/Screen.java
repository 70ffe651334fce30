package espd.daemon.watch;

import static espd.daemon.watch.Units.harmless;
import static espd.daemon.watch.Units.scaled;
import static espd.daemon.watch.Units.span;

import espd.daemon.control.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// What changed between two moments, in lines.
///
/// @param before the earlier
/// @param now the later
/// @param columns the longest line
public record Screen(Sample before, Sample now, int columns) {

  private static final List<Column> COLUMNS =
      List.of(
          new Column("direction", -9),
          new Column("SPI", -10),
          new Column("bits/s", 8),
          new Column("packets/s", 9),
          new Column("age", 7),
          new Column("bytes", 8),
          new Column("packets", 12),
          new Column("used ago", 8));

  /// @param head its title
  /// @param width in characters, below 0 where text stands at the left
  private record Column(String head, int width) {

    String cell(String text) {
      return String.format(Locale.ROOT, "%" + width + "s", text);
    }
  }

  /// {@return the lines, none longer than the columns there are; what does not fit is left out}
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(head());
    Section cleartext = now.stats().section("cleartext").orElse(Section.EMPTY);
    if (!cleartext.text("dropped").orElse("yes").equals("yes")) {
      lines.add(
          "cleartext that must be protected is NOT dropped: "
              + cleartext.text("detail").orElse(""));
    }
    if (now.ikeSas().isEmpty()) {
      lines.add("");
      lines.add("no SAs");
    }
    for (Sample.IkeSa each : now.ikeSas()) {
      lines.add("");
      lines.add(ikeSa(each));
      each.children().forEach(child -> lines.addAll(child(child)));
    }
    lines.addAll(drops());
    return lines.stream().map(this::cut).toList();
  }

  private String cut(String line) {
    String shown = harmless(line.stripTrailing());
    return shown.length() > columns ? shown.substring(0, Math.max(0, columns - 1)) + "…" : shown;
  }

  private String head() {
    Section ikeSas = now.stats().section("ikesas").orElse(Section.EMPTY);
    String running =
        now.stats().section("uptime").flatMap(uptime -> uptime.text("running")).orElse("");
    return "espd, running %s: %s IKE SAs, %s half-open; engine %s"
        .formatted(
            running,
            ikeSas.text("total").orElse("0"),
            ikeSas.text("half-open").orElse("0"),
            String.join(", ", now.stats().items("plugins")));
  }

  private static String ikeSa(Sample.IkeSa sa) {
    Section section = sa.section();
    String identity = section.text("remote-id").filter(id -> !id.isEmpty()).orElse("not known yet");
    String handshake =
        lastHandshake(sa).isPresent()
            ? ", last handshake " + span(lastHandshake(sa).getAsLong()) + " ago"
            : "";
    return "%s[%s] %s %s (%s)%s"
        .formatted(
            sa.name(),
            section.text("uniqueid").orElse(""),
            section.text("state").orElse("").toLowerCase(Locale.ROOT),
            section.text("remote-host").orElse(""),
            identity,
            handshake);
  }

  /// {@return how many seconds ago the peer proved itself or keys were agreed}
  private static OptionalLong lastHandshake(Sample.IkeSa sa) {
    List<Long> ages = new ArrayList<>();
    sa.section().text("established").map(Long::parseLong).ifPresent(ages::add);
    for (Section child : sa.children()) {
      child.text("install-time").map(Long::parseLong).ifPresent(ages::add);
    }
    return ages.stream().mapToLong(Long::longValue).min();
  }

  private List<String> child(Section child) {
    String name =
        "  %s{%s} %s %s, %s"
            .formatted(
                child.text("name").orElse(""),
                child.text("uniqueid").orElse(""),
                child.text("state").orElse("").toLowerCase(Locale.ROOT),
                child.text("mode").orElse("").toLowerCase(Locale.ROOT),
                child
                    .text("rekey-time")
                    .map(in -> "rekeyed in " + span(Long.parseLong(in)))
                    .orElse("never rekeyed"));
    return List.of(
        name,
        row(COLUMNS.stream().map(Column::head).toList()),
        direction("inbound", "in", child),
        direction("outbound", "out", child));
  }

  private String direction(String words, String direction, Section child) {
    String used =
        child.text("use-" + direction).map(ago -> span(Long.parseLong(ago))).orElse("never");
    return row(
        List.of(
            words,
            "0x" + child.text("spi-" + direction).orElse(""),
            rate(child, "bytes-" + direction, 8),
            rate(child, "packets-" + direction, 1),
            span(Sample.number(child, "install-time")),
            scaled((double) Sample.number(child, "bytes-" + direction)) + "B",
            "" + Sample.number(child, "packets-" + direction),
            used));
  }

  /// {@return how fast a figure of a Child SA grew; `-` where the SA is new}
  private String rate(Section child, String figure, int factor) {
    Optional<Section> then =
        before.ikeSas().stream()
            .flatMap(sa -> sa.children().stream())
            .filter(each -> Sample.key(each).equals(Sample.key(child)))
            .findFirst();
    return then.map(
            each ->
                perSecond(factor * (Sample.number(child, figure) - Sample.number(each, figure))))
        .orElse("-");
  }

  private String perSecond(long growth) {
    double seconds = (now.nanos() - before.nanos()) / 1e9;
    return seconds > 0 ? scaled(Math.max(0, growth / seconds)).stripTrailing() : "-";
  }

  /// As many columns as there is room for.
  private String row(List<String> cells) {
    StringBuilder line = new StringBuilder("   ");
    for (int i = 0; i < cells.size(); i++) {
      String cell = " " + COLUMNS.get(i).cell(cells.get(i));
      if (line.length() + cell.length() > columns) {
        break;
      }
      line.append(cell);
    }
    return line.toString();
  }

  private List<String> drops() {
    List<String> lines = new ArrayList<>();
    Map<String, Long> earlier = before.drops();
    now.drops()
        .forEach(
            (reason, count) -> {
              if (count > 0) {
                String rate = perSecond(count - earlier.getOrDefault(reason, 0L));
                lines.add(String.format(Locale.ROOT, "  %-32s %10d %8s/s", reason, count, rate));
              }
            });
    if (!lines.isEmpty()) {
      lines.addFirst("dropped packets");
      lines.addFirst("");
    }
    return lines;
  }
}
