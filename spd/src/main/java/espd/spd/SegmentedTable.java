package espd.spd;

import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An immutable table from `int` to an object in segments, so that one with an entry more or less
/// shares all but a segment with this one: of thousands of entries, a hundred are copied.
final class SegmentedTable<V> {

  /// So many entries a segment has at the most, on average.
  private static final int SEGMENT = 64;

  private final int size;

  /// A power of two of them.
  private final IntTable<V>[] segments;

  private SegmentedTable(int size, IntTable<V>[] segments) {
    this.size = size;
    this.segments = segments;
  }

  /// {@return a table without an entry}
  static <V> SegmentedTable<V> empty() {
    return new SegmentedTable<>(0, segments(1));
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // an array of tables is made for nothing else
  private static <V> IntTable<V>[] segments(int count) {
    IntTable<V>[] segments = new IntTable[count];
    Arrays.fill(segments, new IntTable<V>(Map.of()));
    return segments;
  }

  /// By other bits than those that count within a segment.
  private static int place(int key, int segments) {
    return (key * 0x85ebca6b) >>> 16 & (segments - 1);
  }

  /// {@return what `key` stands for, or null; allocates nothing}
  @Nullable V get(int key) {
    return segments[place(key, segments.length)].get(key);
  }

  /// This table with `key` standing for `value`.
  SegmentedTable<V> with(int key, V value) {
    int newSize = get(key) == null ? size + 1 : size;
    IntTable<V>[] changed =
        newSize > SEGMENT * segments.length && segments.length < 1 << 16
            ? twice()
            : segments.clone();
    int place = place(key, changed.length);
    changed[place] = changed[place].with(key, value);
    return new SegmentedTable<>(newSize, changed);
  }

  private IntTable<V>[] twice() {
    IntTable<V>[] twice = segments(2 * segments.length);
    for (IntTable<V> segment : segments) {
      segment.forEach(
          (key, value) -> {
            int place = place(key, twice.length);
            twice[place] = twice[place].with(key, value);
          });
    }
    return twice;
  }

  /// This table without `key`.
  SegmentedTable<V> without(int key) {
    if (get(key) == null) {
      return this;
    }
    IntTable<V>[] changed = segments.clone();
    int place = place(key, changed.length);
    changed[place] = changed[place].without(key);
    return new SegmentedTable<>(size - 1, changed);
  }
}
