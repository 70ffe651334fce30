package espd.ike.v1.exchange;

import espd.ike.Connection;
import espd.ike.ConnectionBuilder;
import espd.ike.Datagram;
import espd.ike.IkeVersion;
import espd.ike.IkeVersion.LifetimeCheck;
import espd.ike.IkeVersion.Phase1Mode;
import espd.ike.exchange.ChildSa;
import espd.ike.exchange.ChildWish;
import espd.ike.exchange.Choices;
import espd.ike.exchange.Event;
import espd.ike.exchange.IsakmpState;
import espd.ike.exchange.Path;
import espd.ike.exchange.Repeatable;
import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.v1.message.Delete;
import espd.ike.v1.message.Hash;
import espd.ike.v1.message.Identification;
import espd.ike.v1.message.IsakmpPayload;
import espd.ike.v1.message.KeyExchange;
import espd.ike.v1.message.Nonce;
import espd.ike.v1.message.Notification;
import espd.ike.v1.message.NotificationType;
import espd.spd.Lifetime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Two state machines of IKEv1 in a storm: the input chooses which message arrives, late, twice,
/// changed or forged under the right keys, what the clock and the computations bring, and what is
/// wanted. A target for Jazzer, which calls [#fuzzerTestOneInput], and for [IsakmpStepFuzzTest].
///
/// No step may throw, nothing may grow without bound, and when all is forgotten no SA and no SPI
/// may be left behind.
public final class IsakmpStepFuzz {

  private static final int MOST_EVENTS = 200;
  private static final int MOST_STATES = 32;

  private final Choices choices;
  private final TwoPeers peers;
  private final List<Datagram> onTheirWay = new ArrayList<>();
  private int wishes;

  private IsakmpStepFuzz(byte[] data) {
    this.choices = new Choices(data);
    boolean aggressive = choices.next(3) == 0;
    this.peers =
        new TwoPeers(
            IsakmpConnections.alice(c -> changed(c, aggressive)),
            IsakmpConnections.bob(c -> changed(c, aggressive)),
            new Repeatable(data.length));
  }

  private static ConnectionBuilder changed(ConnectionBuilder c, boolean aggressive) {
    Phase1Mode mode = aggressive ? Phase1Mode.AGGRESSIVE : Phase1Mode.MAIN;
    Duration margin = Duration.ofMinutes(9);
    return c.version(new IkeVersion.One(List.of(mode), LifetimeCheck.CLAIM, true, true))
        .espProposals(
            List.of(
                IsakmpConnections.esp(
                    IsakmpConnections.GCM_128, IsakmpConnections.P256, IsakmpConnections.NO_ESN)))
        .liveness(new Connection.Liveness(Duration.ofMinutes(1), Connection.DeadPeer.CLEAR))
        .childLifetime(IsakmpConnections.after(Duration.ofHours(1), margin))
        .ikeLifetime(IsakmpConnections.after(Duration.ofHours(3), margin));
  }

  /// Plays one storm.
  ///
  /// @param data what happens
  /// @throws IllegalStateException when something is left behind or grows
  public static void fuzzerTestOneInput(byte[] data) {
    new IsakmpStepFuzz(data).play();
  }

  private void play() {
    peers.initiator.begin();
    for (int i = 0; i < MOST_EVENTS && choices.isLeft(); i++) {
      TwoPeers.End end = choices.next(2) == 0 ? peers.initiator : peers.responder;
      happen(end);
      post(peers.initiator);
      post(peers.responder);
      check(end);
    }
    forget(peers.initiator);
    forget(peers.responder);
  }

  private void post(TwoPeers.End end) {
    while (!end.sent.isEmpty()) {
      onTheirWay.add(peers.translated(end.sent.remove()));
    }
    if (onTheirWay.size() > 100) {
      onTheirWay.subList(0, 50).clear();
    }
    end.reports.clear();
  }

  private static void check(TwoPeers.End end) {
    for (IsakmpState state : end.states) {
      if (state instanceof Established s) {
        bounded("IPsec SAs", s.children().size(), 60);
        bounded("quick modes", s.quicks().size(), 60);
        bounded("things due", s.ipsecSas().due().size(), 120);
      }
    }
  }

  private static void bounded(String what, int many, int most) {
    if (many > most) {
      throw new IllegalStateException(many + " " + what);
    }
  }

  /// Ends everything: nothing may be left.
  private static void forget(TwoPeers.End end) {
    end.feedAll(new Event.Forgotten(Instant.MAX));
    end.compute();
    if (!end.sad.isEmpty() || !end.reserved.isEmpty() || !end.states.isEmpty()) {
      throw new IllegalStateException(
          "left behind: " + end.sad.keySet() + end.reserved + end.states);
    }
  }

  /// The usual course comes about as often as everything else together.
  private void happen(TwoPeers.End end) {
    peers.now = peers.now.plusMillis(choices.next(50));
    switch (choices.next(24)) {
      case 0, 1, 2, 3, 4, 5, 6 -> deliver(false);
      case 7, 8, 9, 10 -> end.computeOne();
      case 11 -> deliver(true);
      case 12, 13 -> change();
      case 14, 15, 16 -> forged(end);
      case 17 -> {
        peers.now = peers.now.plusSeconds(choices.next(256) * 16L);
        step(end, new Event.Woken(peers.now));
      }
      case 18 -> step(end, new Event.Woken(peers.now));
      case 19 -> step(end, new Event.RekeyWanted(peers.now));
      case 20 ->
          step(
              end,
              choices.next(3) > 0
                  ? Event.Expired.soft(peers.now, anySpi(end))
                  : new Event.Expired(peers.now, anySpi(end), Lifetime.Limit.HARD));
      case 21 -> step(end, new Event.ChildUnwanted(peers.now, anySpi(end)));
      case 22 -> wanted(end);
      default -> seldom(end);
    }
  }

  private void seldom(TwoPeers.End end) {
    Path path = new Path(end.connection().local(), 4500, IsakmpConnections.ALICE, 4501);
    switch (choices.next(6)) {
      case 0 -> step(end, new Event.Close(peers.now, "net"));
      case 1 -> step(end, new Event.Terminate(peers.now));
      case 2 -> step(end, new Event.Forgotten(peers.now));
      case 3 -> step(end, new Event.Carried(peers.now, anySpi(end), path));
      case 4 -> step(end, new Event.StreamBroken(peers.now));
      default -> {
        if (wishes++ < 4 && end.states.size() < MOST_STATES) {
          end.begin();
        }
      }
    }
  }

  private void wanted(TwoPeers.End end) {
    if (wishes++ < 4) {
      step(
          end, new Event.ChildWanted(peers.now, new ChildWish(end.connection(), Optional.empty())));
    }
  }

  private void step(TwoPeers.End end, Event event) {
    if (!end.states.isEmpty()) {
      end.feed(choices.of(end.states).localSpi(), event);
    }
  }

  private void deliver(boolean again) {
    if (onTheirWay.isEmpty()) {
      return;
    }
    int which = choices.next(Math.min(3, onTheirWay.size()));
    Datagram d = again ? onTheirWay.get(which) : onTheirWay.remove(which);
    TwoPeers.End end =
        d.local().equals(IsakmpConnections.ALICE) ? peers.initiator : peers.responder;
    if (end.states.size() < MOST_STATES) {
      end.takes(d);
    }
  }

  private void change() {
    if (!onTheirWay.isEmpty()) {
      byte[] octets = onTheirWay.getFirst().payload();
      octets[choices.next(octets.length)] = (byte) choices.next(256);
    }
  }

  private int anySpi(TwoPeers.End end) {
    List<ChildSa> children = end.children();
    if (children.isEmpty() || choices.next(8) == 0) {
      return choices.next(512);
    }
    ChildSa child = choices.of(children);
    return choices.next(3) > 0 ? child.inbound().spi() : child.outbound().spi();
  }

  // --- forgeries

  /// A message of any payloads, with the right HASH mostly, under the keys of one of our ISAKMP
  /// SAs.
  private void forged(TwoPeers.End end) {
    if (end.states.isEmpty()) {
      return;
    }
    IsakmpState state = choices.of(end.states);
    Optional<IsakmpSa> keys =
        switch (state) {
          case Established s -> Optional.of(s.sa());
          case Phase1.WithKeys s -> Optional.of(s.keyed().sa());
          default -> Optional.empty();
        };
    keys.ifPresent(sa -> end.takes(forged(end, sa)));
  }

  private Datagram forged(TwoPeers.End end, IsakmpSa sa) {
    int exchange =
        choices.of(
            List.of(
                Header.QUICK_MODE,
                Header.QUICK_MODE,
                Header.INFORMATIONAL_V1,
                Header.INFORMATIONAL_V1,
                Header.IDENTITY_PROTECTION,
                Header.AGGRESSIVE,
                6));
    int id = choices.next(4) == 0 ? 0 : 1 + choices.next(64);
    List<IsakmpPayload> rest = payloads(end, sa);
    Bytes hash = choices.next(8) == 0 ? Bytes.of(new byte[20]) : sa.keys().hash1(id, rest);
    List<IsakmpPayload> all =
        choices.next(8) == 0 && !rest.isEmpty()
            ? rest
            : Stream.concat(Stream.of(new Hash(hash)), rest.stream()).toList();
    var iv = id == 0 ? sa.iv() : sa.firstIv(id);
    byte[] octets = sa.seal(sa.header(exchange, id), all, iv).message().write();
    Path path = sa.path();
    return new Datagram(path.local(), path.localPort(), path.remote(), path.remotePort(), octets);
  }

  private List<IsakmpPayload> payloads(TwoPeers.End end, IsakmpSa sa) {
    List<IsakmpPayload> payloads = new ArrayList<>();
    if (choices.next(2) == 0) {
      payloads.add(QuickInitiator.terms(end.connection(), sa).offer(256 + choices.next(16)));
      payloads.add(new Nonce(Bytes.of(new byte[16])));
      payloads.add(new KeyExchange(choices.octets(1 + choices.next(65))));
    }
    for (int n = choices.next(4); n > 0; n--) {
      payloads.add(payload(end, sa));
    }
    return payloads;
  }

  private IsakmpPayload payload(TwoPeers.End end, IsakmpSa sa) {
    return switch (choices.next(8)) {
      case 0 -> Delete.esp(anySpi(end), anySpi(end));
      case 1 -> Delete.isakmp(sa.header(0, 0));
      case 2 ->
          Notification.ofIsakmp(
              sa.header(0, 0),
              choices.of(
                  List.of(
                      NotificationType.INITIAL_CONTACT,
                      NotificationType.R_U_THERE,
                      NotificationType.R_U_THERE_ACK,
                      NotificationType.NO_PROPOSAL_CHOSEN,
                      NotificationType.CONNECTED)),
              choices.octets(choices.next(6)));
      case 3 -> Notification.ofEsp(anySpi(end), choices.next(64), Bytes.EMPTY);
      case 4 -> Notification.ofEsp(1, NotificationType.RESPONDER_LIFETIME, choices.octets(8));
      case 5 -> PhaseOneProof.id(end.connection());
      case 6 -> new Identification(choices.next(12), 0, 0, choices.octets(choices.next(33)));
      default -> new Nonce(Bytes.of(new byte[8 + choices.next(64)]));
    };
  }
}
