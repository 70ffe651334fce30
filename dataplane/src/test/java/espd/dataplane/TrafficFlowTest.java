package espd.dataplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.spd.Encryption;
import espd.spd.EspSuite;
import espd.spd.Integrity;
import espd.spd.OuterTraffic;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// RFC 4303 §2.6, §2.7.
class TrafficFlowTest {

  private static final EspSuite GCM = new EspSuite(Encryption.AES_GCM_16, 128, Integrity.NONE);
  private static final EspSuite CBC =
      new EspSuite(Encryption.AES_CBC, 256, Integrity.HMAC_SHA2_256_128);

  /// What ESP may have of a path of 1500 octets, without the outer IPv6 header.
  private static final int ESP_OCTETS = 1460;

  @ParameterizedTest(name = "{0} octets to {1}")
  @CsvSource(
      textBlock =
          """
            40,       0,    0
            40,    1000,  960
           999,    1000,    1
          1000,    1000,    0
          1001,    1000,    0
            40,    9000, 1386
            40, MTU,     1386
          1425, MTU,        1
          1426, MTU,        0
          1500, MTU,        0
          """)
  void aPacketGetsWhatItLacksAndThePathTakes(int packet, String wanted, int expected) {
    int octets = wanted.equals("MTU") ? OuterTraffic.PATH_MTU : Integer.parseInt(wanted);
    assertEquals(expected, TrafficFlow.padOctets(GCM, packet, octets, ESP_OCTETS));
  }

  @Test
  void paddedPacketsAreAllOfOneLengthOnThePath() {
    for (EspSuite suite : new EspSuite[] {GCM, CBC}) {
      int longest = suite.payloadOctets(ESP_OCTETS);
      int onPath = suite.packetOctets(longest);
      assertTrue(onPath <= ESP_OCTETS);
      for (int packet = 40; packet <= longest; packet++) {
        int pad = TrafficFlow.padOctets(suite, packet, OuterTraffic.PATH_MTU, ESP_OCTETS);
        assertEquals(onPath, suite.packetOctets(packet + pad));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 20, 41, 85})
  void aPathTooNarrowForAnythingGetsNoPadding(int espOctets) {
    assertEquals(0, TrafficFlow.padOctets(CBC, 40, OuterTraffic.PATH_MTU, espOctets));
    int dummy = TrafficFlow.dummyOctets(CBC, espOctets, new Random(59));
    assertTrue(dummy >= 0 && dummy <= 60, () -> dummy + " octets");
  }

  @Test
  void dummiesHaveEveryLengthThatAPacketMayHave() {
    Random random = new Random(59);
    int longest = GCM.payloadOctets(ESP_OCTETS);
    boolean[] seen = new boolean[longest + 1];
    for (int i = 0; i < 50_000; i++) {
      seen[TrafficFlow.dummyOctets(GCM, ESP_OCTETS, random)] = true;
    }
    for (int octets = 0; octets <= longest; octets++) {
      assertEquals(octets >= 40, seen[octets], octets + " octets");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 8, 9, 1426})
  void whatIsWrittenStaysInItsPlace(int octets) {
    byte[] slot = new byte[1500];
    MemorySegment memory = MemorySegment.ofArray(slot);
    TrafficFlow.dummy(memory, 10, octets, new Random(3));
    int different = 0;
    for (int i = 0; i < slot.length; i++) {
      boolean inside = i >= 10 && i < 10 + octets;
      assertTrue(inside || slot[i] == 0);
      different += inside && slot[i] != 0 ? 1 : 0;
    }
    assertTrue(octets < 100 || different > octets * 9 / 10);

    memory.fill((byte) 0x55);
    TrafficFlow.pad(memory, 10, octets);
    for (int i = 0; i < slot.length; i++) {
      boolean inside = i >= 10 && i < 10 + octets;
      assertEquals(inside ? 0 : 0x55, memory.get(ValueLayout.JAVA_BYTE, i));
    }
  }
}
