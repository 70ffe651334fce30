package espd.dataplane;

import espd.dataplane.esp.EspCipher;
import espd.dataplane.esp.EspEngine;
import espd.dataplane.esp.EspRun;
import espd.spd.EspSuite;
import espd.spd.SaParameters;
import java.util.function.Consumer;

/// An engine that encrypts nothing: for tests of all that is not cryptography.
///
/// @param meanwhile what it does instead, before it calls every packet authentic
record PlainEngine(Consumer<EspRun> meanwhile) implements EspEngine {

  @Override
  public String name() {
    return "plain";
  }

  @Override
  public boolean supports(EspSuite suite) {
    return true;
  }

  @Override
  public EspCipher sealing(SaParameters sa) {
    return new PlainCipher(meanwhile);
  }

  @Override
  public EspCipher opening(SaParameters sa) {
    return new PlainCipher(meanwhile);
  }

  private record PlainCipher(Consumer<EspRun> meanwhile) implements EspCipher {
    @Override
    public void process(EspRun run) {
      meanwhile.accept(run);
      for (int i = 0; i < run.count; i++) {
        run.authentic[i] = true;
      }
    }

    @Override
    public void close() {}
  }
}
