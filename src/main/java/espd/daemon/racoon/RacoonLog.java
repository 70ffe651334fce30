package espd.daemon.racoon;

import espd.daemon.control.Happening;
import espd.daemon.control.Happenings;
import espd.daemon.control.Happenings.Subscription;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// racoon's log of a daemon: what it says at the start and at the end, and between what happens
/// ([RacoonLines]), in a thread of its own.
///
/// A part is opened before the daemon and closed after it, so that the last of it is told.
public final class RacoonLog implements AutoCloseable {

  /// racoon's lines are of no class.
  private static final Logger LOG = LoggerFactory.getLogger("racoon");

  private static final int ROOM = 4096;
  private static final long PATIENCE_MILLIS = 100;

  private volatile Optional<Thread> teller = Optional.empty();
  private volatile boolean closing;

  /// Says who speaks.
  ///
  /// @param version of the program
  public RacoonLog(String version) {
    LOG.info("@(#)espd {} (racoon of ipsec-tools, in userspace)", version);
    LOG.info(
        "@(#)This product linked Java {} {} ({})",
        System.getProperty("java.version"),
        System.getProperty("java.version.date"),
        System.getProperty("java.vendor.url"));
  }

  /// Says where peers can speak to the daemon.
  ///
  /// @param address with its port, as `2001:db8::1[500]`
  /// @param fd of the socket
  public void listens(String address, int fd) {
    LOG.info("{} used as isakmp port (fd={})", address, fd);
  }

  /// Says what happens from now on.
  public void follow(Happenings happenings) {
    Subscription subscription = happenings.subscribe(ROOM);
    teller =
        Optional.of(
            Thread.ofPlatform().daemon().name("racoon-log").start(() -> tell(subscription)));
  }

  private void tell(Subscription subscription) {
    RacoonLines lines = new RacoonLines();
    try (subscription) {
      while (true) {
        Optional<Happening> next = subscription.next(PATIENCE_MILLIS);
        if (next.isPresent()) {
          say(lines.of(next.get()));
        } else if (closing) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void say(List<RacoonLines.Line> lines) {
    lines.forEach(line -> LOG.atLevel(line.level()).log(line.text()));
  }

  /// Says which signal ends the daemon.
  public void caught(int signal) {
    LOG.info("caught signal {}", signal);
  }

  /// Says what is left, and that it is over.
  @Override
  public void close() {
    closing = true;
    teller.ifPresent(
        thread -> {
          try {
            thread.join(10 * PATIENCE_MILLIS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    LOG.info("racoon process {} shutdown", ProcessHandle.current().pid());
  }
}
