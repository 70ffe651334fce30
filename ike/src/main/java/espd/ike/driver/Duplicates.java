package espd.ike.driver;

import espd.ike.driver.IkeSaTable.Entry;
import espd.ike.exchange.Event;
import espd.ike.exchange.Peer;
import espd.ike.exchange.Report;
import espd.ike.exchange.Standing;
import espd.spd.Ipv6Address;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// IKE SAs with a peer that has just made another, where these are to go. For the event loop.
final class Duplicates {

  /// How long a peer at the same address may take to close the old one itself, for it seems to make
  /// one before it breaks the other (RFC 7296 §2.8.3).
  private static final Duration BREAKS = Duration.ofSeconds(10);

  /// One that is to go, and the successors that it has until then.
  private static final class Leaving {
    private long spi;

    private Leaving(long spi) {
      this.spi = spi;
    }
  }

  private final IkeScheduler scheduler;
  private final IkeSas ikeSas;
  private final IkeSaTable table;
  private final Map<Long, Leaving> bySpi = new HashMap<>();

  Duplicates(IkeScheduler scheduler, IkeSas ikeSas, IkeSaTable table) {
    this.scheduler = scheduler;
    this.ikeSas = ikeSas;
    this.table = table;
  }

  /// The peer says that it has only this IKE SA; what was there before it began is stale (RFC 7296
  /// §2.4).
  void forget(Entry fresh, Peer peer) {
    List<Standing> stale =
        table
            .standingWith(peer)
            .filter(s -> s.localSpi() != fresh.spi && s.since().isBefore(fresh.created))
            .toList();
    for (Standing each : stale) {
      say(
          each,
          "destroying duplicate IKE_SA for peer '%s', received INITIAL_CONTACT"
              .formatted(peer.proven()));
      ikeSas.feed(each.localSpi(), new Event.Forgotten(scheduler.now()));
    }
  }

  /// The peer is to have this IKE SA only.
  void replace(Entry fresh, Peer peer) {
    List<Standing> others = table.duplicates(peer).filter(s -> s.localSpi() != fresh.spi).toList();
    for (Standing each : others) {
      if (fresh.state() instanceof Standing s && isAt(each, s.path().remote())) {
        leave(each, peer);
      } else {
        say(
            each,
            "deleting duplicate IKE_SA for peer '%s' due to uniqueness policy"
                .formatted(peer.proven()));
        close(each.localSpi());
      }
    }
  }

  private static boolean isAt(Standing standing, Ipv6Address remote) {
    return standing.path().remote().equals(remote);
  }

  private void leave(Standing old, Peer peer) {
    if (bySpi.containsKey(old.localSpi())) {
      return;
    }
    say(
        old,
        "schedule delete of duplicate IKE_SA for peer '%s' due to uniqueness policy and suspected reauthentication"
            .formatted(peer.proven()));
    Leaving leaving = new Leaving(old.localSpi());
    bySpi.put(leaving.spi, leaving);
    scheduler.schedule(
        scheduler.now().plus(BREAKS),
        () -> {
          if (bySpi.remove(leaving.spi, leaving)) {
            close(leaving.spi);
          }
        });
  }

  private void say(Standing standing, String line) {
    String connection = standing.peer().connection().name();
    ikeSas.tell(standing.localSpi(), new Report.Progress(connection, line));
  }

  private void close(long spi) {
    ikeSas.feed(spi, new Event.Terminate(scheduler.now()));
  }

  /// A successor goes in the place of its predecessor.
  void told(Report report) {
    if (report instanceof Report.IkeSaRekeyed(Standing old, Standing successor)) {
      Leaving leaving = bySpi.remove(old.localSpi());
      if (leaving != null) {
        leaving.spi = successor.localSpi();
        bySpi.put(leaving.spi, leaving);
      }
    }
  }

  /// An IKE SA is gone.
  void gone(long spi) {
    bySpi.remove(spi);
  }
}
