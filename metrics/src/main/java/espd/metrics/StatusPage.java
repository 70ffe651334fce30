package espd.metrics;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The program's state as JSON, which the page at `/` shows. All who ask within a second, or while
/// the answer is being made, get the same one. For the thread of the server.
final class StatusPage implements Page {

  /// How old an answer may be.
  static final Duration FRESH = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(StatusPage.class);

  private final StatusSource source;
  private final LongSupplier nanoClock;
  private CompletableFuture<Reply> latest = new CompletableFuture<>();
  private long latestNanos;
  private boolean asked;

  /// @param source of the state
  /// @param nanoClock as [System#nanoTime()]
  StatusPage(StatusSource source, LongSupplier nanoClock) {
    this.source = source;
    this.nanoClock = nanoClock;
  }

  @Override
  public CompletionStage<Reply> get(HttpHeaders headers) {
    long now = nanoClock.getAsLong();
    boolean stale = !asked || (latest.isDone() && now - latestNanos >= FRESH.toNanos());
    if (stale) {
      asked = true;
      latestNanos = now;
      // The state is asked of other threads, which may be slow to say it.
      latest =
          CompletableFuture.supplyAsync(
              this::read, task -> Thread.ofVirtual().name("status").start(task));
    }
    return latest;
  }

  private Reply read() {
    try {
      return Reply.of("application/json", source.json());
    } catch (RuntimeException e) {
      LOG.error("The state could not be read", e);
      return Reply.refusal(HttpResponseStatus.INTERNAL_SERVER_ERROR, "the state could not be read");
    }
  }
}
