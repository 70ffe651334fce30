package espd.dataplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.dataplane.QueueUnderlay.Wire;
import espd.spd.Direction;
import espd.spd.Encryption;
import espd.spd.EspSuite;
import espd.spd.Integrity;
import espd.spd.Mode;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Octets that make no sense, from strangers and from a peer gone mad: each is counted once, and
/// nothing ever throws.
class RandomOctetsTest {

  private static final Host.Sa TRANSPORT =
      new Host.Sa(new EspSuite(Encryption.AES_GCM_16, 128, Integrity.NONE), Mode.TRANSPORT);

  /// Anything at all: counted, never an exception, never delivered.
  @Test
  void randomOctetsAreCountedAndDropped() {
    Random random = new Random(4303);
    int packets = 20_000;
    byte[] spi = {0, (byte) 0xc0, (byte) 0xff, (byte) 0xee};
    try (Host a = Host.a(Mode.TRANSPORT)) {
      a.receives(TRANSPORT);
      for (int i = 0; i < packets; i++) {
        byte[] octets = new byte[random.nextInt(200)];
        random.nextBytes(octets);
        if (i % 2 == 0 && octets.length > 4) {
          System.arraycopy(spi, 0, octets, 0, 4);
        }
        a.underlay.arriving.add(new Wire(Host.A, port(i), Host.B, port(i), 0, octets));
      }
      long end = System.nanoTime() + 20_000_000_000L;
      while (a.allDrops(Direction.INBOUND) < packets && System.nanoTime() < end) {
        Thread.onSpinWait();
      }
      assertEquals(packets, a.allDrops(Direction.INBOUND), () -> a.dropsText(Direction.INBOUND));
      assertTrue(a.tun.toHost.isEmpty());
    }
  }

  /// The same under the keys: octets of a peer gone mad, sealed as they should be.
  @Test
  void randomOctetsWithTheRightKeysAreNeverAnException() {
    Random random = new Random(4301);
    try (Host a = Host.a(Mode.TRANSPORT)) {
      a.receives(TRANSPORT);
      int packets = 2000;
      for (int i = 1; i <= packets; i++) {
        byte[] plain = new byte[4 * (1 + random.nextInt(60))];
        random.nextBytes(plain);
        plain[plain.length - 2] = 0;
        a.underlay.arriving.add(
            raw(Sealed.esp(Host.parameters(TRANSPORT, Host.A, Host.B), i, plain)));
      }
      long end = System.nanoTime() + 10_000_000_000L;
      while (settled(a) < packets && System.nanoTime() < end) {
        Thread.onSpinWait();
      }
      assertEquals(packets, settled(a), () -> a.dropsText(Direction.INBOUND));
    }
  }

  private static long settled(Host host) {
    return host.plane.packets(Direction.INBOUND) + host.allDrops(Direction.INBOUND);
  }

  private static int port(int i) {
    return i % 3 == 0 ? 4500 : 0;
  }

  private static Wire raw(byte[] esp) {
    return Sealed.raw(Host.A, Host.B, esp);
  }
}
