package espd.spd;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An immutable hash table from `int` to an object, by open addressing: a look-up boxes nothing.
final class IntTable<V> {

  private final int[] keys;
  private final @Nullable Object[] values;
  private final int shift;

  IntTable(Map<Integer, V> entries) {
    // At most half full, so that a probe ends soon.
    int capacity = Integer.highestOneBit(Math.max(1, entries.size())) << 2;
    this.keys = new int[capacity];
    this.values = new @Nullable Object[capacity];
    this.shift = Integer.numberOfLeadingZeros(capacity) + 1;
    entries.forEach(
        (key, value) -> {
          int slot = slot(key);
          keys[slot] = key;
          values[slot] = value;
        });
  }

  @SuppressWarnings("unchecked") // only the constructor writes values, and it writes V
  @Nullable V get(int key) {
    return (V) values[slot(key)];
  }

  /// The slot that holds `key`, or the free one where it would stand.
  private int slot(int key) {
    // The highest bits of the product depend on every bit of the key.
    int slot = (key * 0x9e3779b9) >>> shift;
    while (values[slot] != null && keys[slot] != key) {
      slot = (slot + 1) & (keys.length - 1);
    }
    return slot;
  }
}
