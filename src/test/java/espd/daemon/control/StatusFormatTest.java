package espd.daemon.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.daemon.control.Snapshot.Cleartext;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatusFormatTest {

  @Test
  void printsAsIpsecStatusDoes() {
    assertEquals(
        """
        Routed Connections:
               p1-p2:  ROUTED, TRANSPORT, reqid 16385
               p1-p2:   2001:db8:1:1::1/128 === 2001:db8:2:2::2/128
        Security Associations (1 up, 0 connecting):
               p1-p2[1]: ESTABLISHED 9 minutes ago, 2001:db8:1:1::1[2001:db8:1:1::1]...2001:db8:2:2::2[there.example]
               p1-p2{1}:  INSTALLED, TRANSPORT, reqid 16385, ESP SPIs: a51e1f22_i a98b7710_o, IPCOMP CPIs: 0c0d_i d00f_o
               p1-p2{1}:   inbound SPI 0xa51e1f22, outbound SPI 0xa98b7710
               p1-p2{1}:   2001:db8:1:1::1/128 === 2001:db8:2:2::2/128
        Dropped packets:
          REPLAYED                 2
        """,
        format(Optional.empty()).brief());
  }

  @Test
  void printsAsIpsecStatusallDoes() {
    String text = format(Optional.empty()).full();
    for (String line :
        """
          uptime: 3 days, since Dec 29 12:00:00 2025
          worker threads: 1, engine: SunJCE
          rings: outbound 0/64
          cleartext that must be protected is dropped: nftables table ip6 espd_espd0
        Last dropped packets:
          inbound unknown_spi 9 seconds ago: SPI 0x0000beef, sequence 7, local 2001:db8:1:1::1, remote 2001:db8:2:2::2
        Listening IP addresses:
          2001:db8:1:1::1
        Connections:
               p1-p2:  2001:db8:1:1::1...2001:db8:2:2::2  IKEv2, dpddelay=30s
               p1-p2:   local:  [2001:db8:1:1::1] uses pre-shared key authentication
               p1-p2:   remote: [there.example] uses pre-shared key authentication
               p1-p2:   child:  2001:db8:1:1::1/128 === 2001:db8:2:2::2/128 TRANSPORT
               p1-p2[1]: IKEv2 SPIs: 0123456789abcdef_i* fedcba9876543210_r, rekeying in 3 hours
               p1-p2{1}:  AES_CBC_128/HMAC_SHA1_96, 312 bytes_i (3 pkts, 5s ago), 540 bytes_o (1 pkt), rekeying in 44 minutes, path MTU 1400
        """
            .split("\n", -1)) {
      assertTrue(text.contains(line + "\n"), () -> line + "\nis not in\n" + text);
    }
  }

  /// RFC 4301 §5.2: who relies on a policy has to know where half of it is not enforced.
  @Test
  void saysFirstThatCleartextIsNotDropped() {
    Snapshot established = Snapshots.established();
    Snapshot.Machine machine =
        new Snapshot.Machine(
            "1.0", "SunJCE", 1, List.of(), new Cleartext(false, "install nftables"));
    Snapshot unfiltered =
        new Snapshot(
            established.now(),
            established.started(),
            machine,
            established.connections(),
            established.ikeSas(),
            established.drops(),
            established.rings(),
            established.lastDrops());
    String text = new StatusFormat(unfiltered, ZoneOffset.UTC, Optional.empty()).brief();
    assertTrue(
        text.startsWith("Cleartext that must be protected is NOT dropped: install nftables\n"),
        text);
  }

  @Test
  void saysThatNoSaHasTheName() {
    assertTrue(format(Optional.of("nobody")).brief().contains("  no match\n"));
  }

  @ParameterizedTest
  @CsvSource({
    "1,1 second",
    "0,0 seconds",
    "120,120 seconds",
    "121,2 minutes",
    "7201,2 hours",
    "172801,2 days",
    "-5,0 seconds"
  })
  void countsInTheUnitThatGivesMoreThanTwo(long seconds, String text) {
    assertEquals(text, StatusFormat.span(Duration.ofSeconds(seconds)));
  }

  private static StatusFormat format(Optional<String> connection) {
    return new StatusFormat(Snapshots.established(), ZoneOffset.UTC, connection);
  }
}
