package espd.tun.offload;

import espd.tun.packet.PacketBatch;
import java.lang.foreign.MemorySegment;

/// Finds packets in a row that the host may be given as one, and makes the headers of that one. One
/// thread.
///
/// Joined are TCP segments and UDP datagrams over IPv6 without extension headers, or over IPv4
/// without options and not cut, that
///
/// - arrived under one tag, one behind the other in the batch,
/// - have equal headers but for length, checksum and, in TCP, the sequence number, which goes on
///   without a gap, and PSH, which ends the row,
/// - carry as many octets each, but for the last, which may carry less,
/// - over IPv4 may all be cut or may none; of those that may, identifications count on,
/// - have right checksums: one that a broken sender made stays alone, for the host to find.
///
/// The identification of what may not be cut means nothing (RFC 6864 §4.1): when the host cuts the
/// packet again it numbers its parts as it likes.
///
/// TCP flags other than ACK and PSH stay alone too; so does a segment without payload. Linux's own
/// GRO has the same rules, so the host can cut such a packet again when it forwards it.
public final class Coalescing {

  private static final int MAX_PAYLOAD = 65_535;

  /// Linux takes no UDP packet for more datagrams than this.
  private static final int MAX_DATAGRAMS = 64;

  private static final int FIXED = 8;
  private static final int ADDRESSES_END = 40;
  private static final int IPV4_ADDRESSES = 12;

  /// The first octet of an IPv4 header without options.
  private static final int IPV4_PLAIN = 0x45;

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
  private boolean ipv4;
  private int network;
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
    if (joined == Joined.NOTHING || !beginNetwork(memory, at, octets)) {
      return false;
    }
    int upper = at + network;
    switch (protocol) {
      case UpperLayer.TCP -> {
        if (octets < network + UpperLayer.TCP_HEADER || !isPlain(memory, upper)) {
          return false;
        }
        int header = UpperLayer.tcpHeaderOctets(memory, upper);
        if (header < UpperLayer.TCP_HEADER) {
          return false;
        }
        headers = network + header;
        last = isPushed(memory, upper);
      }
      case UpperLayer.UDP -> {
        if (joined == Joined.TCP || !isUdpLengthRight(memory, upper, octets)) {
          return false;
        }
        headers = network + UpperLayer.UDP_HEADER;
      }
      default -> {
        return false;
      }
    }
    segment = octets - headers;
    upperTotal = octets - network;
    return segment > 0;
  }

  /// Whether the packet has a header of IP with nothing unusual in it, of which the length is
  /// right, and behind it at least as much as UDP has.
  private boolean beginNetwork(MemorySegment memory, int at, int octets) {
    if (octets < UpperLayer.IPV4_HEADER + UpperLayer.UDP_HEADER) {
      return false;
    }
    ipv4 = UpperLayer.isIpv4(memory, at);
    if (ipv4) {
      network = UpperLayer.IPV4_HEADER;
      protocol = UpperLayer.protocol(memory, at);
      return UpperLayer.octet(memory, at) == IPV4_PLAIN
          && UpperLayer.pair(memory, at + UpperLayer.IPV4_TOTAL_LENGTH) == octets
          && (UpperLayer.pair(memory, at + UpperLayer.IPV4_FRAGMENT) & ~UpperLayer.DONT_FRAGMENT)
              == 0;
    }
    network = UpperLayer.IPV6_HEADER;
    if (octets < UpperLayer.IPV6_HEADER + UpperLayer.UDP_HEADER
        || !UpperLayer.isIpv6(memory, at)
        || UpperLayer.payloadOctets(memory, at) != octets - UpperLayer.IPV6_HEADER) {
      return false;
    }
    protocol = UpperLayer.nextHeader(memory, at);
    return true;
  }

  private static boolean isPlain(MemorySegment memory, int tcp) {
    int flags = UpperLayer.octet(memory, tcp + UpperLayer.TCP_FLAGS);
    return (flags & ~UpperLayer.PSH) == UpperLayer.ACK;
  }

  private static boolean isPushed(MemorySegment memory, int tcp) {
    return (UpperLayer.octet(memory, tcp + UpperLayer.TCP_FLAGS) & UpperLayer.PSH) != 0;
  }

  private boolean isUdpLengthRight(MemorySegment memory, int udp, int octets) {
    return UpperLayer.pair(memory, udp + UpperLayer.UDP_LENGTH) == octets - network;
  }

  /// Whether a packet goes on where the row ends, its checksum left aside.
  private boolean follows(MemorySegment memory, int first, int at, int octets) {
    int payload = octets - headers;
    return payload > 0
        && payload <= segment
        && (ipv4 ? followsIpv4(memory, first, at, octets) : followsIpv6(memory, first, at, octets))
        && (protocol == UpperLayer.TCP
            ? followsTcp(memory, first + network, at + network)
            : followsUdp(memory, first + network, at, octets));
  }

  private boolean followsIpv6(MemorySegment memory, int first, int at, int octets) {
    return upperTotal + octets - headers <= MAX_PAYLOAD
        && UpperLayer.payloadOctets(memory, at) == octets - UpperLayer.IPV6_HEADER
        && isIpv6Equal(memory, first, at);
  }

  /// All is equal but total length, identification and checksum; DF, too.
  private boolean followsIpv4(MemorySegment memory, int first, int at, int octets) {
    int fragment = UpperLayer.pair(memory, first + UpperLayer.IPV4_FRAGMENT);
    int number = UpperLayer.pair(memory, first + UpperLayer.IPV4_IDENTIFICATION) + members & 0xffff;
    return network + upperTotal + octets - headers <= MAX_PAYLOAD
        && UpperLayer.pair(memory, at) == UpperLayer.pair(memory, first)
        && UpperLayer.pair(memory, at + UpperLayer.IPV4_TOTAL_LENGTH) == octets
        && UpperLayer.pair(memory, at + UpperLayer.IPV4_FRAGMENT) == fragment
        && (fragment == UpperLayer.DONT_FRAGMENT
            || UpperLayer.pair(memory, at + UpperLayer.IPV4_IDENTIFICATION) == number)
        && UpperLayer.pair(memory, at + UpperLayer.IPV4_TTL)
            == UpperLayer.pair(memory, first + UpperLayer.IPV4_TTL)
        && memory.get(UpperLayer.LONG, at + IPV4_ADDRESSES)
            == memory.get(UpperLayer.LONG, first + IPV4_ADDRESSES);
  }

  private static boolean isIpv6Equal(MemorySegment memory, int first, int at) {
    int rest = first + FIXED - Short.BYTES;
    return memory.get(UpperLayer.INT, first) == memory.get(UpperLayer.INT, at)
        && memory.get(UpperLayer.SHORT, rest)
            == memory.get(UpperLayer.SHORT, at + FIXED - Short.BYTES)
        && isEqual(memory, first + FIXED, at + FIXED, ADDRESSES_END - FIXED);
  }

  private boolean followsTcp(MemorySegment memory, int first, int tcp) {
    int header = headers - network;
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

  private boolean followsUdp(MemorySegment memory, int first, int at, int octets) {
    int udp = at + network;
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
    int upper = octets - network;
    long sum = pseudoHeader(memory, at, upper) + Checksum.sum(memory, at + network, upper);
    return Checksum.isRight(sum)
        && (!ipv4 || Checksum.isRight(Checksum.sum(memory, at, UpperLayer.IPV4_HEADER)));
  }

  private long pseudoHeader(MemorySegment memory, int at, int upper) {
    return ipv4
        ? Checksum.pseudoHeaderIpv4(memory, at, upper, protocol)
        : Checksum.pseudoHeader(memory, at, upper, protocol);
  }

  private void take(MemorySegment memory, int at, int octets) {
    int payload = octets - headers;
    upperTotal += payload;
    last = payload < segment || (protocol == UpperLayer.TCP && isPushed(memory, at + network));
    pushed = protocol == UpperLayer.TCP && last && isPushed(memory, at + network);
  }

  /// Makes the headers of the row's first packet those of them all.
  ///
  /// @param at where that packet begins
  /// @param virtio takes what the device wants to know, [VirtioHeader#OCTETS] long
  public void join(MemorySegment memory, int at, MemorySegment virtio) {
    int upper = at + network;
    if (ipv4) {
      joinIpv4(memory, at);
    } else {
      UpperLayer.payloadOctets(memory, at, upperTotal);
    }
    int checksum;
    if (protocol == UpperLayer.TCP) {
      int flags = upper + UpperLayer.TCP_FLAGS;
      UpperLayer.octet(memory, flags, UpperLayer.ACK | (pushed ? UpperLayer.PSH : 0));
      checksum = upper + UpperLayer.TCP_CHECKSUM;
    } else {
      memory.set(UpperLayer.SHORT, upper + UpperLayer.UDP_LENGTH, (short) upperTotal);
      checksum = upper + UpperLayer.UDP_CHECKSUM;
    }
    Checksum.store(memory, checksum, Checksum.fold(pseudoHeader(memory, at, upperTotal)));
    VirtioHeader.several(virtio, 0, kind(), headers, segment);
  }

  private int kind() {
    if (protocol == UpperLayer.UDP) {
      return VirtioHeader.UDP;
    }
    return ipv4 ? VirtioHeader.TCP_IPV4 : VirtioHeader.TCP_IPV6;
  }

  private void joinIpv4(MemorySegment memory, int at) {
    memory.set(UpperLayer.SHORT, at + UpperLayer.IPV4_TOTAL_LENGTH, (short) (network + upperTotal));
    UpperLayer.ipv4Checksum(memory, at, network);
  }
}
