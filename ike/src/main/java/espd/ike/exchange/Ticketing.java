package espd.ike.exchange;

import espd.ike.Connection;
import espd.ike.Extension;
import espd.ike.message.Bytes;
import espd.ike.message.MalformedException;
import espd.ike.message.Notify;
import espd.ike.message.NotifyType;
import espd.ike.message.Reader;
import espd.ike.message.Writer;
import espd.spd.KeyMaterial;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Tickets of established IKE SAs, asked for, given and kept (RFC 5723 §4.1, §4.2, §6.2), in
/// IKE_AUTH, and in INFORMATIONAL when the IKE SA has been rekeyed: what a ticket is of is one IKE
/// SA, and ends with it.
final class Ticketing {

  /// When a peer is asked again that will give one later.
  private static final Duration LATER = Duration.ofSeconds(60);

  private final Surroundings surroundings;

  Ticketing(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  private static boolean isWanted(Connection connection) {
    return connection.options().extensions().contains(Extension.RESUMPTION);
  }

  // --- initiator ---------------------------------------------------------------------------------

  /// {@return TICKET_REQUEST, where the connection wants a ticket}
  static List<Notify> request(Connection connection) {
    return isWanted(connection) ? List.of(Notify.of(NotifyType.TICKET_REQUEST)) : List.of();
  }

  /// {@return the successor of an IKE SA, which asks for a ticket of its own: that of the old one
  /// is worth nothing any more (RFC 5723 §6.2)}
  static Established renewed(Established successor, Actions actions) {
    return successor.peer().called() && isWanted(successor.connection())
        ? Lifecycle.queuedOnce(successor, new Task.AskTicket(actions.now()))
        : successor;
  }

  /// The IKE SA is deleted, or replaced: its ticket is not to be presented (RFC 5723 §6.2).
  static void forget(Established s, Actions actions) {
    if (s.peer().called() && isWanted(s.connection())) {
      actions.add(new Action.ForgetTicket());
    }
  }

  /// {@return the IKE SA, the ticket kept that this answer gives, if it does}
  static Established kept(Established s, Notifies answer, Actions actions) {
    if (!s.peer().called() || !isWanted(s.connection())) {
      return s;
    }
    if (answer.has(NotifyType.TICKET_ACK)) {
      return Lifecycle.queuedOnce(s, new Task.AskTicket(actions.now().plus(LATER)));
    }
    Optional<Notify> given = answer.first(NotifyType.TICKET_LT_OPAQUE);
    if (given.isEmpty()) {
      return s;
    }
    Reader in = new Reader(given.get().data().toArray());
    try {
      Duration lifetime = Duration.ofSeconds(Integer.toUnsignedLong(in.u32()));
      Bytes ticket = in.rest();
      keep(s, ticket, lifetime, actions);
    } catch (MalformedException e) {
      actions.warning(s.connection(), "received invalid TICKET_LT_OPAQUE: " + e.getMessage());
    }
    return s;
  }

  private static void keep(Established s, Bytes ticket, Duration said, Actions actions) {
    Duration lifetime = said.compareTo(Tickets.LONGEST) < 0 ? said : Tickets.LONGEST;
    if (ticket.length() == 0 || ticket.length() > Tickets.MOST_OCTETS) {
      actions.warning(s.connection(), "a ticket of " + ticket.length() + " octets is not kept");
      return;
    }
    actions.progress(s.connection(), "received a ticket, valid for " + lifetime.toSeconds() + "s");
    actions.add(
        new Action.KeepTicket(
            new HeldTicket(
                ticket,
                actions.now().plus(lifetime),
                s.peer(),
                s.ikeSa().keys().suite(),
                s.ikeSa().keys().skD().use(KeyMaterial::copyOf))));
  }

  // --- responder ---------------------------------------------------------------------------------

  /// {@return what the peer gets that asks for a ticket: one that is valid for no longer than the
  /// IKE SA may live, counted from when the peer has proven itself; a proof gets no younger by
  /// being resumed (RFC 5723 §5, §6.2)}
  List<Notify> granted(Established s, Notifies request, Actions actions) {
    if (!request.has(NotifyType.TICKET_REQUEST)) {
      return List.of();
    }
    Optional<Notify> ticket =
        s.peer().called() || !isWanted(s.connection()) ? Optional.empty() : ticket(s, actions);
    return List.of(ticket.orElseGet(() -> Notify.of(NotifyType.TICKET_NACK)));
  }

  private Optional<Notify> ticket(Established s, Actions actions) {
    Duration own = s.connection().ikeLifetime().lifetime();
    boolean shorter = !own.isZero() && own.compareTo(Tickets.LONGEST) < 0;
    Instant proven = s.peer().provenAt().orElse(actions.now());
    Instant until = proven.plus(shorter ? own : Tickets.LONGEST);
    Duration lifetime = Duration.between(actions.now(), until);
    if (lifetime.toSeconds() < 1) {
      return Optional.empty();
    }
    try (Ticket ticket = Ticket.of(s, until)) {
      return surroundings
          .tickets()
          .seal(ticket, actions.now())
          .map(
              octets -> {
                actions.progress(
                    s.connection(), "giving a ticket, valid for " + lifetime.toSeconds() + "s");
                Writer data = new Writer().u32((int) lifetime.toSeconds()).bytes(octets);
                return Notify.of(NotifyType.TICKET_LT_OPAQUE, Bytes.of(data.toArray()));
              });
    }
  }
}
