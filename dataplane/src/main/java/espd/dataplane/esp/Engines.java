package espd.dataplane.esp;

import espd.spd.Encryption;
import espd.spd.EspSuite;
import espd.spd.Integrity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds the engines that this host has, tests them, and puts them in order.
public final class Engines {

  private static final Logger LOG = LoggerFactory.getLogger(Engines.class);

  private Engines() {}

  /// Opens an engine of native code.
  private interface Opening {
    EspEngine open() throws UnavailableEngineException;
  }

  /// {@return the engine for a choice, tested: [IpsecMb], then [LibCrypto], then [SunJce], as far
  /// as the choice lets them and the host has them}
  ///
  /// @throws UnavailableEngineException when one that must be there is not
  public static EspEngine open(EngineChoice choice) throws UnavailableEngineException {
    List<EspEngine> engines = new ArrayList<>();
    switch (choice) {
      case AUTO -> {
        addIfUsable(engines, IpsecMb::open);
        addIfUsable(engines, LibCrypto::open);
      }
      case IPSEC_MB -> {
        engines.add(tested(IpsecMb.open()));
        addIfUsable(engines, LibCrypto::open);
      }
      case LIBCRYPTO -> engines.add(tested(LibCrypto.open()));
      case JDK -> {}
    }
    engines.add(new SunJce());
    return new EnginesInOrder(engines);
  }

  private static void addIfUsable(List<EspEngine> engines, Opening opening) {
    EspEngine engine;
    try {
      engine = opening.open();
    } catch (UnavailableEngineException e) {
      LOG.debug("{}", e.getMessage());
      return;
    }
    try {
      engines.add(tested(engine));
    } catch (UnavailableEngineException e) {
      LOG.warn("{}", e.getMessage());
    }
  }

  private static EspEngine tested(EspEngine engine) throws UnavailableEngineException {
    Optional<String> failure = SelfTest.of(engine);
    if (failure.isPresent()) {
      throw new UnavailableEngineException(
          engine.name(), "its self-test failed: " + failure.get(), "take another version of it");
    }
    return engine;
  }

  /// Seals and opens packets until the JIT has compiled the way of a packet: else the first
  /// thousand packets of a host together take a tenth of a second. For a thread of its own, which
  /// no packet waits for.
  public static void warmUp(EspEngine engine) {
    SelfTest.warmUp(engine);
  }

  /// {@return every suite there is}
  static List<EspSuite> suites() {
    List<EspSuite> suites = new ArrayList<>();
    for (Encryption encryption : Encryption.values()) {
      for (int bits : new int[] {0, 128, 192, 256}) {
        for (Integrity integrity : Integrity.values()) {
          boolean fits = encryption.isAead() == (integrity == Integrity.NONE);
          if (fits && encryption.allowsKeyBits(bits)) {
            suites.add(new EspSuite(encryption, bits, integrity));
          }
        }
      }
    }
    return suites;
  }
}
