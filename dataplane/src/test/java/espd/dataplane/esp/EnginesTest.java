package espd.dataplane.esp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.spd.Encryption;
import espd.spd.EspSuite;
import espd.spd.Integrity;
import espd.spd.SaParameters;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Which engines are taken, in which order, and which are not.
class EnginesTest {

  private static final EspSuite GCM = new EspSuite(Encryption.AES_GCM_16, 128, Integrity.NONE);
  private static final EspSuite CBC = new EspSuite(Encryption.AES_CBC, 128, Integrity.HMAC_SHA1_96);

  @ParameterizedTest
  @EnumSource
  void everyEngineOfThisHostPassesItsSelfTest(EngineUnderTest engine) {
    assertEquals(Optional.empty(), SelfTest.of(engine.engine()));
  }

  @Test
  void whatIsForcedIsTaken() throws UnavailableEngineException {
    assertEquals("SunJCE", Engines.open(EngineChoice.JDK).name());
    assertEquals("libcrypto", Engines.open(EngineChoice.LIBCRYPTO).name());
  }

  @Test
  void theFastestOfEachSuiteIsTakenAndAllSuitesAreThere() throws UnavailableEngineException {
    EngineUnderTest.IPSEC_MB.engine();
    for (EngineChoice choice : List.of(EngineChoice.AUTO, EngineChoice.IPSEC_MB)) {
      EspEngine engine = Engines.open(choice);
      assertEquals("ipsec-mb, libcrypto", engine.name());
      assertTrue(Engines.suites().stream().allMatch(engine::supports));
    }
  }

  @Test
  void theSuiteDecidesWhoseCipherItIs() {
    EspEngine engine =
        new EnginesInOrder(
            List.of(EngineUnderTest.IPSEC_MB.engine(), EngineUnderTest.LIBCRYPTO.engine()));
    try (Packets gcm = new Packets(GCM, false, new Random(1), 48);
        Packets cbc = new Packets(CBC, false, new Random(1), 48);
        EspCipher first = engine.sealing(gcm.sa);
        EspCipher second = engine.sealing(cbc.sa)) {
      assertEquals(IpsecMbGcm.class, first.getClass());
      assertEquals(LibCryptoCbcHmac.Sealing.class, second.getClass());
    }
  }

  @Test
  void aChoiceIsAWord() {
    for (EngineChoice choice : EngineChoice.values()) {
      assertEquals(choice, EngineChoice.parse(choice.word()));
    }
    assertEquals(EngineChoice.IPSEC_MB, EngineChoice.parse("ipsec-mb"));
    IllegalArgumentException wrong =
        assertThrows(IllegalArgumentException.class, () -> EngineChoice.parse("openssl"));
    assertEquals(
        "'openssl' is none of auto, ipsec-mb, libcrypto, jdk", String.valueOf(wrong.getMessage()));
  }

  @Test
  void anAbsentLibrarySaysSoAndItsFunctionsThrow() throws Throwable {
    NativeLibrary absent = NativeLibrary.of(List.of("libespd-absent.so.1", "libespd-absent.so"));
    MethodHandle function =
        absent.function("f", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));
    assertEquals(Optional.of("there is no libespd-absent.so.1"), absent.lack());
    assertThrows(IllegalStateException.class, () -> assertEquals(0, (int) function.invoke(1L)));
  }

  @Test
  void aLibraryThatLacksAFunctionSaysWhich() {
    NativeLibrary library = NativeLibrary.of(List.of("libc.so.6"));
    assertEquals(Optional.empty(), library.lack());
    library.function("no_such_function", FunctionDescriptor.ofVoid());
    assertEquals(Optional.of("libc.so.6 lacks no_such_function"), library.lack());
  }

  /// Engines that do one thing wrong.
  enum Flaw {
    /// It seals nothing.
    LEAVES_PLAIN,
    /// It calls every packet authentic.
    BELIEVES_ALL,
    /// It seals with another number than the packet's.
    MISCOUNTS
  }

  @ParameterizedTest
  @EnumSource
  void theSelfTestFindsAFlaw(Flaw flaw) {
    EspEngine flawed = new Flawed(new SunJce(), flaw);
    assertTrue(SelfTest.of(flawed).isPresent());
  }

  private record Flawed(EspEngine sound, Flaw flaw) implements EspEngine {
    @Override
    public String name() {
      return "flawed";
    }

    @Override
    public boolean supports(EspSuite suite) {
      return suite.equals(CBC);
    }

    @Override
    public EspCipher sealing(SaParameters sa) {
      return new FlawedCipher(sound.sealing(sa), flaw);
    }

    @Override
    public EspCipher opening(SaParameters sa) {
      return flaw == Flaw.BELIEVES_ALL
          ? new FlawedCipher(sound.opening(sa), flaw)
          : sound.opening(sa);
    }
  }

  private record FlawedCipher(EspCipher sound, Flaw flaw) implements EspCipher {
    @Override
    public void process(EspRun run) {
      switch (flaw) {
        case LEAVES_PLAIN -> {}
        case BELIEVES_ALL -> {
          sound.process(run);
          Arrays.fill(run.authentic, true);
        }
        case MISCOUNTS -> {
          run.number[0] += 1L << 32;
          sound.process(run);
          run.number[0] -= 1L << 32;
        }
      }
    }

    @Override
    public void close() {
      sound.close();
    }
  }
}
