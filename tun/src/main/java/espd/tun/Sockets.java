package espd.tun;

import espd.spd.Ipv6Address;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// How IPv6 sockets of ours are made: non-blocking, closed on exec, with the mark that keeps their
/// packets out of the TUN device.
final class Sockets {

  /// `struct sockaddr_in6`: family, port, flow label, address, scope.
  static final int SOCKADDR = 28;

  static final int SOCKADDR_PORT = 2;
  static final int SOCKADDR_ADDRESS = 8;

  /// Where the address stands in `struct sockaddr_in`, which is shorter.
  static final int SOCKADDR_IPV4 = 4;

  static final ValueLayout.OfShort SHORT_BE =
      ValueLayout.JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);
  static final ValueLayout.OfInt INT_BE =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  static final ValueLayout.OfLong LONG_BE =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  /// What a burst may need until its thread runs again.
  private static final int RECEIVE_OCTETS = 16 << 20;

  /// Some batches: a sender that is ahead of the link waits, so that queues stay short.
  private static final int SEND_OCTETS = 1 << 20;

  private Sockets() {}

  /// {@return a raw socket that receives the ESP for `local` and sends packets with their IPv6
  /// header}
  static int esp(Ipv6Address local, int mark) throws HostException {
    String tried = "receive ESP for " + local;
    int fd = socket(tried, Libc.SOCK_RAW, Libc.IPPROTO_ESP, mark);
    try {
      bind(tried, fd, local, 0);
      set(tried, fd, Libc.IPV6_HDRINCL, 1);
      // Without it Linux heeds no Packet Too Big (RFC 8201) that answers an unconnected raw socket.
      set(tried, fd, Libc.IPV6_RECVERR, 1);
      return receiving(tried, fd);
    } catch (HostException e) {
      Libc.close(fd);
      throw e;
    }
  }

  /// {@return a raw socket that sends packets of any source and protocol with their IPv6 header,
  /// and receives nothing}
  static int sender(int mark) throws HostException {
    return socket("send raw packets", Libc.SOCK_RAW, Libc.IPPROTO_RAW, mark);
  }

  /// {@return a raw socket that sends packets of IPv4 of any source and protocol with their header,
  /// and receives nothing}
  static int senderOfIpv4(int mark) throws HostException {
    String tried = "send raw packets of IPv4";
    return socket(
        tried,
        Libc.socket(
            Libc.AF_INET, Libc.SOCK_RAW | Libc.O_NONBLOCK | Libc.O_CLOEXEC, Libc.IPPROTO_RAW),
        mark);
  }

  /// {@return a socket for ESP in UDP at `local`, whose datagrams are not fragmented}
  static int encapsulation(Ipv6Address local, int port, int mark) throws HostException {
    int fd = udp(local, port, mark);
    String tried = "receive ESP in UDP for " + local;
    try {
      set(tried, fd, Libc.IPV6_DONTFRAG, 1);
      set(tried, fd, Libc.IPV6_RECVERR, 1);
      // Where the host does not know it, each datagram comes alone (Linux before 5.0).
      setOption(fd, Libc.SOL_UDP, Libc.UDP_GRO, 1);
      return receiving(tried, fd);
    } catch (HostException e) {
      Libc.close(fd);
      throw e;
    }
  }

  /// {@return a UDP socket bound to an address and port}
  static int udp(Ipv6Address local, int port, int mark) throws HostException {
    String tried = "bind UDP port " + port + " of " + local;
    int fd = socket(tried, Libc.SOCK_DGRAM, Libc.IPPROTO_UDP, mark);
    try {
      set(tried, fd, Libc.IPV6_V6ONLY, 1);
      bind(tried, fd, local, port);
      return fd;
    } catch (HostException e) {
      Libc.close(fd);
      throw e;
    }
  }

  private static int socket(String tried, int type, int protocol, int mark) throws HostException {
    return socket(
        tried, Libc.socket(Libc.AF_INET6, type | Libc.O_NONBLOCK | Libc.O_CLOEXEC, protocol), mark);
  }

  /// {@return a socket that was just made, with its mark}
  private static int socket(String tried, int fd, int mark) throws HostException {
    if (fd < 0) {
      throw refused(tried, Libc.errno());
    }
    if (setOption(fd, Libc.SOL_SOCKET, Libc.SO_MARK, mark) != 0) {
      int errno = Libc.errno();
      Libc.close(fd);
      throw refused(tried + ": set the mark", errno);
    }
    return fd;
  }

  private static void bind(String tried, int fd, Ipv6Address local, int port) throws HostException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment sockaddr = sockaddr(arena, local, port);
      if (Libc.bind(fd, sockaddr.address(), SOCKADDR) != 0) {
        throw refused(tried, Libc.errno());
      }
    }
  }

  private static int receiving(String tried, int fd) throws HostException {
    set(tried, fd, Libc.IPV6_RECVHOPLIMIT, 1);
    set(tried, fd, Libc.IPV6_RECVTCLASS, 1);
    enlarge(fd, RECEIVE_OCTETS, Libc.SO_RCVBUFFORCE, Libc.SO_RCVBUF);
    enlarge(fd, SEND_OCTETS, Libc.SO_SNDBUFFORCE, Libc.SO_SNDBUF);
    return fd;
  }

  private static void set(String tried, int fd, int option, int value) throws HostException {
    if (setOption(fd, Libc.IPPROTO_IPV6, option, value) != 0) {
      throw refused(tried + ": set socket option " + option, Libc.errno());
    }
  }

  /// Beyond the host's limit where that is allowed, else up to it.
  static void enlarge(int fd, int octets, int force, int ask) {
    if (setOption(fd, Libc.SOL_SOCKET, force, octets) != 0) {
      setOption(fd, Libc.SOL_SOCKET, ask, octets);
    }
  }

  static int setOption(int fd, int level, int option, int value) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocateFrom(ValueLayout.JAVA_INT, value);
      return Libc.setsockopt(fd, level, option, memory.address(), Integer.BYTES);
    }
  }

  private static HostException refused(String tried, int errno) {
    return switch (errno) {
      case Libc.EPERM, Libc.EACCES ->
          HostException.because(tried, errno, HostException.NEEDS_NET_RAW);
      case Libc.EADDRINUSE ->
          HostException.because(
              tried,
              errno,
              "another IKE daemon runs on this host: stop it (\"ss -ulpn\" names it)");
      case Libc.EADDRNOTAVAIL ->
          HostException.because(
              tried, errno, "it is no address of this host, or not usable yet (\"ip -6 address\")");
      default -> HostException.because(tried, errno);
    };
  }

  /// {@return a `struct sockaddr_in6`}
  static MemorySegment sockaddr(Arena arena, Ipv6Address address, int port) {
    MemorySegment sockaddr = arena.allocate(SOCKADDR, Long.BYTES);
    sockaddr.set(ValueLayout.JAVA_SHORT, 0, (short) Libc.AF_INET6);
    sockaddr.set(SHORT_BE, SOCKADDR_PORT, (short) port);
    sockaddr.set(LONG_BE, SOCKADDR_ADDRESS, address.high());
    sockaddr.set(LONG_BE, SOCKADDR_ADDRESS + Long.BYTES, address.low());
    return sockaddr;
  }
}
