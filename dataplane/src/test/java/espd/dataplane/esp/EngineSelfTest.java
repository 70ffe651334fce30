package espd.dataplane.esp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EngineSelfTest {
  @ParameterizedTest
  @EnumSource
  void passes(EngineUnderTest engine) {
    for (int i = 0; i < 3; i++) {
      long t = System.nanoTime();
      assertEquals(Optional.empty(), SelfTest.of(engine.engine()));
      System.out.println(engine + " self-test ms " + (System.nanoTime() - t) / 1000000);
      t = System.nanoTime();
      SelfTest.warmUp(engine.engine());
      System.out.println(engine + " warm-up ms " + (System.nanoTime() - t) / 1000000);
    }
  }
}
