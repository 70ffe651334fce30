package espd.lab;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Debian's Prometheus on a host of the lab, and its judgement of what it is given.
public final class Prometheus {

  private static final String ADDRESS = "127.0.0.1:9090";
  private static final Duration START = Duration.ofSeconds(30);

  private final Host host;

  private Prometheus(Host host) {
    this.host = host;
  }

  /// Starts the server.
  ///
  /// @param lab that ends it after the test
  /// @param host where it runs
  /// @param configuration its file
  public static Prometheus start(Lab lab, Host host, Path configuration) {
    Running server =
        lab.closing(
            host.start(
                "prometheus",
                "prometheus",
                "--config.file=" + configuration,
                "--storage.tsdb.path=" + host.directory().resolve("prometheus"),
                "--web.listen-address=" + ADDRESS));
    server.awaitLog("Server is ready", START);
    return new Prometheus(host);
  }

  /// {@return the server's answer to an expression, as JSON}
  ///
  /// @throws AssertionError when it does not understand it
  public String query(String expression) {
    Output output =
        host.run(
            "curl",
            "-sg",
            "-G",
            "--data-urlencode",
            "query=" + expression,
            "http://" + ADDRESS + "/api/v1/query");
    if (!output.out().startsWith("{\"status\":\"success\"")) {
      throw new AssertionError(expression + ": " + output);
    }
    return output.out();
  }

  /// {@return whether an expression has a row}
  public boolean has(String expression) {
    return !query(expression).contains("\"result\":[]");
  }

  /// {@return what the server says of its rules, as JSON}
  public String rules() {
    return host.run("curl", "-sg", "http://" + ADDRESS + "/api/v1/rules").succeeded().out();
  }

  /// {@return what promtool says, which runs where we do}
  public static Output promtool(String... arguments) {
    List<String> words = new ArrayList<>(List.of("promtool"));
    words.addAll(List.of(arguments));
    return Running.run(words);
  }

  /// {@return what promtool says of the page of a host's daemon}
  public static Output check(Host of) {
    return of.run("sh", "-c", "curl -sgf 'http://[::1]:9500/metrics' | promtool check metrics");
  }
}
