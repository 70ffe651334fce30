package espd.dataplane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.dataplane.DataPlaneConfiguration.Stages;
import espd.dataplane.ring.Pipeline;
import espd.dataplane.ring.RunToCompletion;
import espd.spd.Direction;
import espd.spd.Encryption;
import espd.spd.EspSuite;
import espd.spd.Integrity;
import espd.spd.Mode;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// How long the stages take, and how full the ring is.
class StageTimesTest {

  private static final Host.Sa SA =
      new Host.Sa(new EspSuite(Encryption.AES_GCM_16, 128, Integrity.NONE), Mode.TUNNEL);
  private static final byte[] PACKET =
      Packets.ipv6(Host.A, Host.B, Packets.UDP, Packets.udp(1, 2, 100));
  private static final int SLOW_MILLIS = 20;

  private static long total(Histogram histogram) {
    return LongStream.of(histogram.counts()).sum();
  }

  /// The last figure of a batch is written a moment after the batch has left.
  private static void awaitTimed(Host host, int batches) throws InterruptedException {
    Histogram last = host.plane.ringOccupancy(Direction.OUTBOUND);
    for (int i = 0; i < 200 && total(last) < batches; i++) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    assertEquals(batches, total(last));
  }

  private static void sleep() {
    try {
      TimeUnit.MILLISECONDS.sleep(SLOW_MILLIS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aFigureAtABoundIsBelowIt() {
    Histogram histogram = new Histogram(10, 20);
    for (long figure : new long[] {0, 10, 11, 20, 21, 1_000_000}) {
      histogram.record(figure);
    }
    assertArrayEquals(new long[] {2, 2, 2}, histogram.counts());
    assertEquals(1_000_062, histogram.sum());
    assertArrayEquals(new long[] {10, 20}, histogram.bounds());
  }

  @ParameterizedTest
  @EnumSource(Stages.class)
  void theFirstBatchIsTimedAndTheSlowStageIsTheOneThatWasSlow(Stages stages) throws Exception {
    PlainEngine slow = new PlainEngine(run -> sleep());
    try (Host a = new Host(Host.A, Host.B, slow, Host.sizes(stages)).protecting(Mode.TUNNEL)) {
      a.sends(SA);
      a.protect(PACKET);
      awaitTimed(a, 1);
      for (Stage stage : Stage.values()) {
        Histogram times = a.plane.stageNanos(Direction.OUTBOUND, stage);
        assertEquals(1, total(times), stage::toString);
        assertTrue(times.sum() >= 0, stage::toString);
        assertEquals(0, total(a.plane.stageNanos(Direction.INBOUND, stage)), stage::toString);
      }
      long nanos = a.plane.stageNanos(Direction.OUTBOUND, Stage.CRYPTO).sum();
      assertTrue(nanos >= TimeUnit.MILLISECONDS.toNanos(SLOW_MILLIS), () -> nanos + " ns");
    }
  }

  @ParameterizedTest
  @EnumSource(Stages.class)
  void oneBatchInSixteenIsTimed(Stages stages) throws Exception {
    PlainEngine engine = new PlainEngine(run -> {});
    try (Host a = new Host(Host.A, Host.B, engine, Host.sizes(stages)).protecting(Mode.TUNNEL)) {
      a.sends(SA);
      for (int i = 0; i < 2 * StageTimes.ONE_IN + 1; i++) {
        a.protect(PACKET); // waits for it, so each is a batch of its own
      }
      awaitTimed(a, 3);
      assertEquals(0, a.plane.ringFull(Direction.OUTBOUND));
    }
  }

  @Test
  void aRingWithoutAFreeSlotIsCountedAndSeenFull() throws Exception {
    Stages stages = Stages.PARALLEL;
    PlainEngine slow = new PlainEngine(run -> sleep());
    try (Host a = new Host(Host.A, Host.B, slow, Host.sizes(stages)).protecting(Mode.TUNNEL)) {
      a.sends(SA);
      int packets = 5_000;
      for (int i = 0; i < packets; i++) {
        a.tun.fromHost.add(PACKET);
      }
      for (int i = 0; i < packets; i++) {
        a.nextSent();
      }
      assertTrue(a.plane.ringFull(Direction.OUTBOUND) > 0);
    }
  }

  /// The clock is read and the histograms are written for each batch here. What asking allocates is
  /// a few octets; a single object per batch would be a hundred times what is allowed.
  @Test
  void timingAllocatesNothing() throws Exception {
    StageTimes times = new StageTimes();
    Stopwatch watch = new Stopwatch(times);
    Pipeline<Stopwatch> pipeline =
        new RunToCompletion<>(
            new Pipeline.Plan<>("test", 1, () -> watch, List.of(w -> {}), w -> {}, e -> {}));
    Thread timing =
        Thread.ofPlatform()
            .start(
                () -> {
                  List<Thread> own = List.of(Thread.currentThread());
                  time(times, watch, pipeline, 20_000);
                  long before = Threads.allocatedOctets(own);
                  time(times, watch, pipeline, 100_000);
                  allocated = Threads.allocatedOctets(own) - before;
                });
    timing.join();
    assertTrue(allocated < 100_000 / 6, () -> allocated + " octets");
    assertEquals(120_000, total(times.of(Stage.SEND)));
  }

  private volatile long allocated;

  private static void time(
      StageTimes times, Stopwatch watch, Pipeline<Stopwatch> pipeline, int batches) {
    for (int i = 0; i < batches; ) {
      boolean due = times.isDue();
      watch.read();
      watch.publishing(pipeline);
      watch.taken();
      watch.processed();
      watch.writing();
      watch.written();
      i += due ? 1 : 0;
    }
  }
}
