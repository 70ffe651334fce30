package espd.tun;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;

/// The descriptors one thread waits on with poll(2): the [Closing]'s first, then its own.
///
/// `struct pollfd` is `int fd; short events; short revents`. Waiting allocates nothing.
final class PollSet {

  private static final int POLLFD = 8;
  private static final int EVENTS = 4;
  private static final int REVENTS = 6;

  private final PacketCalls calls;
  private final MemorySegment fds;
  private final short events;
  private int count;

  /// @param arena whose memory it uses
  /// @param closing what also ends the wait
  /// @param events [Libc#POLLIN] or [Libc#POLLOUT], waited for on each of `own`
  PollSet(Arena arena, Closing closing, short events, int... own) {
    this(arena, closing, new Room(events, own.length));
    for (int fd : own) {
      add(fd);
    }
  }

  /// What is waited for.
  ///
  /// @param events [Libc#POLLIN] or [Libc#POLLOUT], on each descriptor of its own
  /// @param most as many of its own there can be
  record Room(short events, int most) {}

  /// None of its own yet.
  PollSet(Arena arena, Closing closing, Room room) {
    this.calls = new PacketCalls(arena);
    this.events = room.events();
    this.count = 1;
    this.fds = arena.allocate((room.most() + 1L) * POLLFD, Long.BYTES);
    set(0, closing.fd(), Libc.POLLIN);
  }

  /// Waits on one more.
  void add(int fd) {
    set(count, fd, events);
    count++;
  }

  /// {@return how many of its own there are}
  int own() {
    return count - 1;
  }

  private void set(int entry, int fd, short events) {
    fds.set(ValueLayout.JAVA_INT, (long) entry * POLLFD, fd);
    fds.set(ValueLayout.JAVA_SHORT, (long) entry * POLLFD + EVENTS, events);
  }

  /// Puts another descriptor in the place of the `index`th of its own.
  void fd(int index, int fd) {
    fds.set(ValueLayout.JAVA_INT, (index + 1L) * POLLFD, fd);
  }

  /// Waits until a descriptor is ready or the time since `startNanos` is up.
  ///
  /// @param timeoutMillis 0 does not wait, a negative number waits without end
  /// @param startNanos of [System#nanoTime()]
  /// @return whether any is ready
  boolean await(int timeoutMillis, long startNanos) throws IOException {
    while (true) {
      int ready = calls.poll(fds.address(), count, remaining(timeoutMillis, startNanos));
      if (ready >= 0) {
        return ready > 0;
      }
      if (-ready != Libc.EINTR) {
        throw HostException.because("wait for packets", -ready);
      }
    }
  }

  private static int remaining(int timeoutMillis, long startNanos) {
    if (timeoutMillis <= 0) {
      return timeoutMillis;
    }
    long passed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
    return (int) Math.max(0, timeoutMillis - passed);
  }

  /// {@return whether the last wait found the `index`th of its own ready or in error}
  boolean ready(int index) {
    return found(index) != 0;
  }

  /// {@return whether the last wait found errors queued at the `index`th of its own}
  boolean failed(int index) {
    return (found(index) & Libc.POLLERR) != 0;
  }

  private short found(int index) {
    return fds.get(ValueLayout.JAVA_SHORT, (index + 1L) * POLLFD + REVENTS);
  }
}
