package espd.tun.offload;

import static java.nio.ByteOrder.BIG_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The fields of IPv6 (RFC 8200 §3), IPv4 (RFC 791 §3.1), TCP (RFC 9293 §3.1) and UDP (RFC 768)
/// that cutting and joining look at, as accessors over (buffer, offset). The caller has checked
/// that the octets are there.
final class UpperLayer {

  static final int IPV6_HEADER = 40;

  static final int IPV4_HEADER = 20;
  static final int IPV4_TOTAL_LENGTH = 2;
  static final int IPV4_IDENTIFICATION = 4;
  static final int IPV4_FRAGMENT = 6;
  static final int IPV4_TTL = 8;
  static final int IPV4_CHECKSUM = 10;

  /// Nobody may cut the packet: its identification means nothing (RFC 6864 §4.1).
  static final int DONT_FRAGMENT = 0x4000;

  static final int TCP = 6;
  static final int UDP = 17;

  static final int TCP_HEADER = 20;
  static final int TCP_SEQUENCE = 4;
  static final int TCP_ACKNOWLEDGMENT = 8;
  static final int TCP_FLAGS = 13;
  static final int TCP_WINDOW = 14;
  static final int TCP_CHECKSUM = 16;
  static final int TCP_URGENT = 18;

  static final int UDP_HEADER = 8;
  static final int UDP_LENGTH = 4;
  static final int UDP_CHECKSUM = 6;

  static final int FIN = 0x01;
  static final int PSH = 0x08;
  static final int ACK = 0x10;
  static final int CWR = 0x80;

  static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(BIG_ENDIAN);
  static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(BIG_ENDIAN);
  static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(BIG_ENDIAN);

  private static final int PAYLOAD_LENGTH = 4;
  private static final int NEXT_HEADER = 6;
  private static final int IPV4_PROTOCOL = 9;
  private static final int TCP_DATA_OFFSET = 12;

  private UpperLayer() {}

  static boolean isIpv6(MemorySegment memory, int packet) {
    return octet(memory, packet) >>> 4 == 6;
  }

  static boolean isIpv4(MemorySegment memory, int packet) {
    return octet(memory, packet) >>> 4 == 4;
  }

  /// {@return the octets of an IPv4 header with its options (RFC 791 §3.1)}
  static int ipv4HeaderOctets(MemorySegment memory, int packet) {
    return (octet(memory, packet) & 0xf) * Integer.BYTES;
  }

  static int nextHeader(MemorySegment memory, int packet) {
    return octet(memory, packet + NEXT_HEADER);
  }

  static int payloadOctets(MemorySegment memory, int packet) {
    return memory.get(SHORT, packet + PAYLOAD_LENGTH) & 0xffff;
  }

  static void payloadOctets(MemorySegment memory, int packet, int octets) {
    memory.set(SHORT, packet + PAYLOAD_LENGTH, (short) octets);
  }

  static int protocol(MemorySegment memory, int packet) {
    return octet(memory, packet + IPV4_PROTOCOL);
  }

  /// Completes the checksum of an IPv4 header.
  static void ipv4Checksum(MemorySegment memory, int packet, int headerOctets) {
    Checksum.store(memory, packet + IPV4_CHECKSUM, 0);
    int checksum = Checksum.complement(Checksum.sum(memory, packet, headerOctets));
    Checksum.store(memory, packet + IPV4_CHECKSUM, checksum);
  }

  /// {@return an unsigned number of two octets}
  static int pair(MemorySegment memory, int at) {
    return memory.get(SHORT, at) & 0xffff;
  }

  /// {@return the octets of a TCP header with its options}
  static int tcpHeaderOctets(MemorySegment memory, int tcp) {
    return (octet(memory, tcp + TCP_DATA_OFFSET) >>> 4) * Integer.BYTES;
  }

  static int octet(MemorySegment memory, int at) {
    return memory.get(ValueLayout.JAVA_BYTE, at) & 0xff;
  }

  static void octet(MemorySegment memory, int at, int value) {
    memory.set(ValueLayout.JAVA_BYTE, at, (byte) value);
  }
}
