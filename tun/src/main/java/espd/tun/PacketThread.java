package espd.tun;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The threads that move packets, and how Linux schedules them.
///
/// `SCHED_BATCH` (sched(7)): who is woken does not take the processor from who runs. A reader that
/// each packet of a full socket or device would otherwise let in at once, to find only that one,
/// finds a batch of them instead. A thread's share of the processor stays what it was, and with an
/// idle processor it runs as soon as before.
public final class PacketThread {

  private static final Logger LOG = LoggerFactory.getLogger(PacketThread.class);

  private PacketThread() {}

  /// {@return `task`, run as a packet thread} Where the host refuses, which needs no privilege, it
  /// runs as any other.
  public static Runnable of(Runnable task) {
    return () -> {
      scheduleInBatches();
      task.run();
    };
  }

  private static void scheduleInBatches() {
    try (Arena arena = Arena.ofConfined()) {
      // struct sched_param: a priority, which this policy has none of.
      MemorySegment none = arena.allocate(ValueLayout.JAVA_INT);
      if (Libc.sched_setscheduler(Libc.THIS_THREAD, Libc.SCHED_BATCH, none.address()) != 0) {
        LOG.debug(
            "{} is scheduled as any other thread: {}",
            Thread.currentThread().getName(),
            Libc.strerror(Libc.errno()));
      }
    }
  }
}
