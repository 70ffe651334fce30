package espd.dataplane.esp;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import espd.spd.EspSuite;
import org.opentest4j.TestAbortedException;

/// The engines that tests try, one by one. What a host need not have is skipped where it is absent.
enum EngineUnderTest {
  JDK,
  LIBCRYPTO,
  IPSEC_MB;

  /// {@return the engine; a test is skipped when this host lacks it}
  EspEngine engine() {
    try {
      return switch (this) {
        case JDK -> new SunJce();
        case LIBCRYPTO -> LibCrypto.open();
        case IPSEC_MB -> IpsecMb.open();
      };
    } catch (UnavailableEngineException e) {
      if (this == LIBCRYPTO) {
        throw new AssertionError(e);
      }
      throw new TestAbortedException(e.getMessage());
    }
  }

  /// {@return the engine; a test is skipped when it has not the suite}
  EspEngine of(EspSuite suite) {
    EspEngine engine = engine();
    assumeTrue(engine.supports(suite), () -> engine.name() + " has no " + suite);
    return engine;
  }
}
