package espd.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.metrics.Page.Reply;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// How often the state is asked for.
@Timeout(30)
class StatusPageTest {

  private static final HttpHeaders NO_HEADERS = new DefaultHttpHeaders();

  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicLong nanos = new AtomicLong();

  private static CompletableFuture<Reply> ask(StatusPage page) {
    return page.get(NO_HEADERS).toCompletableFuture();
  }

  @Test
  void asksOnceASecondWhateverTheNumberOfViewers() {
    StatusPage page = new StatusPage(() -> "" + asked.incrementAndGet(), nanos::get);
    for (int viewer = 0; viewer < 100; viewer++) {
      assertEquals("1", new String(ask(page).join().body(), UTF_8));
    }
    nanos.addAndGet(StatusPage.FRESH.toNanos() - 1);
    assertEquals("1", new String(ask(page).join().body(), UTF_8));
    nanos.addAndGet(1);
    assertEquals("2", new String(ask(page).join().body(), UTF_8));
  }

  @Test
  void doesNotAskAgainWhileItWaitsAndDoesNotBlockTheServer() {
    CountDownLatch slow = new CountDownLatch(1);
    StatusPage page =
        new StatusPage(
            () -> {
              awaitQuietly(slow);
              return "" + asked.incrementAndGet();
            },
            nanos::get);
    CompletableFuture<Reply> first = ask(page);
    nanos.addAndGet(10 * StatusPage.FRESH.toNanos());
    assertSame(first, ask(page));
    assertFalse(first.isDone());
    slow.countDown();
    assertEquals("1", new String(first.join().body(), UTF_8));
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void saysThatTheStateCouldNotBeReadAndNothingOfWhy() {
    StatusPage page =
        new StatusPage(
            () -> {
              throw new IllegalStateException("a secret");
            },
            nanos::get);
    Reply reply = ask(page).join();
    assertEquals(HttpResponseStatus.INTERNAL_SERVER_ERROR, reply.status());
    assertEquals("the state could not be read\n", new String(reply.body(), UTF_8));
  }

  @Test
  void prometheusCallsAServerOfTheNetworkByAnyName() throws Exception {
    Hosts network = new Hosts("espd.example", false);
    assertFalse(network.include("other.example:9500"));
    assertTrue(network.include("espd.example:9500"));
    assertTrue(network.includeForMetrics("other.example:9500"));
    assertFalse(Hosts.of(ListenAddress.parse("9500")).includeForMetrics("other.example:9500"));
  }
}
