package espd.tun;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Ends the wait of a thread in poll(2), from any other: a descriptor that is readable from
/// [#wake()] until [#clear()].
final class Wakeup {

  private final int fd;
  private final MemorySegment counter;

  /// @param arena whose memory it uses
  Wakeup(Arena arena) throws HostException {
    this.fd = Libc.eventfd(0, Libc.O_NONBLOCK | Libc.O_CLOEXEC);
    if (fd < 0) {
      throw HostException.because("make an eventfd", Libc.errno());
    }
    this.counter = arena.allocate(ValueLayout.JAVA_LONG);
  }

  /// {@return what to wait on}
  int fd() {
    return fd;
  }

  /// Any thread.
  void wake() {
    try (Arena confined = Arena.ofConfined()) {
      MemorySegment one = confined.allocateFrom(ValueLayout.JAVA_LONG, 1);
      Libc.write(fd, one.address(), Long.BYTES);
    }
  }

  /// For the thread that waits.
  void clear() {
    Libc.read(fd, counter.address(), Long.BYTES);
  }

  /// When nobody waits on it any more.
  void close() {
    Libc.close(fd);
  }
}
