package espd.daemon;

import espd.tun.HostException;
import espd.tun.NotifySocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The service manager that started us, systemd or one that does as it does: it hears when packets
/// pass (`READY=1`), how many SAs there are (`STATUS=`), that we live (`WATCHDOG=1`, where it asks
/// for that) and that we are about to end (`STOPPING=1`): sd_notify(3).
///
/// A thread of its own looks once a second; where nobody wants to know, there is none.
final class ServiceManager implements AutoCloseable {

  /// What there is to be said of a daemon.
  ///
  /// @param summary one line for people
  /// @param pulse done as soon as what must not hang has got to it
  record Service(Supplier<String> summary, Supplier<CompletableFuture<?>> pulse) {}

  private static final Logger LOG = LoggerFactory.getLogger(ServiceManager.class);

  private static final Duration LOOK = Duration.ofSeconds(1);

  private final Optional<NotifySocket> socket;
  private final Optional<Duration> watchdog;
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().name("service").daemon().factory());
  private String said = "";

  private ServiceManager(Optional<NotifySocket> socket, Optional<Duration> watchdog) {
    this.socket = socket;
    this.watchdog = watchdog;
  }

  /// {@return the one that `NOTIFY_SOCKET` names, which wants to hear from us within
  /// `WATCHDOG_USEC` microseconds each time; nobody where it names none}
  static ServiceManager of(Map<String, String> environment) {
    try {
      String name = environment.getOrDefault("NOTIFY_SOCKET", "");
      return new ServiceManager(
          name.isEmpty() ? Optional.empty() : Optional.of(NotifySocket.of(name)),
          watchdog(environment));
    } catch (HostException e) {
      LOG.warn("the service manager is told nothing: {}", e.getMessage());
      return new ServiceManager(Optional.empty(), Optional.empty());
    }
  }

  /// sd_watchdog_enabled(3): the variables are inherited, and may be meant for another process.
  private static Optional<Duration> watchdog(Map<String, String> environment) {
    String micros = environment.getOrDefault("WATCHDOG_USEC", "");
    String own = String.valueOf(ProcessHandle.current().pid());
    boolean ours = environment.getOrDefault("WATCHDOG_PID", own).equals(own);
    return ours && micros.matches("[1-9]\\d{0,17}")
        ? Optional.of(Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(Long.parseLong(micros))))
        : Optional.empty();
  }

  /// Says that packets pass, and goes on telling of the service until [#close()].
  void ready(Service service) {
    if (socket.isEmpty()) {
      return;
    }
    tell("READY=1");
    // A watchdog wants to be told well within its time.
    Duration third = watchdog.orElse(LOOK.multipliedBy(3)).dividedBy(3);
    long nanos = (third.compareTo(LOOK) < 0 ? third : LOOK).toNanos();
    var _ = timer.scheduleWithFixedDelay(() -> look(service), 0, nanos, TimeUnit.NANOSECONDS);
  }

  private void look(Service service) {
    List<String> news = new ArrayList<>();
    String summary = service.summary().get();
    if (!summary.equals(said)) {
      said = summary;
      news.add("STATUS=" + summary);
    }
    if (watchdog.isPresent() && beats(service, watchdog.get())) {
      news.add("WATCHDOG=1");
    }
    if (!news.isEmpty()) {
      tell(String.join("\n", news));
    }
  }

  private static boolean beats(Service service, Duration within) {
    try {
      service.pulse().get().get(within.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.error("the daemon does not answer itself within {}: its watchdog is not told", within);
    }
    return false;
  }

  private void tell(String news) {
    try {
      if (socket.isPresent()) {
        socket.get().send(news);
      }
    } catch (HostException e) {
      LOG.warn("{}", e.getMessage());
    }
  }

  /// Says that the service stops.
  @Override
  public void close() {
    timer.shutdownNow();
    tell("STOPPING=1");
  }
}
