package espd.spd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

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
        selectors,
        good.created());
  }
}
