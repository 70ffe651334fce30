package espd.tun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import espd.spd.Ipv6Address;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class MarkedUdpSocketTest {

  private static final Ipv6Address LOOPBACK = Ipv6Address.parse("::1");

  @Test
  void isBoundAndCarriesTheMark() throws Exception {
    try (Namespace host = new Namespace();
        Arena arena = Arena.ofConfined()) {
      int fd = host.call(() -> MarkedUdpSocket.open(LOOPBACK, 500, 4303));
      MemorySegment mark = arena.allocate(ValueLayout.JAVA_INT);
      MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_INT, Integer.BYTES);

      int outcome =
          Libc.getsockopt(fd, Libc.SOL_SOCKET, Libc.SO_MARK, mark.address(), length.address());

      assertEquals(0, outcome);
      assertEquals(4303, mark.get(ValueLayout.JAVA_INT, 0));
      HostException refusal =
          assertThrows(
              HostException.class,
              () -> host.call(() -> MarkedUdpSocket.open(Ipv6Address.UNSPECIFIED, 500, 4303)));
      assertEquals(
          "cannot bind UDP port 500 of ::: Address already in use; another IKE daemon runs on this"
              + " host: stop it (\"ss -ulpn\" names it)",
          refusal.getMessage());
      Libc.close(fd);
    }
  }

  @Test
  void saysWhyACallFailedOnTheThreadThatMadeIt() throws Exception {
    assertEquals(-1, Libc.close(-1));
    Thread other = new Thread(() -> assertEquals(-1, Libc.open("/nonexistent", Libc.O_RDWR)));
    other.start();
    other.join();

    assertEquals(Libc.EBADF, Libc.errno());
  }
}
