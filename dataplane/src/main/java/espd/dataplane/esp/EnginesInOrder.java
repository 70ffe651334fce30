package espd.dataplane.esp;

import espd.spd.EspSuite;
import espd.spd.SaParameters;
import java.util.List;
import java.util.stream.Collectors;

/// Several engines as one: each suite is done by the first that has it.
///
/// @param engines preferred first
record EnginesInOrder(List<EspEngine> engines) implements EspEngine {

  EnginesInOrder {
    engines = List.copyOf(engines);
  }

  /// {@return the names of those that do a suite, preferred first: `ipsec-mb, libcrypto`}
  @Override
  public String name() {
    List<EspEngine> used = Engines.suites().stream().filter(this::supports).map(this::of).toList();
    return engines.stream()
        .filter(used::contains)
        .map(EspEngine::name)
        .collect(Collectors.joining(", "));
  }

  @Override
  public boolean supports(EspSuite suite) {
    return engines.stream().anyMatch(engine -> engine.supports(suite));
  }

  @Override
  public EspCipher sealing(SaParameters sa) {
    return of(sa.suite()).sealing(sa);
  }

  @Override
  public EspCipher opening(SaParameters sa) {
    return of(sa.suite()).opening(sa);
  }

  private EspEngine of(EspSuite suite) {
    return engines.stream().filter(engine -> engine.supports(suite)).findFirst().orElseThrow();
  }
}
