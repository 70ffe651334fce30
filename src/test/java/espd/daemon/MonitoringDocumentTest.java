package espd.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.Sources;
import espd.dataplane.DataPlane;
import espd.dataplane.DataPlaneConfiguration;
import espd.dataplane.DataPlaneListener;
import espd.dataplane.DropReason;
import espd.dataplane.UdpPath;
import espd.ike.Connection;
import espd.ike.driver.IkeListener;
import espd.metrics.ExpositionFormat;
import espd.metrics.Meters;
import espd.spd.InboundSa;
import espd.spd.Ipv6Address;
import espd.spd.Lifetime;
import espd.spd.OutboundSa;
import espd.spd.Sadb;
import espd.spd.UdpEncapsulation;
import espd.tun.memory.MemoryInboundFilter;
import espd.tun.memory.MemoryNetwork;
import espd.tun.memory.MemoryTun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What docs/monitoring.md says of the metrics is what the page shows.
final class MonitoringDocumentTest {

  private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochSecond(10));
  private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (\\S+) (\\S+)$");
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z0-9_]+)` \\| (\\w+) \\|");
  private static final Pattern REASON = Pattern.compile("(?m)^\\| `([a-z0-9_]+)` \\| [^|]+ \\|$");
  private static final Pattern NAME =
      Pattern.compile("\\b(?:espd|jvm|process)_[a-z0-9_]*[a-z0-9]\\b(?!\\.)");

  @TempDir private Path folder;

  private static String text(String file) throws IOException {
    return Files.readString(Sources.root().resolve(file));
  }

  private static Map<String, String> pairs(Pattern pattern, String text) {
    Map<String, String> pairs = new TreeMap<>();
    pattern.matcher(text).results().forEach(row -> pairs.put(row.group(1), row.group(2)));
    return pairs;
  }

  /// A page on which every family has a row.
  private String page() throws Exception {
    Meters meters = new Meters("test");
    Sadb sadb = new Sadb(CLOCK, new Random(1));
    List<Connection> connections = Seed.connections(folder);
    Lifetime lifetime = new Lifetime(1, 2, 3, 4, 5, 6);
    OutboundSa out = new OutboundSa(Seed.sa(0x1000, connections.getFirst(), lifetime));
    sadb.install(out);
    sadb.install(new InboundSa(Seed.sa(0x2000, connections.getFirst(), lifetime)));
    out.lowerPathMtu(1400, 0);
    try (DataPlane dataPlane = dataPlane(sadb)) {
      Figures.bind(meters, sadb, dataPlane);
      Figures.bind(meters, Enforcement.open(sadb, CLOCK, MemoryInboundFilter::new));
      Figures.bind(meters, sadb, () -> connections);
      IkeListener ike = new IkeFigures(meters);
      ike.established("initiator", Duration.ofMillis(30));
      ike.notified("sent", "AUTHENTICATION_FAILED");
      ike.dropped(espd.ike.DropReason.NOT_IKE);
      return meters.scrape(ExpositionFormat.TEXT);
    }
  }

  private static DataPlane dataPlane(Sadb sadb) {
    MemoryNetwork network = new MemoryNetwork(MemoryNetwork.Faults.NONE);
    return new DataPlane(
        DataPlaneConfiguration.of(
            sadb,
            new MemoryTun("test"),
            network.underlay(Set.of(Seed.LOCAL), OptionalInt.empty()),
            new Silent()));
  }

  private static final class Silent implements DataPlaneListener {
    @Override
    public void ikeMessage(UdpPath path, byte[] message) {}

    @Override
    public void peerMoved(InboundSa sa, Ipv6Address remote, UdpEncapsulation ports) {}

    @Override
    public void failed(Throwable failure) {}
  }

  @Test
  void theTableListsEveryMetricWithItsTypeAndNoOther() throws Exception {
    assertEquals(pairs(TYPE, page()), pairs(ROW, text("docs/monitoring.md")));
  }

  @Test
  void theTableOfReasonsListsEveryReasonOfADrop() throws Exception {
    Set<String> reasons = new TreeSet<>(Set.of(Enforcement.REASON));
    for (DropReason reason : DropReason.values()) {
      reasons.add(reason.metricName());
    }
    assertEquals(reasons, reasons("## Why packets are dropped"));
  }

  @Test
  void theTableOfReasonsOfIkeListsEveryOne() throws Exception {
    Set<String> reasons = new TreeSet<>();
    for (espd.ike.DropReason reason : espd.ike.DropReason.values()) {
      reasons.add(reason.metricName());
    }
    assertEquals(reasons, reasons("## Why messages of IKE are of no use"));
  }

  private static Set<String> reasons(String heading) throws Exception {
    String document = text("docs/monitoring.md");
    String behind = document.substring(document.indexOf(heading) + heading.length());
    int end = behind.indexOf("\n## ");
    Set<String> shown = new TreeSet<>();
    REASON
        .matcher(end < 0 ? behind : behind.substring(0, end))
        .results()
        .forEach(row -> shown.add(row.group(1)));
    return shown;
  }

  @Test
  void dashboardAndAlertsNameOnlyMetricsThatThereAre() throws Exception {
    Set<String> known = new TreeSet<>();
    pairs(TYPE, page())
        .forEach(
            (name, type) -> {
              known.add(name);
              if (type.equals("histogram") || type.equals("summary")) {
                known.addAll(List.of(name + "_bucket", name + "_sum", name + "_count"));
              }
            });
    for (String file : List.of("scripts/alerts.yml", "scripts/grafana-dashboard.json")) {
      Set<String> named = new TreeSet<>();
      NAME.matcher(text(file)).results().forEach(name -> named.add(name.group()));
      assertTrue(named.size() > 10, file);
      named.removeAll(known);
      assertEquals(Set.of(), named, file);
    }
  }
}
