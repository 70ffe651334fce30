package espd.daemon.control;

import espd.daemon.control.Operations.Outcome;
import espd.daemon.control.Snapshot.IkeSa;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One client of the control socket: its requests one after the other, and the events it asked for.
/// Runs in the client's own thread.
final class Conversation implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(Conversation.class);

  private static final String CONTROL_LOG = "control-log";
  private static final String LIST_SA = "list-sa";
  private static final String LIST_CONN = "list-conn";
  static final String TEXT = "espd-text";
  private static final Set<String> EVENTS = Set.of(CONTROL_LOG, LIST_SA, LIST_CONN, TEXT);

  /// A value of vici has at most 65,535 octets; long texts go in several events.
  private static final int CHUNK = 32_000;

  private final PacketChannel client;
  private final Operations operations;
  private final Set<String> registered = ConcurrentHashMap.newKeySet();

  Conversation(PacketChannel client, Operations operations) {
    this.client = client;
    this.operations = operations;
  }

  @Override
  public void run() {
    try (client) {
      Optional<Packet> packet = client.read();
      while (packet.isPresent()) {
        answer(packet.get());
        packet = client.read();
      }
    } catch (IOException e) {
      LOG.debug("a client of the control socket is gone: {}", e.getMessage());
    }
  }

  private void answer(Packet packet) throws IOException {
    switch (packet) {
      case Packet.CmdRequest(String name, Section request) -> client.write(done(name, request));
      case Packet.EventRegister(String name) -> client.write(register(name, registered::add));
      case Packet.EventUnregister(String name) -> client.write(register(name, registered::remove));
      case Packet.CmdResponse _,
          Packet.CmdUnknown _,
          Packet.EventConfirm _,
          Packet.EventUnknown _,
          Packet.Event _ ->
          throw new MalformedPacketException("a client that answers: " + packet);
    }
  }

  private static Packet register(String name, Consumer<String> change) {
    if (!EVENTS.contains(name)) {
      return new Packet.EventUnknown();
    }
    change.accept(name);
    return new Packet.EventConfirm();
  }

  private Packet done(String command, Section request) throws IOException {
    try {
      Optional<Section> response = perform(command, request);
      return response.<Packet>map(Packet.CmdResponse::new).orElse(new Packet.CmdUnknown());
    } catch (RuntimeException e) {
      LOG.error("command {} of the control socket failed", command, e);
      return new Packet.CmdResponse(section(Outcome.failed("internal error: " + e)));
    }
  }

  /// {@return what the command answers, or nothing where there is no such command}
  private Optional<Section> perform(String command, Section request) throws IOException {
    Section answer =
        switch (command) {
          case "version" -> new ViciListing(operations.status()).version();
          case "stats" -> new ViciListing(operations.status()).stats();
          case "initiate" -> change(request, operations::initiate);
          case "terminate" -> change(request, operations::terminate);
          case "list-sas" -> listSas(request);
          case "list-conns" -> listConns(request);
          case "get-conns" -> connectionNames();
          case "espd-status" -> status(request);
          case "espd-sad" -> text(setkey().sad(operations.sad()));
          case "espd-log-level" -> LogLevelCommand.perform(request);
          case "espd-spd" -> text(setkey().spd(operations.spd()));
          default -> null;
        };
    return Optional.ofNullable(answer);
  }

  private Section change(Section request, BiFunction<String, Consumer<String>, Outcome> operation) {
    Optional<String> name = connection(request);
    if (name.isEmpty()) {
      return section(Outcome.failed("no such SA; name a connection"));
    }
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    // A client that does not read keeps this thread waiting, not the one that says the line.
    ExecutorService lines = Executors.newSingleThreadExecutor(threads("control-lines"));
    Consumer<String> progress = line -> later(lines, () -> progress(line));
    threads("control-" + name.get())
        .newThread(
            () -> {
              Outcome result = outcome(() -> operation.apply(name.get(), progress));
              later(lines, () -> outcome.complete(result));
              lines.shutdown();
            })
        .start();
    return section(await(outcome, timeoutMillis(request)));
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

  private Optional<String> connection(Section request) {
    Optional<String> named = request.text("child").or(() -> request.text("ike"));
    if (named.isPresent()) {
      return named;
    }
    Stream<IkeSa> sas = operations.status().ikeSas().stream();
    Optional<String> ikeId = request.text("ike-id").or(() -> request.text("ike_id"));
    if (ikeId.isPresent()) {
      return sas.filter(sa -> ikeId.get().equals("" + sa.id())).map(IkeSa::connection).findFirst();
    }
    Optional<String> childId = request.text("child-id").or(() -> request.text("child_id"));
    return childId.flatMap(
        id ->
            sas.flatMap(sa -> sa.children().stream())
                .filter(child -> id.equals("" + child.id()))
                .map(Snapshot.ChildSa::connection)
                .findFirst());
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

  private static Section section(Outcome outcome) {
    return Section.builder()
        .text("success", outcome.success() ? "yes" : "no")
        .text(outcome.success() ? "msg" : "errmsg", outcome.message())
        .build();
  }

  private void progress(String line) {
    try {
      event(
          CONTROL_LOG,
          Section.builder().text("group", "IKE").text("level", 1).text("msg", line).build());
    } catch (IOException e) {
      LOG.debug("a client left before its command was done: {}", e.getMessage());
    }
  }

  private Section listSas(Section request) throws IOException {
    Snapshot snapshot = operations.status();
    for (IkeSa sa : snapshot.ikeSas()) {
      boolean named = request.text("ike").map(sa.connection()::equals).orElse(true);
      Optional<String> id = request.text("ike-id").or(() -> request.text("ike_id"));
      if (named && id.map(("" + sa.id())::equals).orElse(true)) {
        event(LIST_SA, new ViciListing(snapshot).ikeSa(sa));
      }
    }
    return Section.EMPTY;
  }

  private Section listConns(Section request) throws IOException {
    Snapshot snapshot = operations.status();
    for (Snapshot.Configured each : snapshot.connections()) {
      if (request.text("ike").map(each.connection().name()::equals).orElse(true)) {
        event(LIST_CONN, new ViciListing(snapshot).connection(each));
      }
    }
    return Section.EMPTY;
  }

  private Section connectionNames() {
    return Section.builder()
        .items(
            "conns",
            operations.status().connections().stream()
                .map(each -> each.connection().name())
                .toList())
        .build();
  }

  private Section status(Section request) throws IOException {
    StatusFormat format =
        new StatusFormat(operations.status(), ZoneId.systemDefault(), request.text("ike"));
    return text(request.text("all").isPresent() ? format.full() : format.brief());
  }

  private static SetkeyFormat setkey() {
    return new SetkeyFormat(Instant.now(), ZoneId.systemDefault(), ProcessHandle.current().pid());
  }

  private Section text(String text) throws IOException {
    for (int at = 0; at < text.length(); ) {
      int end = Math.min(text.length(), at + CHUNK);
      int line = text.lastIndexOf('\n', end - 1) + 1;
      int next = end < text.length() && line > at ? line : end;
      event(TEXT, Section.builder().text("text", text.substring(at, next)).build());
      at = next;
    }
    return Section.builder().text("success", "yes").build();
  }

  private void event(String name, Section message) throws IOException {
    if (registered.contains(name)) {
      client.write(new Packet.Event(name, message));
    }
  }
}
