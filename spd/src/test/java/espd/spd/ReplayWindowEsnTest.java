package espd.spd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The half of the sequence number that is not on the wire (RFC 4303 Appendix A2).
class ReplayWindowEsnTest {

  private static final BigInteger SPAN = BigInteger.ONE.shiftLeft(32);

  /// Window 64; numbers in hex. Case A: the window lies in one span of 2^32; case B: in two.
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # top        , on the wire , whole number  , why
          0            , 1           , 1             , the first packet
          0            , ffffffff    , ffffffff      , the first span has none before it
          10           , ffffffff    , ffffffff      , case B in the first span: no underflow
          10           , 0           , 0             , never sent; stays in the span
          3e           , fffffff0    , fffffff0      , the last top of case B in the first span
          3f           , 0           , 0             , the first top of case A: its bottom is 0
          3f           , 3f          , 3f            , the top itself
          40           , 0           , 100000000     , case A: below the bottom is the next span
          40           , 1           , 1             , case A: the bottom
          40           , ffffffff    , ffffffff      , case A: ahead in the span
          7fffffff     , 7fffffc0    , 7fffffc0      , case A: the bottom
          7fffffff     , 7fffffbf    , 17fffffbf     , case A: below it
          ffffffff     , 0           , 100000000     , the number after 2^32 - 1
          ffffffff     , ffffffc0    , ffffffc0      , the bottom
          ffffffff     , ffffffbf    , 1ffffffbf     , below it
          100000000    , ffffffff    , ffffffff      , case B: back across 2^32
          100000000    , ffffffc1    , ffffffc1      , case B: the bottom
          100000000    , ffffffc0    , 1ffffffc0     , case B: below it
          100000005    , 4           , 100000004     , case B: inside the new span
          10000003e    , ffffffff    , ffffffff      , case B: the bottom is the last of the span
          10000003f    , ffffffff    , 1ffffffff     , case A again
          5ffffffff    , 7           , 600000007     , the same further up
          600000007    , fffffff0    , 5fffffff0     , and back
          """)
  void infersTheHighHalf(String top, String wire, String whole, String why) {
    ReplayWindow window = at(64, Long.parseLong(top, 16));
    assertEquals(Long.parseLong(whole, 16), window.infer(Integer.parseUnsignedInt(wire, 16)), why);
  }

  @Test
  void takesTheNumberAsItIsWithoutEsn() {
    ReplayWindow window = new ReplayWindow(64, false);
    assertTrue(window.record(0xffff_ffffL));
    assertEquals(0, window.infer(0));
    assertEquals(0xffff_ffffL, window.infer(-1));
    assertFalse(window.admits(window.infer(5)), "the number does not cycle");
  }

  /// RFC 4303 §3.3.3, §3.4.3: a receiver that checks no order must still accept packets that others
  /// overtook, and the high half is part of their ICV.
  @Test
  void infersTheNearestNumberWhereNothingIsChecked() {
    ReplayWindow window = at(0, 0x1_0000_0005L);
    assertEquals(0x1_0000_0006L, window.infer(6));
    assertEquals(0x1_0000_0005L, window.infer(5));
    assertEquals(0x1_0000_0004L, window.infer(4), "overtaken");
    assertEquals(0x0_ffff_fff0L, window.infer(0xffff_fff0), "overtaken, of the span before");
    assertEquals(0x2_0000_0003L, at(0, 0x1_ffff_ffffL).infer(3), "the next span");
  }

  /// Beyond the last number there is none: what is inferred there is refused.
  @Test
  void refusesWhatWouldBeBeyond64Bits() {
    ReplayWindow window = at(64, -1L);
    for (int wire : new int[] {0, 1, 5, 0x7fff_ffff}) {
      assertFalse(window.admits(window.infer(wire)));
    }
    assertTrue(window.admits(window.infer(-2)));
  }

  /// The whole number is the one of the wire's low half in the span that begins at the window's
  /// bottom; where that would be negative, the one of the first span.
  @ParameterizedTest
  @CsvSource({"64,1", "128,2", "1000,3", "8192,4", "1048576,5", "65536,6"})
  void infersTheNumberOfTheSpanThatBeginsAtTheBottom(int size, long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      long top = Math.max(0, (random.nextLong(4) << 32) + random.nextLong(3L * size) - size);
      long wire =
          random.nextBoolean()
              ? random.nextLong(1L << 32)
              : (top - size + random.nextLong(3L * size)) & 0xffff_ffffL;
      BigInteger bottom = BigInteger.valueOf(top - size + 1);
      BigInteger expected = bottom.add(BigInteger.valueOf(wire).subtract(bottom).mod(SPAN));
      if (expected.signum() < 0) {
        expected = BigInteger.valueOf(wire);
      }
      assertEquals(expected.longValue(), at(size, top).infer((int) wire), "top " + top);
    }
  }

  private static ReplayWindow at(int size, long top) {
    ReplayWindow window = new ReplayWindow(size, true);
    if (top != 0) {
      assertTrue(window.record(top));
    }
    return window;
  }
}
