package espd.daemon;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Connection;
import espd.metrics.Meters;
import espd.spd.Direction;
import espd.spd.InboundSa;
import espd.spd.OutboundSa;
import espd.spd.Sadb;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The rows of SAs on the metrics' page.
final class SaFiguresTest {

  private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochSecond(10));

  @TempDir private Path folder;
  private Connection connection;
  private final Sadb sadb = new Sadb(CLOCK, new Random(1));

  @BeforeEach
  void oneConnection() throws Exception {
    connection = Seed.connections(folder).getFirst();
  }

  private String scrape() {
    try (Meters meters = new Meters("test")) {
      meters.rows(SaFigures.of(sadb, CLOCK));
      meters.rows(SaFigures.ofInbound(sadb));
      meters.rows(SaFigures.ofOutbound(sadb));
      return meters.scrape();
    }
  }

  private static String labels(String direction, String spi) {
    return "{connection=\"net\",direction=\"%s\",peer=\"%s\",spi=\"%s\"}"
        .formatted(direction, Seed.REMOTE, spi);
  }

  @Test
  void anSaHasItsCountersUnderConnectionDirectionAndSpi() {
    OutboundSa out = new OutboundSa(Seed.sa(0x1000, connection));
    sadb.install(out);
    out.nextSequence();
    out.nextSequence();
    out.count(100, 5);
    String page = scrape();
    String labels = labels("outbound", "0x00001000");
    assertTrue(page.contains("espd_sa_packets_total" + labels + " 1.0"), page);
    assertTrue(page.contains("espd_sa_bytes_total" + labels + " 100.0"), page);
    assertTrue(page.contains("espd_sa_sequence_number" + labels + " 2.0"), page);
    assertTrue(page.contains("espd_sa_age_seconds" + labels + " 10.0"), page);
    assertTrue(page.contains("limit=\"hard\"") && page.contains("3600.0"), page);
  }

  @Test
  void onlyArrivingPacketsAreReplayed() {
    InboundSa in = new InboundSa(Seed.sa(0x2000, connection));
    sadb.install(in);
    sadb.install(new OutboundSa(Seed.sa(0x1000, connection)));
    in.countReplayed();
    String page = scrape();
    String family = "espd_sa_replayed_total";
    assertTrue(page.contains(family + labels("inbound", "0x00002000") + " 1.0"), page);
    assertFalse(page.contains(family + labels("outbound", "0x00001000")), page);
  }

  @Test
  void aPathHasARowOnceSomethingIsKnownOfIt() {
    OutboundSa out = new OutboundSa(Seed.sa(0x1000, connection));
    sadb.install(out);
    String row = "espd_sa_path_mtu_octets" + labels("outbound", "0x00001000");
    assertFalse(scrape().contains(row));
    out.lowerPathMtu(1400, 0);
    assertTrue(scrape().contains(row + " 1400.0"));
  }

  @Test
  void anSaThatLeftHasNoRow() {
    sadb.install(new InboundSa(Seed.sa(0x2000, connection)));
    sadb.remove(Direction.INBOUND, 0x2000, Seed.REMOTE);
    assertFalse(scrape().contains("0x00002000"));
  }
}
