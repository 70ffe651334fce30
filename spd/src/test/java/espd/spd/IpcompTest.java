package espd.spd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// RFC 3173 §3.3: which compression parameter indexes there are.
class IpcompTest {

  @ParameterizedTest
  @ValueSource(ints = {2, 256, 61_439})
  void takesDeflatesOwnAndThoseForNegotiation(int cpi) {
    assertEquals(cpi, new Ipcomp(cpi).cpi());
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 1, 3, 63, 64, 255, 61_440, 65_535, 65_536 + 256})
  void takesNoOthers(int cpi) {
    assertThrows(IllegalArgumentException.class, () -> new Ipcomp(cpi));
  }

  @Test
  void everySpiHasOneForNegotiation() {
    IntStream.of(256, 257, 61_439, Integer.MAX_VALUE, Integer.MIN_VALUE, -1, 0xf000_0000)
        .forEach(spi -> assertTrue(Ipcomp.chosenFor(spi).cpi() >= Ipcomp.LEAST_NEGOTIATED));
    assertEquals(Ipcomp.chosenFor(7).cpi() + 1, Ipcomp.chosenFor(8).cpi());
  }
}
