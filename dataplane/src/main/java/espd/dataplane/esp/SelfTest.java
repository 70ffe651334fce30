package espd.dataplane.esp;

import espd.spd.AddressRange;
import espd.spd.EspSuite;
import espd.spd.Ipv6Address;
import espd.spd.KeyMaterial;
import espd.spd.Lifetime;
import espd.spd.Mode;
import espd.spd.OuterTraffic;
import espd.spd.SaParameters;
import espd.spd.Selector;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// Whether an engine makes ESP: what it seals the JDK's ciphers open, and so does it, in every
/// suite it has, with and without extended numbers; and what was tampered with it does not open.
/// Packets whose octets others have published come first.
final class SelfTest implements AutoCloseable {

  private static final int SPI = 0x4321;
  private static final int PACKETS = 32;
  private static final int PACKET_OCTETS = 640;

  /// AEADs are tried with all payloads up to here: vectorised code treats short ones apart.
  private static final int AEAD_OCTETS = 300;

  private static final int WARM_UP_RUNS = 50;

  private final EspEngine engine;
  private final EspEngine judge = new SunJce();
  private final Random random = new Random(1);
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment memory = arena.allocate((long) PACKETS * PACKET_OCTETS, 64);
  private final MemorySegment plain = arena.allocate(memory.byteSize(), 64);
  private final MemorySegment sealed = arena.allocate(memory.byteSize(), 64);
  private final EspRun run = new EspRun(PACKETS);
  private long number;

  private SelfTest(EspEngine engine) {
    this.engine = engine;
  }

  /// {@return what went wrong, or nothing}
  static Optional<String> of(EspEngine engine) {
    try (SelfTest test = new SelfTest(engine)) {
      for (KnownPacket known : KnownPacket.ALL) {
        if (engine.supports(known.suite()) && !known.isOpenedBy(engine)) {
          return Optional.of(known.source());
        }
      }
      for (EspSuite suite : Engines.suites()) {
        if (engine.supports(suite) && !(test.agrees(suite, false) && test.agrees(suite, true))) {
          return Optional.of(suite.toString());
        }
      }
      return Optional.empty();
    } catch (IllegalStateException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /// Seals and opens packets in each kind of suite that the engine has.
  static void warmUp(EspEngine engine) {
    try (SelfTest test = new SelfTest(engine)) {
      for (EspSuite suite : Engines.suites()) {
        if (suite.keyBits() != 192 && engine.supports(suite)) {
          test.warmUp(suite);
        }
      }
    }
  }

  @Override
  public void close() {
    arena.close();
  }

  private void warmUp(EspSuite suite) {
    SaParameters sa = sa(suite, false);
    try (EspCipher sealing = engine.sealing(sa);
        EspCipher opening = engine.opening(sa)) {
      for (int k = 0; k < WARM_UP_RUNS; k++) {
        lay(suite, suite.encryption().blockOctets());
        sealing.process(run);
        opening.process(run);
      }
    }
  }

  private boolean agrees(EspSuite suite, boolean esn) {
    SaParameters sa = sa(suite, esn);
    int step = suite.encryption().isAead() ? 1 : suite.encryption().blockOctets();
    int longest = suite.encryption().isAead() && !esn ? AEAD_OCTETS : step;
    boolean agrees = true;
    try (EspCipher sealing = engine.sealing(sa);
        EspCipher opening = engine.opening(sa);
        EspCipher judging = judge.opening(sa)) {
      for (int least = step == 1 ? 0 : step; least <= longest; least += PACKETS * step) {
        lay(suite, least);
        plain.copyFrom(memory);
        sealing.process(run);
        sealed.copyFrom(memory);
        judging.process(run);
        agrees &= isPlain(suite);
        memory.copyFrom(sealed);
        opening.process(run);
        agrees &= isPlain(suite);
        memory.copyFrom(sealed);
        tamper();
        opening.process(run);
        agrees &= isNoneAuthentic();
      }
    }
    return agrees;
  }

  private boolean isPlain(EspSuite suite) {
    boolean plainAgain = true;
    for (int i = 0; i < run.count; i++) {
      int from = run.at[i] + EspHeader.OCTETS + suite.encryption().ivOctets();
      int to = run.at[i] + run.octets[i] - suite.icvOctets();
      plainAgain &=
          run.authentic[i] && MemorySegment.mismatch(memory, from, to, plain, from, to) == -1;
    }
    return plainAgain;
  }

  /// Flips a bit of every packet, behind its number.
  private void tamper() {
    for (int i = 0; i < run.count; i++) {
      int at = run.at[i] + random.nextInt(EspHeader.OCTETS, run.octets[i]);
      byte octet = memory.get(ValueLayout.JAVA_BYTE, at);
      memory.set(ValueLayout.JAVA_BYTE, at, (byte) (octet ^ 1 << random.nextInt(8)));
    }
  }

  private boolean isNoneAuthentic() {
    boolean none = true;
    for (int i = 0; i < run.count; i++) {
      none &= !run.authentic[i];
    }
    return none;
  }

  /// Lays packets of random octets into the memory and the run, each one step longer than the one
  /// before.
  ///
  /// @param least the octets of the shortest one's encrypted part
  private void lay(EspSuite suite, int least) {
    run.begin(memory);
    for (int i = 0; i < memory.byteSize(); i += Long.BYTES) {
      memory.set(ValueLayout.JAVA_LONG, i, random.nextLong());
    }
    int step = suite.encryption().isAead() ? 1 : suite.encryption().blockOctets();
    int around = EspHeader.OCTETS + suite.encryption().ivOctets() + suite.icvOctets();
    for (int i = 0; i < PACKETS; i++) {
      number++;
      EspHeader.write(memory, i * PACKET_OCTETS, SPI, number);
      run.add(i * PACKET_OCTETS, around + least + i * step, number);
    }
  }

  private SaParameters sa(EspSuite suite, boolean esn) {
    number = esn ? 0xffff_fff0L : 0;
    return sa(
        suite, esn, octets(suite.encryptionKeyOctets()), octets(suite.integrity().keyOctets()));
  }

  private byte[] octets(int count) {
    byte[] octets = new byte[count];
    random.nextBytes(octets);
    return octets;
  }

  /// {@return an SA of which only the cryptography counts}
  static SaParameters sa(EspSuite suite, boolean esn, byte[] encryptionKey, byte[] integrityKey) {
    return new SaParameters(
        SPI,
        "self-test",
        1,
        Mode.TUNNEL,
        Ipv6Address.UNSPECIFIED,
        Ipv6Address.UNSPECIFIED,
        Optional.empty(),
        suite,
        KeyMaterial.copyOf(encryptionKey),
        KeyMaterial.copyOf(integrityKey),
        esn,
        0,
        Lifetime.UNLIMITED,
        OuterTraffic.DEFAULT,
        List.of(Selector.between(AddressRange.ANY, AddressRange.ANY)),
        Instant.EPOCH);
  }
}
