package espd.spd;

import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// An immutable hash table from `int` to an object, by open addressing: a look-up boxes nothing.
final class IntTable<V> {

  private final int size;
  private final int[] keys;
  private final @Nullable Object[] values;
  private final int shift;

  IntTable(Map<Integer, V> entries) {
    this(entries.size(), roomFor(entries.size()));
    entries.forEach(this::put);
  }

  private IntTable(int size, int capacity) {
    this(size, new int[capacity], new @Nullable Object[capacity]);
  }

  private IntTable(int size, int[] keys, @Nullable Object[] values) {
    this.size = size;
    this.keys = keys;
    this.values = values;
    this.shift = Integer.numberOfLeadingZeros(keys.length) + 1;
  }

  /// At most half full, so that a probe ends soon.
  private static int roomFor(int size) {
    return Integer.highestOneBit(Math.max(1, size)) << 2;
  }

  @SuppressWarnings("unchecked") // only put writes values, and it writes V
  @Nullable V get(int key) {
    return (V) values[slot(key)];
  }

  /// This table with `key` standing for `value`.
  IntTable<V> with(int key, V value) {
    int newSize = get(key) == null ? size + 1 : size;
    if (roomFor(newSize) <= keys.length) {
      IntTable<V> table = new IntTable<>(newSize, keys.clone(), values.clone());
      table.put(key, value);
      return table;
    }
    IntTable<V> wider = new IntTable<>(newSize, roomFor(newSize));
    forEach(wider::put);
    wider.put(key, value);
    return wider;
  }

  /// This table without `key`.
  IntTable<V> without(int key) {
    if (get(key) == null) {
      return this;
    }
    IntTable<V> table = new IntTable<>(size - 1, keys.clone(), values.clone());
    table.free(table.slot(key));
    return table;
  }

  /// Has `user` told of every entry.
  @SuppressWarnings("unchecked") // only put writes values, and it writes V
  void forEach(BiConsumer<Integer, V> user) {
    for (int slot = 0; slot < keys.length; slot++) {
      Object present = values[slot];
      if (present != null) {
        user.accept(keys[slot], (V) present);
      }
    }
  }

  private void put(int key, Object value) {
    int slot = slot(key);
    keys[slot] = key;
    values[slot] = value;
  }

  /// Frees a slot; what stands behind it is put anew, so that no probe ends too soon.
  private void free(int freed) {
    values[freed] = null;
    int slot = next(freed);
    Object displaced = values[slot];
    while (displaced != null) {
      values[slot] = null;
      put(keys[slot], displaced);
      slot = next(slot);
      displaced = values[slot];
    }
  }

  /// The slot that holds `key`, or the free one where it would stand.
  private int slot(int key) {
    // The highest bits of the product depend on every bit of the key.
    int slot = (key * 0x9e3779b9) >>> shift;
    while (values[slot] != null && keys[slot] != key) {
      slot = next(slot);
    }
    return slot;
  }

  private int next(int slot) {
    return (slot + 1) & (keys.length - 1);
  }
}
