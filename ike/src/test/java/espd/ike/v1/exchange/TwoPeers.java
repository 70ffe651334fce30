package espd.ike.v1.exchange;

import espd.ike.Connection;
import espd.ike.Credentials;
import espd.ike.Datagram;
import espd.ike.DropReason;
import espd.ike.Identity;
import espd.ike.Keychain;
import espd.ike.crypto.Role;
import espd.ike.exchange.Action;
import espd.ike.exchange.ChildSa;
import espd.ike.exchange.ChildWish;
import espd.ike.exchange.Computation;
import espd.ike.exchange.Event;
import espd.ike.exchange.IsakmpState;
import espd.ike.exchange.QuietSurroundings;
import espd.ike.exchange.Report;
import espd.ike.exchange.Standing;
import espd.ike.exchange.Step;
import espd.ike.message.Header;
import espd.ike.message.MalformedException;
import espd.ike.message.Reader;
import espd.spd.Direction;
import espd.spd.Ipv6Address;
import espd.spd.KeyMaterial;
import espd.spd.Sa;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Two state machines of IKEv1 that talk to each other in one thread, step by step, each with the
/// ISAKMP SAs that its driver would hold and a SAD. Whoever tests may look at everything and put in
/// the place of a message what it likes.
final class TwoPeers {

  static final String SHARED_KEY = "verysecret";

  /// One end.
  final class End implements QuietSurroundings {
    final IsakmpMachine machine = new IsakmpMachine(this);
    final List<Connection> connections = new ArrayList<>();
    final List<Report> reports = new ArrayList<>();
    final List<IsakmpState> states = new ArrayList<>();
    final List<Action.Move> moves = new ArrayList<>();

    /// What it has sent that has not arrived.
    final Deque<Datagram> sent = new ArrayDeque<>();

    /// Its SAD, by direction and SPI.
    final Map<String, Sa> sad = new TreeMap<>();

    /// Inbound SPIs reserved and not given back.
    final Set<Integer> reserved = new HashSet<>();

    String sharedKey = SHARED_KEY;
    Keychain keychain = Keychain.EMPTY;
    boolean firstContact = true;
    int mostChildSas = 10;

    private final Deque<Due> computations = new ArrayDeque<>();
    private int spi;
    private int serial;

    private record Due(long cookie, Computation computation) {}

    private End(Connection connection, int firstSpi) {
      this.connections.add(connection);
      this.spi = firstSpi;
    }

    Connection connection() {
      return connections.getFirst();
    }

    // --- as the driver does
    void begin() {
      began(machine.initiate(now, new ChildWish(connection(), Optional.empty())));
    }

    void began(Step step) {
      long cookie = 0;
      if (step.next() instanceof IsakmpState s) {
        states.add(s);
        cookie = s.localSpi();
      }
      perform(cookie, step.actions());
    }

    void feed(long cookie, Event event) {
      for (int i = 0; i < states.size(); i++) {
        if (states.get(i).localSpi() == cookie) {
          Step step = machine.step(states.get(i), event);
          if (step.next() instanceof IsakmpState s) {
            states.set(i, s);
          } else {
            states.remove(i);
          }
          perform(cookie, step.actions());
          return;
        }
      }
      if (event instanceof Event.Computed c) {
        c.result().close();
      }
    }

    void feedAll(Event event) {
      states.stream().map(IsakmpState::localSpi).toList().forEach(c -> feed(c, event));
    }

    private void perform(long cookie, List<Action> actions) {
      for (Action action : actions) {
        switch (action) {
          case Action.Send(Datagram datagram) -> sent.add(datagram);
          case Action.Compute(Computation c) -> computations.add(new Due(cookie, c));
          case Action.Tell(Report report) -> reports.add(report);
          case Action.Inquire asked ->
              feed(cookie, new Event.Computed(now, asked.settled(asked.inquiry().offline())));
          case Action.Install(Sa sa) -> {
            if (sa.direction() == Direction.INBOUND && !reserved.contains(sa.spi())) {
              throw new IllegalStateException("not reserved: " + sa.spi());
            }
            sad.put(key(sa.direction(), sa.spi()), sa);
          }
          case Action.Remove(Sa sa) -> {
            sad.remove(key(sa.direction(), sa.spi()));
            if (sa.direction() == Direction.INBOUND) {
              reserved.remove(sa.spi());
            }
          }
          case Action.ReleaseSpi(int released) -> reserved.remove(released);
          case Action.Renew(Connection connection) -> began(machine.renew(now, connection));
          case Action.Supersede() -> supersede(cookie);
          case Action.HandOver(long to, List<ChildSa> children) ->
              feed(others(cookie).contains(to) ? to : cookie, new Event.Adopted(now, children));
          case Action.InitialContact contact ->
              others(cookie).forEach(c -> feed(c, new Event.Forgotten(now)));
          case Action.Move move -> moves.add(move);
          case Action.Replace _, Action.Anew _, Action.KeepTicket _, Action.ForgetTicket _ -> {}
          case Action.Spawn _, Action.Reauthenticate _, Action.FallBack _, Action.Follow _ ->
              throw new IllegalStateException("IKEv2's: " + action);
        }
      }
    }

    private void supersede(long cookie) {
      others(cookie).forEach(c -> feed(c, new Event.Superseded(now, cookie)));
    }

    private List<Long> others(long cookie) {
      return states.stream()
          .filter(s -> !(s instanceof Phase1))
          .map(IsakmpState::localSpi)
          .filter(c -> c != cookie)
          .toList();
    }

    /// Computes what waits.
    void compute() {
      while (!computations.isEmpty()) {
        computeOne();
      }
    }

    /// Computes the first that waits, if anything does.
    void computeOne() {
      if (!computations.isEmpty()) {
        Due due = computations.remove();
        feed(due.cookie(), new Event.Computed(now, due.computation().run(random)));
      }
    }

    /// Takes a datagram as it is here.
    void takes(Datagram here) {
      try {
        Header header = Header.readAnyVersion(new Reader(here.payload())).header();
        for (IsakmpState s : states) {
          long cookie = s.role() == Role.INITIATOR ? header.spiI() : header.spiR();
          boolean repeated =
              header.spiR() == 0 && s.role() == Role.RESPONDER && s.spiI() == header.spiI();
          if (s.localSpi() == cookie || repeated) {
            feed(s.localSpi(), new Event.Received(now, here));
            return;
          }
        }
        if (header.spiR() == 0) {
          began(machine.respond(now, here));
        }
      } catch (MalformedException e) {
        reports.add(new Report.Dropped(DropReason.MALFORMED));
      }
    }

    /// Makes everything that it has to say arrive at `other`.
    void talksTo(End other) {
      compute();
      while (!sent.isEmpty()) {
        other.takes(translated(sent.remove()));
        other.compute();
      }
    }

    // --- what there is

    Established established() {
      return states.stream()
          .filter(Established.class::isInstance)
          .map(Established.class::cast)
          .filter(s -> !s.isReplaced())
          .findFirst()
          .orElseThrow(() -> new AssertionError("not established: " + lines()));
    }

    boolean isEstablished() {
      return states.stream().anyMatch(Established.class::isInstance);
    }

    ChildSa child() {
      return established().children().getLast();
    }

    List<ChildSa> children() {
      return states.stream()
          .flatMap(s -> s instanceof Standing standing ? standing.children().stream() : Stream.of())
          .toList();
    }

    /// {@return the lines of the log}
    List<String> lines() {
      List<String> lines = new ArrayList<>();
      for (Report report : reports) {
        switch (report) {
          case Report.Progress p -> lines.add(p.line());
          case Report.Warning w -> lines.add(w.line());
          case Report.ChildFailed f -> lines.add("failed: " + f.line());
          case Report.Dropped d -> lines.add("dropped: " + d.why().sentence());
          default -> {}
        }
      }
      return lines;
    }

    boolean said(String part) {
      return lines().stream().anyMatch(line -> line.contains(part));
    }

    <R extends Report> List<R> told(Class<R> kind) {
      return reports.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    <R extends Report> boolean told(Class<R> kind, Predicate<R> which) {
      return told(kind).stream().anyMatch(which);
    }

    // --- surroundings

    @Override
    public SecureRandom random() {
      return random;
    }

    @Override
    public int reserveSpi() {
      reserved.add(spi);
      return spi++;
    }

    @Override
    public int nextIkeSerial() {
      return ++serial;
    }

    @Override
    public int nextChildSerial() {
      return ++serial;
    }

    @Override
    public Credentials credentials() {
      return new Credentials() {
        @Override
        public Optional<KeyMaterial> preSharedKey(Identity local, Identity remote) {
          return Optional.of(sharedKey)
              .filter(key -> !key.isEmpty())
              .map(key -> KeyMaterial.copyOf(key.getBytes(StandardCharsets.UTF_8)));
        }

        @Override
        public Keychain keychain() {
          return keychain;
        }
      };
    }

    @Override
    public List<Connection> connections() {
      return connections;
    }

    @Override
    public int mostChildSas() {
      return mostChildSas;
    }

    @Override
    public boolean firstContact(Connection connection) {
      return firstContact && !isEstablished();
    }
  }

  private static String key(Direction direction, int spi) {
    return direction + " " + spi;
  }

  final SecureRandom random;
  final End initiator;
  final End responder;

  /// What a NAT before the initiator makes its address and ports; none unless it is set.
  Optional<Ipv6Address> nat = Optional.empty();

  Instant now = Instant.parse("2026-01-01T00:00:00Z");

  TwoPeers(Connection initiator, Connection responder) {
    this(initiator, responder, new SecureRandom());
  }

  TwoPeers(Connection initiator, Connection responder, SecureRandom random) {
    this.random = random;
    this.initiator = new End(initiator, 0x1000);
    this.responder = new End(responder, 0x2000);
  }

  /// {@return a datagram as it arrives}
  Datagram translated(Datagram d) {
    return new Translator(initiator.connection().local(), nat).arriving(d);
  }

  /// The initiator begins, and both talk until nobody has anything to say.
  TwoPeers up() {
    initiator.begin();
    return quiet();
  }

  /// One message from each.
  TwoPeers exchanged() {
    initiator.talksTo(responder);
    responder.talksTo(initiator);
    return this;
  }

  /// Messages until nobody has anything to say.
  TwoPeers quiet() {
    do {
      exchanged();
      initiator.compute();
      responder.compute();
    } while (!initiator.sent.isEmpty() || !responder.sent.isEmpty());
    return this;
  }

  /// Time passes, both are woken as often as they want, and messages arrive at once.
  TwoPeers after(Duration time) {
    Instant until = now.plus(time);
    for (int i = 0; i < 10_000; i++) {
      Optional<Instant> next =
          Stream.concat(initiator.states.stream(), responder.states.stream())
              .flatMap(s -> s.wakeAt().stream())
              .min(Instant::compareTo)
              .filter(at -> !at.isAfter(until));
      if (next.isEmpty()) {
        now = until;
        return this;
      }
      now = next.get().isAfter(now) ? next.get() : now;
      for (End end : List.of(initiator, responder)) {
        end.states.stream()
            .filter(s -> s.wakeAt().filter(at -> !at.isAfter(now)).isPresent())
            .map(IsakmpState::localSpi)
            .toList()
            .forEach(c -> end.feed(c, new Event.Woken(now)));
      }
      quiet();
    }
    throw new AssertionError("always something to do");
  }
}
