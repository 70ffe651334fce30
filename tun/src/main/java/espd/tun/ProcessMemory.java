package espd.tun;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// This process's memory, where keys are.
public final class ProcessMemory {

  private ProcessMemory() {}

  /// Keeps it out of files and away from others: no core is dumped, whatever the limits of the
  /// shell, and no process but one with CAP_SYS_PTRACE may look into it, not even one of the same
  /// user. What `/proc` shows of the process to all, it still shows.
  ///
  /// It does not keep it out of the swap; that would take mlockall(2) of a heap that the JVM
  /// reserves, or a host without swap.
  ///
  /// @throws HostException when the host refuses, which needs no privilege
  public static void keepPrivate() throws HostException {
    try (Arena arena = Arena.ofConfined()) {
      // struct rlimit: the limit, and how far it may be raised.
      MemorySegment none = arena.allocate(2L * Long.BYTES, Long.BYTES);
      none.set(ValueLayout.JAVA_LONG, 0, 0);
      none.set(ValueLayout.JAVA_LONG, Long.BYTES, 0);
      if (Libc.setrlimit(Libc.RLIMIT_CORE, none.address()) != 0
          || Libc.prctl(Libc.PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) {
        throw HostException.because("keep the process's memory private", Libc.errno());
      }
    }
  }
}
