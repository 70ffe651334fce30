package espd.tun.offload;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.tun.offload.Super.Tcp;
import espd.tun.packet.PacketBatch;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentationTest {

  private static final int FIN = 0x01;
  private static final int PSH = 0x08;
  private static final int ACK = 0x10;
  private static final int CWR = 0x80;

  private static final int TCP_IPV6 = 4;
  private static final int UDP = 5;
  private static final int ECN = 0x80;

  private final Random random = new Random(4303);

  private byte[] octets(int count) {
    byte[] octets = new byte[count];
    random.nextBytes(octets);
    return octets;
  }

  /// RFC 9293 §3.1: each segment has its own place in the sequence, length and checksum; together
  /// they carry what was given.
  @ParameterizedTest
  @ValueSource(ints = {1, 536, 1220, 1376, 8928})
  void segmentsCarryTheStreamOfTheSuperPacket(int segment) {
    for (int round = 0; round < 50; round++) {
      byte[] options = octets(4 * random.nextInt(11));
      int most = Math.min(65_535 - 20 - options.length, 100 * segment);
      byte[] payload = octets(1 + random.nextInt(most));
      int sequence = random.nextInt();
      byte[] packet = new Tcp(sequence, ACK | PSH, options, payload).packet();

      List<byte[]> cut = Super.cut(Super.given(packet, TCP_IPV6, segment), packet.length);

      ByteArrayOutputStream stream = new ByteArrayOutputStream();
      for (byte[] one : cut) {
        assertEquals(0xffff, Super.sum(one), "checksum");
        ByteBuffer fields = ByteBuffer.wrap(one);
        assertEquals(one.length - 40, fields.getShort(4) & 0xffff);
        assertEquals(sequence + stream.size(), fields.getInt(44));
        assertArrayEquals(
            options, java.util.Arrays.copyOfRange(one, 60, 60 + options.length), "options");
        boolean last = stream.size() + one.length - 60 - options.length == payload.length;
        assertEquals(last ? ACK | PSH : ACK, one[53]);
        assertTrue(last || one.length == 60 + options.length + segment);
        stream.write(one, 60 + options.length, one.length - 60 - options.length);
      }
      assertArrayEquals(payload, stream.toByteArray());
    }
  }

  /// RFC 9293 §3.1: FIN ends the stream, so the last segment has it. RFC 3168 §6.1.2: CWR is said
  /// once, by the first.
  @Test
  void finStandsInTheLastSegmentAndCwrInTheFirst() {
    byte[] packet = new Tcp(1, ACK | FIN | CWR, new byte[0], octets(3000)).packet();

    List<byte[]> cut = Super.cut(Super.given(packet, TCP_IPV6 | ECN, 1000), packet.length);

    assertEquals(3, cut.size());
    assertEquals((byte) (ACK | CWR), cut.get(0)[53]);
    assertEquals(ACK, cut.get(1)[53]);
    assertEquals(ACK | FIN, cut.get(2)[53]);
  }

  /// RFC 768: each datagram has its own length and checksum, which is never 0.
  @Test
  void datagramsHaveLengthAndChecksumOfTheirOwn() {
    for (int round = 0; round < 2000; round++) {
      int segment = 2 + random.nextInt(600);
      byte[] packet = Super.udp(octets(segment + 1 + random.nextInt(20 * segment)));

      List<byte[]> cut = Super.cut(Super.given(packet, UDP, segment), packet.length);

      int carried = 0;
      for (byte[] one : cut) {
        assertEquals(0xffff, Super.sum(one));
        assertEquals(one.length - 40, ByteBuffer.wrap(one).getShort(44) & 0xffff);
        assertFalse(ByteBuffer.wrap(one).getShort(46) == 0, "UDP without a checksum");
        carried += one.length - 48;
      }
      assertEquals(packet.length - 48, carried);
    }
  }

  /// A checksum that comes to 0 is 0 in TCP (RFC 1624 §3), and 0xffff in UDP, where 0 says that
  /// there is none (RFC 768).
  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void aChecksumOfZeroIsZeroInTcpAndNotInUdp(int segment) {
    byte[] tcp = ofChecksumZero(new Tcp(1, ACK, new byte[0], new byte[2]).packet(), 56);
    byte[] udp = ofChecksumZero(Super.udp(new byte[2]), 46);

    MemorySegment tcpGiven = Super.given(tcp, segment == 0 ? 0 : TCP_IPV6, segment);
    MemorySegment udpGiven = Super.given(udp, segment == 0 ? 0 : UDP, segment);

    assertEquals(0, ByteBuffer.wrap(Super.cut(tcpGiven, tcp.length).getFirst()).getShort(56));
    assertEquals(-1, ByteBuffer.wrap(Super.cut(udpGiven, udp.length).getFirst()).getShort(46));
  }

  /// Two octets of 0 at the end become what the checksum was without them.
  private static byte[] ofChecksumZero(byte[] packet, int checksumAt) {
    ByteBuffer octets = ByteBuffer.wrap(packet);
    octets.putShort(packet.length - 2, octets.getShort(checksumAt));
    return Super.withChecksum(packet, checksumAt);
  }

  @Test
  void onePacketStaysOneAndGetsItsChecksum() {
    byte[] packet = new Tcp(1, ACK | PSH, new byte[12], octets(777)).packet();

    List<byte[]> cut = Super.cut(Super.given(packet, 0, 0), packet.length);

    assertEquals(1, cut.size());
    assertArrayEquals(packet, cut.getFirst());
  }

  @Test
  void aPacketWithoutAWordBeforeItIsLeftAsItIs() {
    byte[] packet = octets(100);

    List<byte[]> cut = Super.cut(Super.virtio(packet, 0, 0, 0), packet.length);

    assertArrayEquals(packet, cut.getFirst());
  }

  @Test
  void whatOneBatchDoesNotTakeWaitsForTheNext() {
    byte[] packet = new Tcp(1, ACK, new byte[0], octets(65_000)).packet();
    Segmentation segmentation = new Segmentation(Super.given(packet, TCP_IPV6, 650));
    segmentation.begin(10 + packet.length);
    try (PacketBatch batch = new PacketBatch()) {
      segmentation.moveTo(batch);
      assertEquals(PacketBatch.CAPACITY, batch.count());
      assertTrue(segmentation.isPending());
      batch.clear();
      segmentation.moveTo(batch);
      assertEquals(100 - PacketBatch.CAPACITY, batch.count());
      assertFalse(segmentation.isPending());
    }
  }

  /// Whatever stands before a packet, nothing is lost and nothing breaks.
  @Test
  void nonsenseBeforeAPacketLosesNoOctet() {
    for (int round = 0; round < 20_000; round++) {
      byte[] packet = octets(7 + random.nextInt(200));
      packet[0] = random.nextBoolean() ? 0x60 : packet[0];
      var given = Super.virtio(packet, random.nextInt(256), random.nextInt(256), 0);
      for (int at = 2; at < 10; at++) {
        given.set(
            java.lang.foreign.ValueLayout.JAVA_BYTE,
            at,
            (byte) (random.nextBoolean() ? random.nextInt(256) : random.nextInt(64)));
      }
      int carried = Super.cut(given, packet.length).stream().mapToInt(one -> one.length).sum();
      assertTrue(carried >= packet.length, "octets were lost");
    }
  }
}
