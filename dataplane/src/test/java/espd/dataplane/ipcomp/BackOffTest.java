package espd.dataplane.ipcomp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/// RFC 3173 §2.2: compression that does not help is tried less.
class BackOffTest {

  private static final int FLOW = 0x1234_5678;

  private final BackOff backOff = new BackOff();

  private int leftOut() {
    int leftOut = 0;
    while (!backOff.isDue(FLOW)) {
      leftOut++;
    }
    return leftOut;
  }

  @Test
  void everyFailureDoublesWhatIsLeftOutUpToAThousand() {
    for (int expected : new int[] {1, 3, 7, 15, 31, 63, 127, 255, 511, 1023, 1023, 1023}) {
      assertEquals(0, leftOut());
      backOff.failed(FLOW);
      assertEquals(expected, leftOut());
    }
  }

  @Test
  void oneSuccessMakesAFlowNew() {
    for (int i = 0; i < 8; i++) {
      backOff.failed(FLOW);
    }
    leftOut();
    backOff.succeeded(FLOW);
    backOff.failed(FLOW);
    assertEquals(1, leftOut());
  }

  /// Any number is a flow, and hardly two of a few are in one place.
  @Test
  void flowsHavePlacesOfTheirOwn() {
    int concerned = 0;
    backOff.failed(FLOW);
    for (int i = 1; i <= 200; i++) {
      concerned += backOff.isDue(FLOW + i * 0x0101_0101) ? 0 : 1;
    }
    assertTrue(concerned <= 2, () -> "in the same place");
    for (int flow : new int[] {0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
      assertTrue(backOff.isDue(flow));
    }
  }
}
