package espd.dataplane.esp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import espd.spd.Encryption;
import espd.spd.EspSuite;
import espd.spd.Integrity;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What engines of native code leave behind: nothing on the heap, and nothing off it.
class EngineCostTest {

  private static final List<EspSuite> SUITES =
      List.of(
          new EspSuite(Encryption.AES_GCM_16, 128, Integrity.NONE),
          new EspSuite(Encryption.AES_GCM_16, 192, Integrity.NONE),
          new EspSuite(Encryption.AES_GCM_16, 256, Integrity.NONE),
          new EspSuite(Encryption.CHACHA20_POLY1305, 256, Integrity.NONE),
          new EspSuite(Encryption.AES_CBC, 128, Integrity.HMAC_SHA1_96),
          new EspSuite(Encryption.AES_CBC, 256, Integrity.HMAC_SHA2_256_128));

  private static final int PACKETS = 16;
  private static final int WARM_RUNS = 3_000;
  private static final int RUNS = 3_000;
  private static final int CONTEXTS = 10_000;

  /// A context has a kilobyte and more; both directions of ten thousand would take 20 MB at least.
  /// The heap of the JVM that runs the tests may grow meanwhile.
  private static final long ALLOWED_OCTETS = 8_000_000;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @ParameterizedTest
  @EnumSource(names = "JDK", mode = EnumSource.Mode.EXCLUDE)
  void aPacketAllocatesNothing(EngineUnderTest engine) {
    for (EspSuite suite : SUITES) {
      if (engine.engine().supports(suite)) {
        for (boolean esn : new boolean[] {false, true}) {
          assertEquals(0, allocated(engine.engine(), suite, esn), suite::toString);
        }
      }
    }
  }

  private static long allocated(EspEngine engine, EspSuite suite, boolean esn) {
    int[] octets = new int[PACKETS];
    Arrays.fill(octets, 160);
    try (Packets packets = new Packets(suite, esn, new Random(1), octets);
        EspCipher sealing = engine.sealing(packets.sa);
        EspCipher opening = engine.opening(packets.sa)) {
      repeat(WARM_RUNS, packets.run, sealing, opening);
      // The JIT may replace what runs on this thread while it is measured; it is done at some time.
      long least = Long.MAX_VALUE;
      for (int k = 0; k < 10 && least > 0; k++) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        repeat(RUNS, packets.run, sealing, opening);
        least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
      }
      return least;
    }
  }

  private static void repeat(int times, EspRun run, EspCipher sealing, EspCipher opening) {
    for (int k = 0; k < times; k++) {
      sealing.process(run);
      opening.process(run);
    }
  }

  @ParameterizedTest
  @EnumSource(names = "JDK", mode = EnumSource.Mode.EXCLUDE)
  void aClosedContextLeavesNoMemory(EngineUnderTest engine) throws IOException {
    for (EspSuite suite : SUITES) {
      if (engine.engine().supports(suite)) {
        try (Packets packets = new Packets(suite, true, new Random(1), 48)) {
          openAndClose(engine.engine(), packets, CONTEXTS / 10);
          long before = residentOctets();
          openAndClose(engine.engine(), packets, CONTEXTS);
          long grown = residentOctets() - before;
          assertTrue(grown < ALLOWED_OCTETS, () -> suite + " " + grown + " octets");
        }
      }
    }
  }

  private static void openAndClose(EspEngine engine, Packets packets, int times) {
    for (int k = 0; k < times; k++) {
      try (EspCipher sealing = engine.sealing(packets.sa);
          EspCipher opening = engine.opening(packets.sa)) {
        sealing.process(packets.run);
        opening.process(packets.run);
      }
    }
  }

  private static long residentOctets() throws IOException {
    System.gc();
    String[] pages = Files.readString(Path.of("/proc/self/statm")).split(" ", -1);
    return 4096 * Long.parseLong(pages[1]);
  }
}
