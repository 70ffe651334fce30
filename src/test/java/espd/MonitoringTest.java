package espd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import espd.lab.Espd;
import espd.lab.Host;
import espd.lab.InLab;
import espd.lab.Lab;
import espd.lab.Prometheus;
import espd.lab.Running;
import espd.lab.Scapy;
import espd.lab.Traffic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// Debian's Prometheus watches two hosts as docs/monitoring.md says, and judges metrics, dashboard
/// and alerts.
@InLab
class MonitoringTest {

  private static final Duration SOON = Duration.ofSeconds(40);
  private static final Pattern YAML =
      Pattern.compile("(?s)\n`prometheus.yml` on east:\n\n```[a-z]*\n(.*?)\n```\n");
  private static final String CONNECTION =
      """
      keyexchange=ikev2
      authby=secret
      type=tunnel
      lifebytes=10g
      lifepackets=1000000
      left=2001:db8:1:1::1
      right=2001:db8:2:2::2
      auto=%s
      """;

  /// What a healthy pair does not have.
  private static final Pattern RARE =
      Pattern.compile(
          "espd_ike_error_notifies_total|espd_ike_drops_total|espd_sa_path_mtu_bytes"
              + "|espd_metrics_rows_omitted");

  /// What Grafana puts in their places.
  private static final Map<String, String> VARIABLES =
      Map.of(
          "$instance", ".*",
          "$connection", ".*",
          "$direction", ".*",
          "$__rate_interval", "20s",
          "$__range", "2m");

  @RegisterExtension private final Lab lab = new Lab();
  @TempDir private Path folder;

  /// One query of the dashboard.
  private record Query(String panel, String expression) {}

  private static Path source(String file) {
    return Sources.root().resolve(file);
  }

  /// The configuration of docs/monitoring.md beside the rules; in a test time is dear.
  private Path configuration() throws IOException {
    Files.copy(source("scripts/alerts.yml"), folder.resolve("alerts.yml"));
    Matcher block = YAML.matcher(Files.readString(source("docs/monitoring.md")));
    assertTrue(block.find(), "docs/monitoring.md shows a prometheus.yml");
    String text = block.group(1) + "\n";
    return Files.writeString(
        folder.resolve("prometheus.yml"), text.replaceAll("interval: \\d+s", "interval: 1s"));
  }

  private static List<Query> dashboard() throws IOException {
    List<Query> queries = new ArrayList<>();
    String title = "";
    try (JsonParser json =
        new JsonFactory().createParser(source("scripts/grafana-dashboard.json").toFile())) {
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token == JsonToken.VALUE_STRING && "title".equals(json.currentName())) {
          title = json.getText();
        } else if (token == JsonToken.VALUE_STRING && "expr".equals(json.currentName())) {
          queries.add(new Query(title, json.getText()));
        }
      }
    }
    return queries;
  }

  private static String substituted(String expression) {
    String text = expression;
    for (Map.Entry<String, String> variable : VARIABLES.entrySet()) {
      text = text.replace(variable.getKey(), variable.getValue());
    }
    assertFalse(text.contains("$"), text);
    return text;
  }

  @Test
  void prometheusUnderstandsTheDocumentsFileAndTheRulesDoWhatTheySay() throws IOException {
    Prometheus.promtool("check", "config", configuration().toString()).succeeded();
    Path tests = source("src/test/resources/espd/alerts-test.yml");
    Files.copy(tests, folder.resolve("alerts-test.yml"));
    Prometheus.promtool("test", "rules", folder.resolve("alerts-test.yml").toString()).succeeded();
    String rules = Files.readString(source("scripts/alerts.yml"));
    Matcher alert = Pattern.compile("alert: (\\w+)").matcher(rules);
    while (alert.find()) {
      assertTrue(Files.readString(tests).contains(alert.group(1)), alert.group(1) + " has a test");
    }
  }

  @Test
  void everyPanelAndEveryAlertWorksOnALivePair() throws IOException {
    Espd b = Espd.start(lab, lab.b(), CONNECTION.formatted("add"));
    Espd a = Espd.start(lab, lab.a(), CONNECTION.formatted("start"));
    Running.await("two SAs", SOON, () -> a.sad().size() == 2);
    Traffic.steadyPing(lab, lab.a(), lab.b());
    Prometheus prometheus = Prometheus.start(lab, lab.a(), configuration());
    Running.await("both are watched", SOON, () -> prometheus.has("count(up == 1) == 2"));
    // A forged packet is a drop to be shown.
    new Scapy(lab.b()).ping(b.sa(lab.b(), lab.a()), 60_000, Scapy.Damage.FLIP, lab.a());
    Running.await(
        "some scrapes and drops",
        SOON,
        () ->
            prometheus.has("count(count_over_time(up[1m]) > 4) == 2")
                && prometheus.has("increase(espd_sa_drops_total{reason=\"bad_icv\"}[1m]) > 0"));
    for (Host host : List.of(lab.a(), lab.b())) {
      assertEquals("", Prometheus.check(host).succeeded().all());
    }
    for (Query query : dashboard()) {
      boolean has = prometheus.has(substituted(query.expression()));
      assertTrue(has || RARE.matcher(query.expression()).find(), query::toString);
    }
    String rules = prometheus.rules();
    assertEquals(
        rules.split("\"health\":", -1).length, rules.split("\"health\":\"ok\"", -1).length, rules);
    assertFalse(prometheus.has("ALERTS"), () -> prometheus.query("ALERTS"));
  }
}
