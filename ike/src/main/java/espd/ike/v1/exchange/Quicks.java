package espd.ike.v1.exchange;

import espd.ike.Connection;
import espd.ike.Connection.Compression;
import espd.ike.DropReason;
import espd.ike.crypto.Role;
import espd.ike.exchange.Action;
import espd.ike.exchange.Actions;
import espd.ike.exchange.ChildSa;
import espd.ike.exchange.Computation;
import espd.ike.exchange.IsakmpStage;
import espd.ike.exchange.Report;
import espd.ike.exchange.Surroundings;
import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.message.MalformedException;
import espd.ike.v1.crypto.IpcompOffers;
import espd.ike.v1.crypto.Iv;
import espd.ike.v1.crypto.PhaseOneCipher;
import espd.ike.v1.message.Hash;
import espd.ike.v1.message.IsakmpMessage;
import espd.ike.v1.message.IsakmpPayload;
import espd.ike.v1.message.Notification;
import espd.ike.v1.message.NotificationType;
import espd.ike.v1.message.SecurityAssociation;
import espd.spd.SaParameters;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The quick modes of an ISAKMP SA, both ends' (RFC 2409 §5.5): which of them a message or a result
/// is for, whether it is authentic, and what is due.
final class Quicks {

  private final Surroundings surroundings;
  private final QuickInitiator initiator;
  private final QuickResponder responder;

  Quicks(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.initiator = new QuickInitiator(surroundings);
    this.responder = new QuickResponder(surroundings);
  }

  /// A message of a quick mode, authentic.
  ///
  /// @param next IV of the exchange
  /// @param taken to tell it again
  record Came(IsakmpMessage message, Iv next, Taken taken) {}

  // --- messages ----------------------------------------------------------------------------------

  /// A message of quick mode. One that is not authentic changes nothing, least of all an IV.
  Established received(Established s, Incoming in, Actions actions) {
    int id = in.message().header().messageId();
    if (s.over().contains(id)) {
      actions.dropped(DropReason.EXCHANGE_OVER);
      return s;
    }
    try {
      Optional<Quick> quick = s.quick(id);
      return quick.isEmpty() ? begin(s, in, actions) : goOn(s, quick.get(), in, actions);
    } catch (MalformedException e) {
      actions.dropped(DropReason.UNAUTHENTIC);
      return s;
    }
  }

  private Established begin(Established s, Incoming in, Actions actions) throws MalformedException {
    int id = in.message().header().messageId();
    if (!QuickResponder.mayBegin(s)) {
      actions.dropped(DropReason.TOO_MANY_QUICK_MODES);
      return s;
    }
    PhaseOneCipher.Opened opened = s.sa().open(in.message(), s.sa().firstIv(id));
    IsakmpMessage message = opened.message();
    if (!hasHash(message, s.sa().keys().hash1(id, message.afterFirst()))) {
      actions.dropped(DropReason.UNAUTHENTIC);
      return s;
    }
    Established heard = Lifecycle.heard(s, in.datagram(), actions);
    Courier.received(s.connection(), in.datagram(), message, Role.INITIATOR, actions);
    try {
      return responder.begin(heard, came(opened, in), actions);
    } catch (MalformedException e) {
      return malformed(heard, message.header(), Role.RESPONDER, e, actions).ended(id);
    }
  }

  private static Came came(PhaseOneCipher.Opened opened, Incoming in) {
    return new Came(opened.message(), opened.next(), in.taken());
  }

  private Established goOn(Established s, Quick quick, Incoming in, Actions actions)
      throws MalformedException {
    return switch (quick) {
      case Quick.Requested q -> answered(s, q, in, actions);
      case Quick.Answered q -> completed(s, q, in, actions);
      case Quick.Done q -> again(s, q.taken(), in, actions);
      case Quick.Preparing _, Quick.Agreeing _, Quick.Answering _ -> {
        actions.dropped(DropReason.BEING_ANSWERED);
        yield s;
      }
    };
  }

  private static Established again(Established s, Taken taken, Incoming in, Actions actions) {
    if (taken.isRepeatedBy(in.datagram().payload()) && taken.answer().isPresent()) {
      Courier.sendAgain(s.path(), taken.answer().get(), actions);
    } else {
      actions.dropped(DropReason.EXCHANGE_OVER);
    }
    return s;
  }

  private Established answered(Established s, Quick.Requested q, Incoming in, Actions actions)
      throws MalformedException {
    PhaseOneCipher.Opened opened = s.sa().open(in.message(), q.iv());
    if (!QuickInitiator.isAuthentic(s, q, opened.message())) {
      actions.dropped(DropReason.UNAUTHENTIC);
      return s;
    }
    Established heard = Lifecycle.heard(s, in.datagram(), actions);
    Connection connection = q.offer().want().connection();
    Courier.received(connection, in.datagram(), opened.message(), Role.RESPONDER, actions);
    Optional<Notification> error =
        opened.message().all(Notification.class).stream().filter(Notification::isError).findFirst();
    if (error.isPresent()) {
      return refused(heard, q, error.get(), actions);
    }
    try {
      return initiator.answered(heard, q, came(opened, in), actions);
    } catch (MalformedException e) {
      Established told = malformed(heard, in.message().header(), Role.INITIATOR, e, actions);
      return initiator.refused(
          told, q.offer(), Report.Cause.REFUSED, String.valueOf(e.getMessage()), actions);
    }
  }

  private Established completed(Established s, Quick.Answered q, Incoming in, Actions actions)
      throws MalformedException {
    if (q.taken().isRepeatedBy(in.datagram().payload())) {
      Courier.sendAgain(s.path(), q.sent().octets(), actions);
      return s;
    }
    PhaseOneCipher.Opened opened = s.sa().open(in.message(), q.iv());
    if (!QuickResponder.isAuthentic(s, q, opened.message())) {
      actions.dropped(DropReason.UNAUTHENTIC);
      return s;
    }
    Courier.received(
        q.child().connection(), in.datagram(), opened.message(), Role.INITIATOR, actions);
    return responder.complete(Lifecycle.heard(s, in.datagram(), actions), q, actions);
  }

  private Established malformed(
      Established s, Header header, Role role, MalformedException e, Actions actions) {
    actions.warning(s.connection(), "PAYLOAD_MALFORMED sent: " + e.getMessage());
    Notification notification =
        Notification.ofIsakmp(header, NotificationType.PAYLOAD_MALFORMED, Bytes.EMPTY);
    Informational.send(s.sa(), s.connection(), notification, surroundings.random(), actions);
    ended(role, Actions.Result.MALFORMED, actions);
    return s;
  }

  // --- notifications -----------------------------------------------------------------------------

  /// The peer refuses a quick mode of ours, which it names by our SPI or means without a name.
  Established notified(Established s, Notification error, Actions actions) {
    List<Quick.Requested> ours =
        s.quicks().stream()
            .filter(Quick.Requested.class::isInstance)
            .map(Quick.Requested.class::cast)
            .toList();
    Optional<Quick.Requested> meant =
        ours.stream()
            .filter(q -> error.spi().equals(Bytes.ofInt(q.offer().spi())))
            .findFirst()
            .or(() -> ours.stream().findFirst());
    return meant.map(q -> refused(s, q, error, actions)).orElse(s);
  }

  private Established refused(
      Established s, Quick.Requested q, Notification error, Actions actions) {
    String line = QuickInitiator.refusal(q.offer(), error);
    return initiator.refused(s, q.offer(), Report.Cause.REFUSED, line, actions);
  }

  /// The peer has deleted what a quick mode of its own was about to make.
  Established deleted(Established s, int outboundSpi, Actions actions) {
    for (Quick quick : s.quicks()) {
      if (quick instanceof Quick.Answered q && q.child().outbound().spi() == outboundSpi) {
        return responder.abandon(s, q, actions);
      }
    }
    return s;
  }

  // --- results -----------------------------------------------------------------------------------

  private record Got(Quick quick, Computation.Result result) {}

  /// What a quick mode has waited for is there; one that comes too late is wiped.
  Established computed(Established s, Computation.DoneWithin done, Actions actions) {
    Optional<Quick> quick = s.quick(done.messageId());
    if (quick.isEmpty()) {
      done.close();
      return s;
    }
    return switch (new Got(quick.get(), done.result())) {
      case Got(Quick.Preparing q, Computation.Generated r) ->
          initiator.request(s, q.want(), Optional.of(r.key()), actions);
      case Got(Quick.Agreeing q, Computation.Agreed r) ->
          initiator.complete(s, q.offer(), q.answer(), Optional.of(r.secret()), actions);
      case Got(Quick.Agreeing q, Computation.NotAgreed r) ->
          initiator.refused(
              s, q.offer(), Report.Cause.REFUSED, "the peer's KE: " + r.why(), actions);
      case Got(Quick.Answering q, Computation.Answered r) ->
          responder.answer(
              s,
              q.asked(),
              q.grant(),
              Optional.of(new QuickResponder.Secret(r.ke().data(), r.secret())),
              actions);
      case Got(Quick.Answering q, Computation.NotAnswered r) ->
          responder.notAnswered(s, q, r.why(), actions);
      case Got(Quick q, Computation.Result r) -> {
        r.close();
        yield s;
      }
    };
  }

  // --- time --------------------------------------------------------------------------------------

  /// Sends again what is due, and gives up what has waited long enough.
  ///
  /// @return the end when the peer does not answer at all
  Outcome woken(Established state, Actions actions) {
    Established s = state;
    boolean lost = false;
    for (Quick quick : state.quicks()) {
      switch (quick) {
        case Quick.Requested q when q.sent().isDue(actions.now()) -> {
          boolean silent = !state.timers().heard().isAfter(q.since());
          s = retransmit(s, q, actions);
          lost |= silent && s.quick(q.id()).isEmpty();
        }
        case Quick.Answered q when q.sent().isDue(actions.now()) -> s = look(s, q, actions);
        case Quick.Done q when !q.until().isAfter(actions.now()) -> s = s.ended(q.id());
        case Quick.Requested _, Quick.Answered _, Quick.Done _ -> {}
        case Quick.Preparing _, Quick.Agreeing _, Quick.Answering _ -> {}
      }
    }
    return new Outcome(s, lost);
  }

  private Established retransmit(Established s, Quick.Requested q, Actions actions) {
    if (q.sent().isExhausted(surroundings.retransmission())) {
      String line = "giving up after " + q.sent().tries() + " retransmits";
      return initiator.refused(s, q.offer(), Report.Cause.TIMEOUT, line, actions);
    }
    Sent again = q.sent().again(actions.now(), surroundings.retransmission());
    Courier.retransmit(q.offer().want().connection(), s.path(), again, q.id(), actions);
    return s.with(new Quick.Requested(q.offer(), q.iv(), again, q.since()));
  }

  /// The initiator's last message is not here: it may need our answer once more, or be using the
  /// SAs already.
  private Established look(Established s, Quick.Answered q, Actions actions) {
    if (q.child().inbound().packets() > 0) {
      return responder.complete(s, q, actions);
    }
    if (q.sent().isExhausted(surroundings.retransmission())) {
      return responder.abandon(s, q, actions);
    }
    Sent again = q.sent().again(actions.now(), surroundings.retransmission());
    Courier.retransmit(q.child().connection(), s.path(), again, q.id(), actions);
    return s.with(new Quick.Answered(q.asked(), q.nr(), q.child(), q.iv(), q.taken(), again));
  }

  /// The ISAKMP SA is gone: what goes on ends, and who waits for it is told.
  static void abandon(Established s, Report.Cause cause, Actions actions) {
    for (Quick quick : s.quicks()) {
      switch (quick) {
        case Quick.Preparing q -> unfulfilled(q.want(), cause, actions);
        case Quick.Requested q -> {
          QuickInitiator.abandon(q.offer(), actions);
          unfulfilled(q.offer().want(), cause, actions);
        }
        case Quick.Agreeing q -> {
          // The key pair is the computation's, which wipes it.
          actions.add(new Action.ReleaseSpi(q.offer().spi()));
          unfulfilled(q.offer().want(), cause, actions);
        }
        case Quick.Answering q -> actions.add(new Action.ReleaseSpi(q.grant().spi()));
        case Quick.Answered q -> actions.add(q.child().removeInbound());
        case Quick.Done _ -> {}
      }
    }
  }

  private static void unfulfilled(Quick.Want want, Report.Cause cause, Actions actions) {
    if (want.replaced().isEmpty()) {
      actions.tell(new Report.ChildFailed(want.wish(), cause, "the ISAKMP SA is gone"));
    }
  }

  // --- what both ends share ----------------------------------------------------------------------

  static List<IsakmpPayload> hashed(Bytes hash, List<IsakmpPayload> rest) {
    List<IsakmpPayload> all = new ArrayList<>();
    all.add(new Hash(hash));
    all.addAll(rest);
    return all;
  }

  /// {@return whether a message begins with this HASH, in constant time}
  static boolean hasHash(IsakmpMessage message, Bytes expected) {
    return !message.payloads().isEmpty()
        && message.payloads().getFirst() instanceof Hash hash
        && MessageDigest.isEqual(hash.data().toArray(), expected.toArray());
  }

  static <P extends IsakmpPayload> P required(IsakmpMessage message, Class<P> kind)
      throws MalformedException {
    List<P> all = message.all(kind);
    if (all.size() != 1) {
      throw new MalformedException(
          "%d payloads %s in %s"
              .formatted(all.size(), kind.getSimpleName(), message.header().exchangeName()));
    }
    return all.getFirst();
  }

  /// {@return whether a peer may choose this SPI (RFC 2406 §2.1)}
  static boolean isSpi(int spi) {
    return Integer.compareUnsigned(spi, SaParameters.LEAST_SPI) >= 0;
  }

  static boolean compresses(Connection connection) {
    return connection.compression() == Compression.DEFLATE;
  }

  /// {@return what a peer offers or answers a connection, ESP apart from its compression}
  static IpcompOffers offers(Connection connection, SecurityAssociation sa) {
    return compresses(connection) ? IpcompOffers.of(sa) : IpcompOffers.none(sa);
  }

  static void ended(Role asker, Actions.Result result, Actions actions) {
    actions.exchanged(new Header(0, 0, Header.QUICK_MODE, 0, 0), asker, result);
  }

  static void reached(
      Established s, Connection connection, int serial, IsakmpStage stage, Actions actions) {
    actions.tell(new Report.Reached(connection.name(), serial, stage, s.path(), Optional.empty()));
  }

  static void reached(Established s, ChildSa child, IsakmpStage stage, Actions actions) {
    actions.tell(
        new Report.Reached(
            child.connection().name(), child.serial(), stage, s.path(), Optional.of(child)));
  }
}
