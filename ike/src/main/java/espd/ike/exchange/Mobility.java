package espd.ike.exchange;

import espd.ike.Connection;
import espd.ike.Datagram;
import espd.ike.Extension;
import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.message.Message;
import espd.ike.message.Notify;
import espd.ike.message.NotifyType;
import espd.ike.message.Payload;
import espd.spd.Ipv6Address;
import espd.spd.Mode;
import espd.spd.Sa;
import espd.spd.SaParameters;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Where the ends of an established IKE SA are, when that changes while it stands: a NAT may give
/// the peer another address or port (RFC 7296 §2.23), and an end may move itself (MOBIKE, RFC
/// 4555).
///
/// ```
/// we move:         HDR, SK {N(UPDATE_SA_ADDRESSES), N(NATD), N(NATD), N(COOKIE2)} -->
///                  <-- HDR, SK {N(NATD), N(NATD), N(COOKIE2)}            then our SAs move
///
/// the peer moves:  --> HDR, SK {N(UPDATE_SA_ADDRESSES), …}
///                  HDR, SK {N(NATD), N(NATD), …} <--
///                  HDR, SK {N(COOKIE2)} -->
///                  <-- HDR, SK {N(COOKIE2)}                              then our SAs move
/// ```
final class Mobility {

  /// COOKIE2 has 8 to 64 octets (RFC 4555 §4.2.5).
  private static final int COOKIE_OCTETS = 16;

  private final SecureRandom random;
  private final Courier courier;

  Mobility(Surroundings surroundings) {
    this.random = surroundings.random();
    this.courier = new Courier(surroundings);
  }

  // --- a NAT moves the peer ----------------------------------------------------------------------

  /// The peer has sent something authentic. If the NAT before it has moved it, what we send goes
  /// there from now on (RFC 7296 §2.23); an end that can move says so itself (RFC 4555 §3.5).
  static Established heard(Established state, Datagram datagram, Actions actions) {
    Established s = state.with(state.timers().heard(actions.now()));
    Path path = Path.of(datagram);
    if (path.isStream() || s.ikeSa().path().isStream()) {
      return streamed(s, path, actions);
    }
    return s.ikeSa().has(Extension.MOBIKE) ? s : followed(s, path, actions);
  }

  /// The original initiator has made another stream, or found a way over UDP: what we send follows
  /// what it sent, which is authentic (RFC 9329 §6.1).
  private static Established streamed(Established s, Path path, Actions actions) {
    IkeSa ikeSa = s.ikeSa();
    if (s.peer().called() || path.equals(ikeSa.path()) || !path.isStream()) {
      return s;
    }
    actions.progress(s.connection(), "the peer has another TCP stream, from " + path.remote());
    Established there = s.with(ikeSa.along(path));
    there.children().forEach(child -> move(child, there.ikeSa(), actions));
    return there;
  }

  /// The stream has broken. Who began the first IKE SA, whoever has rekeyed it since, makes another
  /// by sending through it what waits for an answer, and asks whether the peer lives, from which
  /// that learns of the new stream (RFC 9329 §6.1). The other waits for it.
  static Established streamBroken(Established s, Actions actions) {
    if (!s.peer().called() || s.isClosing()) {
      return s;
    }
    actions.progress(s.connection(), "the TCP stream has broken, connecting it again");
    s.window()
        .outstanding()
        .ifPresent(request -> actions.sendAgain(s.ikeSa().path(), request.datagrams()));
    return Lifecycle.queuedOnce(s, new Task.Liveness(actions.now()));
  }

  /// A packet of a Child SA, authentic, has come by this path.
  static Established carried(Established s, int inboundSpi, Path path, Actions actions) {
    if (s.child(inboundSpi).isEmpty()) {
      return s;
    }
    return path.isStream() ? streamed(s, path, actions) : followed(s, path, actions);
  }

  private static Established followed(Established s, Path path, Actions actions) {
    IkeSa ikeSa = s.ikeSa();
    if (!ikeSa.nat().follows(ikeSa.path(), path)) {
      return s;
    }
    actions.progress(
        s.connection(), "the peer moved to %s[%d]".formatted(path.remote(), path.remotePort()));
    Established there = s.with(ikeSa.along(path));
    there.children().forEach(child -> move(child, there.ikeSa(), actions));
    return there;
  }

  // --- an end moves ------------------------------------------------------------------------------

  /// {@return what announces that we can move, or nothing where the connection does not want it}
  static List<Notify> announcement(Connection connection) {
    return connection.options().extensions().contains(Extension.MOBIKE)
        ? List.of(Notify.of(NotifyType.MOBIKE_SUPPORTED))
        : List.of();
  }

  /// {@return the IKE SA, which can move if the peer announces it in this message of IKE_AUTH, or
  /// has before}
  static IkeSa announced(IkeSa ikeSa, Message message) {
    Notifies in = new Contents("IKE_AUTH", message.payloads()).notifies();
    boolean now = in.has(NotifyType.MOBIKE_SUPPORTED);
    return Multihoming.heard(ikeSa, in, ikeSa.path().remote())
        .with(Extension.MOBIKE, now || ikeSa.has(Extension.MOBIKE));
  }

  /// {@return the IKE SA, which can move only if we announce it too}
  static IkeSa agreed(IkeSa ikeSa, Connection connection) {
    boolean both = ikeSa.has(Extension.MOBIKE) && !announcement(connection).isEmpty();
    return ikeSa.with(Extension.MOBIKE, both);
  }

  /// {@return the path of IKE_AUTH: port 4500 where there is a NAT, or may be one later (RFC 7296
  /// §2.23, RFC 4555 §3.3)}
  static Path afterInit(Path path, Connection connection, boolean encapsulates, Notifies in) {
    boolean mobile =
        !announcement(connection).isEmpty() && in.has(NotifyType.NAT_DETECTION_SOURCE_IP);
    return encapsulates || mobile ? path.floated() : path;
  }

  /// {@return whether the question if the peer lives is to be one that tells the peer where we are:
  /// a NAT before us may have moved us, which we cannot see, and the peer does not follow unless it
  /// is told (RFC 4555 §3.5)}
  static boolean tellsWhere(Established s) {
    return s.ikeSa().has(Extension.MOBIKE) && s.peer().called() && s.ikeSa().nat().here();
  }

  /// The path is another. Messages take it at once, what is in flight too; Child SAs follow when
  /// the peer has heard of it, from the initiator. What a responder says from another address tells
  /// the initiator, which then chooses. An IKE SA that waits for its deletion has no Child SA.
  static Established roamed(Established s, Path path, Actions actions) {
    Established there = s.with(s.ikeSa().along(path));
    if (s.successor().isPresent()) {
      return there;
    }
    boolean ours = s.peer().called();
    actions.progress(
        s.connection(),
        "old path is not available anymore, %s: %s to %s"
            .formatted(
                ours ? "requesting address change using MOBIKE" : "telling the peer",
                text(s.ikeSa().path()),
                text(path)));
    resent(there, actions);
    return ours
        ? queued(there, true, actions)
        : Lifecycle.queuedOnce(there, new Task.Announce(actions.now()));
  }

  /// Goes on by a path that the peer has shown itself by: Child SAs follow when it has heard of it.
  ///
  /// @param shown how
  static Established along(Established s, Path path, String shown, Actions actions) {
    actions.progress(
        s.connection(),
        "%s %s, requesting address change using MOBIKE: %s to %s"
            .formatted(shown, path.remote(), text(s.ikeSa().path()), text(path)));
    return queued(s.with(s.ikeSa().along(path)), true, actions);
  }

  private static String text(Path path) {
    return path.local() + "..." + path.remote();
  }

  /// Queues a [Task.Relocate] before all else, and sends what it waits for along the new path.
  private static Established told(Established s, boolean ours, Actions actions) {
    resent(s, actions);
    return queued(s, ours, actions);
  }

  private static void resent(Established s, Actions actions) {
    s.window()
        .outstanding()
        .ifPresent(request -> actions.sendAgain(s.ikeSa().path(), request.datagrams()));
  }

  private static Established queued(Established s, boolean ours, Actions actions) {
    List<Task> queue = new ArrayList<>();
    queue.add(new Task.Relocate(actions.now(), ours));
    s.work().queue().stream().filter(task -> !(task instanceof Task.Relocate)).forEach(queue::add);
    return s.with(s.work().queue(queue));
  }

  /// Begins a [Task.Relocate].
  Established request(Established s, boolean ours, Actions actions) {
    byte[] cookie = new byte[COOKIE_OCTETS];
    random.nextBytes(cookie);
    List<Payload> payloads = new ArrayList<>();
    if (ours) {
      payloads.add(Notify.of(NotifyType.UPDATE_SA_ADDRESSES));
      payloads.addAll(natDetection(s.ikeSa(), s.connection(), s.ikeSa().path()));
    }
    payloads.addAll(Multihoming.alongside(s.ikeSa()));
    payloads.add(Notify.of(NotifyType.COOKIE2, Bytes.of(cookie)));
    Pending pending = new Pending.Relocating(ours, s.ikeSa().path(), Bytes.of(cookie));
    Established there = s.with(Multihoming.told(s.ikeSa()));
    return courier.request(there, Header.INFORMATIONAL, payloads, pending, actions);
  }

  private List<Notify> natDetection(IkeSa ikeSa, Connection connection, Path path) {
    return connection.options().forceEncapsulation()
        ? Nat.feigned(ikeSa.spiI(), ikeSa.spiR(), path, random)
        : Nat.detection(ikeSa.spiI(), ikeSa.spiR(), path);
  }

  /// The response to what [#request] asked. Child SAs move when it is the right one, and when no
  /// further move has come in between, which has its own request.
  Established responded(
      Established s, Pending.Relocating asked, List<Payload> response, Actions actions) {
    Notifies in = new Contents("INFORMATIONAL response", response).notifies();
    boolean same =
        in.first(NotifyType.COOKIE2).filter(c -> c.data().equals(asked.cookie())).isPresent();
    Optional<Notify> error = in.error();
    if (error.isPresent()) {
      actions.warning(
          s.connection(), "the peer does not follow us: " + NotifyType.name(error.get().type()));
      return s;
    }
    if (!same) {
      actions.warning(s.connection(), "COOKIE2 mismatch, closing IKE_SA");
      return s.queued(new Task.DeleteIke(actions.now(), Report.Cause.REFUSED));
    }
    if (!asked.path().equals(s.ikeSa().path())) {
      return s;
    }
    Established there = asked.ours() ? s.with(between(s, in, asked.path())) : s;
    List<ChildSa> elsewhere =
        there.children().stream()
            .filter(child -> child.inbound().parameters().mode() == Mode.TUNNEL)
            .filter(child -> !isAlong(child.outbound().parameters(), there.ikeSa()))
            .toList();
    if (elsewhere.isEmpty()) {
      return there;
    }
    elsewhere.forEach(child -> move(child, there.ikeSa(), actions));
    actions.progress(
        s.connection(),
        "moved to %s[%d]...%s[%d]"
            .formatted(
                asked.path().local(),
                asked.path().localPort(),
                asked.path().remote(),
                asked.path().remotePort()));
    return there;
  }

  private static boolean isAlong(SaParameters sa, IkeSa ikeSa) {
    return sa.local().equals(ikeSa.path().local())
        && sa.remote().equals(ikeSa.path().remote())
        && sa.encapsulation().equals(ikeSa.encapsulation());
  }

  /// What stands between the ends on a new path: what the peer's notifications say, or if there are
  /// none what stood there before.
  private static IkeSa between(Established s, Notifies in, Path path) {
    IkeSa ikeSa = s.ikeSa().along(path);
    if (!in.has(NotifyType.NAT_DETECTION_SOURCE_IP)) {
      return ikeSa;
    }
    Nat nat = Nat.detect(in, ikeSa.spiI(), ikeSa.spiR(), path);
    return ikeSa.through(nat, nat.any() || s.connection().options().forceEncapsulation());
  }

  /// What the peer says of addresses in an INFORMATIONAL request.
  ///
  /// @param state where that leads
  /// @param payloads of the answer
  record Reply(Established state, List<Payload> payloads) {}

  /// Takes what the peer says of addresses. The answer goes where the request came from; Child SAs
  /// follow when the peer has shown that it is there (RFC 4555 §3.5, §3.7).
  Reply reply(Established s, Notifies in, Actions actions) {
    Path path = s.ikeSa().back();
    if (!s.ikeSa().has(Extension.MOBIKE)) {
      return new Reply(s, List.of());
    }
    Established then = Multihoming.heard(s, in, actions);
    List<Payload> answer = new ArrayList<>();
    if (in.has(NotifyType.UPDATE_SA_ADDRESSES)) {
      Optional<Refusal> refusal = refusal(s, in, path);
      if (refusal.isPresent()) {
        actions.warning(
            s.connection(), refusal.get().name() + " sent: " + refusal.get().explanation());
        answer.add(refusal.get().error());
      } else {
        then = followed(then, between(then, in, path), actions);
      }
    }
    if (in.has(NotifyType.NAT_DETECTION_SOURCE_IP)) {
      answer.addAll(natDetection(s.ikeSa(), s.connection(), path));
    }
    in.first(NotifyType.COOKIE2).ifPresent(answer::add);
    return new Reply(then, answer);
  }

  /// The peer says that it is there; from behind a NAT it says so time and again.
  private static Established followed(Established s, IkeSa there, Actions actions) {
    IkeSa here = s.ikeSa();
    boolean settled =
        s.children().stream().allMatch(child -> isAlong(child.outbound().parameters(), there));
    if (there.path().equals(here.path()) && there.nat().equals(here.nat()) && settled) {
      return s;
    }
    actions.progress(
        s.connection(),
        "the peer moves from %s[%d] to %s[%d]"
            .formatted(
                here.path().remote(),
                here.path().remotePort(),
                there.path().remote(),
                there.path().remotePort()));
    return told(s.with(there), false, actions);
  }

  private static Optional<Refusal> refusal(Established s, Notifies in, Path path) {
    Optional<Refusal> nat = unexpectedNat(in, path);
    if (nat.isPresent()) {
      return nat;
    }
    boolean transport =
        s.children().stream().anyMatch(c -> c.inbound().parameters().mode() == Mode.TRANSPORT);
    return transport
        ? Optional.of(
            Refusal.of(NotifyType.UNACCEPTABLE_ADDRESSES, "an SA in transport mode cannot move"))
        : Optional.empty();
  }

  /// {@return why a peer that wants no NAT on its way is refused, if there is one (RFC 4555 §3.9)}
  ///
  /// @param in what it says, in IKE_SA_INIT or where it moves
  /// @param path that it came by
  static Optional<Refusal> unexpectedNat(Notifies in, Path path) {
    return in.first(NotifyType.NO_NATS_ALLOWED)
        .filter(notify -> !notify.data().equals(ends(path)))
        .map(
            notify ->
                Refusal.of(
                    NotifyType.UNEXPECTED_NAT_DETECTED,
                    "a NAT shows the peer at %s[%d]".formatted(path.remote(), path.remotePort())));
  }

  /// The data of NO_NATS_ALLOWED: source and destination, then their ports (RFC 4555 §4.2.6).
  private static Bytes ends(Path path) {
    ByteBuffer ends = ByteBuffer.allocate(2 * Ipv6Address.OCTETS + 2 * Short.BYTES);
    ends.put(path.remote().octets()).put(path.local().octets());
    ends.putShort((short) path.remotePort()).putShort((short) path.localPort());
    return Bytes.of(ends.array());
  }

  private static void move(ChildSa child, IkeSa ikeSa, Actions actions) {
    Path path = ikeSa.path();
    for (Sa sa : new Sa[] {child.inbound(), child.outbound()}) {
      actions.add(new Action.Move(sa, path.local(), path.remote(), ikeSa.encapsulation()));
    }
  }
}
