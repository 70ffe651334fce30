package espd.tun;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/// The C library's calls that set the host up, by JNA's direct mapping, and the numbers of all
/// calls; those on the packet's way are [PacketCalls].
///
/// A `long` is an address or a size. A failed call returns -1; [#errno()] then says why, on the
/// same thread. The numbers are those of Linux on x86_64 and aarch64, which agree on all of them
/// and, both being LP64 and little-endian, on the layout of every structure used here.
final class Libc {

  static final int O_RDWR = 0x2;
  static final int O_NONBLOCK = 0x800;
  static final int O_CLOEXEC = 0x80000;

  static final short POLLIN = 0x1;
  static final short POLLOUT = 0x4;
  static final short POLLERR = 0x8;

  static final long TUNSETIFF = 0x400454ca;
  static final int IFF_TUN = 0x1;
  static final int IFF_NO_PI = 0x1000;
  static final int IFF_VNET_HDR = 0x4000;
  static final long TUNSETOFFLOAD = 0x400454d0;
  static final int TUN_F_CSUM = 0x01;
  static final int TUN_F_TSO4 = 0x02;
  static final int TUN_F_TSO6 = 0x04;
  static final int TUN_F_TSO_ECN = 0x08;
  static final int TUN_F_USO4 = 0x20;
  static final int TUN_F_USO6 = 0x40;

  static final int AF_UNIX = 1;
  static final int AF_INET = 2;
  static final int AF_INET6 = 10;
  static final int AF_NETLINK = 16;
  static final int SOCK_DGRAM = 2;
  static final int SOCK_RAW = 3;
  static final int IPPROTO_UDP = 17;
  static final int IPPROTO_IPV6 = 41;
  static final int IPPROTO_ESP = 50;
  static final int IPPROTO_RAW = 255;

  static final int NETLINK_ROUTE = 0;
  static final int NETLINK_NETFILTER = 12;

  static final int SOL_SOCKET = 1;
  static final int SOL_UDP = 17;
  static final int UDP_SEGMENT = 103;
  static final int UDP_GRO = 104;
  static final int SOL_NETLINK = 270;
  static final int NETLINK_CAP_ACK = 10;
  static final int NETLINK_EXT_ACK = 11;
  static final int NETLINK_GET_STRICT_CHK = 12;
  static final int SO_SNDBUF = 7;
  static final int SO_RCVBUF = 8;
  static final int SO_SNDBUFFORCE = 32;
  static final int SO_RCVBUFFORCE = 33;
  static final int SO_MARK = 36;

  static final int IPV6_MTU = 24;
  static final int IPV6_RECVERR = 25;
  static final int IPV6_V6ONLY = 26;
  static final int IPV6_HDRINCL = 36;
  static final int IPV6_RECVHOPLIMIT = 51;
  static final int IPV6_HOPLIMIT = 52;
  static final int IPV6_DONTFRAG = 62;
  static final int IPV6_RECVTCLASS = 66;
  static final int IPV6_TCLASS = 67;

  static final int MSG_TRUNC = 0x20;
  static final int MSG_DONTWAIT = 0x40;
  static final int MSG_ERRQUEUE = 0x2000;

  /// A clock that nobody keeps (`timex.status`).
  static final int STA_UNSYNC = 0x40;

  static final int GRND_NONBLOCK = 0x1;
  static final int RLIMIT_CORE = 4;
  static final int PR_SET_DUMPABLE = 4;
  static final int SCHED_BATCH = 3;

  /// In place of a thread's number.
  static final int THIS_THREAD = 0;

  static final int EPERM = 1;
  static final int ENOENT = 2;
  static final int EINTR = 4;
  static final int EIO = 5;
  static final int ENXIO = 6;
  static final int EBADF = 9;
  static final int EAGAIN = 11;
  static final int EACCES = 13;
  static final int EFAULT = 14;
  static final int EBUSY = 16;
  static final int ENODEV = 19;
  static final int EINVAL = 22;
  static final int EBADFD = 77;
  static final int ENOTSOCK = 88;
  static final int EMSGSIZE = 90;
  static final int EOPNOTSUPP = 95;
  static final int EAFNOSUPPORT = 97;
  static final int EADDRINUSE = 98;
  static final int EADDRNOTAVAIL = 99;

  static {
    // It is loaded already; by its name it would be searched for.
    Native.register(Libc.class, NativeLibrary.getProcess());
  }

  private Libc() {}

  /// {@return why this thread's last call here failed}
  static int errno() {
    return Native.getLastError();
  }

  static native int open(String path, int flags);

  static native int close(int fd);

  static native int dup3(int from, int to, int flags);

  static native long read(int fd, long buffer, long octets);

  static native long write(int fd, long buffer, long octets);

  static native int ioctl(int fd, long request, long argument);

  static native int eventfd(int initial, int flags);

  static native int socket(int domain, int type, int protocol);

  static native int bind(int fd, long address, int octets);

  static native int connect(int fd, long address, int octets);

  static native int getsockname(int fd, long address, long octets);

  static native int setsockopt(int fd, int level, int option, long value, int octets);

  static native int getsockopt(int fd, int level, int option, long value, long octets);

  static native long sendmsg(int fd, long message, int flags);

  static native int adjtimex(long timex);

  static native long getrandom(long buffer, long octets, int flags);

  static native int setrlimit(int resource, long limits);

  static native int prctl(int option, long second, long third, long fourth, long fifth);

  static native int sched_setscheduler(int thread, int policy, long parameters);

  static native String strerror(int errno);
}
