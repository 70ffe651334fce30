package espd.daemon;

import java.util.List;
import java.util.function.IntConsumer;
import sun.misc.Signal;

/// The signals that a daemon is told something by.
final class Signals {

  private Signals() {}

  /// Runs `task` whenever SIGHUP comes, which daemons take as the order to read their files again,
  /// in a thread of its own.
  static void whenHungUp(Runnable task) {
    Signal.handle(new Signal("HUP"), signal -> task.run());
  }

  /// Tells `listener` the number of the signal that ends the program, before it does.
  static void beforeTheEnd(IntConsumer listener) {
    for (String name : List.of("TERM", "INT")) {
      Signal.handle(
          new Signal(name),
          signal -> {
            listener.accept(signal.getNumber());
            Runtime.getRuntime().exit(128 + signal.getNumber());
          });
    }
  }
}
