package espd.daemon.watch;

import espd.daemon.control.ControlClient;
import espd.daemon.control.ControlClient.Command;
import espd.daemon.control.Section;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What a daemon says of itself at one moment.
///
/// @param nanos the moment, as [System#nanoTime()]
/// @param stats the answer of vici's `stats`
/// @param ikeSas those of vici's `list-sas`, oldest first
public record Sample(long nanos, Section stats, List<IkeSa> ikeSas) {

  /// Copies the list.
  public Sample {
    ikeSas = List.copyOf(ikeSas);
  }

  /// An IKE SA.
  ///
  /// @param name of its connection
  /// @param section as `list-sa` shows it
  public record IkeSa(String name, Section section) {

    /// {@return its Child SAs, oldest first}
    List<Section> children() {
      return sections(section.section("child-sas").orElse(Section.EMPTY));
    }
  }

  /// Asks a daemon.
  ///
  /// @throws IOException when it goes away
  public static Sample take(ControlClient daemon) throws IOException {
    List<IkeSa> ikeSas = new ArrayList<>();
    daemon.stream(
        new Command("list-sas", Section.EMPTY),
        "list-sa",
        event ->
            event
                .nodes()
                .keySet()
                .forEach(
                    name ->
                        ikeSas.add(new IkeSa(name, event.section(name).orElse(Section.EMPTY)))));
    return new Sample(System.nanoTime(), daemon.command("stats", Section.EMPTY), ikeSas);
  }

  private static List<Section> sections(Section of) {
    return of.nodes().keySet().stream().flatMap(name -> of.section(name).stream()).toList();
  }

  /// {@return packets dropped so far, by direction and reason}
  Map<String, Long> drops() {
    Section drops = stats.section("drops").orElse(Section.EMPTY);
    Map<String, Long> counts = new TreeMap<>();
    drops.nodes().keySet().forEach(reason -> counts.put(reason, number(drops, reason)));
    return counts;
  }

  /// {@return both SPIs of a Child SA, which no other has}
  static String key(Section child) {
    return child.text("spi-in").orElse("") + child.text("spi-out").orElse("");
  }

  /// {@return the figure of `name`, 0 where there is none}
  static long number(Section of, String name) {
    return of.text(name).map(Long::parseLong).orElse(0L);
  }
}
