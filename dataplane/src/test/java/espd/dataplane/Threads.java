package espd.dataplane;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;

/// What the data plane's threads have used.
final class Threads {

  private static final ThreadMXBean BEAN = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Threads() {}

  static List<Thread> ofDataPlane() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("espd-"))
        .toList();
  }

  static long cpuNanos(List<Thread> threads) {
    return threads.stream().mapToLong(t -> BEAN.getThreadCpuTime(t.threadId())).sum();
  }

  static long allocatedOctets(List<Thread> threads) {
    return threads.stream().mapToLong(t -> BEAN.getThreadAllocatedBytes(t.threadId())).sum();
  }
}
