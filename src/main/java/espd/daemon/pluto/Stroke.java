package espd.daemon.pluto;

import espd.daemon.control.ControlClient;
import espd.daemon.control.ControlClient.Command;
import espd.daemon.control.Node;
import espd.daemon.control.Section;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What strongSwan's `ipsec up`, `down`, `status` and the like print.
///
/// @param surroundings where it runs
record Stroke(Surroundings surroundings) {

  private static final int FAILED = 1;

  /// What `ipsec status` answers where nothing runs.
  private static final int STOPPED = 3;

  /// `NAME{n}`, `NAME[n]`, `{n}`, `[*]` …
  private static final Pattern ONE = Pattern.compile("(.*?)([\\[{])(\\d+|\\*)[\\]}]");

  int up(String name) throws IOException {
    return change(new Command("initiate", Section.builder().text("child", name).build()));
  }

  int down(String which) throws IOException {
    Matcher one = ONE.matcher(which);
    if (!one.matches()) {
      return change(new Command("espd-down", Section.builder().text("child", which).build()));
    }
    String kind = one.group(2).equals("[") ? "ike" : "child";
    Section.Builder request = Section.builder();
    if (one.group(3).equals("*")) {
      request.text(kind, one.group(1));
    } else {
      request.text(kind + "-id", one.group(3));
    }
    return change(new Command("terminate", request.build()));
  }

  int route(String name) throws IOException {
    int exit = change(new Command("install", Section.builder().text("child", name).build()));
    if (exit == 0) {
      surroundings.say("'%s' routed", name);
    }
    return exit;
  }

  int unroute(String name) throws IOException {
    int exit = change(new Command("uninstall", Section.builder().text("child", name).build()));
    if (exit == 0) {
      surroundings.say("trap policy '%s' unrouted", name);
    }
    return exit;
  }

  private int change(Command command) throws IOException {
    Optional<ControlClient> connected = connected();
    if (connected.isEmpty()) {
      return Starter.NOT_RUNNING;
    }
    AtomicReference<String> last = new AtomicReference<>("");
    try (ControlClient daemon = connected.get()) {
      Section answer =
          daemon.stream(
              command,
              "control-log",
              event -> {
                last.set(event.text("msg").orElse(""));
                surroundings.say("%s", last.get());
              });
      Optional<String> failure = answer.text("errmsg");
      failure.filter(text -> !text.equals(last.get())).ifPresent(t -> surroundings.say("%s", t));
      return failure.isPresent() ? FAILED : 0;
    }
  }

  private Optional<ControlClient> connected() {
    try {
      return Optional.of(ControlClient.connect(surroundings.control()));
    } catch (IOException e) {
      surroundings.complain("connecting to 'unix://%s' failed: no daemon", surroundings.control());
      return Optional.empty();
    }
  }

  /// @param all whether everything is shown, as `statusall` does
  int status(boolean all, Optional<String> name) throws IOException {
    Optional<ControlClient> connected = connected();
    if (connected.isEmpty()) {
      return STOPPED;
    }
    try (ControlClient daemon = connected.get()) {
      Section.Builder request = Section.builder();
      name.ifPresent(each -> request.text("ike", each));
      if (all) {
        request.text("all", "yes");
      }
      surroundings.out().print(daemon.text(new Command("espd-status", request.build())));
      surroundings.out().flush();
      return 0;
    }
  }

  int algorithms() throws IOException {
    Optional<ControlClient> connected = connected();
    if (connected.isEmpty()) {
      return Starter.NOT_RUNNING;
    }
    try (ControlClient daemon = connected.get()) {
      Section all = daemon.command("get-algorithms", Section.EMPTY);
      surroundings.say("%nList of registered IKE algorithms:%n");
      for (String kind : List.of("encryption", "integrity", "aead", "prf", "dh")) {
        surroundings.say(
            "  %-11s %s",
            (kind.equals("dh") ? "dh-group" : kind) + ":",
            all.section(kind).orElse(Section.EMPTY).nodes().entrySet().stream()
                .map(Stroke::algorithm)
                .collect(Collectors.joining(" ")));
      }
      return 0;
    }
  }

  private static String algorithm(Map.Entry<String, Node> entry) {
    String by = entry.getValue() instanceof Node.Text(String text) ? "[" + text + "]" : "";
    return entry.getKey() + by;
  }
}
