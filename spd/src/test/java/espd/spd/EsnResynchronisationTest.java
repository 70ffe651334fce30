package espd.spd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The high half of a number is found again (RFC 4303 Appendix A3).
class EsnResynchronisationTest {

  private static final long SPAN = 1L << 32;

  private final InboundSa sa = SaSample.ofSpi(0x100).esn().replayWindow(1024).inbound();

  private void fail(int times) {
    for (int i = 0; i < times; i++) {
      sa.countUnauthentic();
    }
  }

  @Test
  void isDueAfterSoManyFailuresInARow() {
    fail(EsnResynchronisation.FAILURES - 1);
    assertFalse(sa.resynchronisation().isDue());
    fail(1);
    assertTrue(sa.resynchronisation().isDue());
    fail(1000);
    assertTrue(sa.resynchronisation().isDue());
  }

  /// RFC 4303 Appendix A3.1: receipt of a valid packet resets the count.
  @Test
  void anAuthenticPacketBeginsTheRowAnew() {
    fail(EsnResynchronisation.FAILURES - 1);
    sa.count(100, 0);
    fail(1);
    assertFalse(sa.resynchronisation().isDue());
    fail(EsnResynchronisation.FAILURES - 1);
    assertTrue(sa.resynchronisation().isDue());
    sa.count(100, 0);
    assertFalse(sa.resynchronisation().isDue());
    assertEquals(2L * EsnResynchronisation.FAILURES - 1, sa.unauthentic());
  }

  @Test
  void isNeverDueWithoutEsn() {
    InboundSa short32 = SaSample.ofSpi(0x100).inbound();
    for (int i = 0; i < 1000; i++) {
      short32.countUnauthentic();
    }
    assertFalse(short32.resynchronisation().isDue());
  }

  /// RFC 4303 Appendix A3.2: successively larger values for the upper half, up to a limit.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void theSendersNumberIsAmongTheCandidatesAndMovesTheWindow(long spansLost) {
    long top = SPAN - 10;
    assertTrue(sa.window().record(top));
    long sent = top + 5000 + spansLost * SPAN;
    long inferred = sa.window().infer((int) sent);
    assertEquals(top + 5000, inferred, "which is not what was sent");
    long found = 0;
    for (int attempt = 1; attempt <= EsnResynchronisation.ATTEMPTS && found == 0; attempt++) {
      long candidate = EsnResynchronisation.candidate(inferred, attempt);
      found = candidate == sent ? candidate : 0; // authentic under this number only
    }
    assertEquals(sent, found);
    assertTrue(sa.window().record(found));
    assertEquals(sent, sa.window().top());
    assertEquals(sent + 1, sa.window().infer((int) (sent + 1)), "in step from now on");
    assertFalse(sa.window().admits(top), "what was before is too old");
  }

  @Test
  void thereIsNoNumberBeyond64Bits() {
    assertEquals(-1L, EsnResynchronisation.candidate(-1L, 1));
    assertEquals(-5L, EsnResynchronisation.candidate(-5L - SPAN, 1));
    assertEquals(-5L - SPAN, EsnResynchronisation.candidate(-5L - SPAN, 2));
  }
}
