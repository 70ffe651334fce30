package espd.tun.offload;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import espd.tun.offload.Coalescing.Joined;
import espd.tun.packet.PacketBatch;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
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

/// Packets of IPv4 in a row (RFC 791 §3.1, RFC 6864 §4). Checksums are by the plain rule of RFC
/// 1071, one pair of octets after the other.
class Ipv4CoalescingTest {

  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final int PSH = 0x08;
  private static final int ACK = 0x10;
  private static final int DF = 0x4000;

  private final Random random = new Random(791);
  private final PacketBatch batch = new PacketBatch();

  @AfterEach
  void close() {
    batch.close();
  }

  private static long sum(byte[] octets, int from, int to) {
    long sum = 0;
    for (int i = from; i < to; i += 2) {
      sum += ((octets[i] & 0xff) << 8) | (i + 1 < to ? octets[i + 1] & 0xff : 0);
    }
    return sum;
  }

  private static int fold(long sum) {
    long folded = sum;
    while (folded >>> 16 != 0) {
      folded = (folded & 0xffff) + (folded >>> 16);
    }
    return (int) folded;
  }

  private static long pseudoHeader(byte[] packet) {
    return sum(packet, 12, 20) + (packet[9] & 0xff) + packet.length - 20;
  }

  /// A packet without its checksums.
  private static byte[] packet(int protocol, int number, byte[] upper) {
    ByteBuffer packet = ByteBuffer.allocate(20 + upper.length);
    packet.putShort((short) 0x4500).putShort((short) packet.capacity()).putShort((short) number);
    packet.putShort((short) DF).put((byte) 64).put((byte) protocol).putShort((short) 0);
    packet.putInt(0x0a010001).putInt(0x0a020002).put(upper);
    return packet.array();
  }

  private static byte[] tcp(int sequence, int flags, byte[] payload) {
    ByteBuffer tcp = ByteBuffer.allocate(32 + payload.length);
    tcp.putInt(49152 << 16 | 443).putInt(sequence).putInt(0x01020304);
    tcp.put((byte) 0x80).put((byte) flags).putShort((short) 502).putInt(0);
    tcp.putInt(0x0101080a).putInt(1).putInt(2).put(payload);
    return tcp.array();
  }

  private static byte[] udp(byte[] payload) {
    ByteBuffer udp = ByteBuffer.allocate(8 + payload.length);
    udp.putInt(49152 << 16 | 443).putShort((short) udp.capacity()).putShort((short) 0).put(payload);
    return udp.array();
  }

  private static byte[] withChecksums(byte[] packet) {
    ByteBuffer fields = ByteBuffer.wrap(packet);
    int upper = packet[9] == TCP ? 36 : 26;
    fields.putShort(upper, (short) 0);
    int checksum = ~fold(pseudoHeader(packet) + sum(packet, 20, packet.length)) & 0xffff;
    fields.putShort(upper, (short) (checksum == 0 && packet[9] == UDP ? 0xffff : checksum));
    return withHeaderChecksum(packet);
  }

  private static byte[] withHeaderChecksum(byte[] packet) {
    ByteBuffer fields = ByteBuffer.wrap(packet);
    fields.putShort(10, (short) 0);
    fields.putShort(10, (short) ~fold(sum(packet, 0, 20)));
    return packet;
  }

  private byte[] octets(int count) {
    byte[] octets = new byte[count];
    random.nextBytes(octets);
    return octets;
  }

  /// Packets that carry a payload in their order, `step` between identifications.
  private List<byte[]> packets(int protocol, int segment, byte[] payload, int step) {
    List<byte[]> packets = new ArrayList<>();
    for (int at = 0; at < payload.length; at += segment) {
      int octets = Math.min(segment, payload.length - at);
      byte[] part = new byte[octets];
      System.arraycopy(payload, at, part, 0, octets);
      int flags = at + octets == payload.length ? ACK | PSH : ACK;
      byte[] upper = protocol == TCP ? tcp(1000 + at, flags, part) : udp(part);
      packets.add(withChecksums(packet(protocol, 0xfffe + step * packets.size(), upper)));
    }
    return packets;
  }

  private void add(List<byte[]> packets) {
    batch.clear();
    for (byte[] packet : packets) {
      batch.tag[batch.add(MemorySegment.ofArray(packet))] = 7;
    }
  }

  /// The packet for several that the host is given has all that they carried, and the headers that
  /// the kernel's own form has: a right header checksum, and the sum of the pseudo-header.
  @Test
  void aRowIsOnePacketWithAllThatItsMembersCarried() {
    for (int round = 0; round < 300; round++) {
      int protocol = random.nextBoolean() ? TCP : UDP;
      int headers = protocol == TCP ? 52 : 28;
      int segment = 200 + random.nextInt(1200);
      byte[] payload = octets(segment + 1 + random.nextInt(30 * segment));
      List<byte[]> packets = packets(protocol, segment, payload, random.nextInt(2));
      add(packets);
      Coalescing coalescing = new Coalescing(Joined.TCP_AND_UDP);
      MemorySegment virtio = Arena.ofAuto().allocate(VirtioHeader.OCTETS);

      assertEquals(packets.size(), coalescing.row(batch, 0));
      assertEquals(packets.size(), coalescing.members());
      assertEquals(headers, coalescing.headers());
      coalescing.join(batch.memory(), batch.offset(0), virtio);

      ByteArrayOutputStream whole = new ByteArrayOutputStream();
      whole.writeBytes(Super.packets(batch).getFirst());
      packets.stream().skip(1).forEach(p -> whole.write(p, headers, p.length - headers));
      byte[] joined = whole.toByteArray();
      ByteBuffer fields = ByteBuffer.wrap(joined);
      assertEquals(joined.length, fields.getShort(2) & 0xffff);
      assertEquals(0xffff, fold(sum(joined, 0, 20)), "header checksum");
      int checksum = protocol == TCP ? 36 : 26;
      assertEquals(fold(pseudoHeader(joined)), fields.getShort(checksum) & 0xffff);
      assertArrayEquals(payload, Arrays.copyOfRange(joined, headers, joined.length));
      if (protocol == TCP) {
        assertEquals(ACK | PSH, joined[33]);
        assertEquals(1000, fields.getInt(24));
      } else {
        assertEquals(joined.length - 20, fields.getShort(24) & 0xffff);
      }
      assertEquals(protocol == TCP ? 1 : 5, VirtioHeader.kind(virtio, 0));
      assertEquals(segment, VirtioHeader.segmentOctets(virtio, 0));
      assertEquals(20, VirtioHeader.checksumStart(virtio, 0));
      assertEquals(checksum - 20, VirtioHeader.checksumOffset(virtio, 0));
    }
  }

  private static Arguments but(String what, int packets, Consumer<byte[]> change) {
    return Arguments.of(what, packets, change);
  }

  /// The second of three segments is changed; how many join then?
  static Stream<Arguments> changes() {
    return Stream.of(
        but("nothing", 3, packet -> {}),
        but("another identification, with DF", 3, packet -> packet[5] ^= 9),
        but("no DF", 1, packet -> packet[6] = 0),
        but("more fragments", 1, packet -> packet[6] |= 0x20),
        but("a fragment offset", 1, packet -> packet[7] = 1),
        but("another DSCP", 1, packet -> packet[1] = 0x20),
        but("congestion", 1, packet -> packet[1] = 3),
        but("another TTL", 1, packet -> packet[8]--),
        but("another source", 1, packet -> packet[15]++),
        but("another destination", 1, packet -> packet[19]++),
        but("another port", 1, packet -> packet[21]++),
        but("a gap in the sequence", 1, packet -> packet[27]++),
        but("another acknowledgment", 1, packet -> packet[31]++),
        but("another window", 1, packet -> packet[35]++),
        but("another option", 1, packet -> packet[47]++),
        but("FIN", 1, packet -> packet[33] |= 0x01),
        but("PSH, which ends the row", 2, packet -> packet[33] |= PSH),
        but("CWR", 1, packet -> packet[33] |= (byte) 0x80));
  }

  @ParameterizedTest(name = "{0}: {1} join")
  @MethodSource("changes")
  void joinsNothingAcross(String what, int packets, Consumer<byte[]> change) {
    List<byte[]> segments = packets(TCP, 1000, octets(3000), 1);
    change.accept(segments.get(1));
    withChecksums(segments.get(1));
    add(segments);
    Coalescing coalescing = new Coalescing(Joined.TCP);
    assertEquals(packets, coalescing.row(batch, 0));
    assertEquals(packets, coalescing.members());
  }

  /// RFC 6864 §4: what may be cut is told apart by its identification, which counts on where one
  /// packet was cut into these; it wraps.
  @Test
  void identificationsOfWhatMayBeCutCountOn() {
    int[][] joins = {{0, 1}, {1, 3}, {2, 1}, {-1, 1}};
    for (int[] join : joins) {
      List<byte[]> segments = packets(TCP, 1000, octets(3000), join[0]);
      for (byte[] segment : segments) {
        segment[6] = 0;
        withHeaderChecksum(segment);
      }
      add(segments);
      assertEquals(join[1], new Coalescing(Joined.TCP).row(batch, 0), "step " + join[0]);
    }
  }

  @Test
  void leavesAWrongChecksumForTheHostToFind() {
    int[] rows = {1, 1, 2};
    for (int place : new int[] {10, 36, 100}) {
      for (int wrong = 0; wrong < 3; wrong++) {
        List<byte[]> segments = packets(TCP, 1000, octets(3000), 1);
        segments.get(wrong)[place] ^= 1;
        add(segments);
        assertEquals(rows[wrong], new Coalescing(Joined.TCP).row(batch, 0), "octet " + place);
      }
    }
  }

  @Test
  void leavesFragmentsOptionsAndPaddingAlone() {
    List<Consumer<byte[]>> faults =
        List.of(
            packet -> packet[6] |= 0x20,
            packet -> packet[7] = 2,
            packet -> packet[0] = 0x46,
            packet -> packet[3]--);
    for (Consumer<byte[]> fault : faults) {
      List<byte[]> segments = packets(TCP, 1000, octets(3000), 1);
      segments.forEach(fault);
      segments.forEach(Ipv4CoalescingTest::withHeaderChecksum);
      add(segments);
      assertEquals(1, new Coalescing(Joined.TCP).row(batch, 0));
    }
  }

  /// RFC 791 §3.1: the total length counts the header, too.
  @Test
  void aRowIsNoLongerThanAnIpv4Packet() {
    add(packets(UDP, 32_740, new byte[3 * 32_740], 1));
    assertEquals(2, new Coalescing(Joined.TCP_AND_UDP).row(batch, 0));
    add(packets(UDP, 32_754, new byte[2 * 32_754], 1));
    assertEquals(1, new Coalescing(Joined.TCP_AND_UDP).row(batch, 0));
  }

  @Test
  void familiesDoNotMix() {
    byte[] ipv6 = Super.udp(octets(100));
    byte[] ipv4 = withChecksums(packet(UDP, 1, udp(octets(100))));
    add(List.of(ipv6, ipv4, ipv4.clone(), ipv6));
    Coalescing coalescing = new Coalescing(Joined.TCP_AND_UDP);
    assertEquals(1, coalescing.row(batch, 0));
    assertEquals(3, coalescing.row(batch, 1));
    assertEquals(4, coalescing.row(batch, 3));
  }

  @Test
  void randomOctetsBreakNothing() {
    for (int round = 0; round < 20_000; round++) {
      byte[] packet = octets(1 + random.nextInt(120));
      packet[0] = 0x45;
      if (packet.length > 33) {
        packet[2] = 0;
        packet[3] = (byte) packet.length;
        packet[6] = 0x40;
        packet[7] = 0;
        packet[9] = (byte) (random.nextBoolean() ? TCP : UDP);
        packet[33] = ACK;
      }
      byte[] other = random.nextBoolean() ? packet.clone() : octets(packet.length);
      add(List.of(packet, other, octets(1 + random.nextInt(60)), packet.clone()));
      Coalescing coalescing = new Coalescing(Joined.TCP_AND_UDP);
      for (int slot = 0; slot < 4; ) {
        slot = coalescing.row(batch, slot);
      }
    }
  }
}
