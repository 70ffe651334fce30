package espd.dataplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.spd.Direction;
import espd.spd.Encryption;
import espd.spd.EspSuite;
import espd.spd.Integrity;
import espd.spd.Mode;
import espd.spd.OutboundSa;
import espd.spd.Sadb;
import espd.spd.SadbListener;
import espd.spd.Selector;
import espd.spd.SpdEntry;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Packets that come before their SA (RFC 4301 §5.1 step 3a, RFC 2367 §3.1.6).
class HeldPacketsTest {

  private static final Host.Sa SA =
      new Host.Sa(new EspSuite(Encryption.AES_CBC, 128, Integrity.HMAC_SHA1_96), Mode.TRANSPORT);

  private static byte[] packet(int number) {
    return Packets.ipv6(Host.A, Host.B, Packets.UDP, Packets.udp(1000 + number, 2000, 4));
  }

  private static int number(byte[] delivered) {
    return (ByteBuffer.wrap(delivered).getShort(40) & 0xffff) - 1000;
  }

  /// Held packets are tried, and held again, when the databases have changed: for a moment there
  /// are none, so what counts is what was seen.
  private static void awaitHeld(Host host, int count) throws InterruptedException {
    int held = host.plane.heldPackets();
    for (int i = 0; i < 1000 && held != count; i++) {
      Thread.sleep(5);
      held = host.plane.heldPackets();
    }
    assertEquals(count, held, () -> host.dropsText(Direction.OUTBOUND));
  }

  @Test
  void theFirstPacketsAcquireTheSaAndAreSentFirstAndInOrder() throws InterruptedException {
    try (Host a = Host.a(Mode.TRANSPORT);
        Host b = Host.b(Mode.TRANSPORT)) {
      BlockingQueue<Selector> acquired = new LinkedBlockingQueue<>();
      a.sadb.subscribe(
          new SadbListener() {
            @Override
            public void acquire(SpdEntry entry, Selector packet) {
              acquired.add(packet);
            }
          });
      b.receives(SA);
      for (int i = 0; i < 20; i++) {
        a.tun.fromHost.add(packet(i));
      }
      Selector asked = Host.next(acquired);
      assertEquals(1000, asked.localPorts().first());
      assertEquals(2000, asked.remotePorts().first());
      awaitHeld(a, 20);
      assertTrue(acquired.isEmpty());
      for (int i = 20; i < 40; i++) {
        a.tun.fromHost.add(packet(i));
      }
      a.sends(SA);
      for (int i = 40; i < 60; i++) {
        a.tun.fromHost.add(packet(i));
      }
      for (int i = 0; i < 60; i++) {
        b.arrives(a.nextSent());
        assertEquals(i, number(b.nextDelivered()));
      }
      assertEquals(0, a.plane.heldPackets());
      assertEquals(0, a.allDrops(Direction.OUTBOUND));
    }
  }

  @Test
  void anSaInstalledWithinTheAcquireLosesNothing() {
    try (Host a = Host.a(Mode.TRANSPORT)) {
      a.sadb.subscribe(
          new SadbListener() {
            @Override
            public void acquire(SpdEntry entry, Selector packet) {
              a.sends(SA);
            }
          });
      a.protect(packet(1));
      assertEquals(0, a.allDrops(Direction.OUTBOUND));
    }
  }

  @Test
  void refusedPacketsAreDroppedAndTheNextOneAsksAnew() throws InterruptedException {
    try (Host a = Host.a(Mode.TRANSPORT)) {
      BlockingQueue<Selector> acquired = new LinkedBlockingQueue<>();
      a.sadb.subscribe(
          new SadbListener() {
            @Override
            public void acquire(SpdEntry entry, Selector packet) {
              acquired.add(packet);
            }
          });
      a.tun.fromHost.add(packet(1));
      Host.next(acquired);
      awaitHeld(a, 1);
      a.sadb.refuse(Host.REQID);
      a.awaitDrops(Direction.OUTBOUND, DropReason.NO_SA_COMES, 1);
      awaitHeld(a, 0);
      a.tun.fromHost.add(packet(2));
      Host.next(acquired);
      awaitHeld(a, 1);
    }
  }

  @Test
  void aRefusalThatAnsweredNobodyDropsNothing() throws InterruptedException {
    try (Host a = Host.a(Mode.TRANSPORT)) {
      a.sadb.refuse(Host.REQID);
      a.tun.fromHost.add(packet(1));
      awaitHeld(a, 1);
      TimeUnit.MILLISECONDS.sleep(20);
      assertEquals(1, a.plane.heldPackets());
      a.sends(SA);
      a.nextSent();
    }
  }

  @Test
  void theOldestPacketsGiveWayWhenTooManyWait() throws InterruptedException {
    try (Host a = Host.a(Mode.TRANSPORT);
        Host b = Host.b(Mode.TRANSPORT)) {
      b.receives(SA);
      for (int i = 0; i < 100; i++) {
        a.tun.fromHost.add(packet(i));
      }
      a.awaitDrops(Direction.OUTBOUND, DropReason.HELD_OVERFLOW, 36);
      awaitHeld(a, 64);
      a.sends(SA);
      for (int i = 36; i < 100; i++) {
        b.arrives(a.nextSent());
        assertEquals(i, number(b.nextDelivered()));
      }
    }
  }

  /// On a gateway the databases change all the time: a packet that is tried at each change and held
  /// again waits no longer for it.
  @Test
  void whatIsHeldAgainIsNoYounger() {
    Counters counters = new Counters();
    HeldPackets held = new HeldPackets(counters);
    Audit audit = new Audit(Direction.OUTBOUND, counters, InstantSource.system());
    Slot slot = new Slot(counters, audit, new Tap());
    Sadb sadb = new Sadb(InstantSource.system(), new Random(1));
    slot.batch.add(MemorySegment.ofArray(packet(1)));
    long now = 1000;
    held.hold(Host.REQID, slot, 0, now);
    for (int change = 1; change <= 3; change++) {
      now += HeldPackets.MAX_MILLIS / 3;
      sadb.install(new OutboundSa(SaDraft.of(SA).spi(change).outbound(Host.B, Host.A)));
      slot.batch.clear();
      held.prune(now);
      assertEquals(1, held.release(sadb.spd(), sadb.sad(), slot));
      held.hold(Host.REQID, slot, 0, now);
      assertEquals(1, held.packets());
    }
    held.prune(now + 1);
    assertEquals(1, counters.drops(DropReason.HELD_TOO_LONG));
    assertEquals(0, held.packets());
    slot.batch.close();
  }
}
