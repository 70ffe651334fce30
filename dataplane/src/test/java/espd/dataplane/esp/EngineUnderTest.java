package espd.dataplane.esp;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import espd.spd.EspSuite;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
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

  /// {@return each row of a resource before each engine: the engine, then the row's fields}
  static Stream<Arguments> withRowsOf(String resource) throws IOException {
    try (InputStream in = EngineUnderTest.class.getResourceAsStream(resource)) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      List<String[]> rows =
          text.lines()
              .filter(line -> !line.startsWith("#"))
              .map(line -> line.split(",\\s*", -1))
              .toList();
      return Stream.of(values())
          .flatMap(engine -> rows.stream().map(row -> arguments(engine, row)));
    }
  }

  private static Arguments arguments(EngineUnderTest engine, String[] row) {
    return Arguments.of(Stream.concat(Stream.of(engine), Stream.of(row)).toArray());
  }
}
