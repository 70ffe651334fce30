package espd.tun;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// The C library's calls on the packet's way, through java.lang.foreign: ten nanoseconds each where
/// JNA takes some hundred. A `long` is an address or a size. Nothing is allocated but, where the
/// compiler does not take it away, the JDK's view of where the error number goes: 40 octets a call.
///
/// What fails returns the negated error number, as the kernel itself says it. An object belongs to
/// one thread at a time: the C library leaves the error number in its memory.
final class PacketCalls {

  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final long ERRNO =
      STATE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));

  private static final MethodHandle READ = call("read", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle WRITEV =
      call("writev", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT);
  private static final MethodHandle POLL = call("poll", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
  private static final MethodHandle SENDMMSG =
      call("sendmmsg", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT);
  private static final MethodHandle RECVMMSG =
      call("recvmmsg", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG);

  private final MemorySegment state;

  /// @param arena whose memory takes the error number
  PacketCalls(Arena arena) {
    this.state = arena.allocate(STATE);
  }

  @SuppressWarnings("restricted") // the one place where declarations of C functions are trusted
  private static MethodHandle call(String name, ValueLayout result, ValueLayout... parameters) {
    Linker linker = Linker.nativeLinker();
    MemorySegment function = linker.defaultLookup().findOrThrow(name);
    return linker.downcallHandle(
        function,
        FunctionDescriptor.of(result, parameters),
        Linker.Option.captureCallState("errno"));
  }

  /// {@return the octets of read(2)}
  long read(int fd, long buffer, long octets) {
    try {
      long read = (long) READ.invokeExact(state, fd, buffer, octets);
      return read < 0 ? negatedError() : read;
    } catch (Throwable e) {
      throw unforeseen(e);
    }
  }

  /// {@return the octets of writev(2)}
  long writev(int fd, long iovecs, int count) {
    try {
      long written = (long) WRITEV.invokeExact(state, fd, iovecs, count);
      return written < 0 ? negatedError() : written;
    } catch (Throwable e) {
      throw unforeseen(e);
    }
  }

  /// {@return how many descriptors poll(2) found ready}
  int poll(long fds, long count, int timeoutMillis) {
    try {
      int ready = (int) POLL.invokeExact(state, fds, count, timeoutMillis);
      return ready < 0 ? negatedError() : ready;
    } catch (Throwable e) {
      throw unforeseen(e);
    }
  }

  /// {@return how many messages sendmmsg(2) sent; it does not wait}
  int sendmmsg(int fd, long messages, int count) {
    try {
      int sent = (int) SENDMMSG.invokeExact(state, fd, messages, count, Libc.MSG_DONTWAIT);
      return sent < 0 ? negatedError() : sent;
    } catch (Throwable e) {
      throw unforeseen(e);
    }
  }

  /// {@return how many messages recvmmsg(2) received; it does not wait}
  ///
  /// @param flags beside the one that says so
  int recvmmsg(int fd, long messages, int count, int flags) {
    try {
      int received =
          (int) RECVMMSG.invokeExact(state, fd, messages, count, flags | Libc.MSG_DONTWAIT, 0L);
      return received < 0 ? negatedError() : received;
    } catch (Throwable e) {
      throw unforeseen(e);
    }
  }

  private int negatedError() {
    return -state.get(JAVA_INT, ERRNO);
  }

  private static IllegalStateException unforeseen(Throwable e) {
    return new IllegalStateException("a call of the C library is not as declared", e);
  }
}
