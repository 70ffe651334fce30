package espd.ike.driver;

import espd.ike.exchange.ChildWish;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// Who waits for which connection, and what they are told on the way. For the event loop.
///
/// The end is told after all that the event loop has to do already: what it is about has taken
/// effect by then, and can be seen.
final class Commands {

  /// Who waits.
  ///
  /// @param future is told the end
  /// @param progress is told lines on the way, and the end as the last one
  record Waiter(CompletableFuture<Outcome> future, Consumer<String> progress) {

    /// {@return one who asks for something and leaves}
    static Waiter nobody() {
      return new Waiter(new CompletableFuture<>(), line -> {});
    }
  }

  /// A connection on its way up.
  static final class Up {
    private final ChildWish wish;
    private final List<Waiter> waiters = new ArrayList<>();
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

    void join(Waiter waiter) {
      waiters.add(waiter);
    }
  }

  /// Something on its way down.
  ///
  /// @param what it is, for people
  /// @param connections whose lines are told
  /// @param isDown whether it is
  /// @param giveUp is done when the peer does not answer in time
  /// @param waiter is told
  /// @param until when it has to be down
  record Down(
      String what,
      Set<String> connections,
      BooleanSupplier isDown,
      Runnable giveUp,
      Waiter waiter,
      Instant until) {}

  private final Executor later;
  private final Map<String, Up> ups = new HashMap<>();
  private final List<Down> downs = new ArrayList<>();

  /// @param later does what it is given after all that it was given before
  Commands(Executor later) {
    this.later = later;
  }

  /// Tells one who waits the end.
  void done(Waiter waiter, Outcome outcome) {
    waiter.progress.accept(outcome.text());
    end(waiter, outcome);
  }

  private void end(Waiter waiter, Outcome outcome) {
    later.execute(() -> waiter.future.complete(outcome));
  }

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
    up(connection).ifPresent(up -> up.waiters.forEach(each -> each.progress().accept(line)));
    downs.stream()
        .filter(down -> down.connections.contains(connection))
        .forEach(down -> down.waiter.progress().accept(line));
  }

  /// The connection is up, or will not come.
  void finish(String connection, Outcome outcome) {
    progress(connection, outcome.text());
    Up up = ups.remove(connection);
    if (up != null) {
      up.waiters.forEach(each -> end(each, outcome));
    }
  }

  /// Who waits is told, but trying goes on.
  void release(String connection, Outcome outcome) {
    progress(connection, outcome.text());
    up(connection)
        .ifPresent(
            up -> {
              up.waiters.forEach(each -> end(each, outcome));
              up.waiters.clear();
            });
  }

  /// Waits until something is down.
  void awaitDown(Down down) {
    downs.add(down);
  }

  /// Tells who waits for something that is down by now, or should be.
  void settle(Instant now) {
    for (Down down : List.copyOf(downs)) {
      boolean late = !now.isBefore(down.until);
      if (late && !down.isDown.getAsBoolean()) {
        down.giveUp.run();
      }
      boolean isDown = down.isDown.getAsBoolean();
      if ((isDown || late) && downs.remove(down)) {
        done(
            down.waiter,
            isDown
                ? new Outcome(true, down.what + " terminated")
                : new Outcome(false, down.what + " is being closed, but the peer does not answer"));
      }
    }
  }
}
