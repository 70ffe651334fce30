package espd.dataplane;

import static java.nio.ByteOrder.BIG_ENDIAN;

import espd.dataplane.esp.EspHeader;
import espd.dataplane.ipv6.Ipv6Header;
import espd.dataplane.tap.RecordRing;
import espd.dataplane.tap.Recording;
import espd.dataplane.tap.Side;
import espd.dataplane.tap.Wish;
import espd.spd.Direction;
import espd.spd.Sa;
import espd.spd.Sad;
import espd.spd.UdpEncapsulation;
import espd.tun.offload.Checksum;
import espd.tun.packet.PacketBatch;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where packets are copied for whoever looks on: cleartext before it is encrypted and when it is
/// delivered, ESP before it is sent and as it arrives. While nobody does, a batch meets one branch
/// at each place.
///
/// Each place is passed by one thread, so each [RecordRing] has one writer. What the host makes or
/// takes away itself, the headers before ESP where it arrives or travels in UDP, is written again
/// of what stands beside the packet; only a flow label and extension headers are not known. What
/// travels in TCP, where a packet is no packet of the network, looks as if it had gone by itself.
final class Tap {

  private static final int UDP_OCTETS = 8;
  private static final int UDP_PROTOCOL = 17;
  private static final int UDP_LENGTH = 4;
  private static final int UDP_CHECKSUM = 6;

  /// What the host's datagrams begin with.
  private static final int HOP_LIMIT = 64;

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(BIG_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(BIG_ENDIAN);

  private volatile @Nullable Recording recording;

  /// Begins to copy packets.
  ///
  /// @return where they go until that is closed; nothing when another recording is being made
  synchronized Optional<Recording> begin(Wish wish) {
    if (recording != null) {
      return Optional.empty();
    }
    Recording begun = new Recording(wish, () -> recording = null);
    recording = begun;
    return Optional.of(begun);
  }

  /// Cleartext packets that have an SA.
  void inner(Direction direction, Slot slot) {
    Recording to = recording;
    if (to != null) {
      inner(to, direction, slot);
    }
  }

  /// ESP packets, each whole though it may be cut on its way out.
  void outer(Slot slot) {
    Recording to = recording;
    if (to != null) {
      outer(to, slot);
    }
  }

  /// What the underlay has received, before anything is found out about it.
  void arrived(PacketBatch batch, Sad sad) {
    Recording to = recording;
    if (to != null) {
      arrived(to, batch, sad);
    }
  }

  private static void inner(Recording to, Direction direction, Slot slot) {
    RecordRing ring = to.ring(Side.INNER, direction);
    if (ring == null) {
      return;
    }
    for (long rest = slot.withSa(); rest != 0; rest &= rest - 1) {
      int i = Long.numberOfTrailingZeros(rest);
      Sa sa = slot.sa(i);
      if (!slot.isDummy(i) && to.wants(sa)) {
        copy(ring, slot.batch, i, sa.spi());
      }
    }
  }

  private static void outer(Recording to, Slot slot) {
    RecordRing ring = to.ring(Side.OUTER, Direction.OUTBOUND);
    if (ring == null) {
      return;
    }
    PacketBatch batch = slot.batch;
    for (long rest = slot.withSa(); rest != 0; rest &= rest - 1) {
      int i = Long.numberOfTrailingZeros(rest);
      Sa sa = slot.sa(i);
      if (!to.wants(sa)) {
        continue;
      }
      if (batch.localPort[i] == 0) {
        copy(ring, batch, i, sa.spi());
      } else {
        wrap(ring, batch, i, Direction.OUTBOUND);
      }
    }
  }

  private static void arrived(Recording to, PacketBatch batch, Sad sad) {
    RecordRing ring = to.ring(Side.OUTER, Direction.INBOUND);
    if (ring == null) {
      return;
    }
    for (int i = 0; i < batch.count(); i++) {
      if (batch.length(i) >= EspHeader.OCTETS) {
        int spi = EspHeader.spi(batch.memory(), batch.offset(i));
        // SPI 0 stands before IKE (RFC 3948 §2.2).
        if (spi != 0 && to.wants(sad.inbound(spi))) {
          wrap(ring, batch, i, Direction.INBOUND);
        }
      }
    }
  }

  private static void copy(RecordRing ring, PacketBatch batch, int i, int spi) {
    int at = ring.claim(batch.length(i));
    if (at != RecordRing.FULL) {
      MemorySegment.copy(batch.memory(), batch.offset(i), ring.memory(), at, ring.kept());
      ring.publish(spi);
    }
  }

  /// Copies a packet that begins with ESP behind the headers that it has on the wire.
  private static void wrap(RecordRing ring, PacketBatch batch, int i, Direction direction) {
    boolean inTcp = batch.localPort[i] >= UdpEncapsulation.FIRST_STREAM;
    boolean inUdp = batch.localPort[i] != 0 && !inTcp;
    int headers = Ipv6Header.OCTETS + (inUdp ? UDP_OCTETS : 0);
    int at = ring.claim(headers + batch.length(i));
    if (at == RecordRing.FULL) {
      return;
    }
    int kept = ring.kept() - headers;
    MemorySegment memory = ring.memory();
    MemorySegment.copy(batch.memory(), batch.offset(i), memory, at + headers, kept);
    boolean arrives = direction == Direction.INBOUND;
    int next = inUdp ? UDP_PROTOCOL : EspHeader.PROTOCOL;
    int hopLimit = arrives && !inTcp ? batch.hopLimit[i] : HOP_LIMIT;
    int behind = headers - Ipv6Header.OCTETS + batch.length(i);
    Ipv6Header.write(memory, at, behind, Ipv6Header.follows(batch.trafficClass[i], next, hopLimit));
    if (arrives) {
      Ipv6Header.source(memory, at, batch.remoteHigh[i], batch.remoteLow[i]);
      Ipv6Header.destination(memory, at, batch.localHigh[i], batch.localLow[i]);
    } else {
      Ipv6Header.source(memory, at, batch.localHigh[i], batch.localLow[i]);
      Ipv6Header.destination(memory, at, batch.remoteHigh[i], batch.remoteLow[i]);
    }
    if (inUdp) {
      int source = arrives ? batch.remotePort[i] : batch.localPort[i];
      int destination = arrives ? batch.localPort[i] : batch.remotePort[i];
      long payload = Checksum.sum(batch.memory(), batch.offset(i), batch.length(i));
      udp(memory, at, source << 16 | destination, payload);
    }
    ring.publish(EspHeader.spi(batch.memory(), batch.offset(i)));
  }

  /// The UDP header (RFC 768) behind an IPv6 header, with the checksum that the host makes.
  private static void udp(MemorySegment memory, int ipv6At, int ports, long payloadSum) {
    int at = ipv6At + Ipv6Header.OCTETS;
    int octets = Ipv6Header.payloadOctets(memory, ipv6At);
    memory.set(INT, at, ports);
    memory.set(INT, at + UDP_LENGTH, octets << 16);
    long sum =
        Checksum.pseudoHeader(memory, ipv6At, octets, UDP_PROTOCOL)
            + Checksum.sum(memory, at, UDP_OCTETS)
            + payloadSum;
    memory.set(SHORT, at + UDP_CHECKSUM, (short) Checksum.upperLayer(sum, UDP_CHECKSUM));
  }
}
