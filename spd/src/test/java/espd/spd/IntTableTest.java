package espd.spd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The table of SPIs and reqids.
class IntTableTest {

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 1000, 4096, 100_000})
  void findsEveryKeyAndNoOther(int size) {
    Map<Integer, Integer> entries = new HashMap<>();
    Random random = new Random(size);
    while (entries.size() < size) {
      int key = random.nextInt();
      entries.put(key, key);
    }
    IntTable<Integer> table = new IntTable<>(entries);
    entries.forEach((key, value) -> assertEquals(value, table.get(key)));
    for (int i = 0; i < 10_000; i++) {
      int key = random.nextInt();
      assertEquals(entries.get(key), table.get(key));
    }
  }

  @Test
  void holdsTheKeysAtTheEdges() {
    IntTable<String> table =
        new IntTable<>(Map.of(0, "zero", -1, "minus", Integer.MIN_VALUE, "least", 1, "one"));
    assertEquals("zero", table.get(0));
    assertEquals("minus", table.get(-1));
    assertEquals("least", table.get(Integer.MIN_VALUE));
    assertEquals("one", table.get(1));
    assertNull(table.get(2));
    assertNull(new IntTable<>(Map.of()).get(0));
  }

  /// The inverse of the golden ratio's multiplier makes keys that all fall into the first slot.
  @Test
  void findsKeysThatCollide() {
    int inverse = 0x9e3779b9;
    while (inverse * 0x9e3779b9 != 1) {
      inverse *= 2 - inverse * 0x9e3779b9;
    }
    int factor = inverse;
    assertHolds(1000, i -> i * factor);
  }

  @Test
  void staysFastWithKeysThatDifferInHighBitsOnly() {
    assertTimeout(Duration.ofSeconds(5), () -> assertHolds(4095, i -> i << 20));
    assertTimeout(Duration.ofSeconds(5), () -> assertHolds(100_000, i -> i << 8));
    assertTimeout(Duration.ofSeconds(5), () -> assertHolds(100_000, i -> i));
  }

  @Test
  void changesOneKeyAtATimeAndLeavesTheTableBeforeAsItWas() {
    Random random = new Random(6);
    Map<Integer, Integer> entries = new HashMap<>();
    IntTable<Integer> table = new IntTable<>(entries);
    for (int step = 0; step < 20_000; step++) {
      int key = random.nextInt(200) << (random.nextBoolean() ? 0 : 24);
      IntTable<Integer> before = table;
      Integer present = entries.get(key);
      if (random.nextInt(3) == 0) {
        entries.remove(key);
        table = table.without(key);
      } else {
        entries.put(key, step);
        table = table.with(key, step);
      }
      assertEquals(present, before.get(key));
      int other = random.nextInt(200) << (random.nextBoolean() ? 0 : 24);
      assertEquals(entries.get(key), table.get(key));
      assertEquals(entries.get(other), table.get(other));
    }
    IntTable<Integer> last = table;
    entries.forEach((key, value) -> assertEquals(value, last.get(key)));
  }

  private static void assertHolds(int size, IntUnaryOperator key) {
    Map<Integer, Integer> entries = new HashMap<>();
    for (int i = 0; i < size; i++) {
      entries.put(key.applyAsInt(i), i);
    }
    IntTable<Integer> table = new IntTable<>(entries);
    for (int i = 0; i < size; i++) {
      assertEquals(i, table.get(key.applyAsInt(i)));
    }
    assertNull(table.get(key.applyAsInt(size)));
  }
}
