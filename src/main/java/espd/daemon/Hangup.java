package espd.daemon;

import sun.misc.Signal;

/// SIGHUP, which daemons take as the order to read their files again.
final class Hangup {

  private Hangup() {}

  /// Runs `task` whenever the signal comes, in a thread of its own.
  static void whenTold(Runnable task) {
    Signal.handle(new Signal("HUP"), signal -> task.run());
  }
}
