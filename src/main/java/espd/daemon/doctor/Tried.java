package espd.daemon.doctor;

import espd.tun.HostException;

/// What came of a trial.
///
/// @param <T> what it gives
sealed interface Tried<T> {

  /// The host did it.
  ///
  /// @param value what it gave
  record Done<T>(T value) implements Tried<T> {}

  /// The host refused.
  ///
  /// @param why with what to do
  record Refused<T>(HostException why) implements Tried<T> {}

  /// A trial.
  @FunctionalInterface
  interface Trial<T> {
    T run() throws HostException;
  }

  /// A trial that gives nothing.
  @FunctionalInterface
  interface Attempt {
    void run() throws HostException;
  }

  /// What stands for nothing.
  enum Nothing {
    NOTHING
  }

  /// {@return what comes of `trial`}
  static <T> Tried<T> of(Trial<T> trial) {
    try {
      return new Done<>(trial.run());
    } catch (HostException e) {
      return new Refused<>(e);
    }
  }

  /// {@return whether `attempt` succeeds}
  static Tried<Nothing> to(Attempt attempt) {
    return of(
        () -> {
          attempt.run();
          return Nothing.NOTHING;
        });
  }
}
