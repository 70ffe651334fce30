package espd.ike.driver;

import espd.ike.exchange.ChildWish;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// Who waits for which connection, and what they are told on the way. For the event loop.
final class Commands {

  /// A connection on its way up.
  static final class Up {
    private final ChildWish wish;
    private final List<CompletableFuture<Outcome>> futures = new ArrayList<>();
    private final List<Consumer<String>> progress = new ArrayList<>();
    private int tries = 1;

    private Up(ChildWish wish) {
      this.wish = wish;
    }

    ChildWish wish() {
      return wish;
    }

    /// {@return whether the configuration permits one more try; it counts}
    boolean triesAgain() {
      int most = wish.connection().keyingTries();
      boolean again = most == 0 || tries < most;
      tries++;
      return again;
    }

    int tries() {
      return tries;
    }

    void join(CompletableFuture<Outcome> future, Consumer<String> lines) {
      futures.add(future);
      progress.add(lines);
    }
  }

  /// A connection on its way down.
  ///
  /// @param name of the connection
  /// @param isDown whether it is
  /// @param future is told
  /// @param progress is told lines
  /// @param until when it has to be down
  private record Down(
      String name,
      BooleanSupplier isDown,
      CompletableFuture<Outcome> future,
      Consumer<String> progress,
      Instant until) {}

  private final Map<String, Up> ups = new HashMap<>();
  private final List<Down> downs = new ArrayList<>();

  /// {@return the connection on its way up, if it is}
  Optional<Up> up(String connection) {
    return Optional.ofNullable(ups.get(connection));
  }

  /// {@return a new entry for a connection that begins}
  Up begin(ChildWish wish) {
    Up up = new Up(wish);
    ups.put(wish.connection().name(), up);
    return up;
  }

  /// Tells everyone who waits for this connection a line.
  void progress(String connection, String line) {
    up(connection).ifPresent(up -> up.progress.forEach(lines -> lines.accept(line)));
    downs.stream()
        .filter(down -> down.name.equals(connection))
        .forEach(down -> down.progress.accept(line));
  }

  /// The connection is up, or will not come.
  void finish(String connection, Outcome outcome) {
    progress(connection, outcome.text());
    Up up = ups.remove(connection);
    if (up != null) {
      up.futures.forEach(future -> future.complete(outcome));
    }
  }

  /// Who waits is told, but trying goes on.
  void release(String connection, Outcome outcome) {
    progress(connection, outcome.text());
    up(connection)
        .ifPresent(
            up -> {
              up.futures.forEach(future -> future.complete(outcome));
              up.futures.clear();
              up.progress.clear();
            });
  }

  /// Waits until a connection is down.
  void awaitDown(
      String name,
      BooleanSupplier isDown,
      CompletableFuture<Outcome> future,
      Consumer<String> progress,
      Instant until) {
    downs.add(new Down(name, isDown, future, progress, until));
  }

  /// Who waits for a connection to be down has waited long enough.
  void overdue(String name) {
    String line = "connection '" + name + "' is being closed, but the peer does not answer";
    List<Down> overdue = downs.stream().filter(down -> down.name.equals(name)).toList();
    downs.removeAll(overdue);
    for (Down down : overdue) {
      down.progress.accept(line);
      down.future.complete(new Outcome(false, line));
    }
  }

  /// Looks which connections are down.
  ///
  /// @return the names of those whose time is over
  List<String> settle(Instant now) {
    List<String> late = new ArrayList<>();
    for (Down down : List.copyOf(downs)) {
      if (down.isDown.getAsBoolean()) {
        downs.remove(down);
        String line = "connection '" + down.name + "' terminated";
        down.progress.accept(line);
        down.future.complete(new Outcome(true, line));
      } else if (!now.isBefore(down.until)) {
        late.add(down.name);
      }
    }
    return late;
  }
}
