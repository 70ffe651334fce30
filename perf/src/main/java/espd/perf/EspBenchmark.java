package espd.perf;

import espd.dataplane.esp.EngineChoice;
import espd.dataplane.esp.Engines;
import espd.dataplane.esp.EspCipher;
import espd.dataplane.esp.EspEngine;
import espd.dataplane.esp.EspHeader;
import espd.dataplane.esp.EspRun;
import espd.dataplane.esp.EspTrailer;
import espd.dataplane.esp.SunJce;
import espd.dataplane.esp.UnavailableEngineException;
import espd.spd.Encryption;
import espd.spd.EspSuite;
import espd.spd.Integrity;
import espd.spd.SaParameters;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// The cryptography of a packet (RFC 4303 §3.3.2, §3.4.4), for each suite and size, in runs of
/// [#PACKETS] as the workers have them. All figures are those of one packet.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(EspBenchmark.PACKETS)
public class EspBenchmark {

  static final int PACKETS = 16;

  private static final int SPI = 0x1000;

  /// The suites.
  public enum Suite {
    /// AES-GCM (RFC 4106), the usual one.
    AES_GCM_128(Encryption.AES_GCM_16, 128, Integrity.NONE),
    /// AES-GCM (RFC 4106).
    AES_GCM_256(Encryption.AES_GCM_16, 256, Integrity.NONE),
    /// ChaCha20-Poly1305 (RFC 7634).
    CHACHA20_POLY1305(Encryption.CHACHA20_POLY1305, 256, Integrity.NONE),
    /// AES-CBC (RFC 3602) with HMAC-SHA1-96 (RFC 2404).
    AES_CBC_128_SHA1(Encryption.AES_CBC, 128, Integrity.HMAC_SHA1_96),
    /// AES-CBC (RFC 3602) with HMAC-SHA2-256-128 (RFC 4868).
    AES_CBC_256_SHA256(Encryption.AES_CBC, 256, Integrity.HMAC_SHA2_256_128);

    private final Encryption encryption;
    private final int keyBits;
    private final Integrity integrity;

    Suite(Encryption encryption, int keyBits, Integrity integrity) {
      this.encryption = encryption;
      this.keyBits = keyBits;
      this.integrity = integrity;
    }

    private EspSuite esp() {
      return new EspSuite(encryption, keyBits, integrity);
    }
  }

  /// What protects the packets.
  @Param public Suite suite = Suite.AES_GCM_128;

  /// Whose ciphers; for a suite that `IPSEC_MB` lacks it is the same as `LIBCRYPTO`.
  @Param({"JDK", "LIBCRYPTO", "IPSEC_MB"})
  public EngineChoice engine = EngineChoice.JDK;

  /// The payload of a packet.
  @Param({"64", "1400", "9000"})
  public int octets;

  private SaParameters sa = SampleSas.parameters(SPI, 0, Suite.AES_GCM_128.esp());
  private EspCipher sealing = new SunJce().sealing(sa);
  private EspCipher opening = new SunJce().opening(sa);
  private EspRun run = new EspRun(PACKETS);
  private int packetOctets;
  private MemorySegment memory = MemorySegment.NULL;
  private MemorySegment sealed = MemorySegment.NULL;
  private long number;

  /// Makes the SA's ciphers and a run of sealed packets.
  @Setup(Level.Trial)
  public void sealPackets() throws UnavailableEngineException {
    sa = SampleSas.parameters(SPI, 0, suite.esp());
    EspEngine ciphers = Engines.open(engine);
    sealing = ciphers.sealing(sa);
    opening = ciphers.opening(sa);
    packetOctets = suite.esp().packetOctets(octets);
    run = new EspRun(PACKETS);
    memory = Arena.ofAuto().allocate((long) PACKETS * packetOctets, 64);
    sealed = Arena.ofAuto().allocate(memory.byteSize(), 64);
    for (int i = 0; i < PACKETS; i++) {
      int end = (i + 1) * packetOctets - suite.esp().icvOctets();
      EspTrailer.write(memory, end - EspTrailer.OCTETS, 0, EspTrailer.NO_NEXT_HEADER);
    }
    seal();
    sealed.copyFrom(memory);
    for (boolean authentic : open()) {
      if (!authentic) {
        throw new IllegalStateException("a sealed packet does not open");
      }
    }
  }

  /// {@return packets sealed in place}
  @Benchmark
  public MemorySegment seal() {
    run.begin(memory);
    for (int i = 0; i < PACKETS; i++) {
      number++;
      EspHeader.write(memory, i * packetOctets, SPI, number);
      run.add(i * packetOctets, packetOctets, number);
    }
    sealing.process(run);
    return memory;
  }

  /// {@return whether packets were authentic, opened in place; sealed ones are copied there first}
  @Benchmark
  public boolean[] open() {
    memory.copyFrom(sealed);
    run.begin(memory);
    for (int i = 0; i < PACKETS; i++) {
      run.add(i * packetOctets, packetOctets, i + 1);
    }
    opening.process(run);
    return run.authentic;
  }

  /// Forgets the keys.
  @TearDown(Level.Trial)
  public void forget() {
    sealing.close();
    opening.close();
  }
}
