package espd.ike.driver;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// SPIs by something that several have in common. One that is put in twice has to be taken out
/// twice. For one thread.
///
/// @param <K> what they have in common
final class MultiMap<K> {

  private final Map<K, Map<Long, Integer>> spis = new HashMap<>();
  private int size;

  /// Puts one in.
  void add(K key, long spi) {
    spis.computeIfAbsent(key, k -> new LinkedHashMap<>()).merge(spi, 1, Integer::sum);
    size++;
  }

  /// Takes one out that is in.
  void remove(K key, long spi) {
    spis.computeIfPresent(
        key,
        (k, counts) -> {
          counts.computeIfPresent(spi, (s, count) -> count == 1 ? null : count - 1);
          return counts.isEmpty() ? null : counts;
        });
    size--;
  }

  /// {@return those with this key, in the order they came}
  Set<Long> get(K key) {
    return spis.getOrDefault(key, Map.of()).keySet();
  }

  /// {@return how many are in, of all keys}
  int size() {
    return size;
  }
}
