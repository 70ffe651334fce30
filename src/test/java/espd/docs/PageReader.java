package espd.docs;

import espd.docs.Page.Command;
import espd.docs.Page.NewFile;
import espd.lab.Host;
import espd.lab.Lab;
import espd.lab.Running;
import espd.lab.Terminal;
import espd.lab.Terminal.Typed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Does what a page says on the hosts that it names, and compares what it shows with what is seen.
final class PageReader {

  private static final Duration COMMAND = Duration.ofSeconds(60);
  private static final Duration BEGINNING = Duration.ofSeconds(60);
  private static final int ETHERNET_MTU = 1500;

  private final Page page;
  private final Map<String, Terminal> terminals = new TreeMap<>();
  private final List<Begun> begun = new ArrayList<>();

  /// A command that runs on, whose first output nobody has looked at yet.
  private record Begun(Command command, Typed typed) {}

  private PageReader(Lab lab, Page page) {
    this.page = page;
    for (String host : page.hosts()) {
      terminals.put(host, Terminal.open(lab, host(lab, host)));
    }
  }

  private static Host host(Lab lab, String name) {
    return switch (name) {
      case "east" -> lab.a();
      case "west" -> lab.b();
      case "alice" -> lab.behind(lab.a(), name, "2001:db8:a::2");
      case "bob" -> lab.behind(lab.b(), name, "2001:db8:b::2");
      case "router" -> lab.routerBetween(ETHERNET_MTU);
      default -> throw new IllegalArgumentException("no host " + name);
    };
  }

  /// Does all that a page says.
  ///
  /// @throws AssertionError with the page's line where something else is seen than it shows
  static void follow(Lab lab, Page page) {
    PageReader reader = new PageReader(lab, page);
    page.steps().forEach(reader::step);
    reader.lookAtWhatWasBegun();
    reader.terminals.values().forEach(Terminal::hangUp);
    reader.terminals.values().forEach(Terminal::awaitEnd);
  }

  private void step(Page.Step step) {
    switch (step) {
      case NewFile file -> make(file);
      case Command command when command.runsOn() ->
          begun.add(new Begun(command, terminal(command.host()).type(command.text())));
      case Command command -> run(command);
    }
  }

  private void make(NewFile file) {
    Set<String> hosts = file.hosts().isEmpty() ? terminals.keySet() : file.hosts();
    hosts.forEach(host -> terminal(host).edit(file.path(), file.text()));
  }

  private Terminal terminal(String host) {
    return Optional.ofNullable(terminals.get(host)).orElseThrow();
  }

  private void run(Command command) {
    lookAtWhatWasBegun();
    Typed typed = terminal(command.host()).type(command.text());
    int exit;
    try {
      exit = typed.awaitExit(COMMAND);
    } catch (AssertionError e) {
      throw differs(command, typed, "has no end within " + COMMAND.toSeconds() + " s");
    }
    if (exit != 0) {
      throw differs(command, typed, "has exit code " + exit);
    }
    Shape.of(command.shown())
        .missingIn(typed.printed())
        .ifPresent(
            line -> {
              throw differs(command, typed, "should go on with: " + line);
            });
  }

  private void lookAtWhatWasBegun() {
    for (Begun each : begun) {
      Shape beginning = Shape.of(each.command().shown()).andMore();
      try {
        Running.await(
            "its output", BEGINNING, () -> beginning.missingIn(each.typed().printed()).isEmpty());
      } catch (AssertionError e) {
        String line = beginning.missingIn(each.typed().printed()).orElse("");
        throw differs(each.command(), each.typed(), "should begin, or go on, with: " + line);
      }
    }
    begun.clear();
  }

  private AssertionError differs(Command command, Typed typed, String how) {
    return new AssertionError(
        "docs/%s:%d: %s# %s\n%s\nIt printed:\n%s"
            .formatted(
                page.name(), command.line(), command.host(), command.text(), how, typed.printed()));
  }
}
