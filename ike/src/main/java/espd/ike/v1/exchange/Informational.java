package espd.ike.v1.exchange;

import espd.ike.Connection;
import espd.ike.DropReason;
import espd.ike.crypto.Role;
import espd.ike.exchange.Action;
import espd.ike.exchange.Actions;
import espd.ike.exchange.ChildSa;
import espd.ike.exchange.Report;
import espd.ike.exchange.Surroundings;
import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.message.MalformedException;
import espd.ike.v1.crypto.PhaseOneCipher;
import espd.ike.v1.message.Delete;
import espd.ike.v1.message.IsakmpMessage;
import espd.ike.v1.message.IsakmpPayload;
import espd.ike.v1.message.IsakmpProposal;
import espd.ike.v1.message.Notification;
import espd.ike.v1.message.NotificationType;
import espd.spd.SaParameters;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

/// Informational exchanges under keys (RFC 2409 §5.7): one message, which nobody answers.
///
/// ```
///   HDR*, HASH(1), N/D -->
/// ```
final class Informational {

  private final Surroundings surroundings;
  private final Quicks quicks;

  Informational(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.quicks = new Quicks(surroundings);
  }

  // --- ours --------------------------------------------------------------------------------------

  /// Sends a notification or a deletion.
  static void send(
      IsakmpSa sa,
      Connection connection,
      IsakmpPayload payload,
      SecureRandom random,
      Actions actions) {
    int id = Fresh.messageId(random);
    List<IsakmpPayload> rest = List.of(payload);
    Bytes hash = sa.keys().hash1(id, rest);
    Courier.send(
        sa,
        connection,
        new Courier.Letter(sa.header(Header.INFORMATIONAL_V1, id), Role.INITIATOR, sa.firstIv(id)),
        Quicks.hashed(hash, rest),
        actions);
  }

  /// {@return a message id that no exchange of an ISAKMP SA has (RFC 2408 §3.1)}
  static int freshId(Established s, SecureRandom random) {
    int id = Fresh.messageId(random);
    while (s.over().contains(id) || s.quick(id).isPresent()) {
      id = Fresh.messageId(random);
    }
    return id;
  }

  // --- the peer's --------------------------------------------------------------------------------

  /// {@return what was in a message, authentic; nothing of it is believed otherwise}
  ///
  /// @throws MalformedException when it is not
  static IsakmpMessage open(IsakmpSa sa, Incoming in) throws MalformedException {
    int id = in.message().header().messageId();
    PhaseOneCipher.Opened opened = sa.open(in.message(), sa.firstIv(id));
    IsakmpMessage message = opened.message();
    if (!Quicks.hasHash(message, sa.keys().hash1(id, message.afterFirst()))) {
      throw new MalformedException("the HASH is wrong");
    }
    return message;
  }

  /// `--> HDR*, HASH(1), N/D`
  Outcome received(Established state, Incoming in, Actions actions) {
    int id = in.message().header().messageId();
    if (state.over().contains(id) || state.quick(id).isPresent()) {
      actions.dropped(DropReason.EXCHANGE_OVER);
      return new Outcome(state, false);
    }
    IsakmpMessage message;
    try {
      message = open(state.sa(), in);
    } catch (MalformedException e) {
      actions.dropped(DropReason.UNAUTHENTIC);
      return new Outcome(state, false);
    }
    Optional<DropReason> stale =
        message.all(Notification.class).stream().flatMap(n -> stale(n, state).stream()).findFirst();
    if (stale.isPresent()) {
      actions.dropped(stale.get());
      return new Outcome(state.ended(id), false);
    }
    Established s = Lifecycle.heard(state, in.datagram(), actions).ended(id);
    Courier.received(s.connection(), in.datagram(), message, Role.INITIATOR, actions);
    boolean gone = false;
    for (IsakmpPayload payload : message.afterFirst()) {
      switch (payload) {
        case Notification n -> s = notified(s, n, actions);
        case Delete d when d.protocol() == IsakmpProposal.ISAKMP -> gone |= names(d, s);
        case Delete d when d.protocol() == IsakmpProposal.ESP -> s = deleted(s, d, actions);
        default -> actions.dropped(DropReason.NOTHING_INFORMATIONAL);
      }
    }
    return new Outcome(s, gone);
  }

  /// An answer to no question of ours shows no life, nor does a question that is older than
  /// another: somebody may have kept it (RFC 3706 §6.2).
  private static Optional<DropReason> stale(Notification n, Established s) {
    boolean numbered = n.data().length() == Integer.BYTES;
    return switch (n.type()) {
      case NotificationType.R_U_THERE_ACK ->
          numbered && s.liveness().awaits(n.data().toInt())
              ? Optional.empty()
              : Optional.of(DropReason.NOT_AWAITED);
      case NotificationType.R_U_THERE ->
          numbered && s.liveness().isFresh(n.data().toInt())
              ? Optional.empty()
              : Optional.of(DropReason.OLD_LIVENESS);
      default -> Optional.empty();
    };
  }

  /// The SPI of an ISAKMP SA is both of its cookies (RFC 2408 §3.15).
  private static boolean names(Delete delete, Established s) {
    Bytes cookies = Delete.isakmp(s.sa().header(0, 0)).spis().getFirst();
    return delete.spis().contains(cookies);
  }

  private Established deleted(Established state, Delete delete, Actions actions) {
    Established s = state;
    for (Bytes each : delete.spis()) {
      int spi = each.toInt();
      actions.progress(
          s.connection(),
          "received DELETE for ESP CHILD_SA with SPI " + SaParameters.spiText(spi).substring(2));
      s = quicks.deleted(s, spi, actions);
      var child = s.ipsecSas().childOfPeer(spi);
      if (child.isPresent()) {
        s = s.with(s.ipsecSas().closed(child.get(), Report.Cause.PEER, actions));
      }
    }
    return s;
  }

  private Established notified(Established s, Notification n, Actions actions) {
    return switch (n.type()) {
      case NotificationType.R_U_THERE -> asked(s, n, actions);
      case NotificationType.R_U_THERE_ACK -> s;
      case NotificationType.INITIAL_CONTACT -> greeted(s, actions);
      case NotificationType.RESPONDER_LIFETIME, NotificationType.REPLAY_STATUS -> s;
      case NotificationType.CONNECTED -> s;
      default -> {
        actions.warning(s.connection(), Courier.text(n));
        yield n.isError() ? quicks.notified(s, n, actions) : s;
      }
    };
  }

  /// `--> N(R-U-THERE)` is answered with the same sequence number (RFC 3706 §5.4).
  private Established asked(Established s, Notification n, Actions actions) {
    Notification ack =
        Notification.ofIsakmp(s.sa().header(0, 0), NotificationType.R_U_THERE_ACK, n.data());
    send(s.sa(), s.connection(), ack, surroundings.random(), actions);
    return s.with(s.liveness().heard(n.data().toInt()));
  }

  /// The peer had no SA with us before this one (RFC 2407 §4.6.3.3): what is older is nothing to
  /// it.
  private Established greeted(Established s, Actions actions) {
    if (s.greeted() || !s.connection().options().uniqueness().heedsInitialContact()) {
      return s;
    }
    actions.add(new Action.InitialContact(s.peer()));
    IpsecSas sas = s.ipsecSas();
    for (ChildSa child : sas.all()) {
      if (child.inbound().parameters().created().isBefore(s.since())) {
        sas = sas.closed(child, Report.Cause.PEER, actions);
      }
    }
    return s.with(sas).welcomed();
  }
}
