package espd.tun.offload;

import espd.tun.packet.PacketBatch;
import java.lang.foreign.MemorySegment;

/// Cuts what a TUN device gave in one read into the packets it stands for, checksums complete. One
/// thread.
///
/// ```
///  given    │ virtio │ IP   … TCP │ payload of up to 64 KiB                        │
///  made     │ IP   … TCP │ payload │   │ IP   … TCP │ payload │   …   │ IP   … TCP │ rest │
///             sequence s, no FIN, PSH    s + segment, no CWR            FIN, PSH as given
/// ```
///
/// Lengths, sequence numbers, flags and checksums are what the host's own stack would have written
/// (RFC 9293 §3.1, RFC 3168 §6.1.2, RFC 768). What one batch does not take waits for the next.
public final class Segmentation {

  private final MemorySegment given;

  private int packet;
  private int headers;
  private int upper;
  private int protocol;
  private boolean ipv4;
  private long pseudoHeader;
  private int segment;
  private int next;
  private int end;

  /// @param given the buffer that each read fills from its beginning, the virtio header first
  public Segmentation(MemorySegment given) {
    this.given = given;
  }

  /// Begins with what was read.
  ///
  /// @param octets read, at least those of the virtio header and one more
  public void begin(int octets) {
    packet = VirtioHeader.OCTETS;
    end = octets;
    upper = packet + VirtioHeader.checksumStart(given, 0);
    switch (VirtioHeader.kind(given, 0)) {
      case VirtioHeader.TCP_IPV6, VirtioHeader.TCP_IPV4 ->
          begin(UpperLayer.TCP, UpperLayer.TCP_HEADER);
      case VirtioHeader.UDP -> begin(UpperLayer.UDP, UpperLayer.UDP_HEADER);
      default -> beginWhole();
    }
  }

  private void begin(int upperLayer, int leastHeader) {
    if (!isNetworkHeaderThere() || upper + leastHeader > end) {
      beginWhole();
      return;
    }
    int header =
        upperLayer == UpperLayer.TCP ? UpperLayer.tcpHeaderOctets(given, upper) : leastHeader;
    segment = VirtioHeader.segmentOctets(given, 0);
    headers = upper + header - packet;
    if (header < leastHeader || packet + headers >= end || segment == 0) {
      beginWhole();
      return;
    }
    protocol = upperLayer;
    next = packet + headers;
    // The checksum field holds the sum of the pseudo-header; its length is not that of a segment.
    pseudoHeader =
        Checksum.sum(given, upper + checksumOffset(), Short.BYTES)
            + Checksum.of(0xffff - (end - upper & 0xffff));
  }

  private boolean isNetworkHeaderThere() {
    int octets = upper - packet;
    ipv4 = UpperLayer.isIpv4(given, packet);
    return ipv4
        ? octets >= UpperLayer.IPV4_HEADER && octets == UpperLayer.ipv4HeaderOctets(given, packet)
        : octets >= UpperLayer.IPV6_HEADER && UpperLayer.isIpv6(given, packet);
  }

  private int checksumOffset() {
    return protocol == UpperLayer.TCP ? UpperLayer.TCP_CHECKSUM : UpperLayer.UDP_CHECKSUM;
  }

  /// One packet for one, or something that is no packet of IP, for others to judge.
  private void beginWhole() {
    protocol = 0;
    headers = 0;
    segment = end - packet;
    next = packet;
    int offset = VirtioHeader.checksumOffset(given, 0);
    int checksum = upper + offset;
    if (VirtioHeader.needsChecksum(given, 0) && checksum + Short.BYTES <= end) {
      // The field holds the sum of the pseudo-header already.
      long sum = Checksum.sum(given, upper, end - upper);
      Checksum.store(given, checksum, Checksum.upperLayer(sum, offset));
    }
  }

  /// {@return whether packets are left that no batch has taken}
  public boolean isPending() {
    return next < end;
  }

  /// Moves packets into the batch, as many as are left and have room.
  public void moveTo(PacketBatch batch) {
    while (next < end) {
      int payload = Math.min(segment, end - next);
      int slot = batch.add(headers + payload);
      if (slot == PacketBatch.FULL) {
        return;
      }
      int at = batch.offset(slot);
      MemorySegment.copy(given, packet, batch.memory(), at, headers);
      MemorySegment.copy(given, next, batch.memory(), at + headers, payload);
      if (protocol == UpperLayer.TCP) {
        finishTcp(batch.memory(), at, payload);
      } else if (protocol == UpperLayer.UDP) {
        finishUdp(batch.memory(), at, payload);
      }
      next += payload;
    }
  }

  private void finishTcp(MemorySegment memory, int at, int payload) {
    int tcp = at + upper - packet;
    int before = next - packet - headers;
    int sequence = tcp + UpperLayer.TCP_SEQUENCE;
    memory.set(UpperLayer.INT, sequence, memory.get(UpperLayer.INT, sequence) + before);
    int flags = UpperLayer.octet(memory, tcp + UpperLayer.TCP_FLAGS);
    if (next + payload < end) {
      flags &= ~(UpperLayer.FIN | UpperLayer.PSH);
    }
    if (before > 0) {
      flags &= ~UpperLayer.CWR;
    }
    UpperLayer.octet(memory, tcp + UpperLayer.TCP_FLAGS, flags);
    finish(memory, at, payload);
  }

  private void finishUdp(MemorySegment memory, int at, int payload) {
    int udp = at + upper - packet;
    memory.set(
        UpperLayer.SHORT, udp + UpperLayer.UDP_LENGTH, (short) (UpperLayer.UDP_HEADER + payload));
    finish(memory, at, payload);
  }

  /// Total length, a number of its own (RFC 791 §3.2) and the header's checksum.
  private void finishIpv4(MemorySegment memory, int at, int header, int payload) {
    int number = at + UpperLayer.IPV4_IDENTIFICATION;
    int place = (next - packet - headers) / segment;
    memory.set(UpperLayer.SHORT, number, (short) (memory.get(UpperLayer.SHORT, number) + place));
    memory.set(UpperLayer.SHORT, at + UpperLayer.IPV4_TOTAL_LENGTH, (short) (headers + payload));
    UpperLayer.ipv4Checksum(memory, at, header);
  }

  /// Length and checksum.
  private void finish(MemorySegment memory, int at, int payload) {
    int before = upper - packet;
    if (ipv4) {
      finishIpv4(memory, at, before, payload);
    } else {
      UpperLayer.payloadOctets(memory, at, headers - UpperLayer.IPV6_HEADER + payload);
    }
    int octets = headers - before + payload;
    int checksum = at + before + checksumOffset();
    Checksum.store(memory, checksum, 0);
    long sum = pseudoHeader + Checksum.of(octets) + Checksum.sum(memory, at + before, octets);
    Checksum.store(memory, checksum, Checksum.upperLayer(sum, checksumOffset()));
  }
}
