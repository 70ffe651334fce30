package espd.tun;

import espd.tun.offload.Coalescing;
import espd.tun.offload.Segmentation;
import espd.tun.offload.VirtioHeader;
import espd.tun.packet.PacketBatch;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.ClosedChannelException;

/// A TUN device of Linux, made by opening `/dev/net/tun` and gone when that is closed, even by a
/// crash.
///
/// The host is asked to leave segmentation to the device (see [Offload]): one read gives up to 64
/// KiB of one connection, one write takes as much, and to those who read and write batches it shows
/// only in their number.
///
/// It has no address of its own, not even a link-local one: routes with a source address are all
/// that leads into it.
public final class LinuxTun implements TunDevice {

  private static final String DEVICE = "/dev/net/tun";

  /// `struct ifreq` is a name of 16 octets and a union of 24.
  private static final int IFREQ = 40;

  private static final int IFREQ_VALUE = 16;
  private static final int LONGEST_NAME = 15;

  /// `struct iovec` is an address and a size.
  private static final int IOVEC = 16;

  /// What the device gives: a virtio header and a packet, which may stand for several.
  private static final int GIVEN = VirtioHeader.OCTETS + PacketBatch.MAX_OCTETS;

  private final Arena arena = Arena.ofShared();
  private final String name;
  private final int fd;
  private final Offload offload;
  private final Closing closing;
  private volatile int mtuOctets;

  // The reader's.
  private final PollSet readable;
  private final PacketCalls reading = new PacketCalls(arena);
  private final MemorySegment given = arena.allocate(GIVEN, Long.BYTES);
  private final Segmentation segmentation = new Segmentation(given);

  // The writer's.
  private final PacketCalls writing = new PacketCalls(arena);
  private final MemorySegment virtio = arena.allocate(VirtioHeader.OCTETS, Long.BYTES);
  private final MemorySegment iovecs =
      arena.allocate((long) IOVEC * (1 + PacketBatch.CAPACITY), Long.BYTES);
  private final Coalescing coalescing;

  private LinuxTun(String name, Attached attached, Closing closing) {
    this.name = name;
    this.fd = attached.fd();
    this.offload = attached.offload();
    this.closing = closing;
    this.readable = new PollSet(arena, closing, Libc.POLLIN, fd);
    this.coalescing = new Coalescing(offload.joined());
    piece(0, virtio.address(), offload.headerOctets());
  }

  /// {@return a new device, up, without addresses}
  ///
  /// @param name of the interface, 1 to 15 characters
  /// @param mtuOctets the longest packet that the host gives it, at least 1280 (RFC 8200 §5)
  /// @throws HostException when the host refuses, with what to do about it
  public static LinuxTun open(String name, int mtuOctets) throws HostException {
    return open(DEVICE, name, mtuOctets, Offload.SEGMENTS_AND_DATAGRAMS);
  }

  static LinuxTun open(String device, String name, int mtuOctets, Offload wanted)
      throws HostException {
    if (name.isEmpty() || name.length() > LONGEST_NAME || name.indexOf('%') >= 0) {
      throw new HostException(
          "cannot name an interface \"" + name + "\": a name has 1 to 15 characters, no %");
    }
    Closing closing = new Closing();
    Attached attached;
    try {
      attached = attached(device, name, wanted);
    } catch (HostException e) {
      closing.close();
      throw e;
    }
    LinuxTun tun = new LinuxTun(name, attached, closing);
    try {
      tun.start(mtuOctets);
      return tun;
    } catch (HostException e) {
      tun.close();
      throw e;
    }
  }

  private record Attached(int fd, Offload offload) {}

  private static Attached attached(String device, String name, Offload wanted)
      throws HostException {
    int fd = Libc.open(device, Libc.O_RDWR | Libc.O_NONBLOCK | Libc.O_CLOEXEC);
    if (fd < 0) {
      throw noDevice(device, Libc.errno());
    }
    try {
      return new Attached(fd, attach(fd, name, wanted));
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
  ///
  /// @return what the host leaves to it
  private static Offload attach(int fd, String name, Offload wanted) throws HostException {
    int errno = interfaceError(fd, name, wanted);
    if (errno == 0) {
      return granted(fd, wanted);
    }
    if (errno == Libc.EINVAL && interfaceError(fd, name, Offload.NOTHING) == 0) {
      return Offload.NOTHING;
    }
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

  /// {@return the most that the host grants a device made as `wanted` asks}
  private static Offload granted(int fd, Offload wanted) {
    for (Offload offload : Offload.values()) {
      boolean asked =
          offload.compareTo(wanted) >= 0 && offload.interfaceFlags() == wanted.interfaceFlags();
      if (asked && Libc.ioctl(fd, Libc.TUNSETOFFLOAD, offload.features()) == 0) {
        return offload;
      }
    }
    return wanted.interfaceFlags() == 0 ? Offload.NOTHING : Offload.JOINED_ONLY;
  }

  /// {@return why there is no such interface, or 0 when there is}
  private static int interfaceError(int fd, String name, Offload wanted) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment ifreq = arena.allocate(IFREQ, Long.BYTES);
      ifreq.setString(0, name);
      int flags = Libc.IFF_TUN | Libc.IFF_NO_PI | wanted.interfaceFlags();
      ifreq.set(ValueLayout.JAVA_SHORT, IFREQ_VALUE, (short) flags);
      return Libc.ioctl(fd, Libc.TUNSETIFF, ifreq.address()) == 0 ? 0 : Libc.errno();
    }
  }

  private void start(int mtu) throws HostException {
    LinkRequests link = new LinkRequests(name);
    LinkRequests.perform(
        "bring the TUN interface " + name + " up",
        link.withoutAddresses(),
        link.mtu(mtu),
        link.up());
    mtuOctets = mtu;
  }

  @Override
  public String name() {
    return name;
  }

  /// {@return what the host leaves to the device}
  public Offload offload() {
    return offload;
  }

  /// {@return the longest packet that the host gives it, in octets}
  public int mtu() {
    return mtuOctets;
  }

  /// Changes the longest packet that the host gives it. In the network namespace it was opened in.
  ///
  /// @throws HostException when the host refuses the length
  public void mtu(int octets) throws HostException {
    String tried = "set the MTU of " + name + " to " + octets;
    LinkRequests.perform(tried, new LinkRequests(name).mtu(octets));
    mtuOctets = octets;
  }

  @Override
  public int read(PacketBatch batch, int timeoutMillis) throws IOException {
    if (!closing.enter()) {
      return -1;
    }
    try {
      long start = System.nanoTime();
      batch.clear();
      while (true) {
        readWaiting(batch);
        if (batch.count() > 0 || timeoutMillis == 0) {
          return batch.count();
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

  /// Fills the batch with what waits; of a packet for several a part may be left for the next.
  private void readWaiting(PacketBatch batch) throws IOException {
    while (true) {
      segmentation.moveTo(batch);
      if (segmentation.isPending() || batch.count() == PacketBatch.CAPACITY) {
        return;
      }
      // Where the host says nothing before a packet, the header stays all zeros: one packet.
      int header = VirtioHeader.OCTETS - offload.headerOctets();
      long octets = reading.read(fd, given.address() + header, given.byteSize() - header);
      if (octets >= 0) {
        segmentation.begin(header + (int) octets);
        continue;
      }
      switch ((int) -octets) {
        case Libc.EINTR -> {}
        case Libc.EAGAIN -> {
          return;
        }
        default -> throw HostException.because("read from " + name, (int) -octets);
      }
    }
  }

  @Override
  public int write(PacketBatch batch) throws IOException {
    if (!closing.enter()) {
      throw new ClosedChannelException();
    }
    try {
      int taken = 0;
      for (int slot = 0; slot < batch.count(); ) {
        if (batch.length(slot) == 0) {
          slot++;
          continue;
        }
        int end = coalescing.row(batch, slot);
        boolean several = coalescing.members() > 1;
        int pieces = several ? gather(batch, slot, end) : placeWhole(batch, slot);
        taken += takes(pieces) ? coalescing.members() : 0;
        slot = end;
      }
      return taken;
    } finally {
      closing.leave();
    }
  }

  /// {@return how many pieces: the virtio header and the packet}
  private int placeWhole(PacketBatch batch, int slot) {
    VirtioHeader.whole(virtio, 0);
    piece(1, batch.memory().address() + batch.offset(slot), batch.length(slot));
    return 2;
  }

  /// {@return how many pieces: the virtio header, the first packet, and the payload of each other}
  private int gather(PacketBatch batch, int first, int end) {
    coalescing.join(batch.memory(), batch.offset(first), virtio);
    long memory = batch.memory().address();
    int headers = coalescing.headers();
    int pieces = 1;
    piece(pieces++, memory + batch.offset(first), batch.length(first));
    for (int slot = first + 1; slot < end; slot++) {
      if (batch.length(slot) > 0) {
        piece(pieces++, memory + batch.offset(slot) + headers, batch.length(slot) - headers);
      }
    }
    return pieces;
  }

  private void piece(int index, long address, int octets) {
    iovecs.set(ValueLayout.JAVA_LONG, (long) index * IOVEC, address);
    iovecs.set(ValueLayout.JAVA_LONG, (long) index * IOVEC + Long.BYTES, octets);
  }

  private boolean takes(int pieces) throws IOException {
    while (true) {
      long written = writing.writev(fd, iovecs.address(), pieces);
      if (written >= 0) {
        return true;
      }
      switch ((int) -written) {
        case Libc.EINTR -> {}
        case Libc.EBADF, Libc.EBADFD ->
            throw HostException.because("write to " + name, (int) -written);
        default -> {
          return false;
        }
      }
    }
  }

  @Override
  public void close() {
    if (closing.close()) {
      Libc.close(fd);
      arena.close();
    }
  }
}
