package espd.dataplane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.dataplane.DataPlaneConfiguration.Stages;
import espd.dataplane.esp.SunJce;
import espd.spd.Direction;
import espd.spd.Encryption;
import espd.spd.EspSuite;
import espd.spd.InboundSa;
import espd.spd.Integrity;
import espd.spd.Mode;
import espd.spd.OutboundSa;
import espd.spd.Sa;
import espd.spd.SadbListener;
import espd.spd.Selector;
import espd.spd.SpdEntry;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// How much an SA may carry (RFC 4301 §4.4.2.1).
class LifetimeTest {

  private static final EspSuite GCM = new EspSuite(Encryption.AES_GCM_16, 128, Integrity.NONE);
  private static final SaDraft TUNNEL = SaDraft.of(new Host.Sa(GCM, Mode.TUNNEL));

  private static final class Told implements SadbListener {
    final BlockingQueue<Sa> due = new LinkedBlockingQueue<>();
    final BlockingQueue<Selector> acquired = new LinkedBlockingQueue<>();

    @Override
    public void due(Sa sa) {
      due.add(sa);
    }

    @Override
    public void acquire(SpdEntry entry, Selector packet) {
      acquired.add(packet);
    }
  }

  private static byte[] packet(int number) {
    return Packets.ipv6(Host.A, Host.B, Packets.UDP, Packets.udp(number, 6000, 40));
  }

  private static int spi(byte[] sent) {
    return ByteBuffer.wrap(sent).getInt(40);
  }

  private static void awaitHeld(Host host, int count) throws InterruptedException {
    for (int i = 0; i < 1000 && host.plane.heldPackets() != count; i++) {
      Thread.sleep(5);
    }
    assertEquals(count, host.plane.heldPackets());
  }

  /// Not a packet leaves beyond the hard limit, also of those read at once; they wait, in order.
  @ParameterizedTest
  @EnumSource(Stages.class)
  void whatIsBeyondTheHardLimitWaitsForTheSuccessor(Stages stages) throws InterruptedException {
    try (Host a =
            new Host(Host.A, Host.B, new SunJce(), Host.sizes(stages)).protecting(Mode.TUNNEL);
        Host b = Host.b(Mode.TUNNEL)) {
      Told told = new Told();
      a.sadb.subscribe(told);
      OutboundSa ending = a.sends(TUNNEL.packets(0, 5));
      b.receives(TUNNEL);
      for (int number = 1; number <= 9; number++) {
        a.tun.fromHost.add(packet(number));
      }
      awaitHeld(a, 4);
      a.awaitPackets(Direction.OUTBOUND, 5);
      assertEquals(6, Host.next(told.acquired).localPorts().first());
      assertTrue(told.acquired.isEmpty());
      assertEquals(ending, Host.next(told.due));
      assertEquals(5, ending.packets());
      assertEquals(5, ending.sequence());
      b.receives(TUNNEL.spi(Host.SPI + 1));
      a.sends(TUNNEL.spi(Host.SPI + 1));
      for (int number = 1; number <= 9; number++) {
        QueueUnderlay.Wire sent = a.nextSent();
        assertEquals(number <= 5 ? Host.SPI : Host.SPI + 1, spi(sent.octets()));
        b.arrives(sent);
        assertArrayEquals(packet(number), b.nextDelivered());
      }
      assertEquals(0, a.allDrops(Direction.OUTBOUND));
    }
  }

  /// RFC 4301 §4.4.2.1: the soft limit asks for a successor in time, once; packets go on.
  @Test
  void theSoftLimitIsToldOnceAndTheHardOneOnce() {
    try (Host a = Host.a(Mode.TUNNEL)) {
      Told told = new Told();
      a.sadb.subscribe(told);
      OutboundSa sa = a.sends(TUNNEL.packets(3, 6));
      List<Integer> dues = new ArrayList<>();
      for (int number = 1; number <= 6; number++) {
        a.protect(packet(number));
        dues.add(told.due.size());
      }
      assertEquals(List.of(0, 0, 1, 1, 1, 2), dues);
      assertEquals(sa, Host.next(told.due));
      assertTrue(told.acquired.isEmpty());
    }
  }

  /// The receiver counts for itself: what comes beyond its limit is dropped, authentic or not.
  @Test
  void whatArrivesBeyondTheHardLimitIsDropped() {
    try (Host a = Host.a(Mode.TUNNEL);
        Host b = Host.b(Mode.TUNNEL)) {
      Told told = new Told();
      b.sadb.subscribe(told);
      a.sends(TUNNEL);
      InboundSa in = b.receives(TUNNEL.packets(3, 5));
      for (int number = 1; number <= 9; number++) {
        b.arrives(a.protect(packet(number)));
      }
      for (int number = 1; number <= 5; number++) {
        assertArrayEquals(packet(number), b.nextDelivered());
      }
      b.awaitDrops(Direction.INBOUND, DropReason.LIFETIME_ENDED, 4);
      assertTrue(b.tun.toHost.isEmpty());
      assertEquals(5, in.packets());
      assertEquals(List.of(in, in), List.copyOf(told.due));
    }
  }

  /// RFC 4301 §4.4.2.1: what is replayed or forged uses up nothing of a lifetime.
  @Test
  void replayedPacketsUseUpNothing() {
    try (Host a = Host.a(Mode.TUNNEL);
        Host b = Host.b(Mode.TUNNEL)) {
      a.sends(TUNNEL);
      b.receives(TUNNEL.packets(0, 2));
      QueueUnderlay.Wire first = a.protect(packet(1));
      b.arrives(first);
      b.nextDelivered();
      for (int i = 0; i < 10; i++) {
        b.arrives(first);
      }
      b.awaitDrops(Direction.INBOUND, DropReason.REPLAYED, 10);
      b.arrives(a.protect(packet(2)));
      assertArrayEquals(packet(2), b.nextDelivered());
    }
  }
}
