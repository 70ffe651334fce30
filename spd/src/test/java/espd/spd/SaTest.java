package espd.spd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What an SA counts, and the numbers it draws (RFC 4303 §3.3.3).
class SaTest {

  private static final long LAST = 0xffff_ffffL;

  @Test
  void drawsOneFirst() {
    OutboundSa sa = SaSample.ofSpi(0x100).outbound();
    assertEquals(0, sa.sequence());
    assertEquals(1, sa.nextSequence());
    assertEquals(2, sa.nextSequence());
    assertEquals(2, sa.sequence());
  }

  /// RFC 4303 §3.3.3: without ESN the number must not cycle.
  @Test
  void stopsAfterTheLastNumberOf32Bits() {
    OutboundSa sa = new OutboundSa(SaSample.ofSpi(0x100).parameters(), LAST - 2);
    assertEquals(LAST - 1, sa.nextSequence());
    assertEquals(LAST, sa.nextSequence());
    assertEquals(OutboundSa.EXHAUSTED, sa.nextSequence());
    assertEquals(OutboundSa.EXHAUSTED, sa.nextSequence());
    assertEquals(LAST, sa.sequence());
  }

  /// RFC 4303 §2.2.1: with ESN the number has 64 bits, and must not cycle either.
  @Test
  void goesOnTo64BitsWithEsnAndStopsThere() {
    SaParameters esn = SaSample.ofSpi(0x100).esn().parameters();
    OutboundSa sa = new OutboundSa(esn, LAST);
    assertEquals(LAST + 1, sa.nextSequence());
    OutboundSa atTheEnd = new OutboundSa(esn, -3L);
    assertEquals(-2L, atTheEnd.nextSequence());
    assertEquals(-1L, atTheEnd.nextSequence());
    assertEquals(OutboundSa.EXHAUSTED, atTheEnd.nextSequence());
    assertEquals(OutboundSa.EXHAUSTED, atTheEnd.nextSequence());
  }

  @Test
  void refusesAStartBeyondItsLastNumber() {
    SaParameters parameters = SaSample.ofSpi(0x100).parameters();
    assertThrows(IllegalArgumentException.class, () -> new OutboundSa(parameters, LAST + 1));
  }

  @Test
  void countsPacketsAndPayload() {
    InboundSa sa = SaSample.ofSpi(0x100).inbound();
    sa.count(100, 1000);
    sa.count(50, 2000);
    sa.countReplayed();
    sa.countUnauthentic();
    sa.countUnauthentic();
    assertEquals(2, sa.packets());
    assertEquals(150, sa.bytes());
    assertEquals(2000, sa.lastUsedMillis());
    assertEquals(1, sa.replayed());
    assertEquals(2, sa.unauthentic());
  }

  /// RFC 4301 §4.4.2.1: at the hard limit the SA ends, whenever somebody looks for it.
  @Test
  void isSpentFromTheHardLimitOfPacketsOn() {
    OutboundSa sa = SaSample.ofSpi(0x100).lifetime(new Lifetime(0, 0, 0, 0, 1, 3)).outbound();
    for (int packet = 0; packet < 3; packet++) {
      assertFalse(sa.isSpent(), "after " + packet);
      sa.count(1000, 0);
    }
    assertTrue(sa.isSpent());
    sa.count(1000, 0);
    assertTrue(sa.isSpent());
  }

  @Test
  void isSpentFromTheHardLimitOfBytesOn() {
    InboundSa sa = SaSample.ofSpi(0x100).lifetime(new Lifetime(0, 0, 0, 200, 0, 0)).inbound();
    sa.count(199, 0);
    assertFalse(sa.isSpent());
    sa.count(0, 0);
    assertFalse(sa.isSpent());
    sa.count(1, 0);
    assertTrue(sa.isSpent());
  }

  @Test
  void isNeverSpentWithoutHardLimits() {
    OutboundSa sa = SaSample.ofSpi(0x100).lifetime(new Lifetime(1, 1, 1, 0, 1, 0)).outbound();
    sa.count(Integer.MAX_VALUE, 0);
    sa.count(Integer.MAX_VALUE, 0);
    assertFalse(sa.isSpent());
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # limits: soft and hard bytes, soft and hard packets; packets of 100 octets that are due
          0 , 0   , 0 , 0 , ''
          0 , 0   , 2 , 4 , 2 4
          0 , 0   , 4 , 0 , 4
          0 , 0   , 0 , 3 , 3
          0 , 0   , 3 , 3 , 3
          250, 500, 0 , 0 , 3 5
          250, 500, 2 , 9 , 2 5
          250, 500, 9 , 4 , 3 4
          50, 60  , 0 , 0 , 1
          """)
  void isDueOnceAtTheSoftLimitsAndOnceAtTheHardOnes(
      long softBytes, long hardBytes, long softPackets, long hardPackets, String due) {
    OutboundSa sa =
        SaSample.ofSpi(0x100)
            .lifetime(new Lifetime(0, 0, softBytes, hardBytes, softPackets, hardPackets))
            .outbound();
    List<String> at = new ArrayList<>();
    sa.whenDue(of -> at.add("" + of.packets()));
    for (int packet = 0; packet < 10; packet++) {
      sa.count(100, 0);
    }
    assertEquals(due, String.join(" ", at));
  }

  @Test
  void printsItsSpiWithEightDigits() {
    assertEquals("0x00000100", SaSample.ofSpi(0x100).parameters().spiText());
    assertEquals("0xfedcba98", SaSample.ofSpi(0xfedc_ba98).parameters().spiText());
  }

  @Test
  void refusesKeysOfAnotherLengthAndNoSelectors() {
    SaParameters good = SaSample.ofSpi(0x100).parameters();
    assertThrows(
        IllegalArgumentException.class, () -> with(good, KeyMaterial.none(), good.selectors()));
    assertThrows(IllegalArgumentException.class, () -> with(good, good.encryptionKey(), List.of()));
  }

  private static SaParameters with(SaParameters good, KeyMaterial key, List<Selector> selectors) {
    return new SaParameters(
        good.spi(),
        good.connection(),
        good.reqid(),
        good.mode(),
        good.local(),
        good.remote(),
        Optional.empty(),
        good.suite(),
        key,
        good.integrityKey(),
        good.esn(),
        good.replayWindow(),
        good.lifetime(),
        good.outerTraffic(),
        selectors,
        good.created());
  }
}
