package espd.dataplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.dataplane.DataPlaneConfiguration.Stages;
import espd.spd.Direction;
import espd.spd.Encryption;
import espd.spd.EspSuite;
import espd.spd.Integrity;
import espd.spd.Mode;
import espd.tun.packet.PacketBatch;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The threads and the rings, or the one thread of all stages: in order, bounded, asleep when idle,
/// and loud when one breaks.
class PipelineTest {

  private static final Host.Sa SA =
      new Host.Sa(new EspSuite(Encryption.AES_GCM_16, 128, Integrity.NONE), Mode.TUNNEL);
  private static final byte[] PACKET =
      Packets.ipv6(Host.A, Host.B, Packets.UDP, Packets.udp(1, 2, 100));

  private static Host host(Stages stages, PlainEngine engine) {
    Host host = new Host(Host.A, Host.B, engine, Host.sizes(stages)).protecting(Mode.TUNNEL);
    host.sends(SA);
    return host;
  }

  private static void pause(int millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @EnumSource(Stages.class)
  void packetsLeaveInOrderWhicheverWorkerIsSlower(Stages stages) {
    PlainEngine uneven = new PlainEngine(run -> pause(ThreadLocalRandom.current().nextInt(4)));
    try (Host a = host(stages, uneven)) {
      for (int i = 0; i < 5000; i++) {
        a.tun.fromHost.add(PACKET);
      }
      for (int number = 1; number <= 5000; number++) {
        assertEquals(number, ByteBuffer.wrap(a.nextSent().octets()).getInt(44));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Stages.class)
  void aFullRingKeepsTheReaderFromTheDevice(Stages stages) throws InterruptedException {
    try (Host a = host(stages, new PlainEngine(run -> {}))) {
      a.underlay.road.acquire();
      for (int i = 0; i < 10_000; i++) {
        a.tun.fromHost.add(PACKET);
      }
      int mostInFlight = a.plane.ringCapacity() * PacketBatch.CAPACITY;
      TimeUnit.MILLISECONDS.sleep(300);
      assertTrue(a.tun.read.get() <= mostInFlight, () -> "read " + a.tun.read);
      assertEquals(a.plane.ringCapacity(), a.plane.ringUsed(Direction.OUTBOUND));
      a.underlay.road.release();
      for (int i = 0; i < 10_000; i++) {
        a.nextSent();
      }
      assertEquals(0, a.allDrops(Direction.OUTBOUND));
    }
  }

  @ParameterizedTest
  @EnumSource(Stages.class)
  void anIdleDataPlaneUsesNoCpu(Stages stages) throws InterruptedException {
    try (Host a = host(stages, new PlainEngine(run -> {}))) {
      a.protect(PACKET);
      TimeUnit.MILLISECONDS.sleep(100);
      List<Thread> threads = Threads.ofDataPlane();
      int expected = stages == Stages.FUSED ? 2 : 8;
      assertEquals(expected, threads.size(), threads::toString);
      long before = Threads.cpuNanos(threads);
      TimeUnit.SECONDS.sleep(1);
      long used = Threads.cpuNanos(threads) - before;
      assertTrue(used < 2_000_000, () -> used + " ns of CPU in an idle second");
    }
  }

  @ParameterizedTest
  @EnumSource(Stages.class)
  void aThreadThatBreaksTakesAllDownAndSaysSo(Stages stages) throws InterruptedException {
    IllegalArgumentException broken = new IllegalArgumentException("a test broke it");
    Host a =
        host(
            stages,
            new PlainEngine(
                run -> {
                  throw broken;
                }));
    a.tun.fromHost.add(PACKET);
    assertEquals(broken, Host.next(a.failures));
    a.plane.close();
    assertNoThreads();
  }

  @ParameterizedTest
  @EnumSource(Stages.class)
  void closingSendsWhatIsInFlightAndEndsTheThreads(Stages stages) throws InterruptedException {
    Host a = host(stages, new PlainEngine(run -> pause(5)));
    for (int i = 0; i < 100; i++) {
      a.tun.fromHost.add(PACKET);
    }
    a.close();
    assertEquals(100, a.underlay.sent.size());
    assertNoThreads();
    a.close();
  }

  /// The device is gone before the last packets that arrive: nobody waits for a writer that ended.
  @ParameterizedTest
  @EnumSource(Stages.class)
  void closingIsSoonDoneWhilePacketsArrive(Stages stages) throws InterruptedException {
    PlainEngine slow = new PlainEngine(run -> pause(1));
    Host a = new Host(Host.A, Host.B, slow, Host.sizes(stages)).protecting(Mode.TUNNEL);
    a.receives(SA);
    for (int number = 1; number <= 20_000; number++) {
      a.underlay.arriving.add(plain(number));
    }
    Host.next(a.tun.toHost);
    long before = System.nanoTime();
    a.close();
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before);
    assertTrue(millis < 500, () -> millis + " ms");
    assertNoThreads();
  }

  /// What a peer with the plain engine sends.
  private static QueueUnderlay.Wire plain(int number) {
    byte[] packet = Packets.ipv6(Host.B, Host.A, Packets.UDP, Packets.udp(2, 1, 100));
    byte[] payload = Sealed.padded(packet, 41);
    ByteBuffer esp = ByteBuffer.allocate(8 + 8 + payload.length + 16);
    esp.putInt(Host.SPI).putInt(number).putLong(number).put(payload);
    return Sealed.raw(Host.A, Host.B, esp.array());
  }

  @ParameterizedTest
  @EnumSource(Stages.class)
  void aDataPlaneThatNeverStartedCloses(Stages stages) throws InterruptedException {
    new Host(Host.A, Host.B, new PlainEngine(run -> {}), Host.sizes(stages)).close();
    assertNoThreads();
  }

  private static void assertNoThreads() throws InterruptedException {
    for (int i = 0; i < 100 && !Threads.ofDataPlane().isEmpty(); i++) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    assertEquals(List.of(), Threads.ofDataPlane());
  }
}
