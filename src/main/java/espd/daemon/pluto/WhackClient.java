package espd.daemon.pluto;

import espd.daemon.control.ControlClient;
import espd.daemon.control.ControlClient.Command;
import espd.daemon.control.Section;
import espd.daemon.pluto.WhackCommands.Verb;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// `ipsec auto` and `ipsec whack`: asks the daemon and prints its lines.
///
/// @param surroundings where it runs
record WhackClient(Surroundings surroundings) {

  /// RC_WHACK_PROBLEM.
  private static final int PROBLEM = 1;

  private static final int USAGE = 2;

  /// The verbs of `ipsec auto`, and whether a connection's name follows.
  private enum Operation {
    UP(Verb.INITIATE, true),
    START(Verb.INITIATE, true),
    DOWN(Verb.TERMINATE, true),
    ADD(Verb.ADD, true),
    REPLACE(Verb.REPLACE, true),
    DELETE(Verb.DELETE, true),
    ROUTE(Verb.ROUTE, true),
    ONDEMAND(Verb.ROUTE, true),
    UNROUTE(Verb.UNROUTE, true),
    STATUS(Verb.STATUS, false),
    READY(Verb.LISTEN, false),
    REREADSECRETS(Verb.REREADSECRETS, false),
    REREADALL(Verb.REREADSECRETS, false);

    private final Verb verb;
    private final boolean named;

    Operation(Verb verb, boolean named) {
      this.verb = verb;
      this.named = named;
    }

    static Optional<Operation> of(String word) {
      return Arrays.stream(values())
          .filter(each -> each.name().equals(word.toUpperCase(Locale.ROOT)))
          .findFirst();
    }
  }

  /// What the daemon is asked.
  record Request(Verb verb, Optional<String> name, boolean asynchronous) {}

  /// `ipsec auto --up NAME`; libreswan leaves the dashes out.
  int auto(List<String> arguments) throws IOException {
    boolean asynchronous = false;
    Optional<Operation> operation = Optional.empty();
    Optional<String> name = Optional.empty();
    for (String argument : arguments) {
      String word = argument.replaceFirst("^--", "");
      boolean dashed = !word.equals(argument);
      if (dashed && word.equals("asynchronous")) {
        asynchronous = true;
      } else if (operation.isEmpty() && Operation.of(word).isPresent()) {
        operation = Operation.of(word);
      } else if (!dashed && operation.isPresent() && name.isEmpty()) {
        name = Optional.of(argument);
      } else {
        return usage();
      }
    }
    if (operation.isEmpty() || operation.get().named != name.isPresent()) {
      return usage();
    }
    return ask(new Request(operation.get().verb, name, asynchronous));
  }

  private int usage() {
    String verbs =
        Arrays.stream(Operation.values())
            .map(each -> "--" + each.name().toLowerCase(Locale.ROOT) + (each.named ? " NAME" : ""))
            .collect(Collectors.joining(" | "));
    surroundings.complain("usage: ipsec auto [--asynchronous] %s", verbs);
    return USAGE;
  }

  /// `ipsec whack --name NAME --initiate`.
  int whack(List<String> arguments) throws IOException {
    Optional<Verb> verb = Optional.empty();
    Optional<String> name = Optional.empty();
    boolean asynchronous = false;
    for (int i = 0; i < arguments.size(); i++) {
      switch (arguments.get(i)) {
        case "--name" -> {
          if (i + 1 < arguments.size()) {
            name = Optional.of(arguments.get(++i));
          }
        }
        case "--asynchronous" -> asynchronous = true;
        case "--initiate" -> verb = Optional.of(Verb.INITIATE);
        case "--terminate" -> verb = Optional.of(Verb.TERMINATE);
        case "--delete" -> verb = Optional.of(Verb.DELETE);
        case "--route" -> verb = Optional.of(Verb.ROUTE);
        case "--unroute" -> verb = Optional.of(Verb.UNROUTE);
        case "--status" -> verb = Optional.of(Verb.STATUS);
        case "--listen" -> verb = Optional.of(Verb.LISTEN);
        case "--rereadsecrets", "--rereadall" -> verb = Optional.of(Verb.REREADSECRETS);
        case "--shutdown" -> verb = Optional.of(Verb.SHUTDOWN);
        default -> {
          surroundings.complain("whack: unrecognized option '%s'", arguments.get(i));
          return PROBLEM;
        }
      }
    }
    if (verb.isEmpty()) {
      surroundings.complain("whack: no action specified; try --help for hints");
      return PROBLEM;
    }
    return ask(new Request(verb.get(), name, asynchronous));
  }

  /// Asks, and prints what comes as it comes.
  ///
  /// @return whack's exit code
  int ask(Request request) throws IOException {
    ControlClient daemon;
    try {
      daemon = ControlClient.connect(surroundings.control());
    } catch (IOException e) {
      boolean there = Files.exists(surroundings.control());
      surroundings.complain(
          "whack: is Pluto running?  connect() for \"%s\" failed (%s)",
          surroundings.control(), there ? "111 Connection refused" : "2 No such file or directory");
      return PROBLEM;
    }
    try (daemon) {
      Section.Builder said = Section.builder().text("verb", request.verb());
      request.name().ifPresent(name -> said.text("name", name));
      if (request.asynchronous()) {
        said.text("asynchronous", "yes");
      }
      Section answer =
          daemon.text(
              new Command(WhackCommands.COMMAND, said.build()),
              line -> {
                surroundings.out().print(line);
                surroundings.out().flush();
              });
      return answer.text("exit").map(Integer::parseInt).orElse(PROBLEM);
    } catch (IOException e) {
      if (request.verb() == Verb.SHUTDOWN) {
        return 0; // It is gone before it could answer.
      }
      throw e;
    }
  }
}
