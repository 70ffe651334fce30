package espd.ike.exchange;

import espd.ike.Connection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What an established IKE SA does when time has come (RFC 7296 §2.4, §2.8).
final class Lifecycle {

  private Lifecycle() {}

  /// Queues what is due: the end of the lifetime, the successor, the question whether the peer
  /// lives.
  static Established due(Established state, Actions actions) {
    Instant now = actions.now();
    Established s = state;
    if (isDue(s.timers().endsAt(), now)) {
      Established.Timers t = s.timers();
      s =
          s.with(
                  new Established.Timers(
                      t.established(),
                      Optional.empty(),
                      Optional.empty(),
                      Optional.empty(),
                      t.heard(),
                      t.sent(),
                      t.lingering()))
              .queued(new Task.DeleteIke(now, Report.Cause.EXPIRED));
    }
    if (isDue(s.timers().rekeyAt(), now)) {
      s = queuedOnce(s.with(s.timers().rekeyAt(Optional.empty())), new Task.RekeyIke(now));
    }
    if (isDue(s.timers().reauthAt(), now)) {
      s = reauthenticated(s, actions);
    }
    if (isDue(s.livenessAt(), now)) {
      s = queuedOnce(s, new Task.Liveness(now));
    }
    return s;
  }

  /// Has another IKE SA made with the same Child SAs, after which this one is closed (RFC 7296
  /// §2.8.3).
  static Established reauthenticated(Established s, Actions actions) {
    actions.progress(
        s.connection(),
        "reauthenticating IKE_SA %s[%d]".formatted(s.connection().name(), s.serial()));
    actions.add(new Action.Reauthenticate(protecting(s), Optional.empty()));
    return s.with(s.timers().rekeyAt(Optional.empty()).reauthAt(Optional.empty()));
  }

  /// {@return the names of the connections that an IKE SA protects, or else of its own}
  static List<String> protecting(Established s) {
    Stream<Connection> protecting =
        s.children().stream().filter(child -> !child.rekeyed()).map(ChildSa::connection);
    return Stream.concat(protecting, Stream.of(s.connection()).filter(c -> s.children().isEmpty()))
        .map(Connection::name)
        .distinct()
        .toList();
  }

  /// Queues the end of a connection's Child SAs, or of the IKE SA where it serves no other.
  static Established closed(Established s, String connection, Instant now) {
    List<ChildSa> its =
        s.children().stream().filter(c -> c.connection().name().equals(connection)).toList();
    if (s.children().stream().allMatch(c -> its.contains(c) || c.rekeyed())) {
      return s.queued(new Task.DeleteIke(now, Report.Cause.ASKED));
    }
    Established then = s;
    for (ChildSa child : its) {
      then = then.queued(new Task.DeleteChild(now, child.inbound().spi(), Report.Cause.ASKED));
    }
    return then;
  }

  private static boolean isDue(Optional<Instant> at, Instant now) {
    return at.isPresent() && !at.get().isAfter(now);
  }

  /// Queues a task unless the same waits already, whenever it is due.
  static Established queuedOnce(Established s, Task task) {
    boolean waits =
        s.work().queue().stream()
            .anyMatch(
                other ->
                    switch (task) {
                      case Task.RekeyChild t ->
                          other instanceof Task.RekeyChild o && o.inboundSpi() == t.inboundSpi();
                      case Task.DeleteChild t ->
                          other instanceof Task.DeleteChild o && o.inboundSpi() == t.inboundSpi();
                      case Task.RekeyIke t -> other instanceof Task.RekeyIke;
                      case Task.NewChild t -> false;
                      case Task.Disown t -> false;
                      case Task.DeleteIke t -> other instanceof Task.DeleteIke;
                      case Task.Relocate t -> false;
                      case Task.Redirect t -> other instanceof Task.Redirect;
                      case Task.Announce t -> other instanceof Task.Announce;
                      case Task.AskTicket t -> other instanceof Task.AskTicket;
                      case Task.Liveness t -> other instanceof Task.Liveness;
                    });
    return waits ? s : s.queued(task);
  }

  /// Removes inbound SAs that have lingered long enough.
  static Established lingered(Established s, Actions actions) {
    List<Established.Lingering> rest = new ArrayList<>();
    for (Established.Lingering lingering : s.timers().lingering()) {
      if (lingering.until().isAfter(actions.now())) {
        rest.add(lingering);
      } else {
        actions.add(new Action.Remove(lingering.sa()));
      }
    }
    return s.with(s.timers().lingering(rest));
  }
}
