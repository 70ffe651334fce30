package espd.dataplane.ipv6;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What an ICMPv6 error quotes of a packet of ours (RFC 4443 §3.2, RFC 4301 §8.2.1).
class QuotedSpiTest {

  private static final int SPI = 0xc0de1234;
  private static final String ADDRESSES =
      "20010db8000100010000000000000001" + "20010db8000200020000000000000002";

  /// The payload length of 1400 is that of the packet, of which only the beginning is quoted.
  private static byte[] quote(String next, String payload) {
    return HexFormat.of().parseHex("600000000578" + next + "40" + ADDRESSES + payload);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      textBlock =
          """
          ESP,                            32, c0de123400000001,                                 true
          ESP with its SPI only,          32, c0de1234,                                         true
          ESP behind hop-by-hop options,  00, 3200010400000000c0de1234,                         true
          ESP behind a long routing one,  2b, 32010000000000000000000000000000c0de1234,         true
          ESP behind two,                 3c, 2b000104000000003200000000000000c0de1234,         true
          ESP in a first fragment,        2c, 3200000100001234c0de1234,                         true
          options in a first fragment,    2c, 3c000001000012343200010400000000c0de1234,         true
          ESP in another fragment,        2c, 3200058100001234c0de1234,                         false
          a Fragment header cut off,      2c, 320000,                                           false
          a fragment in a fragment,       2c, 2c000001000012343200000100001234c0de1234,         false
          options cut off,                00, 3200,                                             false
          options longer than the quote,  00, 3209010400000000c0de1234,                         false
          an SPI cut off,                 32, c0de12,                                           false
          nothing behind the header,      32, '',                                               false
          UDP,                            11, 1194119400000000c0de1234,                         false
          """)
  void isFoundBehindWhateverStandsBeforeEsp(
      String name, String next, String payload, boolean found) {
    byte[] quote = quote(next, payload);
    byte[] moved = new byte[quote.length + 7];
    System.arraycopy(quote, 0, moved, 5, quote.length);
    int expected = found ? SPI : PacketTooBig.NO_SPI;
    MemorySegment memory = MemorySegment.ofArray(moved);
    assertEquals(expected, PacketTooBig.quotedSpi(memory, 5, quote.length), name);
  }

  @Test
  void thereIsNoneInAnIncompleteHeaderOrAnotherProtocol() {
    byte[] quote = quote("32", "c0de123400000001");
    MemorySegment memory = MemorySegment.ofArray(quote);
    for (int octets = 0; octets < 44; octets++) {
      assertEquals(PacketTooBig.NO_SPI, PacketTooBig.quotedSpi(memory, 0, octets));
    }
    quote[0] = 0x45;
    assertEquals(PacketTooBig.NO_SPI, PacketTooBig.quotedSpi(memory, 0, quote.length));
  }

  @Test
  void randomOctetsNeverLeadBeyondTheEnd() {
    Random random = new Random(4443);
    byte[] headers = {0, 43, 44, 50, 60, 17};
    int found = 0;
    for (int i = 0; i < 300_000; i++) {
      byte[] quote = new byte[random.nextInt(120)];
      random.nextBytes(quote);
      for (int at = 6; at < quote.length; at += at == 6 ? 34 : 8) {
        quote[at] = headers[random.nextInt(headers.length)];
        if (at >= 40 && at + 1 < quote.length) {
          quote[at + 1] = (byte) random.nextInt(3);
        }
      }
      if (quote.length > 0) {
        quote[0] = 0x60;
      }
      // The segment ends where the packet ends: a read beyond it throws.
      int spi = PacketTooBig.quotedSpi(MemorySegment.ofArray(quote), 0, quote.length);
      found += spi == PacketTooBig.NO_SPI ? 0 : 1;
    }
    assertTrue(found > 1000);
  }
}
