package espd.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/// The reader of `setkey -D`'s layout.
class SadEntryTest {

  private static final String OUTPUT =
      """
      2001:db8:1:1::1 2001:db8:2:2::2\s
      \tesp mode=tunnel spi=3405691582(0xcafebabe) reqid=1(0x00000001)
      \tE: aes-cbc  00112233 44556677 8899aabb ccddeeff
      \tA: hmac-sha512  00010203 04050607 08090a0b 0c0d0e0f 10111213 14151617 18191a1b 1c1d1e1f
       20212223 24252627 28292a2b 2c2d2e2f 30313233 34353637 38393a3b 3c3d3e3f
      \tseq=0x00000000 replay=64 flags=0x00000000 state=mature\s
      \tcreated: Nov 23 14:00:00 2026\tcurrent: Nov 23 14:00:09 2026
      \tdiff: 9(s)\thard: 3600(s)\tsoft: 2880(s)
      \tlast: Nov 23 14:00:05 2026\thard: 0(s)\tsoft: 0(s)
      \tcurrent: 420(bytes)\thard: 0(bytes)\tsoft: 0(bytes)
      \tallocated: 5\thard: 0\tsoft: 0
      \tsadb_seq=1 pid=77 refcnt=0
      2001:db8:2:2::2[4500] 2001:db8:1:1::1[4500]\s
      \tesp-udp mode=transport spi=257(0x00000101) reqid=1(0x00000001)
      \tE: aes-gcm-16  00112233 44556677 8899aabb ccddeeff 01020304
      \tseq=0x0000001f replay=64 flags=0x00000000 state=mature\s
      \tallocated: 6\thard: 0\tsoft: 0
      \tsadb_seq=0 pid=77 refcnt=0
      """;

  @Test
  void readsKeysOfSeveralLinesAndBothForms() {
    List<SadEntry> sad = SadEntry.read(OUTPUT);
    assertEquals(2, sad.size());
    SadEntry tunnel = sad.get(0);
    assertEquals("0xcafebabe", tunnel.spi());
    assertEquals("tunnel", tunnel.mode());
    assertEquals(5, tunnel.packets());
    assertEquals("aes-cbc", tunnel.cipher());
    assertEquals(32, tunnel.cipherKey().length());
    assertEquals(128, tunnel.authenticatorKey().length());
    SadEntry transport = sad.get(1);
    assertEquals("2001:db8:2:2::2", transport.from());
    assertEquals("transport", transport.mode());
    assertEquals(31, transport.sequence());
    assertEquals(6, transport.packets());
    assertEquals(40, transport.cipherKey().length());
    assertEquals("", transport.authenticator());
  }

  @Test
  void readsAnEmptySad() {
    assertEquals(List.of(), SadEntry.read("No SAD entries.\n"));
  }
}
