package espd.tun;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PacketThreadTest {

  /// The 41st field of `/proc/…/stat` (proc(5)), counted from 0.
  private static final int POLICY = 40;

  private static final String SCHED_OTHER = "0";
  private static final String SCHED_BATCH = "3";

  @Test
  void thatThreadAloneDoesNotInterruptOthers() throws Exception {
    String[] seen = new String[1];
    Thread thread = new Thread(PacketThread.of(() -> seen[0] = policy()));
    thread.start();
    thread.join();
    assertEquals(List.of(SCHED_BATCH, SCHED_OTHER), List.of(seen[0], policy()));
  }

  /// The fields after the program's name, which may have blanks.
  private static String policy() {
    try {
      String stat = Files.readString(Path.of("/proc/thread-self/stat"));
      return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[POLICY - 2];
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
