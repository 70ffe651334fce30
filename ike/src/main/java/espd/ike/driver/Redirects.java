package espd.ike.driver;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/// How often connections have lately been sent to other gateways, so that gateways that send us to
/// each other do not keep us running (RFC 5685 §7). For the event loop.
final class Redirects {

  /// More often than this is a loop.
  private static final int MOST = 5;

  private static final Duration WITHIN = Duration.ofMinutes(5);

  /// What is said of a loop.
  static final String LOOP =
      "only %d redirects are allowed within %d seconds".formatted(MOST, WITHIN.toSeconds());

  private final Map<String, Deque<Instant>> byConnection = new HashMap<>();

  /// {@return whether a connection may go to another gateway now, which counts if it may}
  boolean permits(String connection, Instant now) {
    byConnection.values().forEach(times -> times.removeIf(at -> !at.plus(WITHIN).isAfter(now)));
    byConnection.values().removeIf(Deque::isEmpty);
    Deque<Instant> times = byConnection.computeIfAbsent(connection, name -> new ArrayDeque<>());
    return times.size() < MOST && times.add(now);
  }
}
