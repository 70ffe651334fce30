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
import org.junit.jupiter.params.provider.ValueSource;

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

  private Kind readIpv4(String packet) {
    byte[] octets = HexFormat.of().parseHex(packet);
    return headers.read(MemorySegment.ofArray(octets), 0, octets.length, Direction.OUTBOUND);
  }

  /// RFC 791 §3.1, with options and in fragments; RFC 792.
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      textBlock =
          """
          UDP,          4500001c123440004011 0000 0a010001 0a020001 1389177000080000,          WHOLE,    17, 5001, 6000
          with options, 46000020123440004011 0000 0a010001 0a020001 01010101 1389177000080000, WHOLE,    17, 5001, 6000
          echo,         4500001c123440004001 0000 0a010001 0a020001 0800000000010001,          WHOLE,     1, 2048, 2048
          first,        4500001c123420004011 0000 0a010001 0a020001 1389177000080000,          FRAGMENT, 17, 5001, 6000
          following,    4500001c123400014011 0000 0a010001 0a020001 1389177000080000,          FRAGMENT, 17,   -1,   -1
          """)
  void ipv4IsReadAsIpv6Is(
      String name, String packet, Kind kind, int protocol, int local, int remote) {
    assertEquals(kind, readIpv4(packet.replace(" ", "")), name);
    assertTrue(headers.isIpv4());
    assertEquals("10.1.0.1", headers.flow().toSelector().local().first().toString());
    assertEquals("10.2.0.1", headers.flow().toSelector().remote().first().toString());
    assertEquals(protocol, headers.flow().protocol);
    assertEquals(local, headers.flow().localPort);
    assertEquals(remote, headers.flow().remotePort);
  }

  /// RFC 791 §3.1: no header is shorter than 20 octets, or longer than its packet.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "4400001c1234400040110000" + "0a0100010a020001" + "1389177000080000",
        "4800001c1234400040110000" + "0a0100010a020001" + "1389177000080000",
        "4500001d1234400040110000" + "0a0100010a020001" + "1389177000080000",
        "450000131234400040110000" + "0a0100010a020001" + "1389177000080000",
        "450000161234400040110000" + "0a0100010a020001" + "1389",
        "45000014",
      })
  void lengthsOfIpv4ThatLeadBeyondTheEndAreFound(String packet) {
    assertEquals(Kind.MALFORMED, readIpv4(packet));
  }

  /// RFC 4291 §2.5.5.2: else a packet of IPv6 would pass for one of IPv4.
  @Test
  void ipv6WithAnAddressOfIpv4IsRefused() {
    byte[] packet =
        HexFormat.of()
            .parseHex(
                "60000000"
                    + "00003b40"
                    + "00000000000000000000ffff0a010001"
                    + "20010db8000200020000000000000002");
    for (Direction direction : Direction.values()) {
      assertEquals(
          Kind.MALFORMED, headers.read(MemorySegment.ofArray(packet), 0, packet.length, direction));
    }
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
