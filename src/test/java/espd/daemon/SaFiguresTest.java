package espd.daemon;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Connection;
import espd.metrics.ExpositionFormat;
import espd.metrics.Meters;
import espd.spd.InboundSa;
import espd.spd.Lifetime;
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
    Meters meters = new Meters("test");
    meters.rows(SaFigures.of(sadb, CLOCK));
    meters.rows(SaFigures.ofInbound(sadb));
    meters.rows(SaFigures.ofOutbound(sadb));
    return meters.scrape(ExpositionFormat.TEXT);
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
  }

  @Test
  void whatIsLeftOfALimitIsShownAndNothingOfALimitThatThereIsNot() {
    Lifetime lifetime = new Lifetime(8, 3600, 0, 1000, 0, 0);
    OutboundSa out = new OutboundSa(Seed.sa(0x1000, connection, lifetime));
    sadb.install(out);
    out.count(300, 5);
    String page = scrape();
    assertTrue(page.contains(limit("seconds", "soft") + " -2.0"), page);
    assertTrue(page.contains(limit("seconds", "hard") + " 3590.0"), page);
    assertTrue(page.contains(limit("bytes", "hard") + " 700.0"), page);
    assertFalse(page.contains(limit("bytes", "soft")), page);
    assertFalse(page.contains("espd_sa_remaining_packets{"), page);
  }

  private static String limit(String unit, String limit) {
    String labels = labels("outbound", "0x00001000").replace(",peer", ",limit=\"%s\",peer");
    return ("espd_sa_remaining_" + unit + labels).formatted(limit);
  }

  @Test
  void sequenceNumbersLeftAreThoseOfTheWireOrOfEsn() {
    sadb.install(new OutboundSa(Seed.sa(0x1000, connection), 0xffff_0000L));
    String row = "espd_sa_remaining_sequence_numbers" + labels("outbound", "0x00001000");
    assertTrue(scrape().contains(row + " 65534.0"), scrape());
  }

  @Test
  void theReplayWindowSaysWhatItMisses() {
    InboundSa in = new InboundSa(Seed.sa(0x2000, connection));
    sadb.install(in);
    in.window().record(1);
    in.window().record(5);
    String labels = labels("inbound", "0x00002000");
    String page = scrape();
    assertTrue(page.contains("espd_sa_replay_gap_packets" + labels + " 3.0"), page);
    assertTrue(page.contains("espd_sa_replay_window_packets" + labels + " 64.0"), page);
    assertTrue(page.contains("espd_sa_sequence_number" + labels + " 5.0"), page);
  }

  @Test
  void onlyArrivingPacketsAreReplayed() {
    InboundSa in = new InboundSa(Seed.sa(0x2000, connection));
    sadb.install(in);
    sadb.install(new OutboundSa(Seed.sa(0x1000, connection)));
    in.countReplayed();
    String page = scrape();
    String row = "espd_sa_drops_total" + labels("inbound", "0x00002000");
    assertTrue(page.contains(row.replace(",spi", ",reason=\"replayed\",spi") + " 1.0"), page);
    assertTrue(page.contains(row.replace(",spi", ",reason=\"bad_icv\",spi") + " 0.0"), page);
    assertFalse(page.contains("espd_sa_drops_total" + labels("outbound", "0x00001000")), page);
  }

  @Test
  void aPathHasARowOnceSomethingIsKnownOfIt() {
    OutboundSa out = new OutboundSa(Seed.sa(0x1000, connection));
    sadb.install(out);
    String row = "espd_sa_path_mtu_bytes" + labels("outbound", "0x00001000");
    assertFalse(scrape().contains(row));
    out.lowerPathMtu(1400, 0);
    assertTrue(scrape().contains(row + " 1400.0"));
  }

  @Test
  void anSaThatLeftHasNoRow() {
    InboundSa sa = new InboundSa(Seed.sa(0x2000, connection));
    sadb.install(sa);
    sadb.remove(sa);
    assertFalse(scrape().contains("0x00002000"));
  }
}
