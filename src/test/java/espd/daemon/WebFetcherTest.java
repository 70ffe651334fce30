package espd.daemon;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import espd.ike.message.Bytes;
import espd.ike.pki.Fetcher.Errand;
import espd.ike.pki.Fetcher.Question;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a server of HTTP may do to whom asks it.
final class WebFetcherTest {

  private static final byte[] PAGE = {1, 2, 3, 4};
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final WebFetcher fetcher = new WebFetcher();
  private HttpServer server;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("::1"), 0), 0);
    server.setExecutor(threads);
    server.start();
  }

  @AfterEach
  void end() {
    fetcher.close();
    server.stop(0);
    threads.shutdownNow();
  }

  private String place(String path) {
    return "http://[::1]:" + server.getAddress().getPort() + path;
  }

  private static Errand get(String place) {
    return new Errand(URI.create(place), Optional.empty(), PAGE.length);
  }

  private static void answer(HttpExchange exchange, int status, byte[] octets) throws IOException {
    try (exchange;
        OutputStream body = exchange.getResponseBody()) {
      exchange.sendResponseHeaders(status, octets.length);
      body.write(octets);
    }
  }

  private void assertFails(String why, Errand errand, Duration patience) {
    IOException failure = assertThrows(IOException.class, () -> fetcher.fetch(errand, patience));
    assertTrue(String.valueOf(failure.getMessage()).contains(why), failure::toString);
  }

  @Test
  void whatIsThereIsFetched() throws IOException {
    server.createContext("/crl", exchange -> answer(exchange, 200, PAGE));
    assertArrayEquals(PAGE, fetcher.fetch(get(place("/crl")), PATIENCE));
  }

  /// RFC 6960 appendix A.1
  @Test
  void aQuestionIsPosted() throws IOException {
    server.createContext(
        "/",
        exchange -> {
          assertEquals("POST", exchange.getRequestMethod());
          assertEquals("x/y", exchange.getRequestHeaders().getFirst("Content-Type"));
          answer(exchange, 200, exchange.getRequestBody().readAllBytes());
        });
    Errand errand =
        new Errand(
            URI.create(place("/")),
            Optional.of(new Question("x/y", Bytes.of((byte) 9))),
            PAGE.length);
    assertArrayEquals(new byte[] {9}, fetcher.fetch(errand, PATIENCE));
  }

  @Test
  void whatIsTooLongIsNotTaken() {
    server.createContext("/long", exchange -> answer(exchange, 200, new byte[PAGE.length + 1]));
    assertFails("body exceeds capacity: 4", get(place("/long")), PATIENCE);
    // One that does not say how long it is, and goes on for ever.
    server.createContext(
        "/endless",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          OutputStream body = exchange.getResponseBody();
          while (true) {
            body.write(PAGE);
          }
        });
    long begin = System.nanoTime();
    assertFails("body exceeds capacity: 4", get(place("/endless")), PATIENCE);
    assertTrue(System.nanoTime() - begin < PATIENCE.toNanos());
  }

  /// An octet now and then keeps nobody longer than the whole may last.
  @Test
  void whatIsTooSlowIsNotWaitedFor() {
    server.createContext(
        "/slow",
        exchange -> {
          exchange.sendResponseHeaders(200, PAGE.length);
          for (byte each : PAGE) {
            exchange.getResponseBody().write(each);
            exchange.getResponseBody().flush();
            sleep();
          }
        });
    assertFails("no answer within 1 s", get(place("/slow")), Duration.ofSeconds(1));
  }

  private static void sleep() throws IOException {
    try {
      Thread.sleep(700);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void noRedirectionIsFollowed() {
    server.createContext("/crl", exchange -> answer(exchange, 200, PAGE));
    server.createContext(
        "/moved",
        exchange -> {
          exchange.getResponseHeaders().set("Location", place("/crl"));
          answer(exchange, 302, new byte[0]);
        });
    assertFails("HTTP status 302", get(place("/moved")), PATIENCE);
  }

  @Test
  void whatIsNotThereIsSaid() throws IOException {
    assertFails("HTTP status 404", get(place("/none")), PATIENCE);
    int closed;
    try (ServerSocket socket = new ServerSocket(0)) {
      closed = socket.getLocalPort();
    }
    assertFails("cannot connect", get("http://[::1]:" + closed + "/"), PATIENCE);
  }
}
