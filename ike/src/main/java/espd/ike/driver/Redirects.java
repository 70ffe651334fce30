package espd.ike.driver;

import espd.ike.exchange.ChildWish;
import espd.ike.exchange.Redirected;
import espd.ike.exchange.Report;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// IKE SAs with other gateways, where we are sent to these; but gateways that send us to each other
/// do not keep us running (RFC 5685 §7). For the event loop.
final class Redirects {

  /// More often than this is a loop.
  private static final int MOST = 5;

  private static final Duration WITHIN = Duration.ofMinutes(5);

  private static final String LOOP =
      "only %d redirects are allowed within %d seconds".formatted(MOST, WITHIN.toSeconds());

  private final IkeScheduler scheduler;
  private final IkeSas ikeSas;
  private final Reauthentications reauthentications;
  private final Map<String, Deque<Instant>> byConnection = new HashMap<>();

  Redirects(IkeScheduler scheduler, IkeSas ikeSas, Reauthentications reauthentications) {
    this.scheduler = scheduler;
    this.ikeSas = ikeSas;
    this.reauthentications = reauthentications;
  }

  /// Begins an IKE SA with another gateway in the place of one that was not established.
  ///
  /// @param spi ours of that
  void follow(long spi, ChildWish wish, Redirected redirected) {
    if (permits(wish.connection().name())) {
      ikeSas
          .initiate(wish, redirected)
          .ifPresent(successor -> reauthentications.moved(spi, successor));
    } else {
      ikeSas.tell(spi, new Report.ChildFailed(wish, Report.Cause.REFUSED, LOOP));
    }
  }

  /// Has another IKE SA made in the place of one that is established.
  ///
  /// @param spi ours of that
  /// @param connections that it protects
  /// @param elsewhere the gateway to make it with, if it is another
  void renew(long spi, List<String> connections, Optional<Redirected> elsewhere) {
    if (elsewhere.isEmpty() || permits(connections.getFirst())) {
      scheduler.execute(() -> reauthentications.begin(spi, connections, elsewhere));
    } else {
      ikeSas.tell(spi, new Report.Warning(connections.getFirst(), LOOP));
    }
  }

  /// Whether a connection may go to another gateway now, which counts if it may.
  private boolean permits(String connection) {
    Instant now = scheduler.now();
    byConnection.values().forEach(times -> times.removeIf(at -> !at.plus(WITHIN).isAfter(now)));
    byConnection.values().removeIf(Deque::isEmpty);
    Deque<Instant> times = byConnection.computeIfAbsent(connection, name -> new ArrayDeque<>());
    return times.size() < MOST && times.add(now);
  }
}
