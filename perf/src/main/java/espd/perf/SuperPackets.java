package espd.perf;

import espd.tun.offload.Checksum;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;

/// Packets as a TUN device with offload gives them: a virtio header, then a packet of 64 KiB that
/// stands for [#SEGMENTS].
public final class SuperPackets {

  /// What a segment carries.
  static final int PAYLOAD = 1388;

  /// How many segments a packet stands for: as many as 64 KiB carry.
  static final int SEGMENTS = 47;

  private static final int VIRTIO = 10;
  private static final int IPV6 = 40;
  private static final int TCP_HEADER = 32;
  private static final int UDP_HEADER = 8;
  private static final int NEEDS_CHECKSUM = 1;
  private static final int ACK = 0x10;

  /// What the host leaves to the device.
  public enum Protocol {
    /// TCP (RFC 9293 §3.1) with the option of timestamps.
    TCP(6, TCP_HEADER, 16, 4),
    /// UDP (RFC 768).
    UDP(17, UDP_HEADER, 6, 5);

    private final int number;
    private final int header;
    private final int checksum;
    private final int kind;

    Protocol(int number, int header, int checksum, int kind) {
      this.number = number;
      this.header = header;
      this.checksum = checksum;
      this.kind = kind;
    }
  }

  private SuperPackets() {}

  /// {@return the octets of a device's packet with its virtio header}
  static int octets(Protocol protocol) {
    return VIRTIO + IPV6 + protocol.header + SEGMENTS * PAYLOAD;
  }

  /// {@return what one read gives}
  ///
  /// @param flow tells connections apart
  static MemorySegment given(Protocol protocol, int flow) {
    int octets = octets(protocol);
    int upper = octets - VIRTIO - IPV6;
    ByteBuffer given = ByteBuffer.allocate(octets).order(ByteOrder.nativeOrder());
    given.put((byte) NEEDS_CHECKSUM).put((byte) protocol.kind);
    given.putShort((short) (IPV6 + protocol.header)).putShort((short) PAYLOAD);
    given.putShort((short) IPV6).putShort((short) protocol.checksum);
    given.order(ByteOrder.BIG_ENDIAN).putInt(0x6000_0000).putShort((short) upper);
    given.put((byte) protocol.number).put((byte) 64);
    given.putLong(0x2001_0db8_0001_0000L).putLong(1);
    given.putLong(0x2001_0db8_0002_0000L).putLong(2);
    given.putShort((short) (49_152 + flow)).putShort((short) 443);
    if (protocol == Protocol.TCP) {
      given.putInt(1000).putInt(2000).putShort((short) (((TCP_HEADER / 4) << 12) | ACK));
      given.putShort((short) 500).putInt(0).putLong(0x0101_080a_0000_0001L).putInt(2);
    } else {
      given.putShort((short) upper).putShort((short) 0);
    }
    byte[] payload = new byte[SEGMENTS * PAYLOAD];
    new SplittableRandom(flow).nextBytes(payload);
    given.put(payload);
    MemorySegment memory = Arena.ofAuto().allocate(octets, 64);
    MemorySegment.copy(given.array(), 0, memory, ValueLayout.JAVA_BYTE, 0, octets);
    int sum = Checksum.fold(Checksum.pseudoHeader(memory, VIRTIO, upper, protocol.number));
    memory.set(
        ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN),
        (long) VIRTIO + IPV6 + protocol.checksum,
        (short) sum);
    return memory;
  }
}
