package espd.dataplane.fragment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// RFC 8200 §4.5.
class FragmentationTest {

  private final Fragmentation fragmentation =
      new Fragmentation(new Identifications(new Random(8200)));

  private int cut(byte[] packet, int mtuOctets) {
    return fragmentation.cut(MemorySegment.ofArray(packet), 0, packet.length, mtuOctets);
  }

  @ParameterizedTest(name = "{0} octets of payload over {1}")
  @CsvSource(
      textBlock =
          """
              0, 1280,  1,   40
           1240, 1280,  1, 1280
           1241, 1280,  2,   57
           1240, 1279,  2,   64
           2464, 1280,  2, 1280
           2465, 1280,  3,   49
           3000, 1500,  3,  152
           3000, 1503,  3,  152
          65535, 1500, 46,  423
          65535, 1280, 54,  287
          """)
  void cutsAsFewFragmentsAsFit(int payload, int mtu, int count, int lastOctets) {
    assertEquals(count, cut(Fragments.packet(Fragments.UDP, new byte[payload]), mtu));
    assertEquals(lastOctets, fragmentation.octets(count - 1));
  }

  /// What stays before the Fragment header is what routers read: hop-by-hop options and all up to
  /// the routing header, and no destination options without one.
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      textBlock =
          """
          nothing,              '',           40
          hop-by-hop,           '0',          48
          destination options,  '60',         40
          both,                 '0 60',       48
          routing,              '43',         48
          all and more,         '0 60 43 60', 64
          """)
  void keepsWhatRoutersReadBeforeTheFragmentHeader(String name, String kinds, int before) {
    String[] headers = kinds.isEmpty() ? new String[0] : kinds.split(" ", -1);
    ByteBuffer payload = ByteBuffer.allocate(8 * headers.length + 2000);
    for (int i = 0; i < headers.length; i++) {
      int next = i + 1 < headers.length ? Integer.parseInt(headers[i + 1]) : 50;
      payload.put((byte) next).put(new byte[7]);
    }
    int first = headers.length == 0 ? 50 : Integer.parseInt(headers[0]);
    byte[] packet = Fragments.packet(first, payload.array());
    for (byte[] fragment : Fragments.cut(fragmentation, packet, 1280)) {
      int named = before == 40 ? 6 : before - 8;
      assertEquals(44, fragment[named], name);
      assertEquals(packet[named], fragment[before], name);
      for (int i = 8; i < before; i++) {
        assertTrue(i == named || packet[i] == fragment[i], name);
      }
    }
  }

  @Test
  void allFragmentsButTheLastAreFullAndInUnitsOfEight() {
    byte[] packet = Fragments.packet(50, Fragments.data(0, 4001));
    List<byte[]> fragments = Fragments.cut(fragmentation, packet, 1407);
    int offset = 0;
    int identification = ByteBuffer.wrap(fragments.getFirst()).getInt(44);
    for (int k = 0; k < fragments.size(); k++) {
      byte[] fragment = fragments.get(k);
      ByteBuffer octets = ByteBuffer.wrap(fragment);
      boolean last = k == fragments.size() - 1;
      assertEquals(fragment.length - 40, octets.getShort(4));
      assertEquals(50, fragment[40]);
      assertEquals(0, fragment[41]);
      assertEquals(offset | (last ? 0 : 1), octets.getShort(42));
      assertEquals(identification, octets.getInt(44));
      assertTrue(last || fragment.length == 1400);
      assertArrayEquals(
          Fragments.data(offset, offset + fragment.length - 48),
          Arrays.copyOfRange(fragment, 48, fragment.length));
      offset += fragment.length - 48;
    }
    assertEquals(4001, offset);
  }

  @Test
  void eachDatagramHasANumberOfItsOwn() {
    byte[] packet = Fragments.packet(50, new byte[2000]);
    byte[] one = Fragments.cut(fragmentation, packet, 1280).getFirst();
    byte[] next = Fragments.cut(fragmentation, packet, 1280).getFirst();
    assertEquals(ByteBuffer.wrap(one).getInt(44) + 1, ByteBuffer.wrap(next).getInt(44));
  }

  @Test
  void aPacketThatFitsStaysAsItIs() {
    byte[] packet = Fragments.packet(50, Fragments.data(0, 1240));
    assertArrayEquals(packet, Fragments.cut(fragmentation, packet, 1280).getFirst());
  }

  @Test
  void whatCannotBeCutHasNoFragments() {
    byte[] fragment = Fragments.fragment(1, "0+", new byte[1400]);
    assertEquals(0, cut(fragment, 1280));
    assertEquals(1, cut(fragment, 1500));
    byte[] packet = Fragments.packet(50, new byte[1400]);
    assertEquals(0, cut(packet, 55));
    assertEquals(175, cut(packet, 56));
    packet[5]++;
    assertEquals(0, cut(packet, 1280));
    assertEquals(0, cut(packet, 1500));
    assertEquals(0, cut(new byte[39], 1280));
    byte[] ipv4 = Fragments.packet(50, new byte[1400]);
    ipv4[0] = 0x45;
    assertEquals(0, cut(ipv4, 1280));
    assertThrows(IllegalArgumentException.class, () -> fragmentation.octets(0));
  }

  @Test
  void thereIsNoFragmentBehindTheLast() {
    assertEquals(2, cut(Fragments.packet(50, new byte[1400]), 1280));
    MemorySegment into = MemorySegment.ofArray(new byte[1280]);
    assertThrows(IllegalArgumentException.class, () -> fragmentation.write(2, into, 0));
    assertThrows(IllegalArgumentException.class, () -> fragmentation.write(-1, into, 0));
  }

  @Test
  void randomOctetsNeverLeadBeyondTheEnd() {
    Random random = new Random(45);
    byte[] headers = {0, 43, 44, 50, 60, 17};
    int[] counts = new int[3];
    for (int i = 0; i < 100_000; i++) {
      byte[] packet = Fragments.random(random, random.nextInt(200));
      packet[6] = headers[random.nextInt(headers.length)];
      for (int at = 40; at < packet.length; at += 8) {
        packet[at] = headers[random.nextInt(headers.length)];
      }
      packet[5] += (byte) (random.nextInt(10) == 0 ? 1 : 0);
      int count = Fragments.cut(fragmentation, packet, 100).size();
      counts[Math.min(2, count)]++;
    }
    for (int count : counts) {
      assertTrue(count > 1000);
    }
  }

  @Test
  void allocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (Arena arena = Arena.ofConfined()) {
      byte[] octets = Fragments.packet(50, new byte[4000]);
      MemorySegment packet = arena.allocate(octets.length);
      MemorySegment.copy(MemorySegment.ofArray(octets), 0, packet, 0, octets.length);
      MemorySegment into = arena.allocate(1500);
      cutMany(packet, into, 100_000);
      long before = threads.getCurrentThreadAllocatedBytes();
      cutMany(packet, into, 100_000);
      long allocated = threads.getCurrentThreadAllocatedBytes() - before;
      assertTrue(allocated < 100_000, () -> allocated + " octets for 300,000 fragments");
    }
  }

  private void cutMany(MemorySegment packet, MemorySegment into, int packets) {
    for (int i = 0; i < packets; i++) {
      int count = fragmentation.cut(packet, 0, (int) packet.byteSize(), 1500);
      for (int k = 0; k < count; k++) {
        fragmentation.write(k, into, 0);
      }
    }
  }
}
