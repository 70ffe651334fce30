package espd.daemon.pluto;

import espd.daemon.control.Happening;
import espd.daemon.control.Happenings.Subscription;
import espd.daemon.control.Operations;
import espd.daemon.control.Operations.Outcome;
import espd.daemon.control.Section;
import espd.daemon.control.Snapshot;
import espd.daemon.control.ViciAnswers;
import espd.daemon.control.ViciCommand;
import espd.daemon.control.ViciCommand.Events;
import espd.ike.Connection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// What `whack` asked of pluto, at the control socket: the command `espd-whack`, which streams
/// whack's lines and answers with its exit code.
///
/// @param operations the daemon
/// @param serials numbers of its SAs
/// @param shutdown ends it
public record WhackCommands(Operations operations, Serials serials, Runnable shutdown) {

  /// The command's name.
  static final String COMMAND = "espd-whack";

  /// The name of the command that shows SAs and policies as `ipsec look` does.
  static final String LOOK = "espd-look";

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss zzz uuuu", Locale.ROOT);

  /// What the host calls itself, whether or not any resolver knows it.
  private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

  /// Happenings that wait while a client does not read.
  private static final int ROOM = 4096;

  /// How long what has happened may take to be told after a command has ended.
  private static final long PATIENCE_MILLIS = 200;

  /// What whack can be told to do.
  enum Verb {
    INITIATE,
    TERMINATE,
    ADD,
    REPLACE,
    DELETE,
    ROUTE,
    UNROUTE,
    STATUS,
    LISTEN,
    REREADSECRETS,
    SHUTDOWN
  }

  /// {@return the command, under its name}
  public Map<String, ViciCommand> commands() {
    return Map.of(COMMAND, this::perform, LOOK, this::look);
  }

  private Section look(Section request, Events events) throws IOException {
    String text =
        Files.readString(HOST_NAME).strip()
            + " "
            + DATE.format(ZonedDateTime.now(ZoneId.systemDefault()))
            + "\nXFRM state:\n"
            + XfrmText.state(operations.sad())
            + "XFRM policy:\n"
            + XfrmText.policy(operations.spd())
            + "XFRM done\n";
    return ViciAnswers.text(text, events);
  }

  private Section perform(Section request, Events events) throws IOException {
    Optional<Verb> verb = verb(request.text("verb").orElse(""));
    if (verb.isEmpty()) {
      return ViciAnswers.refusal("no such verb");
    }
    Whack whack = new Whack(line -> ViciAnswers.text(line, events));
    String name = request.text("name").orElse("");
    switch (verb.get()) {
      case INITIATE -> initiate(name, request.text("asynchronous").isPresent(), whack);
      case TERMINATE -> terminate(name, whack);
      case ADD -> add(name, whack);
      case REPLACE -> replace(name, whack);
      case DELETE -> delete(name, whack);
      case ROUTE -> policies(name, operations.loading().install(name), whack);
      case UNROUTE -> policies(name, operations.loading().uninstall(name), whack);
      case STATUS -> {
        for (String line : new PlutoStatus(operations.status(), serials).lines()) {
          whack.say(Whack.COMMENT, line);
        }
      }
      case LISTEN -> whack.say(Whack.LOG, "listening for IKE messages");
      case REREADSECRETS -> reread(whack);
      case SHUTDOWN -> {
        whack.say(Whack.LOG, "shutting down");
        Thread.ofPlatform().name("shutdown-asked").start(shutdown);
      }
    }
    return Section.builder().text("success", "yes").text("exit", whack.exit()).build();
  }

  private static Optional<Verb> verb(String name) {
    for (Verb verb : Verb.values()) {
      if (verb.name().equalsIgnoreCase(name)) {
        return Optional.of(verb);
      }
    }
    return Optional.empty();
  }

  private Optional<Connection> named(String name) {
    return operations.status().connections().stream()
        .map(Snapshot.Configured::connection)
        .filter(each -> each.name().equals(name))
        .findFirst();
  }

  private static void unknown(String name, Whack whack) throws IOException {
    whack.say(Whack.UNKNOWN_NAME, "no connection named \"" + name + "\"");
  }

  private void initiate(String name, boolean asynchronous, Whack whack) throws IOException {
    Optional<Connection> connection = named(name);
    if (connection.isEmpty()) {
      unknown(name, whack);
      return;
    }
    Transcript transcript = new Transcript(connection.get(), serials, whack);
    try (Subscription happenings = operations.happenings().subscribe(ROOM)) {
      CompletableFuture<Outcome> outcome = new CompletableFuture<>();
      Thread.ofVirtual()
          .name("whack-initiate")
          .start(() -> outcome.complete(operations.initiate(name, _ -> {})));
      boolean told = false;
      while (!transcript.isOver() && !(asynchronous && told)) {
        boolean done = outcome.isDone();
        Optional<Happening> next = happenings.next(PATIENCE_MILLIS);
        if (next.isPresent()) {
          transcript.tell(next.get());
          told = true;
        } else if (done) {
          Outcome end = outcome.join();
          transcript.end(end.success() ? Optional.empty() : Optional.of(end.message()));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void terminate(String name, Whack whack) throws IOException {
    if (named(name).isEmpty()) {
      unknown(name, whack);
      return;
    }
    whack.say(Whack.LOG, "\"" + name + "\": terminating SAs using this connection");
    operations.terminate(name, _ -> {});
  }

  private void add(String name, Whack whack) throws IOException {
    if (named(name).isPresent()) {
      String already = "attempt to redefine connection \"" + name + "\"";
      whack.say(Whack.DUPLICATE_NAME, already);
      return;
    }
    added(name, operations.loading().restore(name), whack);
  }

  private void added(String name, Outcome outcome, Whack whack) throws IOException {
    if (!outcome.success()) {
      whack.say(Whack.FATAL, "\"" + name + "\": " + outcome.message());
    } else if (named(name).isEmpty()) {
      unknown(name, whack);
    } else {
      whack.say(Whack.LOG, "added connection description \"" + name + "\"");
    }
  }

  private void replace(String name, Whack whack) throws IOException {
    if (named(name).isPresent()) {
      delete(name, whack);
    }
    added(name, operations.loading().restore(name), whack);
  }

  private void delete(String name, Whack whack) throws IOException {
    if (named(name).isEmpty()) {
      unknown(name, whack);
      return;
    }
    whack.say(Whack.LOG, "\"" + name + "\": deleting connection");
    Outcome outcome = operations.loading().withdraw(name);
    if (!outcome.success()) {
      whack.say(Whack.FATAL, "\"" + name + "\": " + outcome.message());
    }
  }

  private void policies(String name, Outcome outcome, Whack whack) throws IOException {
    if (named(name).isEmpty()) {
      unknown(name, whack);
    } else if (!outcome.success()) {
      whack.say(Whack.NO_ROUTE, "\"" + name + "\": " + outcome.message());
    }
  }

  private void reread(Whack whack) throws IOException {
    whack.say(Whack.LOG, "forgetting secrets");
    whack.say(Whack.LOG, "loading secrets");
    Outcome outcome = operations.loading().reload();
    if (!outcome.success()) {
      whack.say(Whack.SERIOUS, outcome.message());
    }
  }
}
