package espd.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.daemon.config.TunnelMtu;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is left of a path's MTU inside ESP (RFC 4303 §2, RFC 3948 §2.1).
final class TunnelMtuTest {

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
        octets, TunnelMtu.of(1500, Seed.connections(folder, "esp=" + esp, "type=" + type)));
  }

  @Test
  void theMostSpaciousOfAllProposalsCounts() throws Exception {
    assertEquals(
        1390, TunnelMtu.of(1500, Seed.connections(folder, "esp=aes128gcm16,aes256-sha512!")));
  }

  /// RFC 8200 §5: a link of IPv6 takes 1280 octets.
  @Test
  void neverLessThanALinkOfIpv6Takes() throws Exception {
    assertEquals(1280, TunnelMtu.of(1280, Seed.connections(folder, "esp=aes128gcm16!")));
  }

  @Test
  void proposalsOfNoNameHaveRoomToo() throws Exception {
    int mtu = TunnelMtu.of(1500, Seed.connections(folder));
    assertTrue(mtu > 1280 && mtu < 1500, "MTU " + mtu);
  }

  @Test
  void withoutConnectionsThePathIsTheLimit() {
    assertEquals(1500, TunnelMtu.of(1500, List.of()));
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
    assertTrue(TunnelMtu.of(octets, connections) >= TunnelMtu.LEAST);
    assertEquals(TunnelMtu.LEAST, TunnelMtu.of(octets - 1, connections));
  }

  @Test
  void withoutAConnectionTheUsualAlgorithmsInATunnelCount() {
    assertEquals(1400, TunnelMtu.around(List.of()));
  }
}
