package espd.ike.driver;

import espd.ike.Connection;
import espd.ike.exchange.ChildSa;
import espd.ike.exchange.ChildWish;
import espd.ike.exchange.Event;
import espd.ike.exchange.Redirected;
import espd.ike.exchange.Report;
import espd.ike.exchange.Standing;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// IKE SAs in which both ends prove themselves anew, in the place of others that stand until these
/// have all of their Child SAs: make before break (RFC 7296 §2.8.3). For the event loop.
final class Reauthentications {

  /// When it is tried again after a peer refused, or did not answer.
  private static final Duration AGAIN = Duration.ofSeconds(30);

  private static final Logger LOG = LoggerFactory.getLogger(Reauthentications.class);

  /// An IKE SA on its way to take another's place.
  ///
  /// @param old our SPI of the other
  /// @param all the connections that the other protects
  /// @param made how many of them have a Child SA in the new one
  /// @param elsewhere the gateway that the new one is with, if it is another
  private record Renewal(long old, List<String> all, int made, Optional<Redirected> elsewhere) {

    Renewal made(int number) {
      return new Renewal(old, all, number, elsewhere);
    }

    boolean awaits(ChildSa child) {
      return child.connection().name().equals(all.get(made));
    }

    Renewal replacing(Standing from, Standing to) {
      return old == from.localSpi() ? new Renewal(to.localSpi(), all, made, elsewhere) : this;
    }
  }

  private final IkeScheduler scheduler;
  private final IkeSas ikeSas;
  private final IkeSaTable table;
  private final Function<String, Optional<Connection>> connections;
  private final Map<Long, Renewal> bySpi = new HashMap<>();

  /// @param connections those loaded now, by name
  Reauthentications(
      IkeScheduler scheduler,
      IkeSas ikeSas,
      IkeSaTable table,
      Function<String, Optional<Connection>> connections) {
    this.scheduler = scheduler;
    this.ikeSas = ikeSas;
    this.table = table;
    this.connections = connections;
  }

  /// Begins one in the place of the IKE SA with the SPI `old`, for as long as that stands.
  ///
  /// @param names of the connections that it is to protect; those that are not loaded any more are
  ///   left out
  /// @param elsewhere the gateway to make it with, if it is another
  void begin(long old, List<String> names, Optional<Redirected> elsewhere) {
    List<String> all = names.stream().filter(name -> connections.apply(name).isPresent()).toList();
    if (all.isEmpty() || standing(old).isEmpty()) {
      return;
    }
    ChildWish first = wish(all.getFirst());
    elsewhere
        .map(redirected -> ikeSas.initiate(first, redirected))
        .orElseGet(() -> ikeSas.initiate(first))
        .ifPresent(spi -> bySpi.put(spi, new Renewal(old, all, 0, elsewhere)));
  }

  private Optional<Standing> standing(long spi) {
    return table
        .find(spi)
        .map(IkeSaTable.Entry::state)
        .filter(Standing.class::isInstance)
        .map(Standing.class::cast)
        .filter(s -> !s.isClosing());
  }

  private ChildWish wish(String name) {
    return new ChildWish(connections.apply(name).orElseThrow(), Optional.empty());
  }

  /// One gave way to another, which goes on in its place.
  void moved(long from, long to) {
    Renewal renewal = bySpi.remove(from);
    if (renewal != null) {
      bySpi.put(to, renewal);
    }
  }

  /// An IKE SA reports something; what is to be done about it is done later, after its step.
  void told(long spi, Report report) {
    if (report instanceof Report.IkeSaRekeyed(Standing old, Standing successor)) {
      bySpi.replaceAll((made, renewal) -> renewal.replacing(old, successor));
    }
    Renewal renewal = bySpi.get(spi);
    if (renewal == null) {
      return;
    }
    switch (report) {
      // The peer may make Child SAs of its own in it.
      case Report.ChildUp up when renewal.awaits(up.child()) -> scheduler.execute(() -> next(spi));
      case Report.ChildFailed failed -> scheduler.execute(() -> failed(spi));
      default -> {}
    }
  }

  /// An IKE SA is gone.
  void gone(long spi) {
    if (bySpi.containsKey(spi)) {
      scheduler.execute(() -> failed(spi));
    }
  }

  private void next(long spi) {
    Renewal renewal = bySpi.get(spi);
    if (renewal == null) {
      return;
    }
    int made = renewal.made() + 1;
    List<String> left =
        renewal.all().stream()
            .skip(made)
            .filter(name -> connections.apply(name).isPresent())
            .toList();
    if (left.isEmpty()) {
      bySpi.remove(spi);
      ikeSas.feed(renewal.old(), new Event.Terminate(scheduler.now()));
      return;
    }
    bySpi.put(spi, renewal.made(renewal.all().indexOf(left.getFirst())));
    ikeSas.feed(spi, new Event.ChildWanted(scheduler.now(), wish(left.getFirst())));
  }

  /// The old one stands until its own end; until then another is tried.
  private void failed(long spi) {
    Renewal renewal = bySpi.remove(spi);
    if (renewal == null) {
      return;
    }
    ikeSas.feed(spi, new Event.Terminate(scheduler.now()));
    LOG.warn("no IKE SA in the place of an old one; trying again in {} s", AGAIN.toSeconds());
    scheduler.schedule(
        scheduler.now().plus(AGAIN),
        () -> begin(renewal.old(), renewal.all(), renewal.elsewhere()));
  }
}
