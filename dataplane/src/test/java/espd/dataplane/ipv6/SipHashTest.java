package espd.dataplane.ipv6;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SipHashTest {

  private static final SipHash HASH = new SipHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);

  /// The vectors of 8 and 16 octets are of SipHash's authors, all three are also what OpenSSL says
  /// (`openssl mac -macopt hexkey:000102…0f -macopt size:8 … SIPHASH`).
  @Test
  void agreesWithOthers() {
    MemorySegment octets = MemorySegment.ofArray(counting(40));
    assertEquals(0x93f5_f579_9a93_2462L, HASH.of(0x0706050403020100L));
    assertEquals(0x3f2a_cc7f_57c2_9bdbL, HASH.of(octets, 0, 8, 0x0f0e0d0c0b0a0908L));
    assertEquals(0x0e3e_a96b_5304_a7d0L, HASH.of(octets, 0, 32, 0x2726252423222120L));
  }

  @Test
  void eachKeyHasItsOwnHash() {
    Random random = new Random(1);
    assertNotEquals(new SipHash(random).of(1), new SipHash(random).of(1));
  }

  private static byte[] counting(int octets) {
    byte[] counting = new byte[octets];
    for (int i = 0; i < octets; i++) {
      counting[i] = (byte) i;
    }
    return counting;
  }
}
