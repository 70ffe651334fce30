package espd.ike.pki;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// What was fetched, kept while it holds, the least used first to go. Whoever wants what is being
/// fetched waits for that. For any thread.
final class Answers<K, V> {

  private final Bounds bounds;
  private final InstantSource clock;
  private final Map<K, Answer<V>> kept = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<K, CompletableFuture<Answer<V>>> underway = new HashMap<>();
  private long octets;

  /// What is kept.
  ///
  /// @param entries at most so many
  /// @param octets of all of them at most
  record Bounds(int entries, long octets) {}

  /// An answer, or that there was none.
  ///
  /// @param value that counts, if any
  /// @param lines for people: how it was got
  /// @param later for people, when it is taken from here
  /// @param until the time it holds
  /// @param octets it is long
  record Answer<V>(Optional<V> value, List<String> lines, String later, Instant until, int octets) {

    private Answer<V> again() {
      return new Answer<>(value, List.of(later), later, until, octets);
    }
  }

  Answers(Bounds bounds, InstantSource clock) {
    this.bounds = bounds;
    this.clock = clock;
  }

  /// {@return the answer for a key}
  ///
  /// @param patience for what somebody else has begun to fetch
  /// @param fetching gets it, where nobody has
  Answer<V> get(K key, Duration patience, Supplier<Answer<V>> fetching) {
    CompletableFuture<Answer<V>> own = new CompletableFuture<>();
    Optional<CompletableFuture<Answer<V>>> others;
    synchronized (this) {
      Answer<V> known = kept.get(key);
      if (known != null && known.until().isAfter(clock.instant())) {
        return known.again();
      }
      others = Optional.ofNullable(underway.putIfAbsent(key, own));
    }
    if (others.isPresent()) {
      String line = "  no answer in time to a question that was under way";
      Answer<V> none = new Answer<>(Optional.empty(), List.of(line), line, clock.instant(), 0);
      return others
          .get()
          .copy()
          .completeOnTimeout(none, patience.toNanos(), TimeUnit.NANOSECONDS)
          .join();
    }
    try {
      Answer<V> answer = fetching.get();
      keep(key, answer);
      own.complete(answer);
      return answer;
    } catch (RuntimeException e) {
      own.completeExceptionally(e);
      throw e;
    } finally {
      synchronized (this) {
        underway.remove(key);
      }
    }
  }

  private synchronized void keep(K key, Answer<V> answer) {
    Optional.ofNullable(kept.remove(key)).ifPresent(before -> octets -= before.octets());
    kept.put(key, answer);
    octets += answer.octets();
    Iterator<Answer<V>> oldest = kept.values().iterator();
    while (kept.size() > bounds.entries() || octets > bounds.octets()) {
      octets -= oldest.next().octets();
      oldest.remove();
    }
  }

  /// Forgets all.
  synchronized void clear() {
    kept.clear();
    octets = 0;
  }

  /// {@return the values that hold now}
  synchronized List<V> values() {
    Instant now = clock.instant();
    return kept.values().stream()
        .filter(each -> each.until().isAfter(now))
        .flatMap(each -> each.value().stream())
        .toList();
  }
}
