package espd.tun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// sd_notify(3), with this test as the service manager.
class NotifySocketTest {

  private static final int LONGEST_MESSAGE = 4096;

  /// A bound socket that receives.
  private record Manager(int fd) implements AutoCloseable {

    Manager(byte[] path) {
      this(Libc.socket(Libc.AF_UNIX, Libc.SOCK_DGRAM | Libc.O_CLOEXEC, 0));
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment sockaddr = arena.allocate(2 + path.length, Long.BYTES);
        sockaddr.set(ValueLayout.JAVA_SHORT, 0, (short) Libc.AF_UNIX);
        MemorySegment.copy(path, 0, sockaddr, ValueLayout.JAVA_BYTE, 2, path.length);
        assertEquals(0, Libc.bind(fd, sockaddr.address(), (int) sockaddr.byteSize()));
      }
    }

    String received() {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment octets = arena.allocate(LONGEST_MESSAGE);
        long length = new PacketCalls(arena).read(fd, octets.address(), LONGEST_MESSAGE);
        return new String(
            octets.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
      }
    }

    @Override
    public void close() {
      Libc.close(fd);
    }
  }

  @Test
  void tellsASocketInTheFileSystem(@TempDir Path folder) throws HostException {
    String path = folder.resolve("notify").toString();
    try (Manager manager = new Manager((path + '\0').getBytes(StandardCharsets.UTF_8))) {
      NotifySocket.of(path).send("READY=1\nSTATUS=one connection – fine");
      assertEquals("READY=1\nSTATUS=one connection – fine", manager.received());
    }
  }

  @Test
  void tellsAnAbstractSocket() throws HostException {
    String name = "espd-test-" + ProcessHandle.current().pid();
    try (Manager manager = new Manager(('\0' + name).getBytes(StandardCharsets.UTF_8))) {
      NotifySocket.of("@" + name).send("STOPPING=1");
      assertEquals("STOPPING=1", manager.received());
    }
  }

  @Test
  void saysThatNobodyListens(@TempDir Path folder) throws HostException {
    NotifySocket nobody = NotifySocket.of(folder.resolve("nobody").toString());
    HostException refusal = assertThrows(HostException.class, () -> nobody.send("READY=1"));
    assertEquals(
        "cannot tell the service manager how the service is doing: No such file or directory",
        refusal.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "vsock:2:9999", "relative"})
  void refusesWhatIsNoSocketsName(String name) {
    HostException refusal = assertThrows(HostException.class, () -> NotifySocket.of(name));
    assertTrue(refusal.toString().contains("NOTIFY_SOCKET"), refusal::toString);
    assertThrows(HostException.class, () -> NotifySocket.of("/" + "x".repeat(107)));
  }
}
