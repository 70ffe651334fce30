package espd.dataplane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.dataplane.QueueUnderlay.Wire;
import espd.spd.Direction;
import espd.spd.Encryption;
import espd.spd.EspSuite;
import espd.spd.InboundSa;
import espd.spd.Integrity;
import espd.spd.Mode;
import espd.spd.SaParameters;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Packets that others overtook, within a window of thousands (RFC 4303 §3.4.3).
class LatePacketsTest {

  private static final int WINDOW = 8192;
  private static final Host.Sa TUNNEL =
      new Host.Sa(new EspSuite(Encryption.AES_GCM_16, 128, Integrity.NONE), Mode.TUNNEL);

  private static final SaParameters SENDER = SaDraft.of(TUNNEL).outbound(Host.B, Host.A);

  private static byte[] packet(int number) {
    return Packets.ipv6(Host.B, Host.A, Packets.UDP, Packets.udp(number, 6000, 4));
  }

  private static Wire sealed(int number) {
    byte[] plain = Sealed.padded(packet(number), 41);
    return Sealed.raw(Host.A, Host.B, Sealed.esp(SENDER, number, plain));
  }

  @Test
  void aPacketMayBeLateByAllOfTheWindowAndNotByMore() {
    try (Host a = Host.a(Mode.TUNNEL)) {
      InboundSa in = a.receives(SaDraft.of(TUNNEL).replayWindow(WINDOW));
      int top = 20_000;
      for (int number : new int[] {top, top - WINDOW + 1, top - 4096, top - 64, top - 1}) {
        a.underlay.arriving.add(sealed(number));
        assertArrayEquals(packet(number), a.nextDelivered(), () -> "number " + number);
      }
      a.underlay.arriving.add(sealed(top - WINDOW));
      a.underlay.arriving.add(sealed(top - WINDOW + 1));
      a.underlay.arriving.add(sealed(1));
      a.awaitDrops(Direction.INBOUND, DropReason.REPLAYED, 3);
      assertEquals(3, in.replayed());
      assertTrue(a.tun.toHost.isEmpty());
    }
  }

  /// The last of a window first, then all the others, from the newest to the oldest, and all twice.
  @Test
  void aWholeWindowThatComesBackwardsIsDeliveredOnce() {
    try (Host a = Host.a(Mode.TUNNEL)) {
      InboundSa in = a.receives(SaDraft.of(TUNNEL).replayWindow(WINDOW));
      for (int number = WINDOW; number >= 1; number--) {
        Wire wire = sealed(number);
        a.underlay.arriving.add(wire);
        a.underlay.arriving.add(wire);
      }
      Set<Integer> delivered = new HashSet<>();
      for (int k = 0; k < WINDOW; k++) {
        int number = ByteBuffer.wrap(a.nextDelivered()).getShort(40) & 0xffff;
        assertTrue(delivered.add(number), () -> number + " came twice");
      }
      a.awaitDrops(Direction.INBOUND, DropReason.REPLAYED, WINDOW);
      assertEquals(WINDOW, in.packets());
      assertEquals(WINDOW, in.window().top());
    }
  }
}
