package espd.dataplane.ipv6;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.dataplane.ipv6.HeaderChain.Kind;
import espd.spd.Direction;
import espd.spd.PortRange;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a selector sees of a packet (RFC 4301 §4.4.1.1, RFC 8200 §4).
class HeaderChainTest {

  private static final String ADDRESSES =
      "20010db8000100010000000000000001" + "20010db8000200020000000000000002";

  private final HeaderChain headers = new HeaderChain();

  private Kind read(String next, String payload, Direction direction) {
    String length = String.format("%04x", payload.length() / 2);
    byte[] packet =
        HexFormat.of().parseHex("60000000" + length + next + "40" + ADDRESSES + payload);
    return headers.read(MemorySegment.ofArray(packet), 0, packet.length, direction);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      textBlock =
          """
          TCP,                     06, 1389177000000000,                  6,  5001, 6000
          UDP,                     11, 1389177000080000,                 17,  5001, 6000
          SCTP,                    84, 1389177000000000,                132,  5001, 6000
          echo request,            3a, 80001234,                         58, 32768, 32768
          binding update,          87, 3b010500,                        135,  1280, 1280
          no next header,          3b, '',                               59,    -1, -1
          ESP inside,              32, 0000000100000001,                 50,    -1, -1
          UDP behind options,      00, 3c00010400000000110001040000000013891770, 17, 5001, 6000
          UDP behind a long option, 00, 110101040000000000000000000000000013891770, 17, 19, 35095
          UDP in an atomic fragment, 2c, 110000000000123413891770,       17,  5001, 6000
          """)
  void protocolAndPortsAreThoseOfTheUpperLayer(
      String name, String next, String payload, int protocol, int local, int remote) {
    assertEquals(Kind.WHOLE, read(next, payload, Direction.OUTBOUND), name);
    assertEquals(protocol, headers.flow().protocol);
    assertEquals(local, headers.flow().localPort);
    assertEquals(remote, headers.flow().remotePort);
  }

  /// Local is the source of what leaves and the destination of what arrives.
  @Test
  void endsAreSeenFromThisHost() {
    read("11", "1389177000080000", Direction.OUTBOUND);
    assertEquals(1, headers.flow().localLow);
    assertEquals(2, headers.flow().remoteLow);
    assertEquals(5001, headers.flow().localPort);
    read("11", "1389177000080000", Direction.INBOUND);
    assertEquals(2, headers.flow().localLow);
    assertEquals(1, headers.flow().remoteLow);
    assertEquals(6000, headers.flow().localPort);
  }

  /// The first fragment shows its ports, others do not (RFC 4301 §4.4.1.1).
  @Test
  void onlyTheFirstFragmentHasPorts() {
    assertEquals(Kind.FRAGMENT, read("2c", "110000010000123413891770", Direction.OUTBOUND));
    assertEquals(5001, headers.flow().localPort);
    assertEquals(Kind.FRAGMENT, read("2c", "110000280000123413891770", Direction.OUTBOUND));
    assertEquals(17, headers.flow().protocol);
    assertEquals(PortRange.NO_PORT, headers.flow().localPort);
    assertTrue(headers.isFragment());
    assertEquals(Kind.WHOLE, read("11", "1389177000080000", Direction.OUTBOUND));
    assertFalse(headers.isFragment());
  }

  @Test
  void randomOctetsNeverLeadBeyondTheEnd() {
    Random random = new Random(8200);
    int[] seen = new int[Kind.values().length];
    for (int i = 0; i < 200_000; i++) {
      byte[] packet = new byte[random.nextInt(120)];
      random.nextBytes(packet);
      if (packet.length > 0) {
        packet[0] = 0x60;
      }
      if (packet.length >= 40) {
        packet[4] = 0;
        packet[5] = (byte) (packet.length - 40);
        packet[6] = new byte[] {0, 43, 44, 60, 17, 58}[random.nextInt(6)];
      }
      Kind kind = headers.read(MemorySegment.ofArray(packet), 0, packet.length, Direction.INBOUND);
      switch (kind) {
        case WHOLE, FRAGMENT -> assertTrue(headers.espOffset() <= packet.length);
        case NOT_IP -> assertEquals(0, packet.length);
        case MALFORMED -> {}
      }
      switch (kind) {
        case WHOLE -> seen[0]++;
        case FRAGMENT -> seen[1]++;
        case NOT_IP -> seen[2]++;
        case MALFORMED -> seen[3]++;
      }
    }
    for (int kind : seen) {
      assertTrue(kind > 0);
    }
  }
}
