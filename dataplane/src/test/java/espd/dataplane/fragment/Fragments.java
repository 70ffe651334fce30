package espd.dataplane.fragment;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/// Makes datagrams and their fragments.
final class Fragments {

  static final String A = "20010db8000100010000000000000001";
  static final String B = "20010db8000200020000000000000002";
  static final int UDP = 17;

  private Fragments() {}

  static byte[] packet(int next, byte[] payload) {
    return packet(A + B, next, payload);
  }

  /// @param addresses source and destination, in hexadecimal
  static byte[] packet(String addresses, int next, byte[] payload) {
    return ByteBuffer.allocate(40 + payload.length)
        .putInt(0x60000000)
        .putShort((short) payload.length)
        .put((byte) next)
        .put((byte) 64)
        .put(HexFormat.of().parseHex(addresses))
        .put(payload)
        .array();
  }

  /// A fragment between A and B.
  ///
  /// @param place its offset, with a `+` behind it when others follow
  static byte[] fragment(int identification, String place, byte[] data) {
    return fragment(A + B, identification, place, data);
  }

  static byte[] fragment(String addresses, int identification, String place, byte[] data) {
    boolean more = place.endsWith("+");
    int offset = Integer.parseInt(more ? place.substring(0, place.length() - 1) : place);
    return packet(
        addresses,
        44,
        ByteBuffer.allocate(8 + data.length)
            .putInt(UDP << 24 | offset | (more ? 1 : 0))
            .putInt(identification)
            .put(data)
            .array());
  }

  /// The octets `from` to `to` of a stream where each tells its place.
  static byte[] data(int from, int to) {
    byte[] data = new byte[to - from];
    for (int i = from; i < to; i++) {
      data[i - from] = (byte) (i * 31 ^ i >>> 8);
    }
    return data;
  }

  /// A datagram behind extension headers of any kind and order that routers may read.
  static byte[] random(Random random, int payloadOctets) {
    byte[] payload = new byte[payloadOctets];
    random.nextBytes(payload);
    int next = UDP;
    int extensions = random.nextInt(4);
    byte[] kinds = {60, 43, 60, 0};
    for (int i = 0; i < extensions; i++) {
      int units = random.nextInt(4);
      byte[] longer = new byte[8 * (units + 1) + payload.length];
      longer[0] = (byte) next;
      longer[1] = (byte) units;
      System.arraycopy(payload, 0, longer, 8 * (units + 1), payload.length);
      payload = longer;
      next = kinds[4 - extensions + i];
    }
    byte[] packet = packet(next, payload);
    packet[1] = (byte) random.nextInt(256);
    packet[2] = (byte) random.nextInt(256);
    return packet;
  }

  static List<byte[]> cut(Fragmentation fragmentation, byte[] packet, int mtuOctets) {
    int count = fragmentation.cut(MemorySegment.ofArray(packet), 0, packet.length, mtuOctets);
    List<byte[]> fragments = new ArrayList<>();
    for (int k = 0; k < count; k++) {
      byte[] into = new byte[mtuOctets + 5];
      int octets = fragmentation.write(k, MemorySegment.ofArray(into), 5);
      fragments.add(MemorySegment.ofArray(into).asSlice(5, octets).toArray(ValueLayout.JAVA_BYTE));
    }
    return fragments;
  }
}
