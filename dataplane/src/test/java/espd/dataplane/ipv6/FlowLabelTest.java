package espd.dataplane.ipv6;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// RFC 6437 §3: stable, evenly spread, hard to foresee, not 0.
class FlowLabelTest {

  private static final int SPIS = 100_000;

  @Test
  void anSaKeepsItsLabel() {
    FlowLabel labels = new FlowLabel(new Random(6437));
    assertEquals(labels.of(0x1234), labels.of(0x1234));
  }

  @Test
  void anotherStartHasOtherLabels() {
    Random random = new Random(6437);
    FlowLabel one = new FlowLabel(random);
    FlowLabel other = new FlowLabel(random);
    int same = 0;
    for (int spi = 256; spi < 1256; spi++) {
      same += one.of(spi) == other.of(spi) ? 1 : 0;
    }
    assertTrue(same < 10, same + " of 1000 SPIs have their label again");
  }

  @Test
  void neighbouringSpisSpreadEvenlyOverAllLabelsButZero() {
    FlowLabel labels = new FlowLabel(new Random(6438));
    int[] perPath = new int[16];
    for (int spi = 256; spi < 256 + SPIS; spi++) {
      int label = labels.of(spi);
      assertTrue(label >= 1 && label <= 0xf_ffff, () -> "label " + label);
      perPath[label >>> 16]++;
    }
    for (int packets : perPath) {
      assertEquals(SPIS / 16.0, packets, SPIS / 160.0, () -> Arrays.toString(perPath));
    }
  }

  @Test
  void theHeaderTakesTheLabelAndKeepsTheRest() {
    MemorySegment header = MemorySegment.ofArray(new byte[40]);
    Ipv6Header.write(header, 0, 1000, Ipv6Header.follows(0xb9, 50, 64));
    Ipv6Header.flowLabel(header, 0, 0xa_bcde);
    assertEquals(0xa_bcde, Ipv6Header.flowLabel(header, 0));
    assertEquals(0xb9, Ipv6Header.trafficClass(header, 0));
    assertTrue(Ipv6Header.isVersion6(header, 0));
    Ipv6Header.flowLabel(header, 0, 1);
    assertEquals(1, Ipv6Header.flowLabel(header, 0));
    assertEquals(1000, Ipv6Header.payloadOctets(header, 0));
  }
}
