package espd.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.daemon.config.TunnelMtu;
import espd.ike.Connection;
import espd.spd.SaParameters;
import espd.spd.UdpEncapsulation;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is left of a path's MTU inside ESP (RFC 4303 §2, RFC 3948 §2.1).
final class TunnelMtuTest {

  private static final List<SaParameters> NONE = List.of();

  @TempDir private Path folder;

  /// 1500 less IPv6 (40), UDP (8), SPI and number (8), IV, ICV: then whole blocks, less the trailer
  /// (2).
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # esp,            type,      octets
          aes128gcm16!,     tunnel,    1418
          aes128gcm16!,     transport, 1458
          aes128-sha1!,     tunnel,    1406
          aes256-sha256!,   tunnel,    1406
          aes256-sha512!,   tunnel,    1390
          chacha20poly1305!, tunnel,   1418
          """)
  void algorithmsTakeTheirRoom(String esp, String type, int octets) throws Exception {
    assertEquals(
        octets, TunnelMtu.of(1500, Seed.connections(folder, "esp=" + esp, "type=" + type), NONE));
  }

  @Test
  void theMostSpaciousOfAllProposalsCounts() throws Exception {
    assertEquals(
        1390, TunnelMtu.of(1500, Seed.connections(folder, "esp=aes128gcm16,aes256-sha512!"), NONE));
  }

  /// RFC 8200 §5: a link of IPv6 takes 1280 octets.
  @Test
  void neverLessThanALinkOfIpv6Takes() throws Exception {
    assertEquals(1280, TunnelMtu.of(1280, Seed.connections(folder, "esp=aes128gcm16!"), NONE));
  }

  @Test
  void proposalsOfNoNameHaveRoomToo() throws Exception {
    int mtu = TunnelMtu.of(1500, Seed.connections(folder), NONE);
    assertTrue(mtu > 1280 && mtu < 1500, "MTU " + mtu);
  }

  /// RFC 4303 §3.3.4: an SA by hand takes its room too; where it goes in UDP, that as well.
  @Test
  void sasByHandCount() throws Exception {
    List<Connection> connections = Seed.connections(folder, "esp=aes128gcm16!", "type=tunnel");
    SaParameters raw = Seed.sa(0x300, connections.getFirst());
    assertEquals(1426, TunnelMtu.of(1500, List.of(), List.of(raw)));
    UdpEncapsulation ports = new UdpEncapsulation(4500, 4500);
    SaParameters inUdp = raw.movedTo(raw.local(), raw.remote(), Optional.of(ports));
    assertEquals(1418, TunnelMtu.of(1500, List.of(), List.of(raw, inUdp)));
    assertEquals(1418, TunnelMtu.of(1500, connections, List.of(raw)));
  }

  @Test
  void withoutConnectionsThePathIsTheLimit() {
    assertEquals(1500, TunnelMtu.of(1500, List.of(), NONE));
  }

  /// A packet of 1280, which every host may send, with its ESP: 40, 8, 8, IV, blocks, ICV.
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # esp,            type,      octets
          aes128gcm16!,     tunnel,    1364
          aes128gcm16!,     transport, 1324
          aes256-sha512!,   tunnel,    1400
          """)
  void aPathTakesALeastPacketWholeFromThereOn(String esp, String type, int octets)
      throws Exception {
    var connections = Seed.connections(folder, "esp=" + esp, "type=" + type);
    assertEquals(octets, TunnelMtu.around(connections));
    assertTrue(TunnelMtu.of(octets, connections, NONE) >= TunnelMtu.LEAST);
    assertEquals(TunnelMtu.LEAST, TunnelMtu.of(octets - 1, connections, NONE));
  }

  @Test
  void withoutAConnectionTheUsualAlgorithmsInATunnelCount() {
    assertEquals(1400, TunnelMtu.around(List.of()));
  }
}
