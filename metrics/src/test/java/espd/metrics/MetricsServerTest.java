package espd.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The page over real HTTP on loopback.
@Timeout(30)
class MetricsServerTest {

  private static final Duration TIME_LIMIT = Duration.ofMillis(400);

  private final Meters meters = new Meters("0.1");
  private MetricsServer server;

  @BeforeEach
  void start() throws IOException {
    InetSocketAddress address = ListenAddress.parse("[::1]:0");
    server =
        MetricsServer.start(
            address, new Site(Hosts.of(address), meters, () -> "{\"state\":1}"), TIME_LIMIT);
  }

  @AfterEach
  void close() {
    server.close();
  }

  private HttpResponse<String> request(String method, String path)
      throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://[::1]:" + server.address().getPort() + path);
      HttpRequest request =
          HttpRequest.newBuilder(uri).method(method, BodyPublishers.noBody()).build();
      return client.send(request, BodyHandlers.ofString());
    }
  }

  private Socket connect() throws IOException {
    return new Socket(server.address().getAddress(), server.address().getPort());
  }

  @Test
  void servesThePageInPrometheusTextFormat() throws Exception {
    HttpResponse<String> response = request("GET", "/metrics");
    assertEquals(200, response.statusCode());
    assertEquals(
        "text/plain; version=0.0.4; charset=utf-8",
        response.headers().firstValue("content-type").orElse(""));
    assertTrue(Exposition.read(response.body()).samples().size() > 10);
  }

  @Test
  void servesOpenMetricsToWhoAsksForIt() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://[::1]:" + server.address().getPort() + "/metrics"))
            .header("Accept", "application/openmetrics-text;version=1.0.0,text/plain;q=0.5")
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
      assertEquals(
          "application/openmetrics-text; version=1.0.0; charset=utf-8",
          response.headers().firstValue("content-type").orElse(""));
      assertTrue(response.body().endsWith("# EOF\n"));
    }
  }

  @Test
  void ignoresAQuery() throws Exception {
    assertEquals(200, request("GET", "/metrics?collect=all").statusCode());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/metric", "/metrics/", "/metrics/../etc/passwd", "/MetricsServer.class"})
  void hasNoOtherPage(String path) throws Exception {
    assertEquals(404, request("GET", path).statusCode());
  }

  /// RFC 3986 §2.1: behind `%` stand two digits, or nobody knows what is meant.
  @ParameterizedTest
  @ValueSource(strings = {"/%", "/%zz", "/metrics%f"})
  void answersWhoeverEscapesWrongly(String path) throws Exception {
    String answer = say("GET " + path + " HTTP/1.1\r\nHost: [::1]\r\n\r\n");
    assertTrue(answer.startsWith("HTTP/1.1 404"), answer);
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS"})
  void allowsOnlyReading(String method) throws Exception {
    for (String path : List.of("/metrics", "/", "/status.json")) {
      HttpResponse<String> response = request(method, path);
      assertEquals(405, response.statusCode());
      assertEquals("GET, HEAD", response.headers().firstValue("allow").orElse(""));
    }
    assertTrue(
        request("GET", "/metrics").body().contains("espd_http_refused_total{status=\"405\"} 3"));
  }

  @ParameterizedTest
  @CsvSource({
    "/, text/html; charset=utf-8",
    "/status.css, text/css; charset=utf-8",
    "/status.js, text/javascript; charset=utf-8",
    "/state.js, text/javascript; charset=utf-8",
    "/history.js, text/javascript; charset=utf-8",
    "/chart.js, text/javascript; charset=utf-8",
    "/tables.js, text/javascript; charset=utf-8",
    "/units.js, text/javascript; charset=utf-8",
    "/favicon.svg, image/svg+xml",
    "/status.json, application/json"
  })
  void servesThePageWithAllItNeeds(String path, String type) throws Exception {
    HttpResponse<String> response = request("GET", path);
    assertEquals(200, response.statusCode());
    HttpHeaders headers = response.headers();
    assertEquals(type, headers.firstValue("content-type").orElse(""));
    assertEquals("no-store", headers.firstValue("cache-control").orElse(""));
    assertEquals("nosniff", headers.firstValue("x-content-type-options").orElse(""));
    String policy = headers.firstValue("content-security-policy").orElse("");
    assertTrue(policy.startsWith("default-src 'none'; script-src 'self';"), policy);
    assertFalse(policy.contains("unsafe"), policy);
  }

  @Test
  void thePageHasNoScriptAndNoStyleWithinItsMarkup() throws Exception {
    String page = request("GET", "/").body();
    assertTrue(page.contains("<h1>espd</h1>"));
    assertFalse(
        page.matches("(?is).*(<style|\\son\\w+=|style=|https?://|<script(?! type=)).*"), page);
  }

  @Test
  void headSaysWhatGetWouldWithoutIt() throws Exception {
    HttpResponse<String> head = request("HEAD", "/status.json");
    assertEquals(200, head.statusCode());
    assertEquals("11", head.headers().firstValue("content-length").orElse(""));
    assertEquals("", head.body());
    assertEquals("{\"state\":1}", request("GET", "/status.json").body());
  }

  @ParameterizedTest
  @CsvSource({
    "[::1]:9500, 200",
    "127.0.0.1, 200",
    "192.0.2.7:80, 200",
    "localhost:9500, 200",
    "LOCALHOST, 200",
    "attacker.example, 421",
    "localhost.attacker.example:9500, 421",
    "127.0.0.1.attacker.example, 421",
    "[::1].attacker.example, 421",
    "'', 421"
  })
  void isOnlyForHostsThatNobodyElseCanGiveAway(String host, String status) throws Exception {
    for (String path : List.of("/", "/status.json", "/metrics")) {
      String line = say("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
      assertTrue(line.startsWith("HTTP/1.1 " + status), line);
    }
  }

  @Test
  void wantsToKnowTheHost() throws Exception {
    assertTrue(say("GET / HTTP/1.1\r\n\r\n").startsWith("HTTP/1.1 400"));
    assertTrue(say("GET / HTTP/1.1\r\nHost: [::1]\r\nHost: x\r\n\r\n").startsWith("HTTP/1.1 400"));
    assertTrue(say("GET / HTTP/1.0\r\n\r\n").matches("HTTP/1\\.[01] 200.*"));
  }

  @Test
  void answersAFigureThatFailsWithAnErrorAndGoesOn() throws Exception {
    RowSet<String> broken =
        RowSet.of(
            "broken",
            1,
            () -> {
              throw new IllegalStateException("not now");
            });
    meters.rows(broken.gauge("espd_broken", "Never", thing -> 1));
    assertEquals(500, request("GET", "/metrics").statusCode());
    assertEquals(200, request("GET", "/").statusCode());
  }

  @Test
  void refusesARequestLongerThanTheLimit() throws Exception {
    String line = "GET /" + "x".repeat(2 * MetricsServer.REQUEST_OCTETS) + " HTTP/1.1\r\n\r\n";
    assertTrue(say(line).matches("HTTP/1.1 4\\d\\d .*"), "a 4xx");
    assertEquals(200, request("GET", "/metrics").statusCode());
  }

  @Test
  void survivesGarbage() throws Exception {
    Random random = new Random(9);
    for (int i = 0; i < 50; i++) {
      byte[] garbage = new byte[random.nextInt(2000)];
      random.nextBytes(garbage);
      try (Socket socket = connect()) {
        socket.getOutputStream().write(garbage);
        socket.getOutputStream().flush();
      } catch (IOException e) {
        assertTrue(e.getMessage() != null, "the server may close while we speak");
      }
    }
    assertEquals(200, request("GET", "/metrics").statusCode());
  }

  @Test
  void closesAClientThatSpeaksTooSlowly() throws Exception {
    try (Socket socket = connect()) {
      InputStream in = socket.getInputStream();
      long start = System.nanoTime();
      Thread drip = Thread.ofVirtual().start(() -> drip(socket));
      assertEquals(-1, in.read());
      assertTrue(System.nanoTime() - start < 10 * TIME_LIMIT.toNanos());
      drip.join();
    }
  }

  private static void drip(Socket socket) {
    try {
      for (int i = 0; i < 200; i++) {
        socket.getOutputStream().write('G');
        Thread.sleep(50);
      }
    } catch (IOException | InterruptedException e) {
      // The server has closed, as it should.
    }
  }

  @Test
  void closesWhatExceedsItsConnectionsAndRecovers() throws Exception {
    List<Socket> sockets = new ArrayList<>();
    for (int i = 0; i < MetricsServer.CONNECTIONS; i++) {
      sockets.add(connect());
    }
    try (Socket oneMore = connect()) {
      oneMore.setSoTimeout(5000);
      assertEquals(-1, oneMore.getInputStream().read());
    }
    for (Socket socket : sockets) {
      socket.close();
    }
    Thread.sleep(TIME_LIMIT.toMillis() + 200);
    assertEquals(200, request("GET", "/metrics").statusCode());
  }

  @Test
  void saysWhichAddressIsTaken() {
    IOException taken =
        assertThrows(
            IOException.class, () -> MetricsServer.start(server.address(), meters, () -> "{}"));
    String words = String.valueOf(taken.getMessage());
    assertTrue(words.startsWith("metrics cannot listen on [::1]:"), words);
    assertTrue(words.contains("in use"), words);
  }

  @Test
  void freesThePortWhenClosed() throws Exception {
    InetSocketAddress address = server.address();
    server.close();
    try (MetricsServer again = MetricsServer.start(address, meters, () -> "{}")) {
      assertEquals(address.getPort(), again.address().getPort());
    }
  }

  private String say(String words) throws IOException {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(words.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readNBytes(24), StandardCharsets.US_ASCII)
          .lines()
          .findFirst()
          .orElse("");
    }
  }

  @Test
  void readsAddressesAsPeopleWriteThem() throws Exception {
    assertEquals(
        new InetSocketAddress(InetAddress.ofLiteral("::1"), 9100),
        ListenAddress.parse("[::1]:9100"));
    assertEquals(
        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 9100),
        ListenAddress.parse("127.0.0.1:9100"));
    assertEquals(9100, ListenAddress.parse("localhost:9100").getPort());
    for (String alone : List.of("9100", ":9100")) {
      assertTrue(ListenAddress.parse(alone).getAddress().isLoopbackAddress());
      assertEquals(9100, ListenAddress.parse(alone).getPort());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "::1:9100", "[::1]", "[::1]:", "[::1]:70000", "a b:c", "[x]:1"})
  void refusesWhatIsNoAddress(String text) {
    String words =
        assertThrows(IllegalArgumentException.class, () -> ListenAddress.parse(text)).toString();
    assertTrue(words.contains("HOST:PORT"), words);
  }
}
