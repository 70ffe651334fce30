package espd.dataplane.fragment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// RFC 7739 §5.3.
class IdentificationsTest {

  private static final MemorySegment A_TO_B =
      MemorySegment.ofArray(Fragments.packet(Fragments.UDP, new byte[0]));
  private static final MemorySegment B_TO_A =
      MemorySegment.ofArray(
          Fragments.packet(Fragments.B + Fragments.A, Fragments.UDP, new byte[0]));

  @Test
  void aPairOfHostsGetsNoNumberTwice() {
    Identifications identifications = new Identifications(new Random(7739));
    Set<Integer> seen = new HashSet<>();
    for (int i = 0; i < 100_000; i++) {
      assertTrue(seen.add(identifications.next(A_TO_B, 0)));
    }
  }

  @Test
  void theNumbersOfOnePairSayNothingOfAnothers() {
    Identifications identifications = new Identifications(new Random(7739));
    int one = identifications.next(A_TO_B, 0);
    int other = identifications.next(B_TO_A, 0);
    assertTrue(Math.abs((long) one - other) > 1_000_000);
    assertEquals(one + 1, identifications.next(A_TO_B, 0));
  }

  @Test
  void eachStartBeginsElsewhere() {
    Random random = new Random(7739);
    Set<Integer> firsts = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      firsts.add(new Identifications(random).next(A_TO_B, 0));
    }
    assertEquals(100, firsts.size());
  }
}
