package espd.tun;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Where a service manager wants to hear how a service is doing (sd_notify(3)): a Unix domain
/// socket for datagrams, which the JDK has not. Any thread.
public final class NotifySocket {

  /// `struct sockaddr_un`: family, path. A path ends with NUL; an abstract name begins with it.
  private static final int PATH = 2;

  private static final int LONGEST_PATH = 107;

  private final byte[] path;

  private NotifySocket(byte[] path) {
    this.path = path;
  }

  /// {@return the socket of this name; nothing is opened}
  ///
  /// @param name as it stands in `NOTIFY_SOCKET`: a path that begins with `/`, or `@` and an
  ///   abstract name
  /// @throws HostException when it is neither, or too long
  public static NotifySocket of(String name) throws HostException {
    byte[] octets = name.getBytes(StandardCharsets.UTF_8);
    if (octets.length < 2 || octets.length > LONGEST_PATH) {
      throw new HostException(
          "NOTIFY_SOCKET has "
              + octets.length
              + " octets; 2 to "
              + LONGEST_PATH
              + " were expected");
    }
    return switch (name.charAt(0)) {
      case '/' -> new NotifySocket(Arrays.copyOf(octets, octets.length + 1));
      case '@' -> {
        octets[0] = 0;
        yield new NotifySocket(octets);
      }
      default ->
          throw new HostException(
              "NOTIFY_SOCKET=" + name + " is neither a path nor an abstract socket (@NAME)");
    };
  }

  /// Sends a message; waits while the receiver's queue is full.
  ///
  /// @param message assignments, one a line: `READY=1`
  /// @throws HostException when nobody receives it
  public void send(String message) throws HostException {
    int fd = Libc.socket(Libc.AF_UNIX, Libc.SOCK_DGRAM | Libc.O_CLOEXEC, 0);
    if (fd < 0) {
      throw refused();
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment sockaddr = arena.allocate(PATH + path.length, Long.BYTES);
      sockaddr.set(ValueLayout.JAVA_SHORT, 0, (short) Libc.AF_UNIX);
      MemorySegment.copy(path, 0, sockaddr, ValueLayout.JAVA_BYTE, PATH, path.length);
      byte[] octets = message.getBytes(StandardCharsets.UTF_8);
      MemorySegment text = arena.allocateFrom(ValueLayout.JAVA_BYTE, octets);
      if (Libc.connect(fd, sockaddr.address(), (int) sockaddr.byteSize()) != 0
          || Libc.write(fd, text.address(), octets.length) != octets.length) {
        throw refused();
      }
    } finally {
      Libc.close(fd);
    }
  }

  private static HostException refused() {
    return HostException.because("tell the service manager how the service is doing", Libc.errno());
  }
}
