package espd.tun.offload;

import espd.tun.packet.PacketBatch;
import java.lang.foreign.MemorySegment;

/// Finds packets in a row that the host may be given as one, and makes the headers of that one. One
/// thread.
///
/// Joined are TCP segments and UDP datagrams over IPv6 without extension headers that
///
/// - arrived under one tag, one behind the other in the batch,
/// - have equal headers but for length, checksum and, in TCP, the sequence number, which goes on
///   without a gap, and PSH, which ends the row,
/// - carry as many octets each, but for the last, which may carry less,
/// - have right checksums: one that a broken sender made stays alone, for the host to find.
///
/// TCP flags other than ACK and PSH stay alone too; so does a segment without payload. Linux's own
/// GRO has the same rules, so the host can cut such a packet again when it forwards it.
public final class Coalescing {

  private static final int MAX_PAYLOAD = 65_535;

  /// Linux takes no UDP packet for more datagrams than this.
  private static final int MAX_DATAGRAMS = 64;

  private static final int FIXED = 8;
  private static final int ADDRESSES_END = 40;

  /// What is joined.
  public enum Joined {
    /// Nothing.
    NOTHING,
    /// TCP alone: before Linux 6.2 a TUN device takes no UDP that stands for several.
    TCP,
    /// TCP and UDP.
    TCP_AND_UDP
  }

  private final Joined joined;
  private int members;
  private int protocol;
  private int headers;
  private int segment;
  private int upperTotal;
  private boolean last;
  private boolean pushed;

  /// @param joined what the host takes
  public Coalescing(Joined joined) {
    this.joined = joined;
  }

  /// Begins a row with the packet of a slot and follows it as far as it goes.
  ///
  /// @param first the slot of a packet that was not dropped
  /// @return the slot behind the row
  public int row(PacketBatch batch, int first) {
    MemorySegment memory = batch.memory();
    int at = batch.offset(first);
    if (!begin(memory, at, batch.length(first))) {
      return first + 1;
    }
    boolean proven = false;
    int end = first + 1;
    while (end < batch.count() && !last && members < MAX_DATAGRAMS) {
      if (batch.length(end) == 0) {
        end++;
        continue;
      }
      boolean follows =
          batch.tag[end] == batch.tag[first]
              && follows(memory, at, batch.offset(end), batch.length(end))
              && (proven || isChecksumRight(memory, at, batch.length(first)))
              && isChecksumRight(memory, batch.offset(end), batch.length(end));
      if (!follows) {
        break;
      }
      proven = true;
      members++;
      take(memory, batch.offset(end), batch.length(end));
      end++;
    }
    return end;
  }

  /// {@return how many packets are in the row; those of its slots that were dropped are not}
  public int members() {
    return members;
  }

  /// {@return the octets of the headers of each packet of a row of several}
  public int headers() {
    return headers;
  }

  private boolean begin(MemorySegment memory, int at, int octets) {
    last = false;
    pushed = false;
    members = 1;
    if (joined == Joined.NOTHING
        || octets < UpperLayer.IPV6_HEADER + UpperLayer.UDP_HEADER
        || !UpperLayer.isIpv6(memory, at)
        || UpperLayer.payloadOctets(memory, at) != octets - UpperLayer.IPV6_HEADER) {
      return false;
    }
    protocol = UpperLayer.nextHeader(memory, at);
    int upper = at + UpperLayer.IPV6_HEADER;
    switch (protocol) {
      case UpperLayer.TCP -> {
        if (octets < UpperLayer.IPV6_HEADER + UpperLayer.TCP_HEADER || !isPlain(memory, upper)) {
          return false;
        }
        int header = UpperLayer.tcpHeaderOctets(memory, upper);
        if (header < UpperLayer.TCP_HEADER) {
          return false;
        }
        headers = UpperLayer.IPV6_HEADER + header;
        last = isPushed(memory, upper);
      }
      case UpperLayer.UDP -> {
        if (joined == Joined.TCP || !isUdpLengthRight(memory, upper, octets)) {
          return false;
        }
        headers = UpperLayer.IPV6_HEADER + UpperLayer.UDP_HEADER;
      }
      default -> {
        return false;
      }
    }
    segment = octets - headers;
    upperTotal = octets - UpperLayer.IPV6_HEADER;
    return segment > 0;
  }

  private static boolean isPlain(MemorySegment memory, int tcp) {
    int flags = UpperLayer.octet(memory, tcp + UpperLayer.TCP_FLAGS);
    return (flags & ~UpperLayer.PSH) == UpperLayer.ACK;
  }

  private static boolean isPushed(MemorySegment memory, int tcp) {
    return (UpperLayer.octet(memory, tcp + UpperLayer.TCP_FLAGS) & UpperLayer.PSH) != 0;
  }

  private static boolean isUdpLengthRight(MemorySegment memory, int udp, int octets) {
    int length = memory.get(UpperLayer.SHORT, udp + UpperLayer.UDP_LENGTH) & 0xffff;
    return length == octets - UpperLayer.IPV6_HEADER;
  }

  /// Whether a packet goes on where the row ends, its checksum left aside.
  private boolean follows(MemorySegment memory, int first, int at, int octets) {
    int payload = octets - headers;
    return payload > 0
        && payload <= segment
        && upperTotal + payload <= MAX_PAYLOAD
        && UpperLayer.payloadOctets(memory, at) == octets - UpperLayer.IPV6_HEADER
        && isIpv6Equal(memory, first, at)
        && (protocol == UpperLayer.TCP
            ? followsTcp(memory, first + UpperLayer.IPV6_HEADER, at + UpperLayer.IPV6_HEADER)
            : followsUdp(memory, first + UpperLayer.IPV6_HEADER, at, octets));
  }

  private static boolean isIpv6Equal(MemorySegment memory, int first, int at) {
    int rest = first + FIXED - Short.BYTES;
    return memory.get(UpperLayer.INT, first) == memory.get(UpperLayer.INT, at)
        && memory.get(UpperLayer.SHORT, rest)
            == memory.get(UpperLayer.SHORT, at + FIXED - Short.BYTES)
        && isEqual(memory, first + FIXED, at + FIXED, ADDRESSES_END - FIXED);
  }

  private boolean followsTcp(MemorySegment memory, int first, int tcp) {
    int header = headers - UpperLayer.IPV6_HEADER;
    int before = upperTotal - header;
    int flags = UpperLayer.TCP_ACKNOWLEDGMENT + Integer.BYTES;
    return isPlain(memory, tcp)
        && memory.get(UpperLayer.INT, first) == memory.get(UpperLayer.INT, tcp)
        && memory.get(UpperLayer.INT, first + UpperLayer.TCP_SEQUENCE) + before
            == memory.get(UpperLayer.INT, tcp + UpperLayer.TCP_SEQUENCE)
        && memory.get(UpperLayer.INT, first + UpperLayer.TCP_ACKNOWLEDGMENT)
            == memory.get(UpperLayer.INT, tcp + UpperLayer.TCP_ACKNOWLEDGMENT)
        && UpperLayer.octet(memory, first + flags) == UpperLayer.octet(memory, tcp + flags)
        && isEqual(memory, first + UpperLayer.TCP_WINDOW, tcp + UpperLayer.TCP_WINDOW, Short.BYTES)
        && isEqual(
            memory,
            first + UpperLayer.TCP_URGENT,
            tcp + UpperLayer.TCP_URGENT,
            header - UpperLayer.TCP_URGENT);
  }

  private static boolean followsUdp(MemorySegment memory, int first, int at, int octets) {
    int udp = at + UpperLayer.IPV6_HEADER;
    return memory.get(UpperLayer.INT, first) == memory.get(UpperLayer.INT, udp)
        && isUdpLengthRight(memory, udp, octets);
  }

  private static boolean isEqual(MemorySegment memory, int first, int other, int octets) {
    int at = 0;
    for (; at + Long.BYTES <= octets; at += Long.BYTES) {
      if (memory.get(UpperLayer.LONG, first + at) != memory.get(UpperLayer.LONG, other + at)) {
        return false;
      }
    }
    for (; at < octets; at++) {
      if (UpperLayer.octet(memory, first + at) != UpperLayer.octet(memory, other + at)) {
        return false;
      }
    }
    return true;
  }

  private boolean isChecksumRight(MemorySegment memory, int at, int octets) {
    int upper = octets - UpperLayer.IPV6_HEADER;
    long sum =
        Checksum.pseudoHeader(memory, at, upper, protocol)
            + Checksum.sum(memory, at + UpperLayer.IPV6_HEADER, upper);
    return Checksum.isRight(sum);
  }

  private void take(MemorySegment memory, int at, int octets) {
    int payload = octets - headers;
    upperTotal += payload;
    last =
        payload < segment
            || (protocol == UpperLayer.TCP && isPushed(memory, at + UpperLayer.IPV6_HEADER));
    pushed = protocol == UpperLayer.TCP && last && isPushed(memory, at + UpperLayer.IPV6_HEADER);
  }

  /// Makes the headers of the row's first packet those of them all.
  ///
  /// @param at where that packet begins
  /// @param virtio takes what the device wants to know, [VirtioHeader#OCTETS] long
  public void join(MemorySegment memory, int at, MemorySegment virtio) {
    int upper = at + UpperLayer.IPV6_HEADER;
    UpperLayer.payloadOctets(memory, at, upperTotal);
    int checksum;
    if (protocol == UpperLayer.TCP) {
      int flags = upper + UpperLayer.TCP_FLAGS;
      UpperLayer.octet(memory, flags, UpperLayer.ACK | (pushed ? UpperLayer.PSH : 0));
      checksum = upper + UpperLayer.TCP_CHECKSUM;
    } else {
      memory.set(UpperLayer.SHORT, upper + UpperLayer.UDP_LENGTH, (short) upperTotal);
      checksum = upper + UpperLayer.UDP_CHECKSUM;
    }
    long sum = Checksum.pseudoHeader(memory, at, upperTotal, protocol);
    Checksum.store(memory, checksum, Checksum.fold(sum));
    VirtioHeader.several(
        virtio,
        0,
        protocol == UpperLayer.TCP ? VirtioHeader.TCP_IPV6 : VirtioHeader.UDP,
        headers,
        segment);
  }
}
