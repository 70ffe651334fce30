package espd.spd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SegmentedTableTest {

  @Test
  void changesOneKeyAtATimeAndLeavesTheTableBeforeAsItWas() {
    Random random = new Random(6);
    Map<Integer, Integer> entries = new HashMap<>();
    SegmentedTable<Integer> table = SegmentedTable.empty();
    for (int step = 0; step < 40_000; step++) {
      int key = random.nextInt(3000) << (random.nextBoolean() ? 0 : 20);
      SegmentedTable<Integer> before = table;
      Integer present = entries.get(key);
      if (random.nextInt(3) == 0) {
        entries.remove(key);
        table = table.without(key);
      } else {
        entries.put(key, step);
        table = table.with(key, step);
      }
      assertEquals(present, before.get(key));
      int other = random.nextInt(3000) << (random.nextBoolean() ? 0 : 20);
      assertEquals(entries.get(other), table.get(other));
    }
    SegmentedTable<Integer> last = table;
    entries.forEach((key, value) -> assertEquals(value, last.get(key)));
  }

  @Test
  void holdsAHundredThousand() {
    SegmentedTable<Integer> table = SegmentedTable.empty();
    for (int key = 0; key < 100_000; key++) {
      table = table.with(key * 7, key);
    }
    for (int key = 0; key < 100_000; key++) {
      assertEquals(key, table.get(key * 7));
      assertNull(table.get(key * 7 + 1));
    }
  }
}
