package espd.tun;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.ClosedChannelException;
import java.util.List;

/// A TUN device of Linux, made by opening `/dev/net/tun` and gone when that is closed, even by a
/// crash.
///
/// It has no address of its own, not even a link-local one: routes with a source address are all
/// that leads into it.
public final class LinuxTun implements TunDevice {

  private static final String DEVICE = "/dev/net/tun";

  /// `struct ifreq` is a name of 16 octets and a union of 24.
  private static final int IFREQ = 40;

  private static final int IFREQ_VALUE = 16;
  private static final int LONGEST_NAME = 15;

  private final Arena arena = Arena.ofShared();
  private final String name;
  private final int fd;
  private final Closing closing;
  private final PollSet readable;
  private volatile int mtuOctets;

  private LinuxTun(String name, int fd, Closing closing) {
    this.name = name;
    this.fd = fd;
    this.closing = closing;
    this.readable = new PollSet(arena, closing, Libc.POLLIN, fd);
  }

  /// {@return a new device, up, without addresses}
  ///
  /// @param name of the interface, 1 to 15 characters
  /// @param mtuOctets the longest packet that the host gives it, at least 1280 (RFC 8200 §5)
  /// @throws HostException when the host refuses, with what to do about it
  public static LinuxTun open(String name, int mtuOctets) throws HostException {
    return open(DEVICE, name, mtuOctets);
  }

  static LinuxTun open(String device, String name, int mtuOctets) throws HostException {
    if (name.isEmpty() || name.length() > LONGEST_NAME || name.indexOf('%') >= 0) {
      throw new HostException(
          "cannot name an interface \"" + name + "\": a name has 1 to 15 characters, no %");
    }
    Closing closing = new Closing();
    int fd;
    try {
      fd = attached(device, name);
    } catch (HostException e) {
      closing.close();
      throw e;
    }
    LinuxTun tun = new LinuxTun(name, fd, closing);
    try {
      tun.start(mtuOctets);
      return tun;
    } catch (HostException e) {
      tun.close();
      throw e;
    }
  }

  private static int attached(String device, String name) throws HostException {
    int fd = Libc.open(device, Libc.O_RDWR | Libc.O_NONBLOCK | Libc.O_CLOEXEC);
    if (fd < 0) {
      throw noDevice(device, Libc.errno());
    }
    try {
      attach(fd, name);
      return fd;
    } catch (HostException e) {
      Libc.close(fd);
      throw e;
    }
  }

  private static HostException noDevice(String device, int errno) {
    String tried = "open " + device;
    return switch (errno) {
      case Libc.ENOENT ->
          HostException.because(
              tried,
              errno,
              "load the driver with \"modprobe tun\", or make the file with \"mkdir -p /dev/net &&"
                  + " mknod /dev/net/tun c 10 200\"");
      case Libc.ENODEV, Libc.ENXIO ->
          HostException.because(tried, errno, "load the driver with \"modprobe tun\"");
      case Libc.EACCES, Libc.EPERM ->
          HostException.because(tried, errno, HostException.NEEDS_NET_ADMIN);
      default -> HostException.because(tried, errno);
    };
  }

  /// Makes the interface that belongs to the open file.
  private static void attach(int fd, String name) throws HostException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment ifreq = arena.allocate(IFREQ, Long.BYTES);
      ifreq.setString(0, name);
      ifreq.set(ValueLayout.JAVA_SHORT, IFREQ_VALUE, (short) (Libc.IFF_TUN | Libc.IFF_NO_PI));
      if (Libc.ioctl(fd, Libc.TUNSETIFF, ifreq.address()) == 0) {
        return;
      }
      int errno = Libc.errno();
      String tried = "make the TUN interface " + name;
      throw switch (errno) {
        case Libc.EPERM -> HostException.because(tried, errno, HostException.NEEDS_NET_ADMIN);
        case Libc.EBUSY ->
            HostException.because(
                tried, errno, "another process has it: stop that one or choose another name");
        case Libc.EINVAL ->
            HostException.because(
                tried, errno, "an interface of another kind may have this name: choose another");
        default -> HostException.because(tried, errno);
      };
    }
  }

  private void start(int mtu) throws HostException {
    Iproute2.DEFAULT.each(
        List.of(
            "link set dev " + name + " addrgenmode none",
            "link set dev " + name + " mtu " + mtu,
            "link set dev " + name + " up"));
    mtuOctets = mtu;
  }

  @Override
  public String name() {
    return name;
  }

  /// {@return the longest packet that the host gives it, in octets}
  public int mtu() {
    return mtuOctets;
  }

  /// Changes the longest packet that the host gives it. In the network namespace it was opened in.
  ///
  /// @throws HostException when the host refuses the length
  public void mtu(int octets) throws HostException {
    int socket = Libc.socket(Libc.AF_INET6, Libc.SOCK_DGRAM | Libc.O_CLOEXEC, 0);
    if (socket < 0) {
      throw HostException.because("open a socket", Libc.errno());
    }
    try (Arena confined = Arena.ofConfined()) {
      MemorySegment ifreq = confined.allocate(IFREQ, Long.BYTES);
      ifreq.setString(0, name);
      ifreq.set(ValueLayout.JAVA_INT, IFREQ_VALUE, octets);
      if (Libc.ioctl(socket, Libc.SIOCSIFMTU, ifreq.address()) != 0) {
        throw HostException.because("set the MTU of " + name + " to " + octets, Libc.errno());
      }
      mtuOctets = octets;
    } finally {
      Libc.close(socket);
    }
  }

  /// {@inheritDoc}
  ///
  /// A packet longer than a slot is cut off by the host, so the batch's slots have to be as long as
  /// the MTU.
  @Override
  public int read(PacketBatch batch, int timeoutMillis) throws IOException {
    if (!closing.enter()) {
      return -1;
    }
    try {
      long start = System.nanoTime();
      while (true) {
        int packets = readWaiting(batch);
        if (packets > 0 || timeoutMillis == 0) {
          return packets;
        }
        boolean ready = readable.await(timeoutMillis, start);
        if (closing.isClosed()) {
          return -1;
        }
        if (!ready) {
          return 0;
        }
      }
    } finally {
      closing.leave();
    }
  }

  private int readWaiting(PacketBatch batch) throws IOException {
    long memory = batch.memory().address();
    int packets = 0;
    while (packets < PacketBatch.CAPACITY) {
      int home = batch.home(packets);
      long octets = Libc.read(fd, memory + home, batch.maxPacketOctets());
      if (octets < 0) {
        int errno = Libc.errno();
        if (errno == Libc.EINTR) {
          continue;
        }
        if (errno == Libc.EAGAIN) {
          break;
        }
        throw HostException.because("read from " + name, errno);
      }
      batch.place(packets++, home, (int) octets);
    }
    batch.count(packets);
    return packets;
  }

  @Override
  public int write(PacketBatch batch) throws IOException {
    if (!closing.enter()) {
      throw new ClosedChannelException();
    }
    try {
      int taken = 0;
      long memory = batch.memory().address();
      for (int slot = 0; slot < batch.count(); slot++) {
        if (batch.length(slot) > 0 && takes(memory + batch.offset(slot), batch.length(slot))) {
          taken++;
        }
      }
      return taken;
    } finally {
      closing.leave();
    }
  }

  private boolean takes(long packet, int octets) throws IOException {
    while (Libc.write(fd, packet, octets) < 0) {
      switch (Libc.errno()) {
        case Libc.EINTR -> {}
        case Libc.EBADF, Libc.EBADFD ->
            throw HostException.because("write to " + name, Libc.errno());
        default -> {
          return false;
        }
      }
    }
    return true;
  }

  @Override
  public void close() {
    if (closing.close()) {
      Libc.close(fd);
      arena.close();
    }
  }
}
