package espd.daemon;

import espd.spd.Sa;
import espd.spd.Sadb;
import espd.spd.SadbListener;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A thread that looks each second at what nobody tells of: the lifetimes of SAs, and more. At the
/// lifetimes it looks at once when an SA has carried all it may.
final class EachSecond implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EachSecond.class);

  // Packets are still counted while it is closed already.
  private final ScheduledExecutorService timer =
      new ScheduledThreadPoolExecutor(
          1,
          Thread.ofPlatform().name("lifetimes").daemon().factory(),
          new ThreadPoolExecutor.DiscardPolicy());

  /// @param sadb whose lifetimes it looks at
  /// @param more what else, on its thread; a failure of one is logged, and the next second it is
  ///   looked at again
  EachSecond(Sadb sadb, List<Runnable> more) {
    sadb.subscribe(
        new SadbListener() {
          @Override
          public void due(Sa sa) {
            timer.execute(() -> look(sadb::expire));
          }
        });
    var _ =
        timer.scheduleWithFixedDelay(
            () -> {
              look(sadb::expire);
              more.forEach(EachSecond::look);
            },
            1,
            1,
            TimeUnit.SECONDS);
  }

  private static void look(Runnable at) {
    try {
      at.run();
    } catch (RuntimeException e) {
      // A timer that threw would never run again, and SAs would live for ever.
      LOG.error("lifetimes, path MTU or filter were not looked at", e);
    }
  }

  /// Has its thread do something.
  void execute(Runnable task) {
    timer.execute(task);
  }

  @Override
  public void close() {
    timer.close();
  }
}
