package espd.tun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.spd.AddressRange;
import espd.spd.Ipv6Address;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RangeUnionTest {

  private static AddressRange range(int first, int last) {
    return new AddressRange(new Ipv6Address(0, first), new Ipv6Address(0, last));
  }

  @Test
  void tellsOnlyWhatChanges() {
    RangeUnion union = new RangeUnion();
    union.add(range(1, 3));
    union.add(range(7, 9));
    assertEquals(
        new RangeUnion.Change(List.of(), List.of(range(1, 3), range(7, 9))), union.change());
    union.add(range(2, 2));
    union.add(range(1, 3));
    assertTrue(union.change().isEmpty());
    union.add(range(3, 7));
    assertEquals(
        new RangeUnion.Change(List.of(range(7, 9), range(1, 3)), List.of(range(1, 9))),
        union.change());
    union.remove(range(1, 3));
    assertTrue(union.change().isEmpty());
    union.remove(range(3, 7));
    assertEquals(
        new RangeUnion.Change(List.of(range(1, 9)), List.of(range(1, 3), range(7, 9))),
        union.change());
    union.add(range(5, 5));
    union.remove(range(5, 5));
    assertTrue(union.change().isEmpty());
  }

  @Test
  void isAlwaysTheAddressesOfTheRangesThatStand() {
    Random random = new Random(4301);
    RangeUnion union = new RangeUnion();
    List<AddressRange> standing = new ArrayList<>();
    List<AddressRange> told = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      if (random.nextInt(21) < standing.size()) {
        union.remove(standing.remove(random.nextInt(standing.size())));
      } else {
        int first = random.nextInt(200);
        standing.add(range(first, first + random.nextInt(12)));
        union.add(standing.getLast());
      }
      if (random.nextBoolean()) {
        RangeUnion.Change change = union.change();
        assertTrue(told.containsAll(change.gone()));
        told.removeAll(change.gone());
        told.addAll(change.come());
        told.sort(Comparator.comparing(AddressRange::first));
        assertEquals(union.disjoint(), told);
        assertEquals(addresses(standing), addresses(told));
        assertEquals(addresses(told).size(), told.stream().mapToLong(RangeUnionTest::length).sum());
      }
    }
  }

  private static Set<Long> addresses(List<AddressRange> ranges) {
    Set<Long> addresses = new HashSet<>();
    for (AddressRange range : ranges) {
      for (long at = range.first().low(); at <= range.last().low(); at++) {
        addresses.add(at);
      }
    }
    return addresses;
  }

  private static long length(AddressRange range) {
    return range.last().low() - range.first().low() + 1;
  }
}
