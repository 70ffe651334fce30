package espd.tun.offload;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import espd.tun.offload.Coalescing.Joined;
import espd.tun.offload.Super.Tcp;
import espd.tun.packet.PacketBatch;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CoalescingTest {

  private static final int PSH = 0x08;
  private static final int ACK = 0x10;

  private final Random random = new Random(4303);
  private final PacketBatch batch = new PacketBatch();

  @AfterEach
  void close() {
    batch.close();
  }

  private byte[] octets(int count) {
    byte[] octets = new byte[count];
    random.nextBytes(octets);
    return octets;
  }

  private void add(List<byte[]> packets) {
    for (byte[] packet : packets) {
      batch.tag[batch.add(MemorySegment.ofArray(packet))] = 7;
    }
  }

  /// The packet that the host would be given for a row.
  private byte[] joined(Coalescing coalescing, int first, int end, MemorySegment virtio) {
    coalescing.join(batch.memory(), batch.offset(first), virtio);
    List<byte[]> packets = Super.packets(batch);
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes(packets.get(first));
    for (int slot = first + 1; slot < end; slot++) {
      byte[] packet = packets.get(slot);
      whole.write(packet, coalescing.headers(), packet.length - coalescing.headers());
    }
    return whole.toByteArray();
  }

  /// What was cut and joined is what it was: the kernel's form of a packet for several, of which
  /// {@link SegmentationTest} shows that its segments are right.
  @Test
  void joiningIsCuttingUndone() {
    for (int round = 0; round < 300; round++) {
      boolean tcp = random.nextBoolean();
      int segment = 200 + random.nextInt(1200);
      byte[] payload = octets(segment + 1 + random.nextInt(30 * segment));
      byte[] packet =
          tcp
              ? new Tcp(random.nextInt(), ACK | PSH, new byte[12], payload).packet()
              : Super.udp(payload);
      int kind = tcp ? 4 : 5;
      List<byte[]> cut = Super.cut(Super.given(packet, kind, segment), packet.length);
      batch.clear();
      add(cut);
      Coalescing coalescing = new Coalescing(Joined.TCP_AND_UDP);
      MemorySegment virtio = Arena.ofAuto().allocate(VirtioHeader.OCTETS);

      assertEquals(cut.size(), coalescing.row(batch, 0));
      assertEquals(cut.size(), coalescing.members());

      byte[] whole = joined(coalescing, 0, cut.size(), virtio);
      assertEquals(kind, VirtioHeader.kind(virtio, 0));
      assertEquals(segment, VirtioHeader.segmentOctets(virtio, 0));
      assertEquals(40, VirtioHeader.checksumStart(virtio, 0));
      byte[] partial =
          Super.given(packet, kind, segment)
              .asSlice(10, packet.length)
              .toArray(ValueLayout.JAVA_BYTE);
      assertArrayEquals(partial, whole);
    }
  }

  private static Arguments but(String what, int packets, Consumer<byte[]> change) {
    return Arguments.of(what, packets, change);
  }

  /// The second of three segments is changed; how many join then?
  static Stream<Arguments> changes() {
    return Stream.of(
        but("nothing", 3, packet -> {}),
        but("a gap in the sequence", 1, packet -> packet[47]++),
        but("a sequence that goes back", 1, packet -> packet[46] = (byte) (packet[46] - 8)),
        but("another acknowledgment", 1, packet -> packet[51]++),
        but("another window", 1, packet -> packet[55]++),
        but("an urgent pointer", 1, packet -> packet[59]++),
        but("another option", 1, packet -> packet[63]++),
        but("another port", 1, packet -> packet[41]++),
        but("another source", 1, packet -> packet[23]++),
        but("another flow label", 1, packet -> packet[3]++),
        but("another traffic class", 1, packet -> packet[1] = (byte) (packet[1] + 0x20)),
        but("another hop limit", 1, packet -> packet[7]--),
        but("FIN", 1, packet -> packet[53] |= 0x01),
        but("SYN", 1, packet -> packet[53] |= 0x02),
        but("RST", 1, packet -> packet[53] |= 0x04),
        but("PSH, which ends the row", 2, packet -> packet[53] |= PSH),
        but("no ACK", 1, packet -> packet[53] = 0),
        but("URG", 1, packet -> packet[53] |= 0x20),
        but("ECE", 1, packet -> packet[53] |= 0x40),
        but("CWR", 1, packet -> packet[53] |= (byte) 0x80));
  }

  @ParameterizedTest(name = "{0}: {1} join")
  @MethodSource("changes")
  void joinsNothingAcross(String what, int packets, Consumer<byte[]> change) {
    List<byte[]> segments = segments();
    change.accept(segments.get(1));
    Super.withChecksum(segments.get(1), 56);
    add(segments);

    Coalescing coalescing = new Coalescing(Joined.TCP);
    assertEquals(packets, coalescing.row(batch, 0));
    assertEquals(packets, coalescing.members());
  }

  private List<byte[]> segments() {
    byte[] packet = new Tcp(1000, ACK, new byte[12], octets(3000)).packet();
    return Super.cut(Super.given(packet, 4, 1000), packet.length);
  }

  @Test
  void leavesAWrongChecksumForTheHostToFind() {
    for (int wrong = 0; wrong < 3; wrong++) {
      List<byte[]> segments = segments();
      segments.get(wrong)[100] ^= 1;
      batch.clear();
      add(segments);

      int[] rows = {1, 1, 2};
      assertEquals(rows[wrong], new Coalescing(Joined.TCP).row(batch, 0));
    }
  }

  @Test
  void aShorterSegmentEndsTheRowAndALongerOneBeginsAnother() {
    byte[] shorter = new Tcp(1000, ACK, new byte[0], octets(500)).packet();
    byte[] longer = new Tcp(1500, ACK, new byte[0], octets(1000)).packet();
    byte[] last = new Tcp(2500, ACK, new byte[0], octets(700)).packet();
    byte[] behind = new Tcp(3200, ACK, new byte[0], octets(700)).packet();
    add(List.of(shorter, longer, last, behind));

    Coalescing coalescing = new Coalescing(Joined.TCP);
    assertEquals(1, coalescing.row(batch, 0));
    assertEquals(3, coalescing.row(batch, 1));
    assertEquals(4, coalescing.row(batch, 3));
  }

  @Test
  void packetsOfDifferentTagsStayApart() {
    add(segments());
    batch.tag[2] = 8;

    assertEquals(2, new Coalescing(Joined.TCP).row(batch, 0));
  }

  @Test
  void passesOverADroppedPacketAndMeetsTheGapItLeaves() {
    add(segments());
    batch.drop(1);

    Coalescing coalescing = new Coalescing(Joined.TCP);
    assertEquals(2, coalescing.row(batch, 0));
    assertEquals(1, coalescing.members());
  }

  @Test
  void aRowIsNoLongerThanAnIpv6Packet() {
    for (int i = 0; i < 3; i++) {
      byte[] packet = new Tcp(i * 25_000, ACK, new byte[0], new byte[25_000]).packet();
      batch.add(MemorySegment.ofArray(packet));
    }

    assertEquals(2, new Coalescing(Joined.TCP).row(batch, 0));
  }

  @Test
  void joinsUdpOnlyWhereTheHostTakesIt() {
    byte[] datagram = Super.udp(octets(100));
    add(List.of(datagram, datagram.clone(), datagram.clone()));

    assertEquals(1, new Coalescing(Joined.TCP).row(batch, 0));
    assertEquals(3, new Coalescing(Joined.TCP_AND_UDP).row(batch, 0));
    assertEquals(1, new Coalescing(Joined.NOTHING).row(batch, 0));
  }

  /// RFC 8200 §4: what has extension headers, and what only looks like a packet, stays alone.
  @Test
  void randomOctetsBreakNothing() {
    for (int round = 0; round < 20_000; round++) {
      batch.clear();
      byte[] packet = octets(1 + random.nextInt(120));
      packet[0] = 0x60;
      if (packet.length > 6) {
        packet[4] = 0;
        packet[5] = (byte) Math.max(0, packet.length - 40);
        packet[6] = (byte) (random.nextBoolean() ? 6 : 17);
      }
      if (packet.length > 53) {
        packet[53] = ACK;
      }
      byte[] other = random.nextBoolean() ? packet.clone() : octets(packet.length);
      byte[] shorter = Arrays.copyOf(other, 1 + random.nextInt(other.length));
      add(List.of(packet, other, shorter));
      Coalescing coalescing = new Coalescing(Joined.TCP_AND_UDP);
      for (int slot = 0; slot < 3; ) {
        slot = coalescing.row(batch, slot);
      }
    }
  }

  @Test
  void theSumIsThatOfThePlainRule() {
    for (int round = 0; round < 5000; round++) {
      byte[] packet = Super.udp(octets(random.nextInt(300)));
      packet[40 + random.nextInt(packet.length - 40)] ^= (byte) random.nextInt(256);
      MemorySegment memory = Arena.ofAuto().allocate(packet.length + 3L);
      MemorySegment.copy(packet, 0, memory, ValueLayout.JAVA_BYTE, 3, packet.length);

      long sum =
          Checksum.pseudoHeader(memory, 3, packet.length - 40, 17)
              + Checksum.sum(memory, 43, packet.length - 40);

      assertEquals(Super.sum(packet), Checksum.fold(sum));
      assertEquals(ByteBuffer.wrap(packet).getInt(0), 0x60012345);
    }
  }
}
