package espd.tun;

import java.lang.foreign.Arena;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// Lets any thread close descriptors that other threads wait on: a closed descriptor's number is
/// soon another file's, so nobody may be inside a call when it is closed.
///
/// Each call is bracketed by [#enter()] and [#leave()]; waiting calls also poll [#fd()], which
/// becomes readable for good at [#close()].
final class Closing {

  private static final int CLOSED = Integer.MIN_VALUE;
  private static final long PAUSE_NANOS = 50_000;

  private final AtomicInteger inside = new AtomicInteger();
  private final Wakeup wakeup;

  Closing() throws HostException {
    this.wakeup = new Wakeup(Arena.ofAuto());
  }

  /// {@return the descriptor that is readable once closed}
  int fd() {
    return wakeup.fd();
  }

  /// {@return whether the call may go on; then [#leave()] must follow}
  boolean enter() {
    while (true) {
      int calls = inside.get();
      if (calls < 0) {
        return false;
      }
      if (inside.compareAndSet(calls, calls + 1)) {
        return true;
      }
    }
  }

  /// Ends a call that was let in.
  void leave() {
    inside.decrementAndGet();
  }

  /// {@return whether [#close()] was called}
  boolean isClosed() {
    return inside.get() < 0;
  }

  /// Lets nobody in any more, wakes those who wait and returns when all have left.
  ///
  /// @return true to the first caller, who then closes the descriptors
  boolean close() {
    if (inside.getAndUpdate(calls -> calls | CLOSED) < 0) {
      return false;
    }
    wakeup.wake();
    while (inside.get() != CLOSED) {
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    wakeup.close();
    return true;
  }
}
