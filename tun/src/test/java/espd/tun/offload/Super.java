package espd.tun.offload;

import espd.tun.packet.PacketBatch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// Packets as the host gives them to a TUN device with offload, and what a careful reader makes of
/// those that come out: checksums by the plain rule of RFC 1071, one pair of octets after the
/// other.
final class Super {

  static final int IPV6 = 40;
  static final int TCP = 6;
  static final int UDP = 17;

  private static final int NEEDS_CHECKSUM = 1;

  private Super() {}

  /// A TCP packet in brief.
  ///
  /// @param options a multiple of four octets
  @SuppressWarnings("ArrayRecordComponent")
  record Tcp(int sequence, int flags, byte[] options, byte[] payload) {
    byte[] packet() {
      int header = 20 + options.length;
      byte[] packet =
          ipv6(TCP, header + payload.length)
              .putShort((short) 49152)
              .putShort((short) 443)
              .putInt(sequence)
              .putInt(0x01020304)
              .put((byte) ((header / 4) << 4))
              .put((byte) flags)
              .putShort((short) 502)
              .putInt(0)
              .put(options)
              .put(payload)
              .array();
      return withChecksum(packet, IPV6 + 16);
    }
  }

  static byte[] udp(byte[] payload) {
    byte[] packet =
        ipv6(UDP, 8 + payload.length)
            .putShort((short) 49152)
            .putShort((short) 443)
            .putShort((short) (8 + payload.length))
            .putShort((short) 0)
            .put(payload)
            .array();
    return withChecksum(packet, IPV6 + 6);
  }

  private static ByteBuffer ipv6(int nextHeader, int octets) {
    ByteBuffer packet = ByteBuffer.allocate(IPV6 + octets);
    packet.putInt(0x60012345).putShort((short) octets).put((byte) nextHeader).put((byte) 64);
    for (int i = 0; i < 32; i++) {
      packet.put((byte) (0x20 + i));
    }
    return packet;
  }

  static byte[] withChecksum(byte[] packet, int at) {
    ByteBuffer.wrap(packet).putShort(at, (short) 0);
    int sum = ~sum(packet) & 0xffff;
    ByteBuffer.wrap(packet).putShort(at, (short) (sum == 0 && at == IPV6 + 6 ? 0xffff : sum));
    return packet;
  }

  /// The sum over pseudo-header and upper layer (RFC 8200 §8.1), 0xffff when the checksum is right.
  static int sum(byte[] packet) {
    long sum = (packet[6] & 0xffL) + packet.length - IPV6;
    for (int i = 8; i < packet.length; i += 2) {
      sum += ((packet[i] & 0xff) << 8) | (i + 1 < packet.length ? packet[i + 1] & 0xff : 0);
    }
    while (sum >>> 16 != 0) {
      sum = (sum & 0xffff) + (sum >>> 16);
    }
    return (int) sum;
  }

  /// What the host says before a packet whose checksum it leaves to others, with the sum of the
  /// pseudo-header in its field.
  static MemorySegment given(byte[] packet, int kind, int segment) {
    boolean tcp = packet[6] == TCP;
    int offset = tcp ? 16 : 6;
    byte[] partial = packet.clone();
    long sum = (packet[6] & 0xffL) + packet.length - IPV6;
    for (int i = 8; i < IPV6; i += 2) {
      sum += ((packet[i] & 0xff) << 8) | (packet[i + 1] & 0xff);
    }
    while (sum >>> 16 != 0) {
      sum = (sum & 0xffff) + (sum >>> 16);
    }
    ByteBuffer.wrap(partial).putShort(IPV6 + offset, (short) sum);
    return virtio(partial, NEEDS_CHECKSUM, kind, segment);
  }

  static MemorySegment virtio(byte[] packet, int flags, int kind, int segment) {
    ByteBuffer given =
        ByteBuffer.allocate(10 + packet.length)
            .order(ByteOrder.nativeOrder())
            .put((byte) flags)
            .put((byte) kind)
            .putShort((short) 60)
            .putShort((short) segment)
            .putShort((short) IPV6)
            .putShort((short) (packet[6] == TCP ? 16 : 6))
            .put(packet);
    MemorySegment memory = Arena.ofAuto().allocate(70_000);
    MemorySegment.copy(given.array(), 0, memory, ValueLayout.JAVA_BYTE, 0, given.capacity());
    return memory;
  }

  /// Cuts, in as many batches as it takes.
  static List<byte[]> cut(MemorySegment given, int octets) {
    Segmentation segmentation = new Segmentation(given);
    segmentation.begin(10 + octets);
    List<byte[]> packets = new ArrayList<>();
    try (PacketBatch batch = new PacketBatch()) {
      while (segmentation.isPending()) {
        batch.clear();
        segmentation.moveTo(batch);
        packets.addAll(packets(batch));
      }
    }
    return packets;
  }

  static List<byte[]> packets(PacketBatch batch) {
    List<byte[]> packets = new ArrayList<>();
    for (int slot = 0; slot < batch.count(); slot++) {
      packets.add(
          batch
              .memory()
              .asSlice(batch.offset(slot), batch.length(slot))
              .toArray(ValueLayout.JAVA_BYTE));
    }
    return packets;
  }
}
