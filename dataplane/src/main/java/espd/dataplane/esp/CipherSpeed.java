package espd.dataplane.esp;

import espd.spd.Encryption;
import espd.spd.EspSuite;
import espd.spd.Integrity;
import espd.spd.SaParameters;
import java.lang.foreign.Arena;
import java.time.Duration;

/// How fast an engine seals packets on this host: a taste of a fraction of a second, to compare
/// engines with. What a packet costs is measured by `perf/bench`.
///
/// @param engine its name
/// @param suite what was measured
/// @param megabytesPerSecond 10^6 octets of ESP packets in a second, by one thread
public record CipherSpeed(String engine, EspSuite suite, double megabytesPerSecond) {

  /// The length of the packets measured, from the SPI to the ICV.
  public static final int PACKET_OCTETS = 1400;

  private static final EspSuite SUITE = new EspSuite(Encryption.AES_GCM_16, 128, Integrity.NONE);
  private static final int PACKETS = 32;

  /// {@return how fast the preferred engine of `choice` is}
  ///
  /// @param time how long it is measured, and warmed up before
  /// @throws UnavailableEngineException when this host has not what was chosen
  public static CipherSpeed of(EngineChoice choice, Duration time)
      throws UnavailableEngineException {
    EspEngine engine = Engines.open(choice);
    byte[] key = new byte[SUITE.encryptionKeyOctets()];
    SaParameters sa = SelfTest.sa(SUITE, false, key, new byte[0]);
    try (Arena arena = Arena.ofConfined();
        EspCipher sealing = engine.sealing(sa)) {
      EspRun run = new EspRun(PACKETS);
      run.begin(arena.allocate((long) PACKETS * PACKET_OCTETS, 64));
      for (int i = 0; i < PACKETS; i++) {
        EspHeader.write(run.memory(), i * PACKET_OCTETS, sa.spi(), i + 1);
        run.add(i * PACKET_OCTETS, PACKET_OCTETS, i + 1);
      }
      runsPerSecond(sealing, run, time);
      double octets = runsPerSecond(sealing, run, time) * PACKETS * PACKET_OCTETS;
      return new CipherSpeed(choice.word(), SUITE, octets / 1e6);
    }
  }

  private static double runsPerSecond(EspCipher cipher, EspRun run, Duration time) {
    long start = System.nanoTime();
    long end = start + time.toNanos();
    long runs = 0;
    long now = start;
    while (now < end) {
      cipher.process(run);
      runs++;
      now = System.nanoTime();
    }
    return runs * 1e9 / (now - start);
  }
}
