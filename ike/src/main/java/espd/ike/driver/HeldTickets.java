package espd.ike.driver;

import espd.ike.Connection;
import espd.ike.exchange.HeldTicket;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// The tickets that peers have given us, in memory alone: the last one of each connection, until it
/// expires, or the IKE SA that it is of is deleted (RFC 5723 §4.3, §6.2). One whose peer was lost
/// remains. For the event loop.
final class HeldTickets {

  /// @param spi ours of the IKE SA that it came by
  private record Held(long spi, HeldTicket ticket) {}

  private final IkeScheduler scheduler;
  private final Map<String, Held> byConnection = new HashMap<>();

  HeldTickets(IkeScheduler scheduler) {
    this.scheduler = scheduler;
  }

  /// Keeps a ticket, in the place of the one before.
  ///
  /// @param spi ours of the IKE SA that it came by
  void keep(long spi, HeldTicket ticket) {
    Held held = new Held(spi, ticket);
    Optional.ofNullable(byConnection.put(ticket.peer().connection().name(), held))
        .ifPresent(before -> before.ticket().close());
    scheduler.schedule(
        ticket.until(), () -> drop(each -> !each.ticket().until().isAfter(scheduler.now())));
  }

  /// Forgets the ticket of an IKE SA.
  void forget(long spi) {
    drop(held -> held.spi() == spi);
  }

  private void drop(Predicate<Held> which) {
    List<Held> dropped = byConnection.values().stream().filter(which).toList();
    byConnection.values().removeAll(dropped);
    dropped.forEach(held -> held.ticket().close());
  }

  /// {@return the ticket of a connection, which is not here any more: a ticket is used once. None
  /// if the connection has been configured anew}
  Optional<HeldTicket> take(Connection connection, Instant now) {
    Optional<Held> held = Optional.ofNullable(byConnection.remove(connection.name()));
    Optional<HeldTicket> good =
        held.map(Held::ticket)
            .filter(ticket -> ticket.until().isAfter(now))
            .filter(ticket -> ticket.peer().connection().equals(connection));
    if (good.isEmpty()) {
      held.ifPresent(each -> each.ticket().close());
    }
    return good;
  }
}
