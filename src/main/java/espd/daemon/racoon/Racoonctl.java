package espd.daemon.racoon;

import espd.daemon.control.ControlClient;
import espd.daemon.control.ControlClient.Command;
import espd.daemon.control.Section;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// racoonctl of ipsec-tools: its commands by their long and short names, asked of the daemon's
/// control socket.
///
/// @param daemon connects to the control socket
/// @param out for what it shows
/// @param err for what it complains about
public record Racoonctl(Connector daemon, PrintWriter out, PrintWriter err) {

  private static final int DONE = 0;
  private static final int FAILED = 1;

  private static final String USAGE =
      """
      Usage:
        racoonctl [opts] reload-config
        racoonctl [opts] show-sa [protocol]
        racoonctl [opts] flush-sa [protocol]
        racoonctl [opts] delete-sa <saopts>
        racoonctl [opts] establish-sa [-w] <saopts>
        racoonctl [opts] show-event
          <protocol>: isakmp, esp, ipsec
          <saopts>: isakmp inet6 <src> <dst>
                  : esp inet6 <src/prefixlen/port> <dst/prefixlen/port> <ul_proto>
          <opts>: -l for more of each SA; -s <path> for another control socket
      """;

  /// Connects to the control socket.
  @FunctionalInterface
  public interface Connector {

    /// {@return a client of it}
    ///
    /// @param other the socket, where it is not the usual one
    /// @throws IOException when nobody answers there
    ControlClient connect(Optional<Path> other) throws IOException;
  }

  /// What cannot be done, and why.
  private static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedException(String why) {
      super(why);
    }
  }

  /// Does a command.
  ///
  /// @param arguments of the command line
  /// @return racoonctl's exit code
  public int run(List<String> arguments) throws IOException {
    try {
      return perform(new ArrayDeque<>(arguments));
    } catch (RefusedException | IllegalArgumentException e) {
      err.println("racoonctl: " + e.getMessage());
      return FAILED;
    } finally {
      out.flush();
      err.flush();
    }
  }

  private int perform(Deque<String> words) throws IOException, RefusedException {
    boolean isLong = false;
    while (!words.isEmpty() && words.peek().startsWith("-")) {
      String option = words.remove();
      switch (option) {
        case "-l" -> isLong = true;
        case "-d" -> {}
        case "-s" -> {
          String socket = words.isEmpty() ? "" : words.remove();
          if (isLong) {
            words.addFirst("-l");
          }
          return new Racoonctl(_ -> daemon.connect(Optional.of(Path.of(socket))), out, err)
              .perform(words);
        }
        default -> words.clear();
      }
    }
    String command = words.isEmpty() ? "" : words.remove();
    return switch (command) {
      case "reload-config", "rc" -> changed("reload-settings", Section.EMPTY);
      case "show-sa", "ss" -> show(words, isLong);
      case "flush-sa", "fs" -> flush(protocol(words));
      case "delete-sa", "ds" -> delete(words);
      case "establish-sa", "es" -> establish(words);
      case "show-event", "se" -> follow();
      case "show-schedule", "sc" ->
          throw new RefusedException("there is no schedule to show: show-sa -l tells when SAs end");
      case "get-sa-cert", "gc" ->
          throw new RefusedException(
              "certificates of peers are not shown: see swanctl --list-certs");
      case "vpn-connect", "vc", "vpn-disconnect", "vd" ->
          throw new RefusedException("there is no XAUTH and no mode-config: see establish-sa");
      case "logout-user", "lu" -> throw new RefusedException("there are no users: no XAUTH");
      default -> {
        err.print(USAGE);
        yield FAILED;
      }
    };
  }

  private ControlClient connected() throws RefusedException {
    try {
      return daemon.connect(Optional.empty());
    } catch (IOException e) {
      throw new RefusedException("send: No such file or directory, or nobody answers there");
    }
  }

  private enum Protocol {
    ISAKMP,
    IPSEC
  }

  private static Protocol protocol(Deque<String> words) throws RefusedException {
    String word = words.isEmpty() ? "isakmp" : words.remove();
    return switch (word) {
      case "isakmp" -> Protocol.ISAKMP;
      case "esp", "ipsec" -> Protocol.IPSEC;
      case "ah" -> throw new RefusedException("there is no AH (RFC 8221 §3 has ESP alone)");
      default -> throw new RefusedException("no protocol " + word + ": isakmp, esp or ipsec");
    };
  }

  // --- show

  private int show(Deque<String> words, boolean isLong) throws IOException, RefusedException {
    boolean longer = isLong;
    if (!words.isEmpty() && words.peek().equals("-l")) {
      words.remove();
      longer = true;
    }
    Protocol protocol = protocol(words);
    try (ControlClient client = connected()) {
      switch (protocol) {
        case ISAKMP ->
            out.print(
                new IsakmpTable(longer, Instant.now(), ZoneId.systemDefault())
                    .text(ikeSas(client)));
        case IPSEC -> out.print(client.text(new Command("espd-sad", Section.EMPTY)));
      }
      return DONE;
    }
  }

  private static List<Section> ikeSas(ControlClient client) throws IOException {
    List<Section> all = new ArrayList<>();
    client.stream(
        new Command("list-sas", Section.EMPTY),
        "list-sa",
        event ->
            event.nodes().keySet().stream()
                .flatMap(name -> event.section(name).stream())
                .forEach(all::add));
    return all;
  }

  // --- delete

  private int flush(Protocol protocol) throws IOException, RefusedException {
    return delete(protocol, sa -> true, child -> true);
  }

  private int delete(Deque<String> words) throws IOException, RefusedException {
    SaOptions which = SaOptions.of(words);
    return switch (which) {
      case SaOptions.Isakmp isakmp -> delete(Protocol.ISAKMP, isakmp::names, child -> false);
      case SaOptions.Esp esp -> delete(Protocol.IPSEC, sa -> true, esp::names);
    };
  }

  private int delete(Protocol protocol, Predicate<Section> ikeSa, Predicate<Section> child)
      throws IOException, RefusedException {
    try (ControlClient client = connected()) {
      int exit = DONE;
      for (Section sa : ikeSas(client)) {
        if (!ikeSa.test(sa)) {
          continue;
        }
        switch (protocol) {
          case ISAKMP -> exit = Math.max(exit, terminated(client, "ike-id", sa));
          case IPSEC -> {
            for (Section each : children(sa)) {
              if (child.test(each)) {
                exit = Math.max(exit, terminated(client, "child-id", each));
              }
            }
          }
        }
      }
      return exit;
    }
  }

  private static List<Section> children(Section sa) {
    Section children = sa.section("child-sas").orElse(Section.EMPTY);
    return children.nodes().keySet().stream()
        .flatMap(name -> children.section(name).stream())
        .toList();
  }

  private int terminated(ControlClient client, String by, Section sa) throws IOException {
    Section request = Section.builder().text(by, sa.text("uniqueid").orElse("0")).build();
    return exit(client.command("terminate", request));
  }

  // --- establish

  private int establish(Deque<String> words) throws IOException, RefusedException {
    while (!words.isEmpty() && words.peek().startsWith("-")) {
      String option = words.remove();
      if (!option.equals("-w")) {
        throw new RefusedException(
            option + ": there is no XAUTH, and remotes are found by address");
      }
    }
    SaOptions which = SaOptions.of(words);
    try (ControlClient client = connected()) {
      for (Section connections : connections(client)) {
        for (String ike : connections.nodes().keySet()) {
          Optional<String> child = which.childOf(connections.section(ike).orElse(Section.EMPTY));
          if (child.isPresent()) {
            return exit(
                client.command(
                    "initiate",
                    Section.builder()
                        .text("ike", ike)
                        .text("child", child.get())
                        .text("loglevel", "0")
                        .build()));
          }
        }
      }
    }
    throw new RefusedException("no remote and policy are for these addresses");
  }

  private static List<Section> connections(ControlClient client) throws IOException {
    List<Section> all = new ArrayList<>();
    client.stream(new Command("list-conns", Section.EMPTY), "list-conn", all::add);
    return all;
  }

  // --- others

  private int changed(String command, Section request) throws IOException, RefusedException {
    try (ControlClient client = connected()) {
      return exit(client.command(command, request));
    }
  }

  private int exit(Section answer) {
    if (answer.text("success").orElse("").equals("yes")) {
      return DONE;
    }
    err.println("racoonctl: " + answer.text("errmsg").orElse("failed"));
    return FAILED;
  }

  private int follow() throws IOException, RefusedException {
    EventText events = new EventText(ZoneId.systemDefault());
    try (ControlClient client = connected()) {
      client.listen(
          EventText.NAMES,
          (name, message) -> {
            events.line(Instant.now(), name, message).ifPresent(out::println);
            out.flush();
            return !out.checkError();
          });
    }
    return DONE;
  }
}
