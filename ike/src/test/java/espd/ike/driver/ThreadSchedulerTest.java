package espd.ike.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// The event loop of a running program.
final class ThreadSchedulerTest {

  /// The data plane and the sockets still have something to say while the program ends.
  @Test
  void whatComesWhileItClosesRaisesNothing() throws InterruptedException {
    for (int i = 0; i < 200; i++) {
      ThreadScheduler scheduler = new ThreadScheduler(InstantSource.system());
      AtomicReference<String> raised = new AtomicReference<>("");
      CountDownLatch begun = new CountDownLatch(1);
      Thread busy =
          Thread.ofPlatform()
              .uncaughtExceptionHandler((thread, e) -> raised.set(e.toString()))
              .start(() -> keepBusy(scheduler, begun));
      begun.await();
      scheduler.close();
      busy.join();
      assertEquals("", raised.get());
    }
  }

  private static void keepBusy(ThreadScheduler scheduler, CountDownLatch begun) {
    for (int i = 0; i < 2000; i++) {
      scheduler.execute(begun::countDown);
      scheduler.compute(() -> {});
      scheduler.schedule(scheduler.now(), () -> {});
    }
  }

  @Test
  void oneTasksFaultIsNoOthers() throws InterruptedException {
    try (ThreadScheduler scheduler = new ThreadScheduler(InstantSource.system())) {
      CountDownLatch done = new CountDownLatch(2);
      scheduler.execute(
          () -> {
            throw new IllegalStateException("a fault");
          });
      scheduler.execute(done::countDown);
      scheduler.compute(done::countDown);
      assertTrue(done.await(10, TimeUnit.SECONDS));
    }
  }
}
