package espd.daemon.control;

import espd.daemon.control.Operations.Outcome;
import espd.daemon.control.ViciCommand.Events;
import espd.ike.Connection;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The commands of vici that bring SAs up, down or anew.
///
/// @param operations the daemon
record SaCommands(Operations operations) {

  private static final Logger LOG = LoggerFactory.getLogger(SaCommands.class);

  static final String CONTROL_LOG = "control-log";

  /// How long a peer may take to answer our deletion.
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  Map<String, ViciCommand> commands() {
    return Map.of(
        "initiate", (request, events) -> each(request, events, operations::initiate),
        "terminate", this::terminate,
        "espd-down", (request, events) -> each(request, events, operations::terminate),
        "rekey", (request, events) -> rekey(request),
        "redirect", new RedirectCommand(operations),
        "install",
            (request, events) ->
                each(request, events, (name, progress) -> operations.loading().install(name)),
        "uninstall",
            (request, events) ->
                each(request, events, (name, progress) -> operations.loading().uninstall(name)));
  }

  /// Does something with each connection that a request names, one after the other.
  private Section each(
      Section request, Events events, BiFunction<String, Consumer<String>, Outcome> change) {
    List<String> names = named(request);
    if (names.isEmpty()) {
      return none(request);
    }
    return ViciAnswers.of(
        watched(request, events, progress -> inTurn(names, name -> change.apply(name, progress))));
  }

  private Section terminate(Section request, Events events) {
    SaFilter which = SaFilter.of(request);
    if (!which.namesSomething()) {
      return ViciAnswers.refusal("missing terminate selector: ike, ike-id, child or child-id");
    }
    long matches = matches(which);
    boolean forced = request.text("force").filter("yes"::equals).isPresent();
    Duration patience = forced ? Duration.ofMillis(Math.max(0, timeoutMillis(request))) : PATIENCE;
    Outcome outcome =
        watched(request, events, progress -> operations.terminate(which, patience, progress));
    Section.Builder answer = Section.builder().text("success", outcome.success() ? "yes" : "no");
    answer.text("matches", matches);
    answer.text("terminated", outcome.success() ? matches : 0);
    if (!outcome.success()) {
      answer.text("errmsg", outcome.message());
    }
    return answer.build();
  }

  private long matches(SaFilter which) {
    return operations.status().ikeSas().stream()
        .mapToLong(
            ikeSa ->
                which.namesChild()
                    ? ikeSa.children().stream().filter(child -> which.fits(ikeSa, child)).count()
                    : which.fits(ikeSa) ? 1 : 0)
        .sum();
  }

  private Section rekey(Section request) {
    SaFilter which = SaFilter.of(request);
    if (!which.namesSomething()) {
      return ViciAnswers.refusal("missing rekey selector: ike, ike-id, child or child-id");
    }
    boolean anew = request.text("reauth").filter("yes"::equals).isPresent();
    if (anew && which.namesChild()) {
      return ViciAnswers.refusal(
          "a Child SA is not authenticated by itself; name its ike or ike-id");
    }
    int matches = anew ? operations.reauthenticate(which) : operations.rekey(which);
    Section.Builder answer = Section.builder().text("success", matches > 0 ? "yes" : "no");
    answer.text("matches", matches);
    return answer
        .text(
            matches > 0 ? "msg" : "errmsg",
            matches > 0
                ? (anew ? "reauthenticating " : "rekeying ") + matches + " SAs"
                : "no matching SAs to rekey found")
        .build();
  }

  /// {@return the connections that a request names}
  private List<String> named(Section request) {
    SaFilter which = SaFilter.of(request);
    if (which.ike().isEmpty() && which.child().isEmpty()) {
      return List.of();
    }
    return operations.status().connections().stream()
        .map(Snapshot.Configured::connection)
        .map(Connection::name)
        .filter(which::fits)
        .toList();
  }

  private static Section none(Section request) {
    return request
        .text("child")
        .or(() -> request.text("ike"))
        .map(name -> ViciAnswers.refusal("no config named '" + name + "'"))
        .orElseGet(() -> ViciAnswers.refusal("missing configuration name: child or ike"));
  }

  private static Outcome inTurn(List<String> names, Function<String, Outcome> change) {
    Outcome last = Outcome.done("");
    for (String name : names) {
      last = change.apply(name);
      if (!last.success()) {
        return last;
      }
    }
    return last;
  }

  // --- waiting

  /// Does something in a thread of its own, with its lines streamed, for as long as the client
  /// waits.
  private static Outcome watched(
      Section request, Events events, Function<Consumer<String>, Outcome> operation) {
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    boolean silent = request.text("loglevel").filter(level -> level.matches("-.*|0")).isPresent();
    // A client that does not read keeps this thread waiting, not the one that says the line.
    ExecutorService lines = Executors.newSingleThreadExecutor(threads("control-lines"));
    Consumer<String> progress =
        line -> {
          if (!silent) {
            later(lines, () -> send(events, line, outcome));
          }
        };
    threads("control-command")
        .newThread(
            () -> {
              Outcome result = outcome(() -> operation.apply(progress));
              later(lines, () -> outcome.complete(result));
              lines.shutdown();
            })
        .start();
    return await(outcome, timeoutMillis(request));
  }

  private static ThreadFactory threads(String name) {
    return Thread.ofVirtual().name(name).factory();
  }

  /// Lines that come when the command is done are nobody's.
  private static void later(ExecutorService lines, Runnable task) {
    try {
      lines.execute(task);
    } catch (RejectedExecutionException e) {
      LOG.trace("a line after the command was done");
    }
  }

  private static Outcome outcome(Supplier<Outcome> operation) {
    try {
      return operation.get();
    } catch (RuntimeException e) {
      LOG.error("a command of the control socket failed", e);
      return Outcome.failed("internal error: " + e);
    }
  }

  /// Where the client has left, nobody waits for the outcome any more.
  private static void send(Events events, String line, CompletableFuture<Outcome> outcome) {
    try {
      events.send(
          CONTROL_LOG,
          Section.builder().text("group", "IKE").text("level", 1).text("msg", line).build());
    } catch (IOException e) {
      LOG.debug("a client left before its command was done: {}", e.getMessage());
      outcome.complete(Outcome.failed("the client has left"));
    }
  }

  /// {@return how long the client waits: 0 for ever, negative not at all}
  private static long timeoutMillis(Section request) {
    String text = request.text("timeout").orElse("0");
    return text.matches("-?\\d{1,9}") ? Long.parseLong(text) : 0;
  }

  private static Outcome await(CompletableFuture<Outcome> outcome, long timeoutMillis) {
    if (timeoutMillis < 0) {
      return Outcome.done("begun");
    }
    try {
      return timeoutMillis == 0 ? outcome.get() : outcome.get(timeoutMillis, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return Outcome.failed("not done within " + timeoutMillis + " ms; it goes on");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Outcome.failed("the daemon is stopping");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
