package espd.tun.offload;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// RFC 791 §3.1, §3.2: of what stands for several, each packet has a length, a number and a header
/// checksum of its own.
class Ipv4SegmentationTest {

  private static final int TCP_IPV4 = 1;
  private static final int OPTIONS = 8;
  private static final int UPPER = 20 + OPTIONS;
  private static final int HEADERS = UPPER + 20;
  private static final short NUMBER = (short) 0xfffe;

  private final Random random = new Random(791);

  @ParameterizedTest
  @ValueSource(ints = {1, 536, 1376})
  void segmentsHaveHeadersOfTheirOwn(int segment) {
    byte[] payload = new byte[20 * segment + 1];
    random.nextBytes(payload);
    byte[] packet = packet(payload);

    List<byte[]> cut = Super.cut(given(packet, segment), packet.length);

    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    for (byte[] one : cut) {
      ByteBuffer fields = ByteBuffer.wrap(one);
      assertEquals(one.length, fields.getShort(2) & 0xffff);
      assertEquals((short) (NUMBER + stream.size() / segment), fields.getShort(4));
      assertEquals(0xffff, fold(sum(one, 0, UPPER)), "header checksum");
      assertEquals(0xffff, fold(pseudoHeader(one) + sum(one, UPPER, one.length)), "checksum");
      assertEquals(1 + stream.size(), fields.getInt(UPPER + 4));
      stream.write(one, HEADERS, one.length - HEADERS);
    }
    assertArrayEquals(payload, stream.toByteArray());
  }

  private byte[] packet(byte[] payload) {
    byte[] addressesAndOptions = new byte[8 + OPTIONS];
    random.nextBytes(addressesAndOptions);
    byte[] packet =
        ByteBuffer.allocate(HEADERS + payload.length)
            .put((byte) (0x40 | UPPER / 4))
            .put((byte) 0)
            .putShort((short) (HEADERS + payload.length))
            .putShort(NUMBER)
            .putShort((short) 0x4000)
            .put((byte) 64)
            .put((byte) 6)
            .putShort((short) 0)
            .put(addressesAndOptions)
            .putInt(UPPER, 49152 << 16 | 443)
            .putInt(UPPER + 4, 1)
            .putInt(UPPER + 12, 0x5010_01f6)
            .put(HEADERS, payload)
            .array();
    // The host leaves the sum of the pseudo-header.
    ByteBuffer.wrap(packet).putShort(UPPER + 16, (short) fold(pseudoHeader(packet)));
    return packet;
  }

  private static MemorySegment given(byte[] packet, int segment) {
    byte[] given =
        ByteBuffer.allocate(10 + packet.length)
            .order(ByteOrder.nativeOrder())
            .put((byte) 1)
            .put((byte) TCP_IPV4)
            .putShort((short) HEADERS)
            .putShort((short) segment)
            .putShort((short) UPPER)
            .putShort((short) 16)
            .put(packet)
            .array();
    MemorySegment memory = Arena.ofAuto().allocate(70_000);
    MemorySegment.copy(given, 0, memory, ValueLayout.JAVA_BYTE, 0, given.length);
    return memory;
  }

  private static long pseudoHeader(byte[] packet) {
    return sum(packet, 12, 20) + 6 + packet.length - UPPER;
  }

  /// RFC 1071, one pair of octets after the other.
  private static long sum(byte[] packet, int from, int to) {
    long sum = 0;
    for (int i = from; i < to; i += 2) {
      sum += ((packet[i] & 0xff) << 8) | (i + 1 < to ? packet[i + 1] & 0xff : 0);
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
}
